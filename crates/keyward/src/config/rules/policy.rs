//! What routes and policies have in common: what a call must present.

use super::Table;
use crate::config::{
    Error, given,
    value::{place, wanted},
};
use domain::{
    key_type::Place,
    policy::{BadRule, Envelope, IdentityHeaders, LimitedAs, Policy, Source, Tokens, Wanted},
    rate_limit::{BadLimit, Limit},
};

impl Table<'_> {
    pub(super) fn own_policy(&self, mut given: given::Policy) -> Result<Policy, Error> {
        let name = self.needed("name", given.name.take())?;
        self.demand(&given.key_types, &given.permission, &given.presented_in)?;
        let policy = self.policy(Policy::unsaid(name), given)?;
        self.sound(policy.check(), &policy)?;
        Ok(policy)
    }

    /// What a rule without a preset has to say: of one that says nothing, every live key would pass.
    pub(super) fn demand(
        &self,
        key_types: &Option<Vec<String>>,
        permission: &Option<String>,
        presented_in: &Option<Vec<String>>,
    ) -> Result<(), Error> {
        self.needed("key_types", key_types.as_ref())?;
        self.needed("permission", permission.as_ref())?;
        self.needed("presented_in", presented_in.as_ref())?;
        Ok(())
    }

    /// What was given over what holds without.
    pub(super) fn policy(&self, base: Policy, given: given::Policy) -> Result<Policy, Error> {
        Ok(Policy {
            name: given.name.unwrap_or(base.name),
            tenant: self.tenant(given.tenant.as_deref())?,
            key_types: given.key_types.unwrap_or(base.key_types),
            wanted: given.permission.map_or(Ok(base.wanted), |text| self.wanted(&text))?,
            presented_in: match given.presented_in {
                Some(texts) => self.places(&texts)?,
                None => base.presented_in,
            },
            tokens: given.tokens.map_or(Ok(base.tokens), |text| self.tokens(&text))?,
            cost: given.cost.unwrap_or(base.cost),
            limit: given.limit.map_or(Ok(base.limit), |limit| self.limit(&limit))?,
            limited_as: match given.limited_as {
                None => base.limited_as,
                Some(status) => LimitedAs::from_status(status).ok_or_else(|| {
                    self.fault("limited_as", format!("expected 429 or 403, found {status}"))
                })?,
            },
            envelope: given.envelope.map_or(Ok(base.envelope), |text| self.envelope(&text))?,
            identity: identity(base.identity, given.identity_headers.unwrap_or_default()),
            source: Source::Configuration,
        })
    }

    fn wanted(&self, text: &str) -> Result<Wanted, Error> {
        wanted::read(text).ok_or_else(|| self.fault("permission", "not a permission"))
    }

    fn places(&self, texts: &[String]) -> Result<Vec<Place>, Error> {
        let read = |text: &String| {
            place::read(text).ok_or_else(|| self.fault("presented_in", "not a place"))
        };
        texts.iter().map(read).collect()
    }

    fn limit(&self, given: &given::Limit) -> Result<Option<Limit>, Error> {
        let capacity = self.needed("limit.capacity", given.capacity)?;
        let frequency = self.needed("limit.frequency", given.frequency)?;
        Limit::new(capacity, frequency).map(Some).map_err(|bad| match bad {
            BadLimit::Capacity => self.fault("limit.capacity", "expected 1 to 1000000"),
            BadLimit::Frequency => self.fault("limit.frequency", "expected 1 to 86400"),
        })
    }

    fn tokens(&self, text: &str) -> Result<Tokens, Error> {
        Tokens::parse(text).ok_or_else(|| {
            self.fault(
                "tokens",
                format!("expected `refused`, `accepted` or `only`, found `{text}`"),
            )
        })
    }

    fn envelope(&self, text: &str) -> Result<Envelope, Error> {
        Envelope::parse(text).ok_or_else(|| {
            let known: Vec<_> = Envelope::ALL.iter().map(|e| e.as_str()).collect();
            self.fault("envelope", format!("there is no envelope `{text}`"))
                .with_hint(format!("known: `{}`", known.join("`, `")))
        })
    }
    /// Gives what is wrong with a rule its place.
    pub(super) fn sound(&self, checked: Result<(), BadRule>, policy: &Policy) -> Result<(), Error> {
        checked.and_then(|()| policy.check_share(self.nodes)).map_err(|bad| {
            let mut member = String::new();
            for c in bad.field.chars() {
                if c.is_ascii_uppercase() {
                    member.push('_');
                }
                member.push(c.to_ascii_lowercase());
            }
            self.fault(&member, bad.detail)
        })
    }
}

impl given::Route {
    /// What it has in common with a policy.
    pub(super) fn into_policy(self) -> given::Policy {
        given::Policy {
            name: self.name,
            tenant: self.tenant,
            key_types: self.key_types,
            permission: self.permission,
            presented_in: self.presented_in,
            tokens: self.tokens,
            cost: self.cost,
            limit: self.limit,
            limited_as: self.limited_as,
            envelope: self.envelope,
            identity_headers: self.identity_headers,
        }
    }
}

fn identity(base: IdentityHeaders, given: given::IdentityHeaders) -> IdentityHeaders {
    let name = |given: Option<String>, base| given.map_or(base, |n| n.to_ascii_lowercase());
    IdentityHeaders {
        tenant: name(given.tenant, base.tenant),
        key_id: name(given.key_id, base.key_id),
        key_name: name(given.key_name, base.key_name),
        permissions: name(given.permissions, base.permissions),
    }
}
