//! Many keys at once.

use super::world::{NOW, World, conflict, digest, insert_keys, key, now, scope, stored, tenant};
use crate::{
    StoredSecret,
    keys::{self, ImportedKey},
    tenants,
};
use domain::{
    key::Key,
    permission::Wants,
    verdict::{KeyTypes, Request, Verdict},
};

/// A world with the tenant 1.
async fn with_a_tenant() -> World {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    world
}

fn brought(n: u128) -> ImportedKey {
    let key = Key { acknowledged_at: Some(NOW), ..key(n, scope(1)) };
    ImportedKey { key, secret: stored(n, 0), digest: digest(n) }
}

async fn import(world: &World, keys: Vec<ImportedKey>) -> Result<(), crate::Error> {
    world.write(move |tx| keys::import(tx, "batch", &keys.iter().collect::<Vec<_>>())).await
}

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

#[tokio::test(flavor = "multi_thread")]
async fn imported_keys_read_back_whole_and_serve_at_once() {
    let world = with_a_tenant().await;
    // More than one statement takes, and a rest.
    import(&world, (1..=123).map(brought).collect()).await.unwrap();
    for n in [1, 50, 51, 100, 101, 123] {
        let id = brought(n).key.id;
        let found = world.read(move |r| keys::find_by_id(r, None, id)).await;
        assert_eq!(found, Some(brought(n).key), "{n}");
        let secrets = world.read(move |r| keys::secrets_of(r, id)).await;
        let made = StoredSecret { created_at: Some(brought(n).key.created_at), ..stored(n, 0) };
        assert_eq!(secrets, [made], "{n}");
        assert_eq!(verdict(&world, n), Verdict::Valid, "{n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_secret_keeps_the_whole_batch_out() {
    let world = with_a_tenant().await;
    insert_keys(&world, vec![key(7, scope(1))]).await;
    let mut batch: Vec<ImportedKey> = (100..=160).map(brought).collect();
    batch[60].secret.lookup = stored(7, 0).lookup;
    conflict(import(&world, batch.clone()).await, "secret");
    batch[60] = ImportedKey { key: key(7, scope(1)), ..brought(160) };
    conflict(import(&world, batch).await, "key_id");
    let id = brought(100).key.id;
    assert_eq!(world.read(move |r| keys::find_by_id(r, None, id)).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_import_brought_is_told_from_what_is_taken() {
    let world = with_a_tenant().await;
    insert_keys(&world, vec![key(7, scope(1))]).await;
    import(&world, vec![brought(1), brought(2)]).await.unwrap();
    let gone = brought(2).key;
    world.write(move |tx| keys::delete(tx, &gone, NOW).map(|_| ())).await.unwrap();
    let lookups: Vec<[u8; 32]> = [1, 2, 7, 8].map(|n| stored(n, 0).lookup).to_vec();
    let holders = world.read(move |r| keys::holders(r, &lookups)).await;
    let imported = |n| holders.get(&stored(n, 0).lookup).map(|holder| holder.imported);
    assert_eq!([1, 2, 7, 8].map(imported), [Some(true), None, Some(false), None]);
    let first = &holders[&stored(1, 0).lookup];
    let wanted = brought(1).key;
    assert_eq!((first.id, first.scope), (wanted.id, wanted.scope));
    assert_eq!((&first.key_type, &first.name), (&wanted.key_type, &wanted.name));
}
