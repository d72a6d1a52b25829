//! Tenants, environments, persons, roles, clients.

use super::world::{NOW, World, conflict, insert_keys, key, person, scope, stored, tenant};
use crate::{
    clients::{self, ClientSecret},
    keys,
    persons::{self, PasswordRecord},
    roles, tenants,
};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    id::{ClientId, EnvironmentId, PersonId, Scope, TenantId},
    right::{Right, Rights, Role, seeded_roles},
    tenant::Environment,
    verdict::Standing,
};
use uuid::Uuid;

fn password() -> PasswordRecord {
    PasswordRecord::new("$argon2id$…".to_owned())
}

fn client(n: u128, client_id: &str) -> Client {
    Client {
        id: ClientId(Uuid::from_u128(n)),
        client_id: client_id.to_owned(),
        scope: Scope::Cluster,
        name: "a client".to_owned(),
        description: Some("for tests".to_owned()),
        public: false,
        grants: vec![Grant::ClientCredentials, Grant::Password],
        scopes: vec!["*".to_owned()],
        redirect_uris: vec!["https://shop.example/in?a=\"b\"".to_owned()],
        roles: vec!["service".to_owned()],
        rights: [Right::AuditRead].into_iter().collect(),
        contact_centers: vec![TenantId(Uuid::from_u128(1))],
        authorities: vec!["ROLE_ADMIN".to_owned()],
        access_ttl_s: 43_200,
        refresh_ttl_s: 2_592_000,
        enabled: true,
        created_at: NOW,
        version: 1,
    }
}

fn role(scope: Scope, name: &str, rights: &[Right]) -> Role {
    Role { name: name.to_owned(), scope, cluster_only: false, rights: rights.iter().copied().collect() }
}

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
    assert_eq!(world.read(|r| tenants::list(r, None, 10)).await, [tenant(1)], "a conflict left something");
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
        assert_eq!(world.read(move |r| keys::lookup_taken(r, &[lookup])).await, taken, "secret {n}");
        let id = key(n, scope(1)).id;
        let found = world.read(move |r| keys::find_by_id(r, None, id)).await;
        assert_eq!(found.is_some(), n == 3, "key {n}");
    }
    let mut again = tenant(9);
    again.domains = tenant(1).domains;
    again.realm = tenant(1).realm;
    world.write(move |tx| tenants::insert(tx, &again)).await.unwrap();
    let states = world.read(move |r| tenants::states(r, Some(id))).await;
    assert_eq!(states, [(id, Standing::Deleted, 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_are_unique_by_id() {
    let world = World::new().await;
    let environment = Environment {
        id: EnvironmentId(Uuid::from_u128(5)),
        name: "default".to_owned(),
        created_at: NOW,
    };
    let write = environment.clone();
    world.write(move |tx| tenants::insert_environment(tx, &write)).await.unwrap();
    let write = environment.clone();
    conflict(world.write(move |tx| tenants::insert_environment(tx, &write)).await, "environment_id");
    let id = environment.id;
    assert_eq!(
        world.read(move |r| tenants::find_environment_by_id(r, id)).await,
        Some(environment.clone())
    );
    let mut inside = tenant(1);
    inside.environment = Some(id);
    let write = inside.clone();
    world.write(move |tx| tenants::insert(tx, &write)).await.unwrap();
    assert_eq!(world.read(move |r| tenants::find_by_id(r, inside.id)).await.unwrap().environment, Some(id));
    assert_eq!(world.read(tenants::list_environments).await, [environment]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_is_unique_in_its_scope_regardless_of_case() {
    let world = World::new().await;
    world.write(|tx| persons::insert(tx, &person(1, scope(1), "Nexus"), &password())).await.unwrap();
    let taken = world.write(|tx| persons::insert(tx, &person(2, scope(1), "nEXUS"), &password())).await;
    conflict(taken, "username");
    world.write(|tx| persons::insert(tx, &person(2, scope(2), "nexus"), &password())).await.unwrap();
    let (found, record) =
        world.read(|r| persons::find_by_username(r, scope(1), "nexus")).await.unwrap();
    assert_eq!((found, record.expose()), (person(1, scope(1), "Nexus"), "$argon2id$…"));
    assert!(!format!("{record:?}").contains("argon2"), "a password record prints");

    let mut renamed = person(2, scope(2), "other");
    renamed.version = 2;
    world.write(move |tx| persons::update(tx, &renamed)).await.unwrap();
    world.write(|tx| persons::insert(tx, &person(3, scope(2), "nexus"), &password())).await.unwrap();
    let mut back = person(2, scope(2), "NEXUS");
    back.version = 3;
    conflict(world.write(move |tx| persons::update(tx, &back)).await, "username");

    assert!(world.write(|tx| persons::delete(tx, PersonId(Uuid::from_u128(3)))).await.unwrap());
    assert!(world.read(|r| persons::find_by_username(r, scope(2), "nexus")).await.is_none());
    let names = world.read(|r| persons::list_by_scope(r, scope(2), None, 10)).await;
    assert_eq!(names.iter().map(|p| p.username.as_str()).collect::<Vec<_>>(), ["other"]);
    assert!(world.read(|r| persons::list_by_scope(r, scope(2), Some("other"), 10)).await.is_empty());
    world.write(|tx| persons::insert(tx, &person(4, scope(2), "nexus"), &password())).await.unwrap();
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
    let (person, record) = world.read(|r| persons::find_by_username(r, scope(1), "ops")).await.unwrap();
    assert_eq!((person.version, record.expose()), (2, "stronger"));
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
    world.write(|tx| roles::update(tx, &role(scope(1), "a_b", &[Right::NexusView]))).await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_client_reads_back_with_its_secret() {
    let world = World::new().await;
    let secret = || ClientSecret { generation: 3, sealed_digest: vec![1, 2, 3] };
    world.write(move |tx| clients::insert(tx, &client(1, "app"), Some(&secret()))).await.unwrap();
    let found = world.read(|r| clients::find_by_client_id(r, "app")).await;
    assert_eq!(found, Some((client(1, "app"), Some(secret()))));
    assert_eq!(world.read(|r| clients::find_by_client_id(r, "APP")).await, None);
    conflict(world.write(|tx| clients::insert(tx, &client(2, "app"), None)).await, "client_id");

    let mut changed = client(1, "app");
    (changed.version, changed.enabled) = (2, false);
    let write = changed.clone();
    world.write(move |tx| clients::update(tx, &write, None)).await.unwrap();
    let found = world.read(|r| clients::find_by_client_id(r, "app")).await;
    assert_eq!(found, Some((changed.clone(), Some(secret()))));
    let write = changed.clone();
    conflict(world.write(move |tx| clients::update(tx, &write, None)).await, "version");
    changed.version = 3;
    let write = changed.clone();
    world.write(move |tx| clients::update(tx, &write, Some(None))).await.unwrap();
    let found = world.read(|r| clients::find_by_client_id(r, "app")).await;
    assert_eq!(found, Some((changed.clone(), None)));
    let state = world.read(move |r| clients::state(r, changed.id)).await.unwrap();
    assert_eq!((state.standing, state.name.as_str()), (Standing::Disabled, "app"));
    assert!(state.rights.has(Right::AuditRead));

    let id = changed.id;
    assert!(world.write(move |tx| clients::delete(tx, id)).await.unwrap());
    assert_eq!(world.read(move |r| clients::find_by_id(r, id)).await, None);
    let state = world.read(move |r| clients::state(r, id)).await.unwrap();
    assert_eq!(state.standing, Standing::Deleted);
    world.write(|tx| clients::insert(tx, &client(2, "app"), None)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_page_by_client_id_within_a_scope_or_in_all() {
    let world = World::new().await;
    for (n, name) in [(1, "b"), (2, "a"), (3, "c")] {
        let mut client = client(n, name);
        client.scope = if n == 3 { scope(1) } else { Scope::Cluster };
        world.write(move |tx| clients::insert(tx, &client, None)).await.unwrap();
    }
    let names = |scope: Option<Scope>, after: Option<&'static str>| {
        let found = world.read(move |r| clients::list(r, scope, after, 2));
        async { found.await.into_iter().map(|c| c.client_id).collect::<Vec<_>>() }
    };
    assert_eq!(names(None, None).await, ["a", "b"]);
    assert_eq!(names(None, Some("b")).await, ["c"]);
    assert_eq!(names(Some(scope(1)), None).await, ["c"]);
    assert_eq!(names(Some(Scope::Cluster), Some("a")).await, ["b"]);
    assert_eq!(world.read(|r| clients::states(r, &[])).await.len(), 3);
}
