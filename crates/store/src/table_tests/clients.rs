//! Clients.

use super::world::{NOW, World, conflict, scope};
use crate::clients::{self, ClientSecret};
use domain::{
    client::{Client, Grant},
    id::{ClientId, Scope, TenantId},
    right::Right,
    verdict::Standing,
};
use uuid::Uuid;

pub(super) fn client(n: u128, client_id: &str) -> Client {
    Client {
        id: ClientId(Uuid::from_u128(n)),
        client_id: client_id.to_owned(),
        scope: Scope::Cluster,
        name: "a client".to_owned(),
        description: Some("for tests".to_owned()),
        public: false,
        grants: vec![Grant::ClientCredentials, Grant::Password],
        scopes: vec!["*".to_owned()],
        optional_scopes: vec!["phone".to_owned()],
        consent_required: true,
        pkce_optional: true,
        rfc9068: true,
        redirect_uris: vec!["https://shop.example/in?a=\"b\"".to_owned()],
        roles: vec!["service".to_owned()],
        rights: [Right::AuditRead].into_iter().collect(),
        contact_centers: vec![TenantId(Uuid::from_u128(1))],
        authorities: vec!["ROLE_ADMIN".to_owned()],
        access_ttl_s: Some(43_200),
        refresh_ttl_s: 2_592_000,
        enabled: true,
        created_at: NOW,
        version: 1,
    }
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
        let found = world.read(move |r| clients::list(r, scope, None, after, 2));
        async { found.await.into_iter().map(|c| c.client_id).collect::<Vec<_>>() }
    };
    assert_eq!(names(None, None).await, ["a", "b"]);
    assert_eq!(names(None, Some("b")).await, ["c"]);
    assert_eq!(names(Some(scope(1)), None).await, ["c"]);
    assert_eq!(names(Some(Scope::Cluster), Some("a")).await, ["b"]);
    assert_eq!(world.read(|r| clients::states(r, &[])).await.len(), 3);
}
