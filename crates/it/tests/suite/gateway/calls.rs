//! What of a call reaches the upstream.

use super::{Stage, call, client, get, seen};
use http::{Method, Request};
use serde_json::json;

#[tokio::test]
async fn a_call_reaches_the_upstream_with_whose_key_it_was_and_without_the_secret() {
    let stage = Stage::start(|_| {}).await;
    let caller = stage.caller().with_header("x-mine", "1").with_header("x-mine", "2");
    let answer = caller.post("/orders/7?a=%20b&c", &json!({"n": 1})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("server"), "upstream");
    let told = answer.json();
    assert_eq!(told["method"], "POST");
    assert_eq!(told["path"], "/orders/7?a=%20b&c");
    assert_eq!(told["body"], r#"{"n":1}"#);
    assert_eq!(seen(&told, "x-keyward-tenant"), [it::world::TENANT]);
    assert_eq!(seen(&told, "x-keyward-key-name"), ["gateway"]);
    assert_eq!(seen(&told, "x-keyward-permissions"), ["orders:read"]);
    assert!(seen(&told, "x-keyward-key-id")[0].starts_with("key_"));
    assert_eq!(seen(&told, "x-mine"), ["1", "2"]);
    assert_eq!(seen(&told, "host"), [stage.upstream.address.to_string()]);
    assert_eq!(seen(&told, "via"), ["1.1 keyward"]);
    assert_eq!(seen(&told, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(seen(&told, "x-forwarded-proto"), ["http"]);
    assert_eq!(seen(&told, "x-forwarded-host"), ["127.0.0.1:8080"]);
    assert_eq!(seen(&told, "x-request-id"), [answer.header("x-request-id")]);
    assert!(!told.to_string().contains(&stage.key));
}

#[tokio::test]
async fn bc_12_identity_headers_of_a_client_never_reach_the_upstream() {
    let stage =
        Stage::start(|route| route.policy.identity.key_name = "x-acme-who".to_owned()).await;
    let mut caller = stage.caller();
    for name in [
        "x-keyward-tenant",
        "X_Keyward_Tenant",
        "x-keyward_key-id",
        "X-Keyward-Admin",
        "X-Acme-Who",
        "x_acme_who",
    ] {
        caller = caller.with_header(name, "forged");
    }
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "x-original-url", "X_Forwarded_For"] {
        caller = caller.with_header(name, "forged");
    }
    let told = caller.get("/orders").await.json();
    assert!(!told.to_string().contains("forged"), "{told}");
    assert_eq!(seen(&told, "x-acme-who"), ["gateway"]);
    assert_eq!(seen(&told, "x-keyward-tenant"), [it::world::TENANT]);
    assert_eq!(seen(&told, "x-forwarded-for"), ["127.0.0.1"]);
}

#[tokio::test]
async fn what_is_for_the_connection_alone_stays_on_it() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    let request = get(address, "/orders", &stage.key)
        .header("connection", "x-private")
        .header("x-private", "1")
        .header("keep-alive", "timeout=5")
        .header("proxy-authorization", "Basic eDp5")
        .header("te", "trailers");
    let answer = call(&client(false), request, "").await.expect("an answer");
    let told = answer.json();
    for name in ["x-private", "keep-alive", "proxy-authorization", "connection-private"] {
        assert!(seen(&told, name).is_empty(), "{name}: {told}");
    }
    assert_eq!(seen(&told, "te"), ["trailers"]);
}

#[tokio::test]
async fn a_prefix_is_taken_off_a_base_put_on_and_the_host_kept_where_the_route_says_so() {
    let stage = Stage::start(|route| {
        route.strip_prefix = true;
        route.upstream.base = "/api/v2".to_owned();
        route.forward_host = true;
    })
    .await;
    let told = stage.caller().get("/orders/7/items?x=1").await.json();
    assert_eq!(told["path"], "/api/v2/7/items?x=1");
    assert_eq!(seen(&told, "host"), ["127.0.0.1:8080"]);
    let told = stage.caller().get("/orders").await.json();
    assert_eq!(told["path"], "/api/v2");
}

#[tokio::test]
async fn both_http_1_and_http_2_are_spoken_to_clients() {
    let stage = Stage::start(|_| {}).await;
    let address = stage.listen().await;
    for (http2, via) in [(false, "1.1 keyward"), (true, "2 keyward")] {
        let request = Request::post(format!("http://{address}/orders/7?x=1"))
            .header("x-api-key", &stage.key)
            .header("cookie", "a=1")
            .header("cookie", "b=2");
        let answer = call(&client(http2), request, "body").await.expect("an answer");
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["body"]), (200, &json!("body")), "{told}");
        assert_eq!(seen(&told, "via"), [via]);
        assert_eq!(seen(&told, "x-forwarded-host"), [address.to_string()]);
        assert_eq!(seen(&told, "cookie"), ["a=1; b=2"]);
    }
}

#[tokio::test]
async fn a_host_of_its_own_is_served_before_everything_of_ours_and_no_other_host_is() {
    let stage = Stage::start(|route| {
        route.host = Some("api.example".to_owned());
        route.prefix = "/".to_owned();
    })
    .await;
    let key = &stage.key;
    let call = format!("GET /v1/whoami HTTP/1.1\r\nhost: API.example\r\nx-api-key: {key}\r\n\r\n");
    let theirs = super::exchanged(stage.listen().await, &call).await;
    assert!(theirs.contains(r#""path":"/v1/whoami""#), "{theirs}");
    assert_eq!(stage.caller().get("/v1/whoami").await.json()["kind"], "key");
    let other = stage.caller().with_header("host", "other.example");
    assert_eq!(other.get("/orders").await.status, 404);
    assert_eq!(stage.upstream.calls(), 1);
}

#[tokio::test]
async fn an_options_is_counted_down_and_trace_and_connect_are_refused() {
    let stage = Stage::start(|_| {}).await;
    let options = |left: &str| {
        let caller = stage.caller().with_header("max-forwards", left);
        async move { caller.send(Method::OPTIONS, "/orders", None, "".into()).await }
    };
    let last = options("0").await;
    assert_eq!(last.status, 204);
    assert_eq!(last.header("allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    assert_eq!(stage.upstream.calls(), 0);
    assert_eq!(seen(&options("3").await.json(), "max-forwards"), ["2"]);
    let traced = stage.caller().send(Method::TRACE, "/orders", None, "".into()).await;
    assert_eq!(traced.status, 405);
    assert_eq!(stage.upstream.calls(), 1);
}

#[tokio::test]
async fn ht_05_bodies_that_are_packed_pass_as_they_are_and_nothing_is_packed() {
    let stage = Stage::start(|_| {}).await;
    let caller = stage
        .caller()
        .with_header("content-encoding", "gzip")
        .with_header("accept-encoding", "gzip, br");
    let answer = caller.send(Method::POST, "/orders", None, "not really gzip".into()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-encoding"), "");
    let told = answer.json();
    assert_eq!(told["body"], "not really gzip");
    assert_eq!(seen(&told, "content-encoding"), ["gzip"]);
    assert_eq!(seen(&told, "accept-encoding"), ["gzip, br"]);
}

#[tokio::test]
async fn a_trusted_proxy_s_account_goes_on_and_its_peer_is_added() {
    let stage = Stage::start_with(
        it::upstream::Upstream::start().await,
        |config| {
            let proxy = domain::allow_list::AddressRule::parse("10.0.0.0/8").expect("a network");
            config.trusted_proxies.addresses.push(proxy);
        },
        |_| {},
    )
    .await;
    let caller = stage
        .caller()
        .with_header("x-forwarded-for", "203.0.113.9")
        .with_header("x-forwarded-proto", "https")
        .with_header("x-keyward-tenant", "forged");
    let told = caller.clone().from_address("10.0.0.1").get("/orders").await.json();
    assert_eq!(seen(&told, "x-forwarded-for"), ["203.0.113.9, 10.0.0.1"]);
    assert_eq!(seen(&told, "x-forwarded-proto"), ["https"]);
    assert_eq!(seen(&told, "x-keyward-tenant"), [it::world::TENANT]);
    let told = caller.from_address("192.0.2.1").get("/orders").await.json();
    assert_eq!(seen(&told, "x-forwarded-for"), ["192.0.2.1"]);
    assert_eq!(seen(&told, "x-forwarded-proto"), ["http"]);
}

#[tokio::test]
async fn the_root_of_a_host_is_its_routes_and_everywhere_else_it_leads_to_the_console() {
    let stage = Stage::start(|route| {
        route.host = Some("api.example".to_owned());
        route.prefix = "/".to_owned();
    })
    .await;
    for path in ["/", "/console", "/console/sign-in"] {
        let theirs = stage.caller().with_header("host", "api.example").get(path).await;
        assert_eq!((theirs.status.as_u16(), &theirs.json()["path"]), (200, &json!(path)));
    }
    let ours = stage.world.anonymous().get("/").await;
    assert_eq!((ours.status.as_u16(), ours.header("location")), (303, "/console"));
}
