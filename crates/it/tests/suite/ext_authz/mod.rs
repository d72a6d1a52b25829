//! `envoy.service.auth.v3.Authorization/Check`: who may ask, what is read of a question, what is told.
//! That Envoy itself understands all of it is shown behind the real one (`proxies`).

mod allow_lists;
mod envoy;

use bytes::Bytes;
use domain::{
    allow_list::{AddressRule, AllowList},
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Wanted},
};
use envoy::{ask, ask_from, joined, question, send, values};
use it::{
    World,
    api_keys::ApiKey,
    world::{CLIENT_SECRET, TENANT},
};
use server::ext_authz::messages::{Address, CheckRequest, Peer as End, SocketAddress};
use service::rules::Configured;

const PATH: &str = "/envoy.service.auth.v3.Authorization/Check";
const ENVOY: &str = "10.0.0.1";
const CLIENT: &str = "203.0.113.7";

fn policy() -> Policy {
    Policy {
        name: "orders".to_owned(),
        tenant: None,
        key_types: vec!["api".to_owned()],
        wanted: Wanted { any: false, permissions: vec!["orders:read".to_owned()] },
        presented_in: vec![
            Place::Header("x-api-key".into()),
            Place::Bearer,
            Place::Parameter("key".into()),
        ],
        tokens: domain::policy::Tokens::default(),
        cost: 1,
        limit: None,
        limited_as: LimitedAs::TooManyRequests,
        envelope: Envelope::Problem,
        identity: IdentityHeaders::default(),
        source: Source::Configuration,
    }
}

async fn world() -> World {
    let world = World::start_with(|_, config| {
        let addresses = vec![AddressRule::parse("10.0.0.0/8").unwrap()];
        config.trusted_proxies = AllowList { addresses, ..AllowList::default() };
    })
    .await;
    let rules = Configured { policies: vec![policy()], ..Configured::default() };
    world.service.configure_rules(rules).expect("rules that can be");
    world
}

async fn made(world: &World, key: ApiKey) -> String {
    key.made(world, &world.person(r"t100\nexus").await).await
}

#[tokio::test]
async fn a_good_key_passes_and_goes_no_further() {
    let world = world().await;
    let secret = made(&world, ApiKey::with("orders:read").limited(5, 60)).await;
    let bearer = format!("Bearer {secret}");
    let query = format!("/orders?%6bey={secret}&page=2");
    for (path, header, removed, parameter) in [
        ("/orders", ("x-api-key", secret.as_str()), "x-api-key", None),
        ("/orders", ("authorization", &bearer), "authorization", None),
        (&query, ("x-other", "1"), "", Some("%6bey")),
    ] {
        let forged = [header, ("x-keyward-tenant", "*"), ("x_keyward_tenant", "*")];
        let ok = ask(&world, &question(path, &forged)).await.passes();
        assert_eq!(values(&ok.headers, "x-keyward-tenant"), [TENANT]);
        assert_eq!(values(&ok.headers, "x-keyward-permissions"), ["orders:read"]);
        assert!(ok.headers.iter().all(|field| field.append_action == 2), "nothing is added beside");
        assert!(ok.headers_to_remove.contains(&"x_keyward_tenant".to_owned()));
        assert!(!ok.headers_to_remove.contains(&"x-keyward-tenant".to_owned()));
        assert_eq!(ok.headers_to_remove.iter().any(|name| name == removed), parameter.is_none());
        assert_eq!(ok.query_parameters_to_remove.first().map(String::as_str), parameter);
        assert_eq!(values(&ok.response_headers_to_add, "ratelimit-policy"), ["\"key\";q=5;w=60"]);
    }
}

#[tokio::test]
async fn a_client_is_told_how_many_days_its_key_has_left_and_the_upstream_is_not() {
    let world = world().await;
    let end = it::world::START.plus_seconds(5 * 86_400);
    let ending = made(&world, ApiKey::with("orders:read").until(end)).await;
    let lasting = made(&world, ApiKey::with("orders:read")).await;
    for (secret, left) in [(ending, &["5"][..]), (lasting, &[])] {
        let forged = [("x-api-key", secret.as_str()), ("x-keyward-days_left", "999")];
        let ok = ask(&world, &question("/orders", &forged)).await.passes();
        assert_eq!(values(&ok.response_headers_to_add, "x-keyward-days-left"), left);
        assert!(values(&ok.headers, "x-keyward-days-left").is_empty());
        assert!(ok.headers_to_remove.contains(&"x-keyward-days_left".to_owned()));
    }
}

#[tokio::test]
async fn whoever_may_not_ask_finds_nothing_there() {
    let world = world().await;
    let secret = made(&world, ApiKey::with("orders:read")).await;
    let asked = question("/orders", &[("x-api-key", &secret)]);
    let stranger = world.anonymous().from_address(CLIENT);
    assert_eq!(stranger.act("/envoy.service.auth.v3.Other/Check").await.status, 404);
    for metadata in [
        &[][..],
        &[("x-forwarded-for", ENVOY)],
        &[("x-keyward-authorization", "Bearer nonsense")],
        &[("authorization", "Bearer nonsense")],
    ] {
        let told = ask_from(&world, CLIENT, metadata, &asked).await;
        assert_eq!((told.http, told.grpc.as_deref()), (404, None), "{metadata:?}");
        assert!(told.body.contains("\"code\":\"not_found\""), "{}", told.body);
    }
    let verifier = world.anonymous().client_token("cluster-verifier", CLIENT_SECRET).await;
    let token = format!("Bearer {}", verifier.token.expect("a token"));
    ask_from(&world, CLIENT, &[("x-keyward-authorization", &token)], &asked).await.passes();
}

#[tokio::test]
async fn bt_03_two_keys_are_two_however_envoy_joins_them() {
    let world = world().await;
    let secret = made(&world, ApiKey::with("orders:read")).await;
    let (twice, bearer) = (format!("{secret},{secret}"), format!("Bearer {secret}"));
    let bearers = format!("{bearer},{bearer}");
    let spaced = format!("{bearer}, {bearer}");
    let parameter = format!("/orders?key={secret}");
    for (path, headers) in [
        ("/orders", &[("x-api-key", twice.as_str())][..]),
        ("/orders", &[("authorization", &bearers)]),
        ("/orders", &[("authorization", &spaced)]),
        ("/orders", &[("x-api-key", &secret), ("authorization", &bearer)]),
        (&parameter, &[("x-api-key", &secret)]),
    ] {
        assert_eq!(ask(&world, &joined(path, headers)).await.status(), 400, "{path}");
    }
    for joined_before in [&bearers, &spaced] {
        let asked = question("/orders", &[("authorization", joined_before)]);
        assert_eq!(ask(&world, &asked).await.status(), 400);
    }
    let one_by_one = question("/orders", &[("x-api-key", &secret), ("x-api-key", &secret)]);
    assert_eq!(ask(&world, &one_by_one).await.status(), 400);
    ask(&world, &joined("/orders", &[("x-api-key", &secret), (":path", "/x")])).await.passes();
}

#[tokio::test]
async fn what_is_refused_says_so_to_the_client() {
    let world = world().await;
    let other = made(&world, ApiKey::with("orders:write")).await;
    let dead = made(&world, ApiKey::with("orders:read").disabled()).await;
    let limited = made(&world, ApiKey::with("orders:read").limited(1, 60)).await;
    let asked = |secret: &str| question("/orders", &[("x-api-key", secret)]);
    ask(&world, &asked(&limited)).await.passes();
    let denied = ask(&world, &asked(&limited)).await.refused();
    assert_eq!(denied.status.expect("a status").code, 429);
    assert_eq!(values(&denied.headers, "retry-after"), ["60"]);
    assert!(denied.body.contains("\"code\":\"limited\""), "{}", denied.body);
    assert_eq!(ask(&world, &asked(&other)).await.status(), 403);
    for secret in ["", "kw_nobodys", &dead] {
        let denied = ask(&world, &asked(secret)).await.refused();
        assert_eq!(denied.status.expect("a status").code, 401);
        assert_eq!(values(&denied.headers, "www-authenticate").len(), 1);
    }
    for path in ["", "no path", "*"] {
        assert!(matches!(ask(&world, &question(path, &[])).await.status(), 400 | 401), "{path}");
    }
}

#[tokio::test]
async fn al_02_the_client_is_found_as_everywhere() {
    let world = world().await;
    let secret = made(&world, ApiKey::with("orders:read").from_addresses(CLIENT)).await;
    let from = |source: &str, chain: &str| {
        let headers = [("x-api-key", secret.as_str()), ("x-forwarded-for", chain)];
        let mut asked = question("/orders", &headers);
        let attributes = asked.attributes.as_mut().expect("attributes");
        let socket = SocketAddress { address: source.to_owned() };
        attributes.source = Some(End { address: Some(Address { socket_address: Some(socket) }) });
        asked
    };
    ask(&world, &from(CLIENT, "192.0.2.9")).await.passes();
    ask(&world, &from("10.0.0.7", &format!("192.0.2.9, {CLIENT}"))).await.passes();
    ask(&world, &from(&format!("::ffff:{CLIENT}"), "192.0.2.9")).await.passes();
    for (source, chain) in [
        ("192.0.2.9", CLIENT),
        ("10.0.0.7", "203.0.113.7, 192.0.2.9"),
        ("10.0.0.7", "203.0.113.7, unknown"),
        ("not an address", CLIENT),
    ] {
        assert_eq!(ask(&world, &from(source, chain)).await.status(), 403, "{source} {chain}");
    }
}

#[tokio::test]
async fn questions_that_cannot_be_read_are_errors_of_grpc() {
    let world = world().await;
    let mut unknown = question("/orders", &[]);
    let attributes = unknown.attributes.as_mut().expect("attributes");
    attributes.context_extensions.insert("keyward_policy".to_owned(), "nothing".to_owned());
    assert_eq!(ask(&world, &unknown).await.grpc.as_deref(), Some("5"));
    attributes_without_policy(&mut unknown);
    assert_eq!(ask(&world, &unknown).await.grpc.as_deref(), Some("5"));
    let named = [("x-keyward-policy", "orders")];
    assert_eq!(ask_from(&world, ENVOY, &named, &unknown).await.status(), 401);
    // Too long, no message at all, and packed.
    let long = question("/orders", &[("x-long", &"a".repeat(200_000))]);
    assert_eq!(ask(&world, &long).await.grpc.as_deref(), Some("11"));
    for body in [&b"\0\0\0\0\x03abc"[..], b"\x01\0\0\0\x01a", b""] {
        let told = send(&world, ENVOY, &[], Bytes::from_static(body)).await;
        assert!(told.message.is_none(), "{body:?}");
        assert!(told.grpc.as_deref().is_some_and(|told| told != "0"), "{body:?}");
    }
    let packed = [("grpc-encoding", "gzip")];
    let told = ask_from(&world, ENVOY, &packed, &question("/orders", &[])).await;
    assert_eq!(told.grpc.as_deref(), Some("12"));
}

fn attributes_without_policy(question: &mut CheckRequest) {
    question.attributes.as_mut().expect("attributes").context_extensions.clear();
}
