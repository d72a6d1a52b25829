//! Persons, passwords, roles.

use super::world::{World, conflict, person, scope};
use crate::{
    persons::{self, PasswordRecord, PersonFilter, Position},
    roles,
};
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    right::{Right, Rights, Role, seeded_roles},
};
use uuid::Uuid;

fn password() -> PasswordRecord {
    PasswordRecord::new("$argon2id$…".to_owned())
}

fn role(scope: Scope, name: &str, rights: &[Right]) -> Role {
    Role {
        name: name.to_owned(),
        scope,
        cluster_only: false,
        rights: rights.iter().copied().collect(),
        version: 1,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_is_unique_in_its_scope_regardless_of_case() {
    let world = World::new().await;
    world
        .write(|tx| persons::insert(tx, &person(1, scope(1), "Nexus"), &password()))
        .await
        .unwrap();
    let taken =
        world.write(|tx| persons::insert(tx, &person(2, scope(1), "nEXUS"), &password())).await;
    conflict(taken, "username");
    world
        .write(|tx| persons::insert(tx, &person(2, scope(2), "nexus"), &password()))
        .await
        .unwrap();
    let (found, record) =
        world.read(|r| persons::find_by_username(r, scope(1), "nexus")).await.unwrap();
    assert_eq!((found, record.expose()), (person(1, scope(1), "Nexus"), "$argon2id$…"));
    assert!(!format!("{record:?}").contains("argon2"), "a password record prints");

    let mut renamed = person(2, scope(2), "other");
    renamed.version = 2;
    world.write(move |tx| persons::update(tx, &renamed)).await.unwrap();
    world
        .write(|tx| persons::insert(tx, &person(3, scope(2), "nexus"), &password()))
        .await
        .unwrap();
    let mut back = person(2, scope(2), "NEXUS");
    back.version = 3;
    conflict(world.write(move |tx| persons::update(tx, &back)).await, "username");

    assert!(world.write(|tx| persons::delete(tx, PersonId(Uuid::from_u128(3)))).await.unwrap());
    assert!(world.read(|r| persons::find_by_username(r, scope(2), "nexus")).await.is_none());
    let filter = || PersonFilter { limit: 10, ..PersonFilter::default() };
    let names = world.read(move |r| persons::list(r, Some(scope(2)), &filter())).await;
    assert_eq!(names.iter().map(|p| p.username.as_str()).collect::<Vec<_>>(), ["other"]);
    let behind = PersonFilter { after: Some(Position::of(&names[0])), ..filter() };
    assert!(world.read(move |r| persons::list(r, Some(scope(2)), &behind)).await.is_empty());
    world
        .write(|tx| persons::insert(tx, &person(4, scope(2), "nexus"), &password()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_changes_with_the_version_and_is_rehashed_without() {
    let world = World::new().await;
    world.write(|tx| persons::insert(tx, &person(1, scope(1), "ops"), &password())).await.unwrap();
    let id = PersonId(Uuid::from_u128(1));
    let set = |text: &'static str, version| {
        world.write(move |tx| {
            persons::set_password(tx, id, &PasswordRecord::new(text.to_owned()), false, version)
        })
    };
    set("second", 2).await.unwrap();
    conflict(set("third", 2).await, "version");
    let rehash = |proven: &'static str| {
        world.record(move |b| {
            let record = |text: &str| PasswordRecord::new(text.to_owned());
            persons::rehash_password(b, id, &record(proven), &record("stronger"))
        })
    };
    assert!(!rehash("third").await.unwrap());
    assert!(rehash("second").await.unwrap());
    let (person, record) =
        world.read(|r| persons::find_by_username(r, scope(1), "ops")).await.unwrap();
    assert_eq!((person.version, record.expose()), (2, "stronger"));
    let version = || world.record(move |b| persons::version_for_sign_in(b, id));
    assert_eq!(version().await.unwrap(), Some(2));
    let mut off = person;
    (off.enabled, off.version) = (false, 3);
    world.write(move |tx| persons::update(tx, &off)).await.unwrap();
    assert_eq!(version().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_of_a_tenant_stand_beside_the_seeded_ones_and_take_no_name_of_theirs() {
    let world = World::new().await;
    world
        .write(|tx| seeded_roles().iter().try_for_each(|role| roles::insert(tx, role)))
        .await
        .unwrap();
    let own = role(scope(1), "auditor", &[Right::AuditRead]);
    let write = own.clone();
    world.write(move |tx| roles::insert(tx, &write)).await.unwrap();
    let write = own.clone();
    conflict(world.write(move |tx| roles::insert(tx, &write)).await, "role");
    conflict(world.write(|tx| roles::insert(tx, &role(scope(1), "admin", &[]))).await, "role");
    world.write(|tx| roles::insert(tx, &role(scope(2), "auditor", &[]))).await.unwrap();
    let listed = world.read(|r| roles::list(r, scope(1))).await;
    assert_eq!(listed.len(), seeded_roles().len() + 1);
    assert_eq!(listed.last(), Some(&own));
    for seeded in seeded_roles() {
        assert!(listed.contains(&seeded), "{}", seeded.name);
    }
    let names = ["auditor", "ops", "viewer", "no such"].map(str::to_owned);
    let rights = world.read(move |r| roles::resolve(r, scope(1), &names)).await;
    assert!(rights.has(Right::AuditRead) && rights.has(Right::NexusView));
    assert!(!rights.has(Right::TenantsManage), "a cluster role counted for a tenant's person");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_role_reaches_whoever_holds_it() {
    let world = World::new().await;
    world.write(|tx| roles::insert(tx, &role(scope(1), "a_b", &[Right::AuditRead]))).await.unwrap();
    let mut holder = person(1, scope(1), "holder");
    holder.roles = vec!["a_b".to_owned()];
    // `_` stands for any character in a pattern: a role of this name must not be taken for `a_b`.
    let mut other = person(2, scope(1), "other");
    other.roles = vec!["axb".to_owned()];
    let persons = [holder.clone(), other];
    world
        .write(move |tx| persons.iter().try_for_each(|p| persons::insert(tx, p, &password())))
        .await
        .unwrap();
    let state = |n| world.read(move |r| persons::state(r, PersonId(Uuid::from_u128(n))));
    let (before, aside) = (state(1).await.unwrap(), state(2).await.unwrap());
    assert_eq!(before.rights, [Right::AuditRead].into_iter().collect::<Rights>());
    let changed = Role { version: 2, ..role(scope(1), "a_b", &[Right::NexusView]) };
    let write = changed.clone();
    assert!(world.write(move |tx| roles::update(tx, &write)).await.unwrap());
    assert!(!world.write(move |tx| roles::update(tx, &changed)).await.unwrap(), "it was changed");
    assert_eq!(world.read(|r| roles::count_holders(r, scope(1), "a_b")).await, 1);
    assert_eq!(world.read(|r| roles::count_holders(r, scope(2), "a_b")).await, 0);
    let after = state(1).await.unwrap();
    assert_eq!(after.rights, [Right::NexusView].into_iter().collect::<Rights>());
    assert!(after.version > before.version, "memory would not take it");
    assert_eq!(state(2).await.unwrap(), aside);
    let id = PrincipalId::Person(holder.id);
    let live = world.verifier.principal(id).expect("memory knows the person");
    assert_eq!(live.rights(), after.rights);
    let found = world.read(move |r| persons::find_by_id(r, holder.id)).await.unwrap();
    assert_eq!(found.version, 1, "the person itself did not change");

    assert!(world.write(|tx| roles::delete(tx, scope(1), "a_b")).await.unwrap());
    assert_eq!(state(1).await.unwrap().rights, Rights::NONE);
    assert!(!world.write(|tx| roles::delete(tx, scope(1), "a_b")).await.unwrap());
}
