//! Tenants and environments.

use super::world::{NOW, World, conflict, insert_keys, key, scope, stored, tenant};
use crate::{keys, tenants};
use domain::{id::EnvironmentId, tenant::Environment, verdict::Standing};
use uuid::Uuid;
use verifier::TenantState;

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_reads_back_and_its_names_are_its_own() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    let id = tenant(1).id;
    assert_eq!(world.read(move |r| tenants::find_by_id(r, id)).await, Some(tenant(1)));
    assert_eq!(world.read(|r| tenants::find_by_domain(r, "alias1")).await, Some(tenant(1)));
    assert_eq!(world.read(|r| tenants::find_by_realm(r, "realm1")).await, Some(tenant(1)));
    assert_eq!(world.read(|r| tenants::find_by_domain(r, "alias2")).await, None);

    conflict(world.write(|tx| tenants::insert(tx, &tenant(1))).await, "tenant_id");
    let mut other = tenant(2);
    other.domains.push("t1".to_owned());
    let domain = other.clone();
    conflict(world.write(move |tx| tenants::insert(tx, &domain)).await, "domain");
    other.domains.pop();
    other.realm = Some("realm1".to_owned());
    let realm = other.clone();
    conflict(world.write(move |tx| tenants::insert(tx, &realm)).await, "realm");
    assert_eq!(
        world.read(|r| tenants::list(r, None, 10)).await,
        [tenant(1)],
        "a conflict left something"
    );
    other.realm = None;
    world.write(move |tx| tenants::insert(tx, &other)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_changes_once_per_version() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    world.write(|tx| tenants::insert(tx, &tenant(2))).await.unwrap();
    let mut changed = tenant(1);
    (changed.version, changed.enabled, changed.domains) = (2, false, vec!["new".to_owned()]);
    let write = changed.clone();
    world.write(move |tx| tenants::update(tx, &write)).await.unwrap();
    let write = changed.clone();
    conflict(world.write(move |tx| tenants::update(tx, &write)).await, "version");
    let id = changed.id;
    assert_eq!(world.read(move |r| tenants::find_by_id(r, id)).await, Some(changed.clone()));
    assert_eq!(world.read(|r| tenants::find_by_domain(r, "t1")).await, None);

    changed.version = 3;
    changed.domains.push("t2".to_owned());
    let write = changed.clone();
    conflict(world.write(move |tx| tenants::update(tx, &write)).await, "domain");
    changed.domains.pop();
    changed.realm = Some("realm2".to_owned());
    conflict(world.write(move |tx| tenants::update(tx, &changed)).await, "realm");
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_page_without_loss_over_equal_instants() {
    let world = World::new().await;
    for n in 1..=5 {
        world.write(move |tx| tenants::insert(tx, &tenant(n))).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.read(move |r| tenants::list(r, after, 2)).await;
        let Some(last) = page.last() else { break };
        after = Some((last.created_at, last.id));
        seen.extend(page.iter().map(|t| t.name.clone()));
    }
    assert_eq!(seen, ["tenant 1", "tenant 2", "tenant 3", "tenant 4", "tenant 5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_tenant_takes_its_keys_along_and_frees_its_names() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    let mut revoked = key(2, scope(1));
    revoked.revoked_at = Some(NOW.plus_seconds(-1));
    insert_keys(&world, vec![key(1, scope(1)), revoked, key(3, scope(2))]).await;
    let id = tenant(1).id;
    assert!(world.write(move |tx| tenants::delete(tx, id, NOW)).await.unwrap());
    assert!(!world.write(move |tx| tenants::delete(tx, id, NOW)).await.unwrap());
    assert_eq!(world.read(move |r| tenants::find_by_id(r, id)).await, None);
    for (n, taken) in [(1, false), (2, true), (3, true)] {
        let lookup = stored(n, 0).lookup;
        assert_eq!(
            world.read(move |r| keys::lookup_taken(r, &[lookup])).await,
            taken,
            "secret {n}"
        );
        let id = key(n, scope(1)).id;
        let found = world.read(move |r| keys::find_by_id(r, None, id)).await;
        assert_eq!(found.is_some(), n == 3, "key {n}");
    }
    let mut again = tenant(9);
    again.domains = tenant(1).domains;
    again.realm = tenant(1).realm;
    world.write(move |tx| tenants::insert(tx, &again)).await.unwrap();
    let states = world.read(move |r| tenants::states(r, Some(id))).await;
    assert_eq!(states, [TenantState::plain(id, Standing::Deleted, 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_are_unique_by_id() {
    let world = World::new().await;
    let environment = Environment {
        id: EnvironmentId(Uuid::from_u128(5)),
        name: "default".to_owned(),
        details: Some(r#"{"appName":"Cloud"}"#.to_owned()),
        created_at: NOW,
    };
    let write = environment.clone();
    world.write(move |tx| tenants::insert_environment(tx, &write)).await.unwrap();
    let write = environment.clone();
    conflict(
        world.write(move |tx| tenants::insert_environment(tx, &write)).await,
        "environment_id",
    );
    let id = environment.id;
    assert_eq!(
        world.read(move |r| tenants::find_environment_by_id(r, id)).await,
        Some(environment.clone())
    );
    let mut inside = tenant(1);
    inside.environment = Some(id);
    let write = inside.clone();
    world.write(move |tx| tenants::insert(tx, &write)).await.unwrap();
    assert_eq!(
        world.read(move |r| tenants::find_by_id(r, inside.id)).await.unwrap().environment,
        Some(id)
    );
    let later = Environment {
        id: EnvironmentId(Uuid::from_u128(6)),
        name: "later".to_owned(),
        details: None,
        created_at: NOW,
    };
    let write = later.clone();
    world.write(move |tx| tenants::insert_environment(tx, &write)).await.unwrap();
    let first = world.read(|r| tenants::list_environments(r, None, 1)).await;
    assert_eq!(first, [environment]);
    let rest = world.read(move |r| tenants::list_environments(r, Some((NOW, id)), 10)).await;
    assert_eq!(rest, [later]);
}
