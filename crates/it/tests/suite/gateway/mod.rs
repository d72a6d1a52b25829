//! The gateway: what passes, what reaches the upstream of it, and what comes back.

mod allow_lists;
mod answers;
mod calls;
mod forged;
mod outgoing;
mod places;
mod recompiled;
mod refusals;
mod streams;
mod tunnels;
mod upstreams;

use bytes::Bytes;
use domain::{
    gateway_route::{GatewayRoute, Timeouts, Upstream as To},
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Wanted},
};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use it::{Answer, Caller, World, api_keys::ApiKey, upstream::Upstream};
use serde_json::Value;
use server::{ListenerConfig, Listeners, ServerConfig, peer::SurfaceSet};
use service::rules::Configured;
use std::{borrow::Cow, net::SocketAddr};

/// What the keys of these tests hold.
const PERMISSION: &str = "orders:read";

/// A world with a gateway, an upstream behind it, and a key that opens it.
struct Stage {
    world: World,
    upstream: Upstream,
    admin: Caller,
    key: String,
}

impl Stage {
    /// With one route, `/orders`, that a test may change first.
    async fn start(change: impl FnOnce(&mut GatewayRoute)) -> Self {
        Self::start_with(Upstream::start().await, |_| {}, change).await
    }

    async fn start_with(
        upstream: Upstream,
        adjust: impl FnOnce(&mut ServerConfig),
        change: impl FnOnce(&mut GatewayRoute),
    ) -> Self {
        let authority = upstream.authority.clone();
        let world = World::start_with(|_, config| {
            config.outgoing.authorities.extend(authority);
            adjust(config);
        })
        .await;
        let mut orders = route("orders", "/orders", &upstream);
        change(&mut orders);
        configure(&world, vec![orders]);
        let admin = world.person("t100\\nexus").await;
        let key = ApiKey::with(PERMISSION).made(&world, &admin).await;
        Self { world, upstream, admin, key }
    }

    /// Somebody who presents the key.
    fn caller(&self) -> Caller {
        self.world.anonymous().with_header("x-api-key", &self.key)
    }

    /// The same world behind a socket.
    async fn listen(&self) -> SocketAddr {
        listen(&self.world).await
    }
}

/// Serves a world on a port of its own.
async fn listen(world: &World) -> SocketAddr {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate: None };
    let listeners = Listeners::bind(&[config]).await.expect("a socket");
    let address = listeners.addresses().expect("addresses")[0];
    tokio::spawn(server::serve(listeners, world.app.clone(), std::future::pending()));
    address
}

/// Puts these routes in place of those before.
fn configure(world: &World, routes: Vec<GatewayRoute>) {
    let configured = Configured { routes, ..Configured::default() };
    world.service.configure_rules(configured).expect("rules that can be");
}

/// A route with everything as it is by default.
fn route(name: &str, prefix: &str, upstream: &Upstream) -> GatewayRoute {
    let policy = Policy {
        name: name.to_owned(),
        tenant: None,
        key_types: vec!["api".to_owned()],
        wanted: Wanted { any: false, permissions: vec![PERMISSION.to_owned()] },
        presented_in: vec![Place::Header(Cow::Borrowed("x-api-key"))],
        tokens: domain::policy::Tokens::default(),
        cost: 1,
        limit: None,
        limited_as: LimitedAs::TooManyRequests,
        envelope: Envelope::Problem,
        identity: IdentityHeaders::default(),
        source: Source::Configuration,
    };
    GatewayRoute {
        policy,
        host: None,
        prefix: prefix.to_owned(),
        upstream: To {
            tls: upstream.authority.is_some(),
            host: upstream.address.ip().to_string(),
            port: upstream.address.port(),
            base: String::new(),
            configured: true,
        },
        strip_prefix: false,
        forward_secret: false,
        forward_host: false,
        timeouts: Timeouts::default(),
        max_body_bytes: None,
    }
}

/// What the upstream saw under a name, all values.
fn seen(told: &Value, name: &str) -> Vec<String> {
    told["headers"]
        .as_array()
        .expect("a list of pairs")
        .iter()
        .filter(|pair| pair[0] == name)
        .map(|pair| pair[1].as_str().expect("text").to_owned())
        .collect()
}

/// A client over a socket, HTTP/1.1 or HTTP/2.
fn client(http2: bool) -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).http2_only(http2).build_http()
}

/// One call over a socket.
async fn call(
    client: &Client<HttpConnector, Full<Bytes>>,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let response = client.request(request.body(Full::new(body.into()))?).await?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}

fn get(address: SocketAddr, path: &str, key: &str) -> http::request::Builder {
    Request::get(format!("http://{address}{path}")).header("x-api-key", key)
}

/// What comes back of these bytes, up to the end of a JSON object.
async fn exchanged(address: SocketAddr, text: &str) -> String {
    let patience = std::time::Duration::from_secs(20);
    let to = address.to_string();
    let ends = |answer: &[u8]| answer.ends_with(b"}");
    let answer = it::wire::exchange("127.0.0.1", &to, text.as_bytes(), patience, ends).await;
    String::from_utf8_lossy(&answer.expect("an answer")).into_owned()
}
