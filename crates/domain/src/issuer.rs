//! Issuers outside: OpenID providers whose word about persons a tenant believes, and how far.
//!
//! An issuer belongs to one tenant; one of the cluster stands in the configuration alone. It never gives
//! a right beyond where it belongs: what its claims say becomes roles only where its map names them.

mod algorithm;
mod check;
#[cfg(test)]
mod tests;

pub use algorithm::{JwsAlgorithm, TokenType};
pub use check::{MAX_AUDIENCES, MAX_MAPPED, MAX_SCOPES};

use crate::{
    audit::{Fact, Facts},
    gateway_route::Upstream,
    id::{IssuerId, Scope},
    policy::Source,
};

/// Somebody outside who signs persons in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issuer {
    /// Its id.
    pub id: IssuerId,
    /// Whose persons it speaks for.
    pub scope: Scope,
    /// 1 to 64 of `a-z`, `0-9`, `-`, `_`; one issuer of its scope has it. It stands in the address that
    /// the provider sends browsers back to.
    pub name: String,
    /// What people read on the sign-in page.
    pub label: String,
    /// Its `iss`, exactly; below it lies its configuration.
    pub issuer: String,
    /// The id under which it knows us.
    pub client_id: Option<String>,
    /// Whether we prove ourselves by a secret. The secret itself is no part of this.
    pub has_secret: bool,
    /// Scopes that a sign-in asks for.
    pub scopes: Vec<String>,
    /// Audiences of which a caller's token must name one.
    pub audiences: Vec<String>,
    /// What a caller's token may say it is.
    pub token_types: Vec<TokenType>,
    /// How it may sign.
    pub algorithms: Vec<JwsAlgorithm>,
    /// The claim that names a person for people.
    pub username_claim: String,
    /// Where in the claims roles stand, a path joined by dots.
    pub roles_claim: Option<String>,
    /// Which value there becomes which role here. All others become nothing.
    pub role_map: Vec<MappedRole>,
    /// Whether it signs in to the realm.
    pub sign_in: bool,
    /// Whether its tokens are taken from callers of our own API.
    pub callers: bool,
    /// Plain HTTP may be spoken to it. The configuration alone can say so.
    pub allow_http: bool,
    /// A disabled issuer is believed nothing.
    pub enabled: bool,
    /// Where it is written down.
    pub source: Source,
}

/// A value of an issuer's claim and the role that it stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappedRole {
    /// What the claim says.
    pub value: String,
    /// The name of a role here.
    pub role: String,
}

impl Issuer {
    /// Where its configuration lies (OpenID Connect Discovery 1.0 section 4).
    #[must_use]
    pub fn configuration_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'))
    }

    /// Where it is.
    #[must_use]
    pub fn server(&self) -> Option<Upstream> {
        Upstream::parse(&self.issuer).ok()
    }

    /// Whether the operator named it: then it may be at any address.
    #[must_use]
    pub const fn is_configured(&self) -> bool {
        matches!(self.source, Source::Configuration)
    }

    /// The roles that its map can give, each once.
    #[must_use]
    pub fn mapped_roles(&self) -> Vec<String> {
        let mut roles: Vec<String> = Vec::new();
        for mapped in &self.role_map {
            if !roles.contains(&mapped.role) {
                roles.push(mapped.role.clone());
            }
        }
        roles
    }

    /// Whether its map can give this role.
    #[must_use]
    pub fn gives(&self, role: &str) -> bool {
        self.role_map.iter().any(|mapped| mapped.role == role)
    }

    /// The roles that these values of its claim give, each once, in the order of the map.
    #[must_use]
    pub fn roles_of(&self, values: &[String]) -> Vec<String> {
        let mut roles: Vec<String> = Vec::new();
        for mapped in &self.role_map {
            if values.contains(&mapped.value) && !roles.contains(&mapped.role) {
                roles.push(mapped.role.clone());
            }
        }
        roles
    }

    /// What the audit log says of an issuer.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let list = |items: &[String]| Fact::List(items.to_vec());
        let text = |text: &Option<String>| text.clone().map_or(Fact::Null, Fact::Text);
        let map = self.role_map.iter().map(|m| format!("{}={}", m.value, m.role)).collect();
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("label", Fact::Text(self.label.clone())),
            ("issuer", Fact::Text(self.issuer.clone())),
            ("clientId", text(&self.client_id)),
            ("hasSecret", Fact::Bool(self.has_secret)),
            ("scopes", list(&self.scopes)),
            ("audiences", list(&self.audiences)),
            ("tokenTypes", Fact::List(self.token_types.iter().map(ToString::to_string).collect())),
            ("algorithms", Fact::List(self.algorithms.iter().map(ToString::to_string).collect())),
            ("usernameClaim", Fact::Text(self.username_claim.clone())),
            ("rolesClaim", text(&self.roles_claim)),
            ("roleMap", Fact::List(map)),
            ("signIn", Fact::Bool(self.sign_in)),
            ("callers", Fact::Bool(self.callers)),
            ("enabled", Fact::Bool(self.enabled)),
            ("version", Fact::Int(self.source.version().into())),
        ]
    }
}
