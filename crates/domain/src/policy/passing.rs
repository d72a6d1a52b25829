//! Whether keys of a type can pass at all, told without a call.

use super::{Policy, Tokens, Wanted};
use crate::{
    id::TenantId,
    key_type::{KeyType, Permissions},
    permission::Permission,
};

impl Policy {
    /// Whether every key of this type, whose permissions are the same for all, may pass as far as the policy
    /// goes, when it belongs to this tenant.
    #[must_use]
    pub fn lets_pass(&self, of_type: &KeyType, tenant: TenantId) -> bool {
        let Permissions::Fixed(held) = &of_type.permissions else { return false };
        self.tenant.is_none_or(|own| own == tenant)
            && self.tokens != Tokens::Only
            && (self.key_types.is_empty() || self.key_types.contains(&of_type.name))
            && self.wanted.is_held_by(held)
    }
}

impl Wanted {
    /// Whether whoever holds these permissions holds what is wanted.
    #[must_use]
    pub fn is_held_by(&self, held: &[Permission]) -> bool {
        let holds = |wanted: &String| held.iter().any(|p| p.covers(wanted));
        match self.permissions.as_slice() {
            [] => true,
            some if self.any => some.iter().any(holds),
            some => some.iter().all(holds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gateway_route::preset, key_type::seeded};
    use uuid::Uuid;

    #[test]
    fn keys_pass_a_policy_that_names_their_type_and_wants_what_they_hold() {
        let types = seeded();
        let of_type = |name: &str| types.iter().find(|t| t.name == name).unwrap();
        let openconnect = of_type("openconnect");
        let [own, other] = [1, 2].map(|n| TenantId(Uuid::from_u128(n)));
        let policy = |change: fn(&mut Policy)| {
            let preset = preset("openconnect").unwrap();
            let mut policy = Policy {
                key_types: vec!["openconnect".to_owned()],
                wanted: preset.wanted(),
                ..Policy::unsaid("events".to_owned())
            };
            change(&mut policy);
            policy
        };
        assert!(policy(|_| ()).lets_pass(openconnect, own));
        assert!(policy(|p| p.key_types.clear()).lets_pass(openconnect, own));
        assert!(policy(|p| p.wanted = Wanted::default()).lets_pass(openconnect, own));
        let bound = Policy { tenant: Some(own), ..policy(|_| ()) };
        assert!(bound.lets_pass(openconnect, own) && !bound.lets_pass(openconnect, other));
        assert!(!policy(|p| p.tokens = Tokens::Only).lets_pass(openconnect, own));
        assert!(!policy(|p| p.key_types = vec!["api".to_owned()]).lets_pass(openconnect, own));
        assert!(!policy(|_| ()).lets_pass(of_type("client"), own));
        assert!(!policy(|_| ()).lets_pass(of_type("api"), own), "each holds something else");
        let wants = |any| Wanted {
            any,
            permissions: vec!["experience:openconnect".to_owned(), "orders:read".to_owned()],
        };
        let both = Policy { wanted: wants(false), ..policy(|_| ()) };
        let either = Policy { wanted: wants(true), ..policy(|_| ()) };
        assert!(!both.lets_pass(openconnect, own) && either.lets_pass(openconnect, own));
    }
}
