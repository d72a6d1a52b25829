//! What a policy's values may be.

use super::{
    IdentityHeaders, Policy, Tokens, Wanted,
    headers::{is_identity_header, is_taken_header},
};
use crate::{
    key_type::{Place, is_header, is_parameter},
    permission::{Permission, check_wanted},
    rate_limit::Limit,
};
use std::{borrow::Cow, collections::BTreeSet};

/// Key types of one policy.
pub const MAX_KEY_TYPES: usize = 20;
/// Permissions of one policy.
pub const MAX_PERMISSIONS: usize = 50;
/// Places of one policy.
pub const MAX_PLACES: usize = 8;
/// Units that one call may take.
pub const MAX_COST: u32 = 1_000_000;

/// What of a policy or a route cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRule {
    /// The member, as our own wire names it.
    pub field: &'static str,
    /// What it must be.
    pub detail: Cow<'static, str>,
}

/// Whether a policy or a route may have this name: 1 to 64 of `a-z`, `0-9`, `-`, `_`.
#[must_use]
pub fn is_rule_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

impl BadRule {
    pub(crate) fn new(field: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { field, detail: detail.into() }
    }
}

impl Policy {
    /// Checks all that can be checked without asking anybody else. Whether the key types exist, and
    /// whether the limit can be divided among the nodes, is for others to say.
    ///
    /// # Errors
    /// The first member that cannot be.
    pub fn check(&self) -> Result<(), BadRule> {
        if !is_rule_name(&self.name) {
            return Err(BadRule::new("name", "must be 1 to 64 of a-z, 0-9, `-` and `_`"));
        }
        let types = &self.key_types;
        if types.len() > MAX_KEY_TYPES || named_twice(types) {
            let detail = format!("must be at most {MAX_KEY_TYPES} key types, each named once");
            return Err(BadRule::new("keyTypes", detail));
        }
        self.wanted.check()?;
        check_places(&self.presented_in, self.tokens)?;
        if self.cost > MAX_COST {
            return Err(BadRule::new("cost", format!("must be at most {MAX_COST}")));
        }
        if self.limit.is_some_and(|limit| self.cost > limit.capacity()) {
            return Err(BadRule::new("cost", "is more than the policy's own limit ever lets pass"));
        }
        self.identity.check(&self.presented_in)
    }

    /// The share that one of `nodes` nodes has of the policy's own limit.
    ///
    /// # Errors
    /// It cannot be divided among so many.
    pub fn check_share(&self, nodes: u32) -> Result<(), BadRule> {
        let share = self.limit.map(|limit| limit.divided_by(nodes)).transpose();
        match share.ok().map(|share| share.map(Limit::capacity)) {
            Some(None) => Ok(()),
            Some(Some(units)) if units >= self.cost => Ok(()),
            Some(Some(_)) | None => {
                Err(BadRule::new("limit", format!("is too low to be divided among {nodes} nodes")))
            }
        }
    }

    /// Whether none but keys of the cluster can hold what is wanted.
    #[must_use]
    pub fn is_for_the_cluster(&self) -> bool {
        let of_cluster = |text: &String| Permission::parse(text).is_ok_and(|p| p.reaches_cluster());
        let wanted = &self.wanted.permissions;
        match self.wanted.any {
            true => !wanted.is_empty() && wanted.iter().all(of_cluster),
            false => wanted.iter().any(of_cluster),
        }
    }
}

impl Wanted {
    fn check(&self) -> Result<(), BadRule> {
        let bad = |detail: String| Err(BadRule::new("permission", detail));
        if self.any && self.permissions.is_empty() {
            return bad("`any` of nothing is held by no key".to_owned());
        }
        if self.permissions.len() > MAX_PERMISSIONS || named_twice(&self.permissions) {
            return bad(format!("must be at most {MAX_PERMISSIONS}, each named once"));
        }
        match self.permissions.iter().find(|p| check_wanted(p).is_err()) {
            Some(_) => bad("must be 2 to 6 segments of a-z, 0-9, `_` and `-`, joined by `:`, \
                            without `*`, such as `orders:read`"
                .to_owned()),
            None => Ok(()),
        }
    }
}

impl IdentityHeaders {
    fn check(&self, places: &[Place]) -> Result<(), BadRule> {
        const FIELDS: [&str; 4] = [
            "identityHeaders.tenant",
            "identityHeaders.keyId",
            "identityHeaders.keyName",
            "identityHeaders.permissions",
        ];
        let mut seen = BTreeSet::new();
        for (field, name) in FIELDS.into_iter().zip(self.names()) {
            if !is_identity_header(name) {
                let detail = "must be a plain header of its own: 1 to 64 of a-z, 0-9 and `-`, and \
                              none that means something else, as `authorization` does";
                return Err(BadRule::new(field, detail));
            }
            let holds_key = |p: &Place| matches!(p, Place::Header(header) if header == name);
            if !seen.insert(name) || places.iter().any(holds_key) {
                return Err(BadRule::new(field, "must be a header that nothing else here uses"));
            }
        }
        Ok(())
    }
}

fn check_places(places: &[Place], tokens: Tokens) -> Result<(), BadRule> {
    let plain = |place: &Place| match place {
        Place::Header(name) => is_header(name) && !is_taken_header(name),
        Place::Bearer => true,
        Place::Parameter(name) => is_parameter(name),
    };
    let twice = places.iter().enumerate().any(|(at, p)| places.iter().take(at).any(|q| q == p));
    // Where only tokens pass, no key needs a place.
    let least = usize::from(tokens != Tokens::Only);
    if !(least..=MAX_PLACES).contains(&places.len()) || twice {
        let detail = format!("must be 1 to {MAX_PLACES} places, each named once");
        return Err(BadRule::new("presentedIn", detail));
    }
    if !places.iter().all(plain) {
        let detail = "must be a header or a parameter with a plain name of its own, or `bearer`";
        return Err(BadRule::new("presentedIn", detail));
    }
    Ok(())
}

fn named_twice(texts: &[String]) -> bool {
    texts.iter().collect::<BTreeSet<_>>().len() < texts.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Envelope, LimitedAs, Source};

    fn policy() -> Policy {
        Policy {
            name: "orders".to_owned(),
            tenant: None,
            key_types: vec!["api".to_owned()],
            wanted: Wanted { any: false, permissions: vec!["orders:read".to_owned()] },
            presented_in: vec![Place::Bearer, Place::Header("x-api-key".into())],
            tokens: Tokens::default(),
            cost: 1,
            limit: None,
            limited_as: LimitedAs::default(),
            envelope: Envelope::default(),
            identity: IdentityHeaders::default(),
            source: Source::Configuration,
        }
    }

    fn refused(change: impl FnOnce(&mut Policy)) -> &'static str {
        let mut policy = policy();
        change(&mut policy);
        policy.check().map_or_else(|bad| bad.field, |()| "")
    }

    #[test]
    fn a_policy_is_checked_member_by_member() {
        assert_eq!(refused(|_| ()), "");
        for name in ["", "Orders", "a b", "a/b", &"a".repeat(65)] {
            assert_eq!(refused(|p| p.name = name.to_owned()), "name", "{name}");
        }
        assert_eq!(refused(|p| p.key_types = vec!["api".into(), "api".into()]), "keyTypes");
        for wanted in ["orders", "orders:*", "Orders:read", ""] {
            assert_eq!(refused(|p| p.wanted.permissions = vec![wanted.into()]), "permission");
        }
        assert_eq!(refused(|p| p.wanted = Wanted { any: true, permissions: vec![] }), "permission");
        assert_eq!(refused(|p| p.presented_in.clear()), "presentedIn");
        for (tokens, field) in [(Tokens::Accepted, "presentedIn"), (Tokens::Only, "")] {
            let change = |p: &mut Policy| (p.presented_in, p.tokens) = (Vec::new(), tokens);
            assert_eq!(refused(change), field, "{tokens:?}");
        }
        assert_eq!(refused(|p| p.presented_in.push(Place::Bearer)), "presentedIn");
        for header in ["host", "x-forwarded-for", "content-length", "x-keyward-tenant", "X-Key"] {
            let place = Place::Header(header.to_owned().into());
            assert_eq!(refused(|p| p.presented_in = vec![place]), "presentedIn", "{header}");
        }
        assert_eq!(refused(|p| p.cost = MAX_COST + 1), "cost");
        assert_eq!(refused(|p| (p.cost, p.limit) = (3, Limit::new(2, 60).ok())), "cost");
    }

    #[test]
    fn identity_headers_are_four_of_their_own() {
        for name in ["authorization", "host", "content-type", "x-forwarded-for", "te", "X-A", ""] {
            let field = refused(|p| p.identity.key_id = name.to_owned());
            assert_eq!(field, "identityHeaders.keyId", "{name}");
        }
        let twice = refused(|p| p.identity.permissions = "x-keyward-tenant".to_owned());
        assert_eq!(twice, "identityHeaders.permissions");
        let keys = refused(|p| p.identity.tenant = "x-api-key".to_owned());
        assert_eq!(keys, "identityHeaders.tenant", "the key's own header");
        assert_eq!(refused(|p| p.identity.tenant = "x-consumer".to_owned()), "");
    }

    #[test]
    fn a_share_lets_one_call_pass() {
        let mut policy = policy();
        policy.limit = Limit::new(10, 60).ok();
        assert!(policy.check_share(10).is_ok() && policy.check_share(11).is_err());
        policy.cost = 3;
        assert!(policy.check_share(3).is_ok() && policy.check_share(4).is_err());
    }

    #[test]
    fn what_only_the_cluster_can_hold_is_seen() {
        let mut policy = policy();
        assert!(!policy.is_for_the_cluster());
        policy.wanted.permissions.push("nexus:cluster:chat".to_owned());
        assert!(policy.is_for_the_cluster());
        policy.wanted.any = true;
        assert!(!policy.is_for_the_cluster());
        policy.wanted.permissions.remove(0);
        assert!(policy.is_for_the_cluster());
    }
}
