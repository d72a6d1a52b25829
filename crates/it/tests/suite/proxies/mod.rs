//! Forward-auth as it is shipped: the examples' own configurations, in the real proxies, in front of a
//! small upstream, with the program behind. What must hold behind any proxy is here, and what is
//! particular to one in its file.

mod caddy;
mod envoy;
mod haproxy;
mod nginx;
mod refused;
mod traefik;

use it::{
    process::Process,
    proxy::{Kind, Proxy, project},
    recorder::{Recorder, Seen},
    wire::{self, Wired},
    world::{Place, TENANT},
};
use serde_json::{Value, json};
use std::fs;

/// Where calls come from unless a test says otherwise; the proxies run there too.
const HERE: &str = "127.0.0.1";
/// An address that one key is bound to.
const BOUND: &str = "127.0.0.2";
/// An address that nobody knows.
const STRANGER: &str = "127.0.0.3";
/// The origin of a page that may call.
const PAGE: &str = "https://page.example";

/// Keyward with an example's policies, and keys of all kinds.
struct Installation {
    keyward: Process,
    admin: String,
    _place: Place,
}

impl Installation {
    async fn of_example(name: &str) -> Self {
        let policies = project().join("examples").join(name).join("keyward.toml");
        let policies = fs::read_to_string(policies).expect("the example's policies");
        let place = Place::new();
        let keyward = Process::start(&place, &policies).await.expect("the program starts");
        let admin = keyward.token(r"t100\nexus").await.expect("a token");
        let origin = json!({"data": {"contactCenterId": TENANT, "origin": PAGE}});
        let answer =
            keyward.post("/environment/v3/cors", &admin, &origin).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self { keyward, admin, _place: place }
    }

    fn address(&self) -> &str {
        self.keyward.url.trim_start_matches("http://")
    }

    /// A key that may read orders, with more settings.
    async fn key(&self, more: &Value) -> Value {
        let mut body =
            json!({"keyType": "api", "name": "Mia's key", "permissions": ["orders:read"]});
        for (name, value) in more.as_object().expect("settings") {
            body[name] = value.clone();
        }
        let answer = self.keyward.post("/v1/keys", &self.admin, &body).await.expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    async fn secret(&self, more: &Value) -> String {
        secret(&self.key(more).await)
    }

    async fn revoke(&self, key: &Value) {
        let path = format!("/v1/keys/{}/revoke", key["id"].as_str().expect("an id"));
        let answer = self.keyward.post(&path, &self.admin, &json!({})).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

fn secret(key: &Value) -> String {
    key["secret"].as_str().expect("a secret").to_owned()
}

/// All of it: a proxy, Keyward beside, an upstream behind.
struct Stage {
    kind: Kind,
    installation: Installation,
    upstream: Recorder,
    proxy: Proxy,
}

impl Stage {
    async fn start(kind: Kind) -> Self {
        let installation = Installation::of_example(kind.name()).await;
        let upstream = Recorder::start().await.expect("an upstream");
        let proxy = Proxy::of_example(kind, installation.address(), &upstream.address)
            .await
            .expect("the proxy starts");
        Self { kind, installation, upstream, proxy }
    }

    async fn call(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Wired {
        self.call_from(HERE, method, target, headers, body).await
    }

    async fn call_from(
        &self,
        from: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Wired {
        wire::call(from, &self.proxy.address, method, target, headers, body)
            .await
            .unwrap_or_else(|e| panic!("{method} {target}: {e:#}\n{}", self.proxy.log()))
    }

    async fn get(&self, target: &str, key: &str) -> Wired {
        self.call("GET", target, &[("X-Api-Key", key)], "").await
    }

    /// What the upstream saw of the call that this answers.
    fn seen_by(&self, answer: &Wired) -> Seen {
        assert_eq!(answer.status, 200, "{}\n{}", answer.text(), self.proxy.log());
        let number = answer.json()["number"].as_u64().expect("an answer of the upstream");
        self.upstream.seen()[usize::try_from(number).expect("a number")].clone()
    }

    /// How many calls reached the upstream so far.
    fn passed(&self) -> usize {
        self.upstream.seen().len()
    }
}

/// Whom the upstream believes to have called.
fn identity(seen: &Seen) -> [Vec<&str>; 4] {
    ["x-keyward-tenant", "x-keyward-key-id", "x-keyward-key-name", "x-keyward-permissions"]
        .map(|name| seen.header(name))
}

/// What has to hold behind every proxy.
async fn holds(stage: &Stage) {
    let key = stage.installation.key(&json!({})).await;
    let good = secret(&key);
    passes(stage, &key).await;
    refused::all(stage, &good).await;
    refused::anonymous(stage, &good).await;
    limited(stage).await;
    browsers(stage, &good).await;
    http2(stage, &good).await;
    changes(stage).await;
    assert_eq!(stage.upstream.oddities(), Vec::<String>::new());
    let log = stage.proxy.log();
    assert!(!log.contains(&good), "a key in the log:\n{log}");
    // Last of all: nobody passes while nobody can be asked.
    stage.installation.keyward.kill();
    let before = stage.passed();
    let answer = stage.get("/orders/1", &good).await;
    assert!(answer.status >= 500, "{}", answer.status);
    assert_eq!(stage.passed(), before);
}

/// A good key passes; the upstream learns whose it is, by nobody else's word, and not the key.
async fn passes(stage: &Stage, key: &Value) {
    let good = secret(key);
    let bearer = format!("Bearer {good}");
    let id = key["id"].as_str().expect("an id");
    for credential in [("X-Api-Key", good.as_str()), ("Authorization", bearer.as_str())] {
        let forged = [
            credential,
            ("X-Keyward-Tenant", "*"),
            ("x-keyward-key-id", "key_forged"),
            ("X-KEYWARD-KEY-NAME", "forged"),
            ("X-Keyward-Permissions", "orders:*"),
            ("X_Keyward_Tenant", "*"),
            ("X-Keyward_Tenant", "*"),
            ("X_Keyward-Key-Id", "key_forged"),
            ("X-Keyward-Authorization", "Bearer forged"),
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Host", "forged.example"),
            ("X-Forwarded-Proto", "gopher"),
            ("Forwarded", "for=203.0.113.7"),
            ("X-Original-URL", "/forged"),
            ("X-Rewrite-URL", "/forged"),
        ];
        let answer = stage.call("POST", "/orders/1?page=2", &forged, "two of them").await;
        let seen = stage.seen_by(&answer);
        let named = [vec![TENANT], vec![id], vec!["Mia's%20key"], vec!["orders:read"]];
        assert_eq!(identity(&seen), named);
        assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/orders/1?page=2"));
        assert_eq!(seen.body, b"two of them");
        let text = format!("{:?}", seen.headers);
        assert!(!text.contains("forged") && !text.contains("203.0.113.7"), "{text}");
        assert!(!text.contains(&good), "the key reached the upstream: {text}");
        assert!(!text.contains("x_keyward") && !text.contains("x-keyward_"), "{text}");
        // For 127.0.0.1 alone Envoy writes another address of its machine.
        if !matches!(stage.kind, Kind::Envoy | Kind::EnvoyGrpc) {
            assert_eq!(seen.header("x-forwarded-for"), [HERE]);
        }
        assert_eq!(seen.header("x-forwarded-proto"), ["http"]);
    }
}

/// A key's limit is told as such, whatever the proxy makes of a 429 by itself.
async fn limited(stage: &Stage) {
    let limit = json!({"limit": {"capacity": 2, "frequency": 86_400}});
    let key = stage.installation.secret(&limit).await;
    for left in [1, 0] {
        let answer = stage.get("/orders/1", &key).await;
        assert_eq!(answer.status, 200, "{}", stage.proxy.log());
        let limit = answer.header("ratelimit").expect("what is left");
        assert!(limit.contains(&format!(";r={left}")), "{limit}");
        assert!(answer.header("ratelimit-policy").expect("the limit").contains(";q=2"));
    }
    let before = stage.passed();
    let answer = stage.get("/orders/1", &key).await;
    assert_eq!(answer.status, 429, "{}", answer.text());
    let wait: u32 = answer.header("retry-after").expect("when").parse().expect("seconds");
    assert!(wait > 80_000 && wait <= 86_400, "{wait}");
    assert!(answer.header("ratelimit").expect("what is left").contains(";r=0"));
    assert_eq!(stage.passed(), before);
}

/// Pages of origins that the tenant lists may call and read; no other may.
async fn browsers(stage: &Stage, good: &str) {
    let before = stage.passed();
    let asked = |origin| {
        [
            ("Origin", origin),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "x-api-key"),
        ]
    };
    let answer = stage.call("OPTIONS", "/orders/1", &asked(PAGE), "").await;
    assert!(matches!(answer.status, 200 | 204), "{} {}", answer.status, answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert!(answer.header("access-control-allow-methods").expect("methods").contains("PUT"));
    assert!(answer.header("access-control-allow-headers").expect("names").contains("x-api-key"));
    for origin in ["https://page.example.evil", "http://page.example", "null", "*"] {
        let answer = stage.call("OPTIONS", "/orders/1", &asked(origin), "").await;
        assert_eq!(answer.status, 403, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
    }
    assert_eq!(stage.passed(), before, "a pre-flight is not the upstream's to answer");
    for (origin, allowed) in [(PAGE, Some(PAGE)), ("https://evil.example", None)] {
        let headers = [("X-Api-Key", good), ("Origin", origin)];
        let answer = stage.call("GET", "/orders/1", &headers, "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        let varies = answer.headers.iter().filter(|(name, _)| name == "vary");
        assert!(varies.into_iter().any(|(_, value)| value.to_lowercase().contains("origin")));
    }
    // Without a key it is a call like any other.
    assert_eq!(stage.call("OPTIONS", "/orders/1", &[], "").await.status, 401);
}

/// The same in HTTP/2.
async fn http2(stage: &Stage, good: &str) {
    let call = async |method: &'static str, target: &'static str, headers: &[(&str, &str)]| {
        wire::call_http2(HERE, &stage.proxy.http2, method, target, headers, "").await
    };
    let forged = [("x-api-key", good), ("x-keyward-tenant", "*"), ("x_keyward_tenant", "*")];
    let answer = call("GET", "/orders/2", &forged).await.expect("an answer");
    let seen = stage.seen_by(&answer);
    assert_eq!(seen.header("x-keyward-tenant"), [TENANT]);
    assert!(seen.header("x_keyward_tenant").is_empty() && seen.header("x-api-key").is_empty());
    let before = stage.passed();
    for (headers, status) in [
        (&[][..], 401),
        (&[("x-api-key", "kw_nobodys")][..], 401),
        (&[("x-api-key", good), ("x-api-key", good)][..], 400),
    ] {
        let answer = call("GET", "/orders/2", headers).await.expect("an answer");
        assert_eq!(answer.status, status, "{headers:?}");
    }
    let answer = call("GET", "/orders/%2e%2e/2", &[("x-api-key", good)]).await.expect("an answer");
    assert_eq!(answer.status, 400);
    assert_eq!(stage.passed(), before);
}

/// What changed is so for the next call.
async fn changes(stage: &Stage) {
    let key = stage.installation.key(&json!({})).await;
    assert_eq!(stage.get("/orders/1", &secret(&key)).await.status, 200);
    stage.installation.revoke(&key).await;
    assert_eq!(stage.get("/orders/1", &secret(&key)).await.status, 401);
}
