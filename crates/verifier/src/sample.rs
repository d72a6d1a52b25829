//! Made-up keys, any number of them, for measuring: `cargo bench -p verifier` and `keyward bench`
//! build the same ones.

use crate::feed::{KeyState, LiveSecret};
use domain::{
    allow_list::AllowList,
    id::{KeyId, Scope, TenantId},
    key::Key,
    permission::Permission,
    rate_limit::Limit,
    secret::SecretDigest,
    time::Timestamp,
};
use std::fmt::Write as _;

/// Tenants that the keys are spread over; their ids are `tenant(0)` to `tenant(TENANTS - 1)`.
pub const TENANTS: u64 = 100;

/// The id of a tenant.
#[must_use]
pub const fn tenant(n: u64) -> TenantId {
    TenantId::from_u128(0x7e4a_0000_0000_4000_8000_0000_0000_0000 | n as u128)
}

/// The secret of key `n`: as long as a UUID, as most secrets are.
pub fn write_secret(n: u64, text: &mut String) {
    text.clear();
    let (a, b) = (mix(n), mix(n ^ 0x5ec2_e75e));
    // Writing to a string cannot fail.
    let _ = write!(text, "{a:016x}-{b:016x}-00");
}

/// Key `n`: of the published limit, one of eight sets of permissions, a name of its own.
#[must_use]
pub fn key(n: u64) -> KeyState {
    let mut text = String::new();
    write_secret(n, &mut text);
    let permissions = ["chat", "email", "sms", "voice"].map(|c| format!("nexus:consumer:{c}"));
    let held = 1 + usize::try_from(n % 4).unwrap_or(0);
    let id = u128::from(mix(!n)) << 64 | u128::from(mix(n.rotate_left(32) ^ 1));
    KeyState {
        key: Key {
            id: KeyId::from_bytes(id.to_be_bytes()),
            scope: Scope::Tenant(tenant(n % TENANTS)),
            key_type: "nexus".to_owned(),
            name: format!("integration {n}"),
            description: None,
            owner: None,
            permissions: permissions
                .iter()
                .take(held)
                .filter_map(|p| Permission::parse(p).ok())
                .collect(),
            enabled: true,
            starts_at: None,
            expires_at: n.is_multiple_of(3).then(|| Timestamp::from_millis(4_000_000_000_000)),
            revoked_at: None,
            revoke_reason: None,
            limit: Limit::new(120, 60).ok(),
            allow_list: AllowList::default(),
            hint: String::new(),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: Timestamp::from_millis(0),
            created_by: String::new(),
            version: 1,
        },
        secrets: vec![LiveSecret { slot: 0, digest: SecretDigest::of(&text), ends_at: None }],
        unacknowledged_since: None,
    }
}

/// Spreads a counter over 64 bits, each value once (the finalizer of SplitMix64).
const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
