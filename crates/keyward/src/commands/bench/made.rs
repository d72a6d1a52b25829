//! Keys that follow from their number, so that every part of a run agrees on them without a list.

use domain::{
    allow_list::AllowList,
    id::{KeyId, Scope, TenantId},
    key::Key,
    permission::Permission,
    rate_limit::Limit,
    secret::{Secret, SecretDigest},
    time::Timestamp,
};
use uuid::Uuid;
use verifier::{KeyState, LiveSecret};

/// The permission that every made key has.
pub(super) const PERMISSION: &str = "nexus:consumer:chat";
/// Bytes of a made secret.
pub(super) const SECRET_BYTES: usize = 36;

/// The text of a secret: a UUID in lower case, as keys of type `nexus` have it.
pub(super) type Text = [u8; SECRET_BYTES];

/// The finaliser of splitmix64: every bit of the number reaches every bit of what comes out.
pub(super) const fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn bytes(number: u64, purpose: u64) -> [u8; 16] {
    let high = mixed(number ^ (purpose << 56));
    let low = mixed(high ^ number.rotate_left(17));
    (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
}

/// The secret of key `number`. Numbers from `UNKNOWN` on belong to no key.
pub(super) fn secret(number: u64) -> Text {
    let mut text = [0; SECRET_BYTES];
    uuid::Builder::from_random_bytes(bytes(number, 1))
        .into_uuid()
        .hyphenated()
        .encode_lower(&mut text);
    text
}

/// From here on no key has the number.
pub(super) const UNKNOWN: u64 = 1 << 48;

/// As text; what `secret` made is ASCII.
pub(super) fn text(secret: &[u8]) -> &str {
    std::str::from_utf8(secret).unwrap_or("")
}

/// What all made keys share.
pub(super) struct Pattern {
    tenants: Vec<TenantId>,
    permissions: Vec<Permission>,
    limit: Option<Limit>,
    at: Timestamp,
}

impl Pattern {
    /// Keys spread over these tenants, made from this instant on, one a millisecond. Their limit is so high that no call of a
    /// run is refused; it is counted all the same.
    pub(super) fn new(tenants: Vec<TenantId>, at: Timestamp) -> Self {
        Self {
            tenants,
            permissions: Permission::parse(PERMISSION).into_iter().collect(),
            limit: Limit::new(1_000_000, 60).ok(),
            at,
        }
    }

    /// So many tenants that exist nowhere but in memory.
    pub(super) fn of_tenants(count: u64, at: Timestamp) -> Self {
        let tenants = (0..count).map(|n| TenantId(uuid_of(n, 3)));
        Self::new(tenants.collect(), at)
    }

    pub(super) fn tenants(&self) -> &[TenantId] {
        &self.tenants
    }

    /// Key `number`.
    pub(super) fn key(&self, number: u64) -> Key {
        let count = self.tenants.len().max(1);
        #[expect(clippy::cast_possible_truncation, reason = "a place in a list")]
        let tenant = self.tenants.get(number as usize % count).copied();
        let secret = secret(number);
        let tail = text(&secret).get(SECRET_BYTES - 4..).unwrap_or("");
        Key {
            id: KeyId::from_bytes(bytes(number, 2)),
            scope: tenant.map_or(Scope::Cluster, Scope::Tenant),
            key_type: "nexus".to_owned(),
            name: format!("API key no. {number}"),
            description: None,
            owner: None,
            permissions: self.permissions.clone(),
            enabled: true,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            revoke_reason: None,
            limit: self.limit,
            allow_list: AllowList::default(),
            hint: format!("…{tail}"),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: self.at.plus_millis(i64::try_from(number).unwrap_or(0)),
            created_by: "bench".to_owned(),
            version: 1,
        }
    }

    /// Key `number` as memory takes it.
    pub(super) fn state(&self, number: u64) -> KeyState {
        let digest = SecretDigest::of(text(&secret(number)));
        let secrets = vec![LiveSecret { slot: 0, digest, ends_at: None }];
        KeyState { key: self.key(number), secrets, unacknowledged_since: None }
    }
}

/// A UUID that follows from a number.
pub(super) fn uuid_of(number: u64, purpose: u64) -> Uuid {
    uuid::Builder::from_random_bytes(bytes(number, purpose)).into_uuid()
}

/// The secret of key `number` as the type that is sealed.
pub(super) fn owned_secret(number: u64) -> Secret {
    Secret::new(text(&secret(number)).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::secret::Shape;
    use std::collections::HashSet;

    #[test]
    fn made_keys_differ_and_their_secrets_could_be_real() {
        let pattern = Pattern::of_tenants(3, Timestamp::from_millis(0));
        let keys: HashSet<_> = (0..10_000).map(|n| pattern.key(n).id).collect();
        let secrets: HashSet<_> = (0..10_000).chain(UNKNOWN..UNKNOWN + 100).map(secret).collect();
        assert_eq!((keys.len(), secrets.len()), (10_000, 10_100));
        assert!(secrets.iter().all(|s| Shape::of(text(s)) == Ok(Shape::Opaque)));
    }
}
