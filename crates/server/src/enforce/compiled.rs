//! A policy, ready to be asked: names parsed, the ceiling at hand.

use super::{
    Identity, Used,
    ceiling::{Ceiling, Holder},
    identity::{self, Names},
};
use crate::{app::App, failure::Scheme};
use domain::{
    id::Scope,
    key_type::Place,
    permission::Wants,
    policy::{Policy, Tokens},
    verdict::KeyTypes,
};
use http::HeaderName;
use std::{fmt, sync::Arc};
use verifier::{Found, Principal};

/// Wanted permissions that take no allocation.
pub(super) const FEW: usize = 8;

/// A policy, ready to be asked. Made once for each snapshot of the rules.
pub struct Compiled {
    policy: Policy,
    tenant: Option<Scope>,
    pub(super) headers: Vec<HeaderName>,
    /// Whether a Bearer credential is read, be it a key or a token.
    pub(super) bearer: bool,
    /// Whether it may be a key.
    pub(super) bearer_keys: bool,
    pub(super) parameters: Vec<Arc<str>>,
    names: Names,
    ceiling: Option<Ceiling>,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compiled({})", self.policy.name)
    }
}

impl Compiled {
    /// Makes a policy ready. What it has let pass before, with its holder under its name,
    /// counts on.
    #[must_use]
    pub fn of(app: &App, holder: Holder, policy: &Policy) -> Self {
        let frame = app.frame();
        let nodes = app.service().settings().nodes;
        let place = (holder, policy.name.as_str());
        let ceiling = policy.limit.map(|limit| frame.ceilings.of(place, limit, nodes));
        let mut compiled = Self {
            tenant: policy.tenant.map(Scope::Tenant),
            headers: Vec::new(),
            bearer: policy.tokens != Tokens::Refused,
            bearer_keys: false,
            parameters: Vec::new(),
            names: Names::of(&policy.identity),
            ceiling,
            policy: policy.clone(),
        };
        for place in &policy.presented_in {
            match place {
                // A name that is none was refused before; whoever would be read there has no key.
                Place::Header(name) => {
                    compiled.headers.extend(HeaderName::from_bytes(name.as_bytes()).ok());
                }
                Place::Bearer => (compiled.bearer, compiled.bearer_keys) = (true, true),
                Place::Parameter(name) => compiled.parameters.push(Arc::from(&**name)),
            }
        }
        compiled
    }

    /// The policy itself.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether a key may stand in the query or in a form: then a form's body is wanted, too.
    #[must_use]
    pub fn reads_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// Whether what lets a call pass may stand in this place.
    pub(super) fn reads(&self, place: &Used) -> bool {
        let keys = self.policy.tokens != Tokens::Only;
        match place {
            Used::Header(name) => keys && self.headers.contains(name),
            Used::Bearer => self.bearer,
            Used::Query(name) | Used::Form(name) => keys && self.parameters.contains(name),
        }
    }

    /// The names of the headers that say whose key it was: what a client sends under them is dropped.
    #[must_use]
    pub const fn identity_names(&self) -> &[HeaderName; 4] {
        self.names.all()
    }

    /// How the policy wants a key presented, for the challenge of a 401.
    pub(super) const fn scheme(&self) -> Scheme {
        match (self.bearer_keys, self.policy.tokens) {
            (true, _) | (false, Tokens::Only) => Scheme::Bearer,
            (false, Tokens::Refused | Tokens::Accepted) => Scheme::ApiKey,
        }
    }

    /// Whose keys pass; those of the cluster pass anyhow.
    #[must_use]
    pub const fn tenant(&self) -> Option<Scope> {
        self.tenant
    }

    pub(super) fn key_types(&self) -> KeyTypes<'_> {
        match &*self.policy.key_types {
            [] => KeyTypes::Any,
            some => KeyTypes::OneOf(some),
        }
    }

    /// The wanted permissions: the few of most policies in `room`, longer lists in `more`.
    pub(super) fn wants<'a>(
        &'a self,
        room: &'a mut [&'a str; FEW],
        more: &'a mut Vec<&'a str>,
    ) -> Wants<'a> {
        let wanted = &self.policy.wanted;
        let texts = || wanted.permissions.iter().map(String::as_str);
        match room.get_mut(..wanted.permissions.len()) {
            Some(fitting) => {
                for (place, text) in fitting.iter_mut().zip(texts()) {
                    *place = text;
                }
                wanted.wants(fitting)
            }
            None => {
                more.extend(texts());
                wanted.wants(more)
            }
        }
    }

    pub(super) const fn cost(&self) -> u32 {
        self.policy.cost
    }

    pub(super) const fn ceiling(&self) -> Option<&Ceiling> {
        self.ceiling.as_ref()
    }

    pub(super) fn identity(&self, found: &Found<'_>) -> Identity {
        identity::of(&self.names, found)
    }

    pub(super) fn identity_of(&self, principal: &Principal) -> Identity {
        identity::of_principal(&self.names, principal)
    }
}
