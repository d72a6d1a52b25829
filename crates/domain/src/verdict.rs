//! The verdict and the order of all checks.
//!
//! [`check`] walks the order up to the permissions and touches nothing; the limit is taken only when
//! all else holds, and [`settle`] then says the last word. The order is that of the variants.

mod asked;

pub use asked::{KeyTypes, Request};

use crate::{
    allow_list::AllowList, id::Scope, permission::Permission, rate_limit::Taken, time::Timestamp,
};

/// The outcome of a verification: a value, not an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Verdict {
    /// Malformed, unknown, deleted, or of a deleted tenant.
    NotFound,
    /// A key of another tenant than the one asked about.
    WrongTenant,
    /// A key of another type than the one asked about.
    WrongType,
    /// Revoked for good, or its owner was deleted.
    Revoked,
    /// Switched off: the key, its tenant, its owner, or a policy.
    Disabled,
    /// Before its start.
    NotYetValid,
    /// Past its end.
    Expired,
    /// The origin is not on its allow-list.
    OriginNotAllowed,
    /// The client's address is not on its allow-list.
    AddressNotAllowed,
    /// The method or path is not on its allow-list.
    RequestNotAllowed,
    /// It lacks a wanted permission.
    InsufficientPermissions,
    /// Its limit is used up.
    RateLimited,
    /// It may pass.
    Valid,
}

impl Verdict {
    /// Every verdict, in the order in which the checks are made.
    pub const ALL: [Self; 13] = [
        Self::NotFound,
        Self::WrongTenant,
        Self::WrongType,
        Self::Revoked,
        Self::Disabled,
        Self::NotYetValid,
        Self::Expired,
        Self::OriginNotAllowed,
        Self::AddressNotAllowed,
        Self::RequestNotAllowed,
        Self::InsufficientPermissions,
        Self::RateLimited,
        Self::Valid,
    ];

    /// The name on our own wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::WrongTenant => "WRONG_TENANT",
            Self::WrongType => "WRONG_TYPE",
            Self::Revoked => "REVOKED",
            Self::Disabled => "DISABLED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::Expired => "EXPIRED",
            Self::OriginNotAllowed => "ORIGIN_NOT_ALLOWED",
            Self::AddressNotAllowed => "ADDRESS_NOT_ALLOWED",
            Self::RequestNotAllowed => "REQUEST_NOT_ALLOWED",
            Self::InsufficientPermissions => "INSUFFICIENT_PERMISSIONS",
            Self::RateLimited => "RATE_LIMITED",
            Self::Valid => "VALID",
        }
    }

    /// Whether a peer's surface answers this as "no such key", told apart by nothing.
    #[must_use]
    pub fn is_no_key(self) -> bool {
        self <= Self::Expired
    }
}

/// Whether something that a key depends on still serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// In service.
    Live,
    /// Switched off for now.
    Disabled,
    /// Gone from service.
    Deleted,
}

/// What is known of the key that was found.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Where it belongs.
    pub scope: Scope,
    /// The name of its type.
    pub key_type: &'a str,
    /// Its tenant's standing (`Live` for the cluster).
    pub tenant: Standing,
    /// Its owner's standing (`Live` where it has none).
    pub owner: Standing,
    /// The key's own switch.
    pub enabled: bool,
    /// Whether a policy holds it back (not acknowledged, unused too long).
    pub held: bool,
    /// Not valid before.
    pub starts_at: Option<Timestamp>,
    /// Not valid from then on.
    pub expires_at: Option<Timestamp>,
    /// Revoked from then on.
    pub revoked_at: Option<Timestamp>,
    /// From where, and for what, it is accepted.
    pub allow_list: &'a AllowList,
    /// What it may do.
    pub permissions: &'a [Permission],
}

/// Walks the order up to the permissions. `Valid` here means: nothing but the limit is left.
#[must_use]
pub fn check(key: &Subject<'_>, asked: &Request<'_>, now: Timestamp) -> Verdict {
    if key.tenant == Standing::Deleted {
        return Verdict::NotFound;
    }
    // A key of the cluster passes every tenant check; a tenant's key passes its own alone.
    if asked.tenant.is_some_and(|wanted| key.scope != Scope::Cluster && key.scope != wanted) {
        return Verdict::WrongTenant;
    }
    if !asked.key_types.hold(key.key_type) {
        return Verdict::WrongType;
    }
    if key.owner == Standing::Deleted || key.revoked_at.is_some_and(|at| at <= now) {
        return Verdict::Revoked;
    }
    if !key.enabled
        || key.held
        || key.tenant == Standing::Disabled
        || key.owner == Standing::Disabled
    {
        return Verdict::Disabled;
    }
    if key.starts_at.is_some_and(|at| now < at) {
        return Verdict::NotYetValid;
    }
    if key.expires_at.is_some_and(|at| at <= now) {
        return Verdict::Expired;
    }
    if !key.allow_list.allows_origin(asked.origin) {
        return Verdict::OriginNotAllowed;
    }
    if !key.allow_list.allows_address(asked.address) {
        return Verdict::AddressNotAllowed;
    }
    if !key.allow_list.allows_request(asked.method, asked.path) {
        return Verdict::RequestNotAllowed;
    }
    if !asked.wants.satisfied_by(key.permissions) {
        return Verdict::InsufficientPermissions;
    }
    Verdict::Valid
}

/// The last word, once the limit was asked.
#[must_use]
pub const fn settle(taken: Option<Taken>) -> Verdict {
    match taken {
        Some(Taken::Refused { .. }) => Verdict::RateLimited,
        Some(Taken::Admitted { .. }) | None => Verdict::Valid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TenantId, permission::Wants};
    use uuid::Uuid;

    /// Breaks one more check at a time, from the last to the first: each time the earlier one wins.
    #[test]
    fn the_first_check_that_fails_decides() {
        let tenant = |n| Scope::Tenant(TenantId(Uuid::from_u128(n)));
        let now = Timestamp::from_millis(1_000);
        let open = AllowList::default();
        let by_path = AllowList::from_entries(["path /chat"]).unwrap();
        let by_address = AllowList::from_entries(["path /chat", "address 10.0.0.0/8"]).unwrap();
        let by_origin =
            AllowList::from_entries(["path /chat", "address 10.0.0.0/8", "origin a.example"])
                .unwrap();
        let held = [Permission::parse("nexus:consumer:chat").unwrap()];
        let mut key = Subject {
            scope: tenant(1),
            key_type: "nexus",
            tenant: Standing::Live,
            owner: Standing::Live,
            enabled: true,
            held: false,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            allow_list: &open,
            permissions: &held,
        };
        let mut asked = Request {
            tenant: Some(tenant(1)),
            key_types: KeyTypes::One("nexus"),
            wants: Wants::Nothing,
            origin: None,
            address: None,
            method: None,
            path: None,
        };
        assert_eq!(check(&key, &asked, now), Verdict::Valid);
        asked.wants = Wants::All(&["nexus:consumer:securemail"]);
        assert_eq!(check(&key, &asked, now), Verdict::InsufficientPermissions);
        key.allow_list = &by_path;
        assert_eq!(check(&key, &asked, now), Verdict::RequestNotAllowed);
        key.allow_list = &by_address;
        assert_eq!(check(&key, &asked, now), Verdict::AddressNotAllowed);
        key.allow_list = &by_origin;
        assert_eq!(check(&key, &asked, now), Verdict::OriginNotAllowed);
        key.expires_at = Some(now);
        assert_eq!(check(&key, &asked, now), Verdict::Expired);
        key.starts_at = Some(now.plus_millis(1));
        assert_eq!(check(&key, &asked, now), Verdict::NotYetValid);
        key.enabled = false;
        assert_eq!(check(&key, &asked, now), Verdict::Disabled);
        key.revoked_at = Some(now);
        assert_eq!(check(&key, &asked, now), Verdict::Revoked);
        asked.key_types = KeyTypes::One("ges");
        assert_eq!(check(&key, &asked, now), Verdict::WrongType);
        asked.tenant = Some(tenant(2));
        assert_eq!(check(&key, &asked, now), Verdict::WrongTenant);
        key.tenant = Standing::Deleted;
        assert_eq!(check(&key, &asked, now), Verdict::NotFound);
        assert!(Verdict::ALL.is_sorted());
    }

    #[test]
    fn a_cluster_key_passes_every_tenant_check() {
        let open = AllowList::default();
        let key = Subject {
            scope: Scope::Cluster,
            key_type: "nexus",
            tenant: Standing::Live,
            owner: Standing::Live,
            enabled: true,
            held: false,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            allow_list: &open,
            permissions: &[],
        };
        let asked = Request {
            tenant: Some(Scope::Tenant(TenantId(Uuid::nil()))),
            key_types: KeyTypes::Any,
            wants: Wants::Nothing,
            origin: None,
            address: None,
            method: None,
            path: None,
        };
        assert_eq!(check(&key, &asked, Timestamp::from_millis(0)), Verdict::Valid);
    }
}
