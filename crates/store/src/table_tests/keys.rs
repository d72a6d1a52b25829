//! Keys and their secrets.

use super::world::{NOW, World, conflict, digest, insert_keys, key, now, scope, stored, tenant};
use crate::{StoredSecret, keys, tenants};
use domain::{
    allow_list::AllowList,
    id::{KeyId, PersonId, Scope},
    key::Key,
    permission::{Permission, Wants},
    rate_limit::Limit,
    verdict::{KeyTypes, Request, Verdict},
};
use std::sync::Arc;
use uuid::Uuid;

fn full(n: u128) -> Key {
    let entries = ["origin https://shop.example", "address 10.0.0.0/8", "method GET", "path /a"];
    Key {
        description: Some("what it is for".to_owned()),
        owner: Some(PersonId(Uuid::from_u128(77))),
        permissions: ["nexus:consumer:chat", "nexus:designer:*"]
            .iter()
            .map(|p| Permission::parse(p).unwrap())
            .collect(),
        starts_at: Some(NOW),
        expires_at: Some(NOW.plus_seconds(100)),
        revoked_at: Some(NOW.plus_seconds(50)),
        revoke_reason: Some("moved \"house\"".to_owned()),
        limit: Limit::new(120, 60).ok(),
        allow_list: AllowList::from_entries(entries).unwrap(),
        acknowledged_at: Some(NOW),
        ..key(n, scope(1))
    }
}

/// A world with the tenants 1 and 2: memory refuses the keys of a tenant that it does not know.
async fn two_tenants() -> World {
    let world = World::new().await;
    world
        .write(|tx| [1, 2].iter().try_for_each(|n| tenants::insert(tx, &tenant(*n))))
        .await
        .unwrap();
    world
}

async fn find(world: &World, n: u128) -> Option<Key> {
    let id = key(n, scope(1)).id;
    world.read(move |r| keys::find_by_id(r, None, id)).await
}

/// What memory says of the secret number `n` on behalf of nobody in particular.
fn verdict(world: &World, n: u128) -> Verdict {
    let asked = Request {
        tenant: None,
        key_types: KeyTypes::Any,
        origin: None,
        address: None,
        method: None,
        path: None,
        wants: Wants::Nothing,
    };
    world.verifier.inspect(&digest(n), now(), &asked, |outcome| outcome.verdict).unwrap()
}

async fn taken(world: &World, n: u128) -> bool {
    let lookup = stored(n, 0).lookup;
    world.read(move |r| keys::lookup_taken(r, &[[0; 32], lookup])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reads_back_whole_and_within_its_scope_alone() {
    let world = World::new().await;
    insert_keys(&world, vec![full(1), key(2, Scope::Cluster)]).await;
    assert_eq!(find(&world, 1).await, Some(full(1)));
    let id = full(1).id;
    for (within, found) in [(scope(1), true), (scope(2), false), (Scope::Cluster, false)] {
        let key = world.read(move |r| keys::find_by_id(r, Some(within), id)).await;
        assert_eq!(key.is_some(), found, "{within}");
    }
    let lookup = stored(1, 0).lookup;
    let found = world.read(move |r| keys::find_by_lookup(r, &[[9; 32], lookup])).await;
    assert_eq!(found, Some((full(1), 0)));
    assert_eq!(world.read(|r| keys::find_by_lookup(r, &[[9; 32]])).await, None);
    let made = StoredSecret { created_at: Some(full(1).created_at), ..stored(1, 0) };
    assert_eq!(world.read(move |r| keys::secret_of(r, id, 0)).await, Some(made));
    assert_eq!(world.read(move |r| keys::secret_of(r, id, 1)).await, None);
    let owned = world.read(|r| keys::list_by_owner(r, PersonId(Uuid::from_u128(77)))).await;
    assert_eq!(owned, [full(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_belongs_to_one_key_of_the_installation() {
    let world = World::new().await;
    insert_keys(&world, vec![key(1, scope(1))]).await;
    let other = world
        .write(|tx| {
            let mut other = key(2, scope(2));
            other.key_type = "ges".to_owned();
            keys::insert(tx, &other, &[stored(1, 0)], &[digest(1)])
        })
        .await;
    conflict(other, "secret");
    assert_eq!(find(&world, 2).await, None, "half an insert stayed");
    let again =
        world.write(|tx| keys::insert(tx, &key(1, scope(1)), &[stored(5, 0)], &[digest(5)])).await;
    conflict(again, "key_id");
    assert!(!taken(&world, 5).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_that_take_one_secret_at_once_one_gets_it() {
    let world = Arc::new(World::new().await);
    let inserts: Vec<_> = (1..=8_u128)
        .map(|n| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                world
                    .write(move |tx| {
                        keys::insert(tx, &key(n, scope(n)), &[stored(99, 0)], &[digest(99)])
                    })
                    .await
            })
        })
        .collect();
    let mut winners = 0;
    for one in inserts {
        match one.await.unwrap() {
            Ok(()) => winners += 1,
            other => conflict(other, "secret"),
        }
    }
    assert_eq!(winners, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_key_frees_its_secret_and_a_revoked_one_never_does() {
    let world = two_tenants().await;
    let mut revoked = key(2, scope(1));
    revoked.revoked_at = Some(NOW);
    let mut later = key(3, scope(1));
    later.revoked_at = Some(NOW.plus_millis(1));
    insert_keys(&world, vec![key(1, scope(1)), revoked.clone(), later.clone()]).await;
    assert_eq!(verdict(&world, 1), Verdict::Valid);
    for gone in [key(1, scope(1)), revoked, later] {
        let (gone, again) = (gone.clone(), gone);
        assert!(world.write(move |tx| keys::delete(tx, &gone, NOW)).await.unwrap());
        assert!(!world.write(move |tx| keys::delete(tx, &again, NOW)).await.unwrap());
    }
    for (n, stays) in [(1, false), (2, true), (3, false)] {
        assert_eq!(find(&world, n).await, None);
        assert_eq!(taken(&world, n).await, stays, "secret {n}");
        assert_eq!(verdict(&world, n), Verdict::NotFound, "secret {n}");
    }
    let id = key(2, scope(1)).id;
    let kept = world.read(move |r| keys::secret_of(r, id, 0)).await.unwrap();
    assert_eq!(kept.sealed_secret, None, "the sealed secret outlived its key");
    // The same secret again, as a new key.
    world
        .write(|tx| keys::insert(tx, &key(11, scope(2)), &[stored(1, 0)], &[digest(1)]))
        .await
        .unwrap();
    assert_eq!(verdict(&world, 1), Verdict::Valid);
    let refused =
        world.write(|tx| keys::insert(tx, &key(12, scope(2)), &[stored(2, 0)], &[digest(2)])).await;
    conflict(refused, "secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_once_per_version_and_reach_memory() {
    let world = two_tenants().await;
    insert_keys(&world, vec![key(1, scope(1))]).await;
    let mut changed = key(1, scope(1));
    (changed.version, changed.enabled) = (2, false);
    changed.name = "renamed".to_owned();
    changed.expires_at = Some(NOW.plus_seconds(9));
    let write = changed.clone();
    world.write(move |tx| keys::update(tx, &write, NOW)).await.unwrap();
    assert_eq!(find(&world, 1).await, Some(changed.clone()));
    assert_eq!(verdict(&world, 1), Verdict::Disabled);
    let write = changed.clone();
    conflict(world.write(move |tx| keys::update(tx, &write, NOW)).await, "version");
    let gone = changed.clone();
    world.write(move |tx| keys::delete(tx, &gone, NOW)).await.unwrap();
    changed.version = 4;
    conflict(world.write(move |tx| keys::update(tx, &changed, NOW)).await, "version");
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_06_a_revoked_key_never_comes_back() {
    let world = World::new().await;
    insert_keys(&world, vec![key(1, scope(1))]).await;
    let update = |version: u32, revoked: Option<i64>, now: i64| {
        let mut key = key(1, scope(1));
        key.version = version;
        key.name = format!("version {version}");
        key.revoked_at = revoked.map(|ms| NOW.plus_millis(ms));
        world.write(move |tx| keys::update(tx, &key, NOW.plus_millis(now)))
    };
    // A revocation that lies ahead may be moved and taken back.
    update(2, Some(1_000), 0).await.unwrap();
    update(3, None, 0).await.unwrap();
    update(4, Some(2_000), 0).await.unwrap();
    update(5, Some(1_500), 1_999).await.unwrap();
    // Once it passed: neither taken back nor moved, to either side.
    for moved in [None, Some(1_499), Some(1_501), Some(9_000)] {
        conflict(update(6, moved, 1_500).await, "revoked");
    }
    assert_eq!(find(&world, 1).await.unwrap().name, "version 5");
    update(6, Some(1_500), 1_500).await.unwrap();
    conflict(update(8, None, 1_500).await, "version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_works_with_both_secrets_and_then_with_one() {
    let world = two_tenants().await;
    insert_keys(&world, vec![key(1, scope(1)), key(7, scope(1))]).await;
    let rotate = |secrets: Vec<StoredSecret>, numbers: Vec<u128>, version: u32| {
        let digests: Vec<_> = numbers.into_iter().map(digest).collect();
        world.write(move |tx| {
            let mut key = keys::find_for_update(tx, Some(scope(1)), key(1, scope(1)).id)?.unwrap();
            key.version = version;
            keys::update(tx, &key, NOW)?;
            keys::set_secrets(tx, key.id, &secrets, &digests)
        })
    };
    let old = StoredSecret { ends_at: Some(NOW.plus_seconds(60)), ..stored(1, 0) };
    rotate(vec![old.clone(), stored(2, 1)], vec![1, 2], 2).await.unwrap();
    assert_eq!((verdict(&world, 1), verdict(&world, 2)), (Verdict::Valid, Verdict::Valid));
    let id = key(1, scope(1)).id;
    let both = world.read(move |r| keys::secrets_of(r, id)).await;
    assert_eq!(both, [old, stored(2, 1)]);
    conflict(rotate(vec![stored(7, 0)], vec![7], 3).await, "secret");
    rotate(vec![stored(2, 1)], vec![2], 3).await.unwrap();
    assert_eq!((verdict(&world, 1), verdict(&world, 2)), (Verdict::NotFound, Verdict::Valid));
    assert!(!taken(&world, 1).await);
    assert_eq!(find(&world, 1).await.unwrap().version, 3);
    assert!(rotate(vec![stored(3, 0)], vec![], 4).await.is_err(), "a secret without its digest");
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_join_keys_with_their_secrets_in_order() {
    let world = World::new().await;
    let mut revoked = key(3, scope(1));
    revoked.revoked_at = Some(NOW);
    insert_keys(
        &world,
        (1..=7).map(|n| if n == 3 { revoked.clone() } else { key(n, scope(1)) }).collect(),
    )
    .await;
    // Its secret stays behind without a key to join it with.
    world.write(move |tx| keys::delete(tx, &revoked, NOW)).await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    while let Some(rows) = world.read(move |r| keys::rows(r, after, 2)).await {
        let chunk = rows.decode().unwrap();
        assert!(chunk.unreadable.is_empty());
        after = Some(rows.last);
        for (key, _, secrets) in chunk.keys {
            let n = u128::from_be_bytes(*key.id.as_bytes());
            let found: Vec<_> = secrets.iter().map(|s| (s.digest.slot, &s.digest.sealed)).collect();
            assert_eq!(found, [(0, &stored(n, 0).sealed_digest)], "key {n}");
            seen.push(n);
        }
    }
    assert_eq!(seen, [1, 2, 4, 5, 6, 7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_out_alone() {
    let world = World::new().await;
    let mut custom = key(2, scope(1));
    custom.key_type = "api".to_owned();
    insert_keys(&world, vec![key(1, scope(1)), custom, key(3, scope(1))]).await;
    world
        .record(|b| {
            b.execute("UPDATE keys SET permissions = '{' WHERE key_type = 'api'", &[])?;
            Ok(())
        })
        .await
        .unwrap();
    let rows = world.read(|r| keys::rows(r, None, 10)).await;
    let chunk = rows.unwrap().decode().unwrap();
    assert_eq!(chunk.keys.len(), 2);
    assert_eq!(chunk.unreadable, [KeyId::from_bytes(2_u128.to_be_bytes())]);
}
