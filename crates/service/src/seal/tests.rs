use super::*;
use crate::{entropy::Entropy, master_key::MasterKey};
use domain::{
    allow_list::AllowList,
    id::{KeyId, Scope, TenantId},
    time::Timestamp,
};

fn master(name: &str, fill: u8) -> MasterKey {
    MasterKey::generate(name, &Entropy::from_fn(move |b| b.fill(fill)))
}

fn keyring() -> Keyring {
    Keyring::derive(Uuid::from_u128(7), &[(1, &master("k1", 1))]).unwrap()
}

fn key(n: u8, tenant: u128) -> Key {
    Key {
        id: KeyId::from_bytes([n; 16]),
        scope: Scope::Tenant(TenantId(Uuid::from_u128(tenant))),
        key_type: "nexus".to_owned(),
        name: "a key".to_owned(),
        description: None,
        owner: None,
        permissions: Vec::new(),
        enabled: true,
        starts_at: None,
        expires_at: None,
        revoked_at: None,
        revoke_reason: None,
        limit: None,
        allow_list: AllowList::default(),
        hint: String::new(),
        acknowledged_at: None,
        rotation: None,
        secret_ends_at: None,
        held_at: None,
        created_at: Timestamp::from_millis(0),
        created_by: "nexus".to_owned(),
        version: 1,
    }
}

fn sealed_row(key: &Key, stored: &StoredSecret) -> SealedDigest {
    SealedDigest {
        scope: key.scope,
        key_id: key.id,
        key_type: key.key_type.clone(),
        slot: stored.slot,
        generation: stored.generation,
        sealed: stored.sealed_digest.clone(),
    }
}

#[test]
fn kr_02_the_index_of_a_stolen_database_needs_a_key_that_is_not_in_it() {
    let digest = SecretDigest::of("9b7682b7-cbce-422f-9bbb-ecda85e61695");
    let other = Keyring::derive(Uuid::from_u128(7), &[(1, &master("k1", 2))]).unwrap();
    let elsewhere = Keyring::derive(Uuid::from_u128(8), &[(1, &master("k1", 1))]).unwrap();
    assert_eq!(keyring().lookups(&digest), keyring().lookups(&digest));
    assert_ne!(keyring().lookups(&digest), other.lookups(&digest));
    assert_ne!(keyring().lookups(&digest), elsewhere.lookups(&digest));
    assert!(!keyring().lookups(&digest).contains(digest.as_bytes()));
}

#[test]
fn kr_04_a_sealed_secret_opens_in_its_own_row_alone() {
    let (ring, secret) =
        (keyring(), Secret::new("9b7682b7-cbce-422f-9bbb-ecda85e61695".to_owned()));
    let own = key(1, 1);
    let stored = ring.seal_secret(&own, 0, &secret, true).unwrap();
    assert_eq!(ring.open_secret(&own, &stored).unwrap().expose(), secret.expose());
    assert_eq!(ring.open_digest(&sealed_row(&own, &stored)), Some(secret.digest()));
    for moved in [key(2, 1), key(1, 2), Key { key_type: "ges".to_owned(), ..own.clone() }] {
        assert!(ring.open_secret(&moved, &stored).is_err());
        assert!(ring.open_digest(&sealed_row(&moved, &stored)).is_none());
    }
    let swapped =
        StoredSecret { sealed_secret: Some(stored.sealed_digest.clone()), ..stored.clone() };
    assert!(ring.open_secret(&own, &swapped).is_err(), "the digest must not open as the text");
    assert!(ring.open_secret(&own, &StoredSecret { slot: 1, ..stored }).is_err());
}

#[test]
fn kr_04_what_is_shown_once_is_not_kept() {
    let stored = keyring().seal_secret(&key(1, 1), 0, &Secret::new("x".repeat(36)), false).unwrap();
    assert!(stored.sealed_secret.is_none());
}

#[test]
fn kr_05_no_key_seals_past_its_number_of_nonces() {
    let ring = keyring();
    ring.count_on(&[(1, MAX_SEALS - 1)], u64::MAX);
    assert!(ring.seal_named("audit", &[1; 32]).is_ok());
    assert_eq!(ring.seal_named("audit", &[1; 32]), Err(SealFailed));
}

#[test]
fn kr_05_what_was_written_down_and_what_was_not_count_together() {
    let ring = keyring();
    ring.count_on(&[(1, 2), (2, 9)], 5);
    assert!(ring.seal_named("audit", &[1; 32]).is_ok());
    assert_eq!(ring.take_uncounted(), [(1, 1)]);
    // Another node has sealed once meanwhile.
    ring.counted(1, 1, 4);
    assert_eq!(ring.take_uncounted(), []);
    assert!(ring.seal_named("audit", &[1; 32]).is_ok());
    assert_eq!(ring.seal_named("audit", &[1; 32]), Err(SealFailed));
}

#[test]
fn kr_07_what_an_older_master_key_sealed_still_opens_behind_a_new_one() {
    let (old, new) = (master("k1", 1), master("k2", 2));
    let before = Keyring::derive(Uuid::from_u128(7), &[(1, &old)]).unwrap();
    let (generation, sealed) = before.seal_named("audit", &[9; 32]).unwrap();
    let after = Keyring::derive(Uuid::from_u128(7), &[(2, &new), (1, &old)]).unwrap();
    assert_eq!(*after.open_named("audit", generation, &sealed).unwrap(), [9; 32]);
    assert_eq!(after.seal_named("audit", &[9; 32]).unwrap().0, 2);
    let without = Keyring::derive(Uuid::from_u128(7), &[(2, &new)]).unwrap();
    assert!(without.open_named("audit", generation, &sealed).is_err());
    assert!(after.open_named("heads", generation, &sealed).is_err());
}

#[test]
fn ti_03_a_cursor_is_bound_to_its_tenant_and_route() {
    let ring = keyring();
    let tag = ring.cursor_tag(&[b"tenant-a", b"list_keys", b"position"]);
    assert!(ring.is_cursor_tag(&[b"tenant-a", b"list_keys", b"position"], &tag));
    assert!(!ring.is_cursor_tag(&[b"tenant-b", b"list_keys", b"position"], &tag));
    assert!(!ring.is_cursor_tag(&[b"tenant-alist", b"_keys", b"position"], &tag));
}
