//! Who may ask, and that to anyone else nothing is there.

use super::*;
use domain::rate_limit::Limit;
use http::Method;
use it::{
    api_keys::{ASKS, ApiKey},
    world::OTHER_TENANT,
};

const CREDENTIAL: &str = "x-keyward-authorization";

#[tokio::test]
async fn en_06_strangers_find_nothing_under_check() {
    let world = world_of(vec![orders()]).await;
    let key = made(&world, json!({})).await;
    let nothing = world.anonymous().get("/v1/nothing").await;
    let stranger = || world.anonymous().from_address("192.0.2.9");
    let powerless = world.client("powerless").await.token.expect("a token");
    let mut strangers = vec![
        stranger(),
        stranger().with_header("x-forwarded-for", PROXY),
        stranger().with_header("forwarded", "for=10.0.0.1"),
        stranger().with_header("authorization", &format!("Bearer {}", secret(&key))),
        stranger().with_header(CREDENTIAL, &format!("Bearer {powerless}")),
        stranger().with_header(CREDENTIAL, &format!("Bearer {}", secret(&key))),
        stranger().with_header(CREDENTIAL, secret(&key)),
        stranger().with_header(CREDENTIAL, "Bearer nonsense"),
    ];
    let good = world.client("verifier-a").await.token.expect("a token");
    let twice = format!("Bearer {good}");
    strangers.push(stranger().with_header(CREDENTIAL, &twice).with_header(CREDENTIAL, &twice));
    for (at, caller) in strangers.iter().enumerate() {
        for path in ["/check/orders", "/check/nothing", "/check/orders/a/b"] {
            let caller = caller.clone().with_header("x-api-key", secret(&key));
            assert_eq!(told(&caller.get(path).await), told(&nothing), "{at} {path}");
        }
    }
    let unknown = asked(&world, "GET", "/").get("/check/nothing").await;
    assert_eq!(told(&unknown), told(&nothing), "a policy that is not there");
}

#[tokio::test]
async fn whoever_may_verify_may_ask_with_a_credential_of_its_own() {
    let world = world_of(vec![orders()]).await;
    let admin = world.person(r"t100\nexus").await;
    let key = made(&world, json!({})).await;
    let token = world.client("cluster-verifier").await.token.expect("a token");
    let asking = ApiKey::with(ASKS).made(&world, &admin).await;
    for credential in [&token, &asking] {
        let caller = world.anonymous().from_address("192.0.2.9");
        let caller = caller.with_header(CREDENTIAL, &format!("bearer {credential}"));
        assert_eq!(check(&caller, secret(&key)).await.status, 200);
        assert_eq!(check(&caller, "short").await.status, 401, "of the client, not of the asker");
    }
}

#[tokio::test]
async fn an_asker_of_a_tenant_learns_nothing_of_others() {
    let other = Policy { tenant: TenantId::parse(OTHER_TENANT).ok(), ..policy("other") };
    let world = world_of(vec![orders(), other, policy("any")]).await;
    let key = made(&world, json!({})).await;
    let theirs = made_by(&world.person(r"t200\bob").await, json!({})).await;
    let of = async |client: &str| {
        let token = world.client(client).await.token.expect("a token");
        world.anonymous().with_header(CREDENTIAL, &format!("Bearer {token}"))
    };
    let (ours, bobs) = (of("verifier-a").await, of("verifier-b").await);
    let status = async |caller: &Caller, path: &str, key: &Value| {
        let caller = caller.clone().with_header("x-api-key", secret(key));
        caller.get(path).await.status.as_u16()
    };
    assert_eq!(status(&ours, "/check/any", &key).await, 200);
    assert_eq!(status(&ours, "/check/any", &theirs).await, 401);
    assert_eq!(status(&ours, "/check/other", &theirs).await, 404);
    assert_eq!(status(&bobs, "/check/other", &theirs).await, 200);
    assert_eq!(status(&bobs, "/check/any", &key).await, 401);
    assert_eq!(status(&bobs, "/check/orders", &key).await, 404);
}

#[tokio::test]
async fn every_method_of_a_call_may_be_asked_about_and_no_other() {
    let world = world_of(vec![orders()]).await;
    let key = made(&world, json!({})).await;
    let caller = proxy(&world).with_header("x-api-key", secret(&key));
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        for path in ["/check/orders", "/check/orders/", "/check/orders/a/b?c=d"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = caller.send(method.clone(), path, None, "a body".into()).await;
            assert_eq!(answer.status, 200, "{method} {path}");
        }
    }
    let answer = caller.send(Method::TRACE, "/check/orders", None, "".into()).await;
    assert_eq!(answer.status, 405);
    for path in ["/check", "/check/", "/check//orders", "/checks/orders"] {
        assert_eq!(caller.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn en_06_failures_are_limited_by_the_client_and_not_by_the_proxy() {
    let world = World::start_with(|settings, config| {
        settings.failed_credentials = Limit::new(3, 60).ok();
        let addresses = vec![AddressRule::parse("10.0.0.0/8").unwrap()];
        config.trusted_proxies = AllowList { addresses, ..AllowList::default() };
    })
    .await;
    configure(
        &world,
        vec![orders(), Policy { limited_as: LimitedAs::Forbidden, ..policy("nginx") }],
    );
    let disabled = made(&world, json!({"enabled": false})).await;
    let key = made(&world, json!({})).await;
    let of =
        |client: &str| world.anonymous().from_address(PROXY).with_header("x-forwarded-for", client);
    for bad in ["short", "9b7682b7-cbce-422f-9bbb-ecda85e61695", secret(&disabled)] {
        assert_eq!(check(&of(CLIENT), bad).await.status, 401);
    }
    let limited = check(&of(CLIENT), secret(&key)).await;
    assert_eq!(limited.status, 429, "{}", limited.text());
    assert_ne!(limited.header("retry-after"), "");
    let nginx = of(CLIENT).with_header("x-api-key", secret(&key)).get("/check/nginx").await;
    assert_eq!((nginx.status.as_u16(), nginx.header("x-keyward-status")), (403, "429"));
    assert_eq!(check(&of("203.0.113.8"), secret(&key)).await.status, 200, "another client");
    let none = of(CLIENT).get("/check/orders").await;
    assert_eq!(none.status, 401, "nothing was presented, so nothing is guessed");
}
