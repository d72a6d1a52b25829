use super::{VERIFY, ask, made, verdict};
use domain::{allow_list::AllowList, permission::Permission, rate_limit::Limit};
use it::{Caller, World, world::tenant};
use serde_json::json;
use service::{Context, keys::CreateKey};

/// A key of our own type that may ask for verifications, made by the tenant's administrator.
async fn asking_key(world: &World, admin: &Caller, limit: Option<Limit>) -> String {
    let context = Context { request_id: "test".to_owned(), address: None };
    let token = admin.token.as_deref().expect("a token");
    let caller = world.service.authenticate(token, context).await.expect("a caller");
    let wanted = CreateKey {
        key_type: "api".to_owned(),
        scope: tenant(),
        name: "gateway".to_owned(),
        description: None,
        permissions: vec![Permission::parse("keyward:keys:verify").expect("a permission")],
        enabled: true,
        starts_at: None,
        expires_at: None,
        rotation: None,
        revoked_at: None,
        limit,
        allow_list: AllowList::default(),
        owner: None,
        secret: None,
    };
    let created = world.service.create_key(&caller, wanted).await.expect("a key");
    created.secret.expose().to_owned()
}

#[tokio::test]
async fn a_key_with_the_permission_asks_for_its_own_tenant() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({})).await;
    let key = asking_key(&world, &admin, None).await;
    let by_header = world.anonymous().with_header("x-api-key", &key);
    let by_bearer = world.anonymous().bearer(&key);
    for caller in [&by_header, &by_bearer] {
        assert_eq!(verdict(caller, json!({"secret": secret})).await, "VALID");
    }
    let mut body = json!({"name": "foreign", "permissions": ["nexus:consumer:chat"]});
    body["tenant"] = json!(it::world::OTHER_TENANT);
    let foreign = world.person(r"t200\bob").await.post("/nexus/v3/apikeys", &body).await.json();
    assert_eq!(verdict(&by_header, json!({"secret": foreign["id"]})).await, "NOT_FOUND");
    assert_eq!(admin.get("/nexus/v3/apikeys").await.json().as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn rl_01_rl_02_the_headers_speak_of_the_callers_own_limit() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({})).await;
    let key = asking_key(&world, &admin, Limit::new(2, 30).ok()).await;
    let caller = world.anonymous().with_header("x-api-key", &key);
    let first = ask(&caller, json!({"secret": secret})).await;
    assert_eq!(first.header("ratelimit-policy"), "\"caller\";q=2;w=30");
    assert_eq!(first.header("ratelimit"), "\"caller\";r=1;t=30");
    assert_eq!(ask(&caller, json!({"secret": secret})).await.status, 200);
    let refused = ask(&caller, json!({"secret": secret})).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(refused.header("ratelimit"), "\"caller\";r=0;t=30");
    world.clock.advance_millis(30_000);
    assert_eq!(ask(&caller, json!({"secret": secret})).await.status, 200);
}

#[tokio::test]
async fn en_06_to_anyone_else_there_is_nothing_here() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({})).await;
    let strangers = [
        world.anonymous(),
        world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695"),
        world.anonymous().with_header("x-api-key", &secret),
        world.anonymous().bearer(&secret),
        world.client("powerless").await,
        world.person(r"t100\vera").await,
        world.anonymous().basic("ops", it::world::PASSWORD),
    ];
    for stranger in strangers {
        let answer = ask(&stranger, json!({"secret": secret})).await;
        assert_eq!(answer.status, 404, "{}", answer.text());
        assert!(!answer.text().contains("verdict"));
    }
    assert_eq!(verdict(&admin, json!({"secret": secret})).await, "VALID");
}

#[tokio::test]
async fn two_credentials_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = asking_key(&world, &admin, None).await;
    let answer = ask(&admin.with_header("x-api-key", &key), json!({"secret": key})).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn en_06_failed_credentials_are_limited_by_source() {
    let world =
        World::start_with(|settings, _| settings.failed_credentials = Limit::new(5, 60).ok()).await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let good = world.client("verifier-a").await;
    let bad =
        world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695").from_address("192.0.2.9");
    for _ in 0..5 {
        assert_eq!(ask(&bad, json!({"secret": secret})).await.status, 404);
    }
    let limited = ask(&bad, json!({"secret": secret})).await;
    assert_eq!(limited.status, 429);
    assert_ne!(limited.header("retry-after"), "");
    assert_eq!(verdict(&good, json!({"secret": secret})).await, "VALID");
}

#[tokio::test]
async fn loopback_is_open_where_configured_and_to_nobody_behind_a_proxy() {
    let world =
        World::start_with(|_, config| config.verify_on_loopback_without_credentials = true).await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let local = world.anonymous();
    assert_eq!(verdict(&local, json!({"secret": secret})).await, "VALID");
    for header in ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"] {
        let proxied = local.clone().with_header(header, "for=192.0.2.1");
        assert_eq!(ask(&proxied, json!({"secret": secret})).await.status, 404, "{header}");
    }
    let remote = local.from_address("192.0.2.1");
    assert_eq!(ask(&remote, json!({"secret": secret})).await.status, 404);
}

#[tokio::test]
async fn only_post_is_there() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let answer = admin.get(VERIFY).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), "POST");
}
