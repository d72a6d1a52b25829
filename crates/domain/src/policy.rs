//! Policies: what a call must present to pass, whoever enforces it: the gateway, `/check`, ext_authz.

mod check;
mod headers;
mod passing;
mod words;

pub use check::{BadRule, MAX_COST, MAX_KEY_TYPES, MAX_PERMISSIONS, MAX_PLACES, is_rule_name};
pub use headers::is_identity_header;

use crate::{
    id::{Scope, TenantId},
    key_type::Place,
    permission::Wants,
    rate_limit::Limit,
    time::Timestamp,
};

/// What a call must present to pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// 1 to 64 of `a-z`, `0-9`, `-`, `_`; one policy, or one route of the gateway, in the installation
    /// has it.
    pub name: String,
    /// The tenant whose keys pass, those of the cluster among them; `None`: any tenant's.
    pub tenant: Option<TenantId>,
    /// The key types that pass; empty: any.
    pub key_types: Vec<String>,
    /// The permissions that the key must hold.
    pub wanted: Wanted,
    /// Where a key may be presented; in one of these places, never in two.
    pub presented_in: Vec<Place>,
    /// Whether access tokens pass, too.
    pub tokens: Tokens,
    /// Units that a call takes from the key's limit; 0 takes none.
    pub cost: u32,
    /// A ceiling over all calls together, besides the key's own.
    pub limit: Option<Limit>,
    /// How a call over a limit is refused.
    pub limited_as: LimitedAs,
    /// In whose words a refusal is said.
    pub envelope: Envelope,
    /// Under which names the upstream learns whose key it was.
    pub identity: IdentityHeaders,
    /// Where it is written down.
    pub source: Source,
}

/// The permissions that a key must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Whether one of them is enough; else all are needed.
    pub any: bool,
    /// Without `*`; none: nothing in particular is wanted.
    pub permissions: Vec<String>,
}

/// Whether an access token of OAuth 2.0, as `Authorization: Bearer`, passes: that of a person or client
/// of the policy's tenant, or of the cluster. What it may do are the `nx1:…` of its roles as they are at
/// that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tokens {
    /// No token does.
    #[default]
    Refused,
    /// A token or a key, never both.
    Accepted,
    /// Nothing but a token: a key is refused where one may be presented.
    Only,
}

/// How a call over a limit is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LimitedAs {
    /// 429.
    #[default]
    TooManyRequests,
    /// 403 and `X-Keyward-Status: 429`, for a proxy that turns a 429 of its sub-request into 500.
    Forbidden,
}

/// In whose words a refusal is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Envelope {
    /// Our own: RFC 9457.
    #[default]
    Problem,
    /// Callback's (GES).
    Ges,
    /// Digital Channels'.
    Nexus,
    /// Experience Cloud's.
    Experience,
    /// `NexusOne`'s.
    Nexusone,
}

/// The names of the headers that carry whose key it was. What a client sends under these names never
/// reaches the upstream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdentityHeaders {
    /// The key's tenant, `*` for the cluster's.
    pub tenant: String,
    /// The key's id.
    pub key_id: String,
    /// The key's name.
    pub key_name: String,
    /// What the key may do, separated by spaces.
    pub permissions: String,
}

impl Default for IdentityHeaders {
    fn default() -> Self {
        Self {
            tenant: "x-keyward-tenant".to_owned(),
            key_id: "x-keyward-key-id".to_owned(),
            key_name: "x-keyward-key-name".to_owned(),
            permissions: "x-keyward-permissions".to_owned(),
        }
    }
}

impl IdentityHeaders {
    /// All four, lower case.
    #[must_use]
    pub fn names(&self) -> [&str; 4] {
        [&self.tenant, &self.key_id, &self.key_name, &self.permissions]
    }
}

/// Where a policy or a route is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// In the configuration of this node: changed there and nowhere else.
    Configuration,
    /// In the database.
    Stored {
        /// Whose administrators made it: a tenant's own, who change nothing that the cluster made.
        owner: Scope,
        /// When it was made.
        created_at: Timestamp,
        /// Counts the changes.
        version: u32,
    },
}

impl Policy {
    /// A policy of which nothing but its name was said yet. As it is, it passes no check: nowhere is a
    /// key presented.
    #[must_use]
    pub fn unsaid(name: String) -> Self {
        Self {
            name,
            tenant: None,
            key_types: Vec::new(),
            wanted: Wanted::default(),
            presented_in: Vec::new(),
            tokens: Tokens::default(),
            cost: 1,
            limit: None,
            limited_as: LimitedAs::default(),
            envelope: Envelope::default(),
            identity: IdentityHeaders::default(),
            source: Source::Configuration,
        }
    }
}

impl Wanted {
    /// The wish as `verifier` takes it; `room` holds the borrowed texts.
    #[must_use]
    pub fn wants<'a>(&self, room: &'a [&'a str]) -> Wants<'a> {
        match (room, self.any) {
            ([], _) => Wants::Nothing,
            (some, true) => Wants::Any(some),
            (some, false) => Wants::All(some),
        }
    }
}
