use super::{acting, chosen, code, wanted};
use domain::{id::PersonId, id::Scope, permission::Permission, rate_limit::Limit};
use it::World;
use service::keys::{CreateKey, KeyRef, LimitChange, UpdateKey};

const SECRET: &str = "a-secret-chosen-by-hand-0001";

#[tokio::test]
async fn a_type_says_what_may_change() {
    let world = World::start().await;
    let admin = acting(&world, r"t100\nexus").await;
    world.service.create_key(&admin, chosen(SECRET)).await.unwrap();
    let name = UpdateKey { name: Some("other".to_owned()), ..UpdateKey::default() };
    let off = UpdateKey { enabled: Some(false), ..UpdateKey::default() };
    let limit = UpdateKey {
        limit: Some(LimitChange::Set { capacity: Some(1), frequency_s: Some(1) }),
        ..UpdateKey::default()
    };
    for update in [name.clone(), off, limit] {
        let result = world
            .service
            .update_key(&admin, KeyRef::parse(SECRET), &["ges"], update, |_| Ok(()))
            .await;
        let error = result.expect_err("a Callback key has no settings");
        assert_eq!(error.code(), "conflict");
        assert!(error.to_string().contains("`ges`"), "{error}");
    }
    let same = UpdateKey { name: Some("a key".to_owned()), ..UpdateKey::default() };
    world
        .service
        .update_key(&admin, KeyRef::parse(SECRET), &["ges"], same, |_| Ok(()))
        .await
        .unwrap();
    let api = world.service.create_key(&admin, wanted("api", &["orders:read"])).await.unwrap();
    let all = UpdateKey {
        permissions: Some(vec![Permission::parse("orders:*").unwrap()]),
        description: Some(Some("what for".to_owned())),
        limit: Some(LimitChange::Set { capacity: Some(5), frequency_s: Some(60) }),
        ..name
    };
    let changed = world
        .service
        .update_key(&admin, KeyRef::Id(api.key.id), &["api"], all, |_| Ok(()))
        .await
        .unwrap();
    assert_eq!(changed.limit, Limit::new(5, 60).ok());
    assert_eq!(changed.permissions[0].as_str(), "orders:*");
}

#[tokio::test]
async fn a_type_says_what_its_keys_have_at_all() {
    let world = World::start().await;
    let admin = acting(&world, r"t100\nexus").await;
    let expiring = CreateKey { expires_at: Some(it::world::START), ..wanted("deployment", &[]) };
    assert_eq!(code(&world, &admin, expiring).await, "invalid");
    let limited = CreateKey { limit: Limit::new(1, 1).ok(), ..wanted("deployment", &[]) };
    assert_eq!(code(&world, &admin, limited).await, "invalid");
    let off = CreateKey { enabled: false, ..wanted("deployment", &[]) };
    assert_eq!(code(&world, &admin, off).await, "invalid");
    assert_eq!(code(&world, &admin, wanted("nothing", &[])).await, "invalid");
    assert_eq!(code(&world, &admin, wanted("api", &["nexus:consumer:chat"])).await, "invalid");
    assert_eq!(code(&world, &admin, wanted("deployment", &["nx1:*"])).await, "created");
    let ops = acting(&world, "ops").await;
    let everywhere = CreateKey { scope: Scope::Cluster, ..wanted("api", &[]) };
    assert_eq!(code(&world, &ops, everywhere).await, "invalid");
}

#[tokio::test]
async fn a_personal_key_needs_an_owner_of_its_tenant() {
    let world = World::start().await;
    let (admin, bob) = (acting(&world, r"t100\nexus").await, acting(&world, r"t200\bob").await);
    assert_eq!(code(&world, &admin, wanted("psk", &[])).await, "invalid");
    let person = |caller: &service::Caller| match caller.principal.id {
        domain::actor::PrincipalId::Person(id) => Some(id),
        domain::actor::PrincipalId::Client(_) => None,
    };
    let own = CreateKey { owner: person(&admin), ..wanted("psk", &[]) };
    let made = world.service.create_key(&admin, own).await.unwrap();
    assert!(made.secret.expose().starts_with("psk_"));
    let foreign = CreateKey { owner: person(&bob), ..wanted("psk", &[]) };
    assert_eq!(code(&world, &admin, foreign).await, "not_found");
    let nobody = CreateKey { owner: Some(PersonId(uuid::Uuid::nil())), ..wanted("psk", &[]) };
    assert_eq!(code(&world, &admin, nobody).await, "not_found");
    let owned = CreateKey { owner: person(&admin), ..wanted("api", &[]) };
    assert_eq!(code(&world, &admin, owned).await, "invalid");
}

#[tokio::test]
async fn nobody_grants_a_key_what_they_may_not_do() {
    let world = World::start().await;
    let viewer = acting(&world, r"t100\vera").await;
    assert_eq!(code(&world, &viewer, wanted("api", &["orders:read"])).await, "not_allowed");
    let admin = acting(&world, r"t100\nexus").await;
    assert_eq!(code(&world, &admin, wanted("api", &["keyward:keys:verify"])).await, "created");
}

#[tokio::test]
async fn ot_01_what_is_shown_once_is_revealed_to_nobody() {
    let world = World::start().await;
    let admin = acting(&world, r"t100\nexus").await;
    let once = world.service.create_key(&admin, wanted("api", &["orders:read"])).await.unwrap();
    world.service.create_key(&admin, chosen(SECRET)).await.unwrap();
    let again = world.service.show_key(&admin, KeyRef::parse(SECRET), &["ges"]).await.unwrap();
    let revealed = world.service.reveal(&admin, &[once.key, again]).await.unwrap();
    assert!(revealed[0].is_none());
    assert_eq!(revealed[1].as_ref().map(domain::secret::Secret::expose), Some(SECRET));
}
