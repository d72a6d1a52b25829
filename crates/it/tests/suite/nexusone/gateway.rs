//! The gateway in front of NexusOne's API: a key, a token, or either, as a route says.

use super::{PSK, REGENERATE, person, secret_of};
use domain::{
    gateway_route::{GatewayRoute, Upstream as To, preset},
    policy::{Source, Tokens},
    rate_limit::Limit,
};
use it::{
    Answer, Caller, World,
    upstream::Upstream,
    world::{PASSWORD, TENANT},
};
use serde_json::{Value, json};
use service::rules::Configured;

/// A world with three routes: `/api/data` takes keys, `/api/query` tokens, `/api/either` both.
struct Stage {
    world: World,
    upstream: Upstream,
}

impl Stage {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl Fn(&mut GatewayRoute)) -> Self {
        let (world, upstream) = (World::start().await, Upstream::start().await);
        let to = To {
            tls: false,
            host: upstream.address.ip().to_string(),
            port: upstream.address.port(),
            base: String::new(),
            configured: true,
        };
        let of_preset = preset("nexusone").expect("a preset");
        let route = |name: &str, tokens| {
            let mut route = of_preset.route(to.clone(), Source::Configuration);
            route.policy.name = name.to_owned();
            route.prefix = format!("/api/{name}");
            route.policy.tokens = tokens;
            change(&mut route);
            route
        };
        let routes = vec![
            route("data", Tokens::Refused),
            route("query", Tokens::Only),
            route("either", Tokens::Accepted),
        ];
        let configured = Configured { routes, ..Configured::default() };
        world.service.configure_rules(configured).expect("routes that can be");
        Self { world, upstream }
    }

    fn presenting(&self, psk: &str) -> Caller {
        self.world.anonymous().with_header("authorization-psk", psk)
    }
}

fn seen(told: &Value, name: &str) -> Vec<String> {
    let pairs = told["headers"].as_array().expect("pairs").iter().filter(|pair| pair[0] == name);
    pairs.map(|pair| pair[1].as_str().expect("text").to_owned()).collect()
}

fn told(answer: &Answer) -> (u16, &str, String) {
    (answer.status.as_u16(), answer.header("www-authenticate"), answer.text())
}

fn refused(challenge: &'static str, detail: &str) -> (u16, &'static str, String) {
    (401, challenge, format!("{{\"detail\":\"{detail}\"}}"))
}

#[tokio::test]
async fn a_route_takes_a_key_a_token_or_either() {
    let stage = Stage::start().await;
    let (ada, account) = person(&stage.world, "ada", &["nx1_ask"]).await;
    let psk = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let token = ada.token.clone().unwrap();
    let by_key = stage.presenting(&psk);
    for (path, key, bearer) in
        [("/api/data/v", 200, 401), ("/api/query", 401, 200), ("/api/either", 200, 200)]
    {
        assert_eq!(by_key.get(path).await.status, key, "{path}");
        assert_eq!(ada.get(path).await.status, bearer, "{path}");
    }
    let of_key = by_key.get("/api/either").await.json();
    assert!(seen(&of_key, "x-keyward-key-id")[0].starts_with("key_"));
    assert!(seen(&of_key, "authorization-psk").is_empty(), "{of_key}");
    let of_token = ada.get("/api/either?a=1").await.json();
    assert_eq!(seen(&of_token, "x-keyward-tenant"), [TENANT]);
    assert_eq!(seen(&of_token, "x-keyward-key-id"), [account.rsplit('/').next().unwrap()]);
    assert_eq!(seen(&of_token, "x-keyward-key-name"), ["ada"]);
    assert_eq!(seen(&of_token, "x-keyward-permissions"), ["nx1:ask"]);
    assert!(!of_token.to_string().contains(&token), "the token goes no further");
}

#[tokio::test]
async fn refusals_are_those_of_the_framework() {
    let stage = Stage::start().await;
    let (ada, _) = person(&stage.world, "ada", &["nx1_ask"]).await;
    let anonymous = stage.world.anonymous();
    let missing_key = refused("APIKey", "Not authenticated");
    let missing_token = refused("Bearer", "Not authenticated");
    let wrong_key = refused("APIKey", "Invalid API key");
    let wrong_token = refused("Bearer", "Could not validate credentials");
    let (psk, bearer) = (stage.presenting("psk_wrong"), anonymous.clone().bearer("wrong"));
    let basic = anonymous.clone().basic("ada", "b");
    for (path, none, key, token) in [
        ("/api/data", &missing_key, &wrong_key, &missing_key),
        ("/api/query", &missing_token, &missing_token, &wrong_token),
        ("/api/either", &missing_key, &wrong_key, &wrong_token),
    ] {
        assert_eq!(&told(&anonymous.get(path).await), none, "{path}");
        assert_eq!(&told(&basic.get(path).await), none, "{path}");
        assert_eq!(&told(&psk.get(path).await), key, "{path}");
        assert_eq!(&told(&bearer.get(path).await), token, "{path}");
    }
    let refresh = anonymous.clone().bearer(ada.refresh.as_deref().unwrap());
    assert_eq!(told(&refresh.get("/api/query").await), wrong_token, "no access token");
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn bt_03_a_key_and_a_token_in_one_call_are_refused_where_both_are_read() {
    let stage = Stage::start().await;
    let (ada, _) = person(&stage.world, "ada", &["nx1_ask"]).await;
    let psk = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let both = ada.clone().with_header("authorization-psk", &psk);
    for path in ["/api/either", "/api/query"] {
        assert_eq!(both.get(path).await.status, 400, "{path}");
    }
    let twice = ada.with_header("authorization", "Bearer x");
    assert_eq!(twice.get("/api/query").await.status, 400);
    assert_eq!(stage.upstream.calls(), 0);
    // Where tokens are not read they are no credential, and go on untouched.
    let told = both.get("/api/data").await.json();
    assert_eq!(seen(&told, "authorization").len(), 1, "{told}");
}

#[tokio::test]
async fn a_token_may_do_what_the_roles_say_now_and_ends_when_it_is_revoked() {
    let stage = Stage::start().await;
    let (ada, account) = person(&stage.world, "ada", &["nx1_ask"]).await;
    let admin = stage.world.person(r"t100\nexus").await;
    assert_eq!(admin.get("/api/query").await.status, 403, "no role of NexusOne's");
    assert_eq!(ada.get("/api/query").await.status, 200);
    let psk = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let by_key = stage.presenting(&psk);
    let roles = async |roles: &[&str]| admin.patch(&account, &json!({"roles": roles})).await.status;
    assert_eq!(roles(&[]).await, 200);
    for caller in [&ada, &by_key] {
        let answer = caller.get("/api/either").await;
        assert_eq!((answer.status.as_u16(), answer.members()), (403, vec!["detail".to_owned()]));
    }
    assert_eq!(roles(&["nx1_engineer"]).await, 200);
    for caller in [&ada, &by_key] {
        let told = caller.get("/api/either").await.json();
        assert_eq!(seen(&told, "x-keyward-permissions"), ["nx1:engineer"]);
    }
    let renewed = ada.act(REGENERATE).await;
    assert_eq!(by_key.get("/api/either").await.status, 401);
    assert_eq!(stage.presenting(&secret_of(&renewed)).get("/api/either").await.status, 200);
    assert_eq!(ada.act("/auth/v3/sign-out").await.status, 200);
    assert_eq!(ada.get("/api/either").await.status, 401);
}

#[tokio::test]
async fn clients_pass_by_their_roles_and_nobody_of_another_tenant_does() {
    let tenant = domain::id::TenantId::parse(TENANT).ok();
    let stage = Stage::start_with(|route| route.policy.tenant = tenant).await;
    for (admin, status) in [(r"t100\nexus", 200), (r"t200\bob", 401)] {
        let admin = stage.world.person(admin).await;
        let body = json!({
            "clientId": format!("robot-{status}"), "grants": ["client_credentials"], "roles": ["nx1_monitor"],
        });
        let made = admin.post("/v1/clients", &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let secret = made.json()["secret"].as_str().unwrap().to_owned();
        let robot = stage.world.anonymous();
        let robot = robot.client_token(&format!("robot-{status}"), &secret).await;
        assert_eq!(robot.get("/api/query").await.status, status);
    }
    assert_eq!(stage.world.person("ops").await.get("/api/query").await.status, 403, "no such role");
}

#[tokio::test]
async fn tokens_of_a_realm_do_as_well() {
    let stage = Stage::start().await;
    person(&stage.world, "ada", &["nx1_ask"]).await;
    let admin = stage.world.person(r"t100\nexus").await;
    let body = json!({
        "clientId": "portal", "grants": ["client_credentials", "password"], "roles": ["nx1_monitor"],
        "scopes": ["email", "openid", "profile"],
    });
    let made = admin.post("/v1/clients", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    let issued = async |more: &[(&str, &str)]| {
        let client = [("scope", "profile"), ("client_id", "portal"), ("client_secret", &secret)];
        let form = [&client[..], more].concat();
        let path = "/realms/companya/protocol/openid-connect/token";
        let answer = stage.world.anonymous().post_form(path, &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        stage.world.anonymous().bearer(answer.json()["access_token"].as_str().unwrap())
    };
    let robot = issued(&[("grant_type", "client_credentials")]).await;
    let told = robot.get("/api/query").await.json();
    assert_eq!(seen(&told, "x-keyward-permissions"), ["nx1:monitor"]);
    assert_eq!(seen(&told, "x-keyward-key-name"), ["portal"]);
    assert_eq!(robot.get(PSK).await.status, 403, "a client has no key of its own");
    let password = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let ada = issued(&password).await;
    let made = ada.post(PSK, &json!({"description": null})).await;
    let by_key = stage.presenting(&secret_of(&made));
    for caller in [&ada, &by_key] {
        assert_eq!(caller.get("/api/either").await.status, 200);
    }
}

#[tokio::test]
async fn calls_by_tokens_count_against_the_limit_of_the_route() {
    let limit = Limit::new(3, 60).ok();
    let stage = Stage::start_with(|route| route.policy.limit = limit).await;
    let (ada, _) = person(&stage.world, "ada", &["nx1_ask"]).await;
    let psk = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let by_key = stage.presenting(&psk);
    for caller in [&ada, &by_key, &ada] {
        assert_eq!(caller.get("/api/either").await.status, 200);
    }
    for caller in [&ada, &by_key] {
        let answer = caller.get("/api/either").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));
    }
}

#[tokio::test]
async fn the_upstream_learns_which_data_product_a_key_is_for() {
    let stage = Stage::start().await;
    let admin = stage.world.person(r"t100\nexus").await;
    let body = json!({"description": null, "validity_days": 1});
    let secret = secret_of(&admin.post("/api/dataproduct/sales%20by%20region/psk", &body).await);
    let told = stage.presenting(&secret).get("/api/data/sales").await.json();
    assert_eq!(seen(&told, "x-keyward-key-name"), ["sales%20by%20region"]);
    assert_eq!(seen(&told, "x-keyward-permissions"), ["nx1:data"]);
}

#[tokio::test]
async fn a_policy_says_on_our_own_wire_whether_tokens_pass() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let wanted = json!({
        "name": "p", "tokens": "accepted", "keyTypes": ["psk"], "permission": "nx1:ask",
        "presentedIn": [{"header": "authorization-psk"}],
    });
    let made = admin.post("/v1/policies", &wanted).await;
    assert_eq!((made.status.as_u16(), &made.json()["tokens"]), (201, &json!("accepted")));
    let only = json!({"tokens": "only", "presentedIn": []});
    let changed = admin.patch("/v1/policies/p", &only).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["tokens"]), (200, &json!("only")));
    let back = admin.patch("/v1/policies/p", &json!({"tokens": "refused"})).await;
    assert_eq!(back.status, 400, "a key needs a place");
    let bad = admin.patch("/v1/policies/p", &json!({"tokens": "perhaps"})).await;
    assert_eq!(
        (bad.status.as_u16(), &bad.json()["field"]),
        (400, &json!("tokens")),
        "{}",
        bad.text()
    );
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get("/v1/policies/p").await.json()["tokens"], "only");
}
