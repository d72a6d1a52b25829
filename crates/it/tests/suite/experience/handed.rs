//! Events that a tenant wants handed to a route of the gateway.

use super::{EVENT, event, made, said, wanted};
use domain::{
    gateway_route::{GatewayRoute, Upstream as To, preset},
    policy::{Source, Tokens, Wanted},
    rate_limit::Limit,
};
use http::Method;
use it::{
    Answer, Caller, World,
    upstream::Upstream,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use service::rules::Configured;

const FORM: &str = "application/x-www-form-urlencoded";

/// A tenant whose events go to the route `events`, and a key that opens it.
struct Stage {
    world: World,
    upstream: Upstream,
    admin: Caller,
    jwt: String,
}

impl Stage {
    async fn start(change: impl FnOnce(&mut GatewayRoute)) -> Self {
        let (world, upstream) = (World::start().await, Upstream::start().await);
        configure(&world, route(&upstream, change));
        let admin = world.person(r"t100\nexus").await;
        let answer = named(&admin, &json!("events")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let (_, jwt) = made(&admin, &wanted("openconnect")).await;
        Self { world, upstream, admin, jwt }
    }

    async fn posted(&self, path: &str, kind: &str, body: &str) -> Answer {
        let body = body.to_owned().into();
        self.world.anonymous().send(Method::POST, path, Some(kind), body).await
    }
}

fn route(upstream: &Upstream, change: impl FnOnce(&mut GatewayRoute)) -> GatewayRoute {
    let to = To {
        tls: false,
        host: upstream.address.ip().to_string(),
        port: upstream.address.port(),
        base: String::new(),
        configured: true,
    };
    let mut route = preset("openconnect").expect("a preset").route(to, Source::Configuration);
    route.policy.name = "events".to_owned();
    change(&mut route);
    route
}

fn configure(world: &World, route: GatewayRoute) {
    let configured = Configured { routes: vec![route], ..Configured::default() };
    world.service.configure_rules(configured).expect("a route that can be");
}

async fn named(admin: &Caller, route: &Value) -> Answer {
    admin.patch(&format!("/v1/tenants/{TENANT}"), &json!({"openconnectRoute": route})).await
}

fn seen(told: &Value, name: &str) -> Vec<String> {
    let pairs = told["headers"].as_array().expect("pairs").iter().filter(|pair| pair[0] == name);
    pairs.map(|pair| pair[1].as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn method_query_and_body_go_on_and_the_key_stays() {
    let stage = Stage::start(|_| ()).await;
    let jwt = &stage.jwt;
    let answer = event(&stage.world, jwt).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    assert_eq!(told["method"], "GET");
    assert_eq!(told["path"], format!("/experience/openconnect?{EVENT}"));
    assert_eq!(seen(&told, "x-keyward-tenant"), [TENANT]);
    assert_eq!(seen(&told, "x-keyward-permissions"), ["experience:openconnect"]);

    let form = format!("a=%zz&{EVENT}&jwt={jwt}&b=ü");
    let told = stage.posted("/openconnect?more=1", FORM, &form).await.json();
    assert_eq!(
        (&told["method"], &told["body"]),
        (&json!("POST"), &json!(format!("a=%zz&{EVENT}&b=ü")))
    );
    assert_eq!(told["path"], "/experience/openconnect?more=1");

    let object = format!(
        r#"{{"agentid":"a","n":1.10,"jwt":"{jwt}","crmId":"c","event":"e","x":{{"jwt":"stays"}}}}"#
    );
    let told = stage.posted("/openconnect", "application/json", &object).await.json();
    assert_eq!(
        told["body"],
        r#"{"agentid":"a","n":1.10,"crmId":"c","event":"e","x":{"jwt":"stays"}}"#
    );
    assert_eq!(seen(&told, "content-type"), ["application/json"]);

    let bearer = stage.world.anonymous().bearer(jwt);
    let object = json!({"agentid": "a", "crmId": "c", "event": "e"});
    let told = bearer.post("/openconnect", &object).await.json();
    assert_eq!(told["body"], object.to_string());
    assert!(seen(&told, "authorization").is_empty());
    assert!(!told.to_string().contains(jwt.as_str()));
}

#[tokio::test]
async fn a_route_that_forwards_the_secret_gets_it_where_it_stood() {
    let stage = Stage::start(|route| route.forward_secret = true).await;
    let jwt = &stage.jwt;
    let told = event(&stage.world, jwt).await.json();
    assert_eq!(told["path"], format!("/experience/openconnect?{EVENT}&jwt={jwt}"));
    let object = json!({"agentid": "a", "crmId": "c", "event": "e", "jwt": jwt}).to_string();
    let told = stage.posted("/openconnect", "application/json", &object).await.json();
    assert_eq!(told["body"], object);
}

#[tokio::test]
async fn the_answer_of_the_upstream_is_the_answer() {
    let stage = Stage::start(|route| {
        route.prefix = "/status/418".to_owned();
        route.policy.limit = Limit::new(2, 60).ok();
    })
    .await;
    for _ in 0..2 {
        let answer = event(&stage.world, &stage.jwt).await;
        assert_eq!(answer.status, 418, "{}", answer.text());
        assert_eq!(answer.header("ratelimit-policy"), "\"policy\";q=2;w=60");
    }
    let limited = event(&stage.world, &stage.jwt).await;
    assert_eq!(said(&limited).0, 429, "the route's own limit holds");
    assert!(!limited.header("retry-after").is_empty());
    assert_eq!(stage.upstream.calls(), 2);
}

#[tokio::test]
async fn what_is_refused_reaches_no_upstream() {
    let stage = Stage::start(|_| ()).await;
    assert_eq!(event(&stage.world, "eyJub25lIjoxfQ.e30.AAAA").await.status, 401);
    let incomplete = format!("/openconnect?agentid=a&jwt={}", stage.jwt);
    assert_eq!(stage.world.anonymous().get(&incomplete).await.status, 400);
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn headers_by_which_a_client_could_pass_for_us_do_not_go_on() {
    let stage = Stage::start(|_| ()).await;
    let caller = stage
        .world
        .anonymous()
        .with_header("x-keyward-tenant", OTHER_TENANT)
        .with_header("x_keyward_key_id", "key_forged")
        .with_header("x-forwarded-for", "1.2.3.4")
        .with_header("connection", "x-keyward-tenant");
    let told = caller.get(&format!("/openconnect?{EVENT}&jwt={}", stage.jwt)).await.json();
    assert_eq!(seen(&told, "x-keyward-tenant"), [TENANT]);
    assert!(!told.to_string().contains("key_forged") && !told.to_string().contains("1.2.3.4"));
}

#[tokio::test]
async fn a_tenant_names_only_a_route_that_its_keys_pass() {
    let stage = Stage::start(|_| ()).await;
    assert_eq!(named(&stage.admin, &json!("nothing")).await.status, 409);
    let unnamed = named(&stage.admin, &json!(null)).await;
    assert_eq!((unnamed.status.as_u16(), &unnamed.json()["openconnectRoute"]), (200, &json!(null)));
    assert_eq!(event(&stage.world, &stage.jwt).await.text(), r#"{"status":"ok"}"#);
    let other = it::world::OTHER_TENANT.parse().map(domain::id::TenantId).expect("an id");
    let changes: [fn(&mut GatewayRoute, domain::id::TenantId); 4] = [
        |route, other| route.policy.tenant = Some(other),
        |route, _| route.policy.key_types = vec!["api".to_owned()],
        |route, _| {
            let permissions = vec!["experience:openconnect".to_owned(), "orders:read".to_owned()];
            route.policy.wanted = Wanted { any: false, permissions };
        },
        |route, _| {
            route.policy.tokens = Tokens::Only;
            route.policy.presented_in.clear();
            route.policy.key_types.clear();
            route.policy.wanted = Wanted::default();
        },
    ];
    for change in changes {
        configure(&stage.world, route(&stage.upstream, |route| change(route, other)));
        let answer = named(&stage.admin, &json!("events")).await;
        assert_eq!(answer.status, 409, "{}", answer.text());
    }
    configure(&stage.world, route(&stage.upstream, |_| ()));
    assert_eq!(named(&stage.admin, &json!("events")).await.status, 200);
    assert_eq!(event(&stage.world, &stage.jwt).await.status, 200);
    // The route is another one now: nothing is handed to it, and nothing pretends to be.
    configure(&stage.world, route(&stage.upstream, |route| route.policy.tenant = Some(other)));
    let calls = stage.upstream.calls();
    assert_eq!(said(&event(&stage.world, &stage.jwt).await).0, 502);
    assert_eq!(stage.upstream.calls(), calls);
}

#[tokio::test]
async fn an_upstream_that_is_away_is_502() {
    let stage = Stage::start(|route| route.timeouts.connect_ms = 200).await;
    let Stage { world, upstream, jwt, .. } = stage;
    upstream.stop().await;
    let answer = event(&world, &jwt).await;
    assert_eq!(said(&answer), (502, "bad_gateway".to_owned(), said(&answer).2));
}
