//! Browsers: pre-flights, and what pages may read (WB-10).

use super::*;
use it::world::{OTHER_TENANT, PASSWORD};

const PAGE: &str = "https://app.example.com";
const OTHER_PAGE: &str = "https://other.example.com";
const ALLOWED: &str = "access-control-allow-origin";

/// The first tenant lists one origin, the other tenant another.
async fn stage() -> World {
    let theirs = Policy { tenant: TenantId::parse(OTHER_TENANT).ok(), ..policy("theirs") };
    let world = world_of(vec![orders(), theirs, policy("any")]).await;
    let ops = world.anonymous().basic("ops", PASSWORD);
    for (tenant, origin) in [(TENANT, PAGE), (OTHER_TENANT, OTHER_PAGE)] {
        let body = json!({"data": {"contactCenterId": tenant, "origin": origin}});
        assert_eq!(ops.post("/environment/v3/cors", &body).await.status, 200);
    }
    world
}

async fn preflight(world: &World, policy: &str, origin: &str) -> Answer {
    asked(world, "OPTIONS", "/orders")
        .with_header("origin", origin)
        .with_header("access-control-request-method", "POST")
        .with_header("access-control-request-headers", "x-api-key, content-type,x-page,host,cookie")
        .get(&format!("/check/{policy}"))
        .await
}

fn no_cors(answer: &Answer) {
    let told = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(told, None, "{:?}", answer.headers);
    assert_eq!(answer.header("vary"), "Origin");
}

#[tokio::test]
async fn wb_10_a_pre_flight_is_answered_for_the_origins_of_the_policys_tenants() {
    let world = stage().await;
    for (policy, origin, allowed) in [
        ("orders", PAGE, true),
        ("orders", OTHER_PAGE, false),
        ("theirs", OTHER_PAGE, true),
        ("theirs", PAGE, false),
        ("any", PAGE, true),
        ("any", OTHER_PAGE, true),
    ] {
        let answer = preflight(&world, policy, origin).await;
        if !allowed {
            assert_eq!(answer.status, 403, "{policy} {origin}");
            assert_eq!(answer.json()["code"], "origin_not_allowed");
            no_cors(&answer);
            continue;
        }
        assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()));
        assert_eq!(answer.header(ALLOWED), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("access-control-max-age"), "600");
        let sent = answer.header("access-control-allow-headers");
        assert_eq!(sent, "x-api-key, content-type, x-page", "what a page has no business to send");
        assert!(answer.header("access-control-allow-methods").contains("POST"));
        assert_eq!(answer.header("vary"), "Origin");
    }
}

#[tokio::test]
async fn wb_10_an_origin_is_compared_whole_and_never_reflected() {
    let world = stage().await;
    for origin in [
        "null",
        "*",
        "",
        "https://app.example.com.evil.example",
        "https://evilapp.example.com",
        "https://sub.app.example.com",
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com@evil.example",
        "https://APP.example.com",
        "https://app.example.com, https://evil.example",
        "app.example.com",
    ] {
        let answer = preflight(&world, "any", origin).await;
        assert_eq!(answer.status, 403, "{origin}");
        no_cors(&answer);
    }
    let two = asked(&world, "OPTIONS", "/orders")
        .with_header("origin", PAGE)
        .with_header("origin", "https://evil.example")
        .with_header("access-control-request-method", "GET");
    let answer = two.get("/check/any").await;
    assert_eq!(answer.status, 403);
    no_cors(&answer);
}

#[tokio::test]
async fn wb_10_a_call_is_readable_to_pages_of_its_keys_own_tenant() {
    let world = stage().await;
    let key = made(&world, json!({})).await;
    let without = made(&world, json!({"permissions": ["orders:write"]})).await;
    let cluster = made_by(
        &world.person("ops").await,
        json!({"keyType": "nexus", "tenant": "*",
        "permissions": ["nexus:cluster:*"]}),
    )
    .await;
    let call = async |policy: &str, origin: &str, text: &str| {
        let caller = asked(&world, "GET", "/orders").with_header("origin", origin);
        caller.with_header("x-api-key", text).get(&format!("/check/{policy}")).await
    };
    let own = call("any", PAGE, secret(&key)).await;
    assert_eq!((own.status.as_u16(), own.header(ALLOWED)), (200, PAGE));
    assert!(own.header("access-control-expose-headers").contains("RateLimit"));
    assert_eq!(own.header("vary"), "Origin");
    let others = call("any", OTHER_PAGE, secret(&key)).await;
    assert_eq!(others.status, 200);
    no_cors(&others);
    let refused = call("orders", PAGE, secret(&without)).await;
    assert_eq!((refused.status.as_u16(), refused.header(ALLOWED)), (403, PAGE));
    let unknown = call("any", PAGE, "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
    assert_eq!(unknown.status, 401);
    no_cors(&unknown);
    for (policy, page) in [("any", PAGE), ("any", OTHER_PAGE), ("theirs", OTHER_PAGE)] {
        let answer = call(policy, page, secret(&cluster)).await;
        assert_eq!((answer.status.as_u16(), answer.header(ALLOWED)), (200, page), "{policy}");
    }
    let answer = call("theirs", PAGE, secret(&cluster)).await;
    assert_eq!(answer.status, 200);
    no_cors(&answer);
}

#[tokio::test]
async fn wb_10_what_is_no_pre_flight_needs_a_key() {
    let world = stage().await;
    let options = asked(&world, "OPTIONS", "/orders");
    let plain = options.clone().with_header("origin", PAGE).get("/check/orders").await;
    assert_eq!(plain.status, 401, "without Access-Control-Request-Method");
    let post = asked(&world, "POST", "/orders")
        .with_header("origin", PAGE)
        .with_header("access-control-request-method", "POST")
        .get("/check/orders")
        .await;
    assert_eq!(post.status, 401, "not OPTIONS");
    let no_origin = options.with_header("access-control-request-method", "POST");
    assert_eq!(no_origin.get("/check/orders").await.status, 401);
}

#[tokio::test]
async fn wb_10_an_origin_that_is_taken_off_the_list_calls_no_more() {
    let world = stage().await;
    assert_eq!(preflight(&world, "orders", PAGE).await.status, 200);
    let ops = world.anonymous().basic("ops", PASSWORD);
    let body = json!({"data": {"contactCenterId": TENANT, "origin": PAGE}}).to_string();
    let kind = Some("application/json");
    let gone = ops.send(http::Method::DELETE, "/environment/v3/cors", kind, body.into()).await;
    assert_eq!(gone.status, 200, "{}", gone.text());
    assert_eq!(preflight(&world, "orders", PAGE).await.status, 403);
}
