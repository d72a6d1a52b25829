use super::world::{NOW, World, conflict, scope, tenant};
use crate::{
    Error, Tx, gateway_routes, policies,
    rules::{self, Turn},
    tenants,
};
use domain::{
    gateway_route::{GatewayRoute, Upstream, preset},
    id::Scope,
    key_type::Place,
    policy::{Envelope, LimitedAs, Policy, Source},
    rate_limit::Limit,
};

fn source(owner: Scope) -> Source {
    Source::Stored { owner, created_at: NOW, version: 1 }
}

fn route(name: &str, prefix: &str) -> GatewayRoute {
    let upstream = Upstream::parse("https://orders.example:8443/v2").unwrap();
    let mut route = preset("nexus-chat").unwrap().route(upstream, source(Scope::Cluster));
    route.policy.name = name.to_owned();
    route.prefix = prefix.to_owned();
    route
}

/// Every member another than the usual one.
fn policy(name: &str) -> Policy {
    let mut policy = route(name, "/").policy;
    policy.tenant = Some(tenant(1).id);
    policy.presented_in.push(Place::Parameter("key".into()));
    policy.cost = 3;
    policy.limit = Limit::new(600, 60).ok();
    policy.limited_as = LimitedAs::Forbidden;
    policy.envelope = Envelope::Ges;
    policy.identity.tenant = "x-consumer".to_owned();
    policy.source = source(scope(1));
    policy
}

async fn write(
    world: &World,
    op: impl Fn(&mut Tx, &Turn) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<(), Error> {
    world
        .write(move |tx| {
            let turn = rules::take_turn(tx)?;
            op(tx, &turn)
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_read_back_as_they_were_written() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    let mut whole = route("whole", "/");
    whole.host = Some("api.example".to_owned());
    whole.policy = Policy { name: "whole".to_owned(), ..policy("x") };
    (whole.strip_prefix, whole.forward_secret, whole.forward_host) = (true, true, true);
    (whole.timeouts.answer_ms, whole.max_body_bytes) = (7, Some(1 << 40));
    let (made, other) = (whole.clone(), route("other", "/other"));
    write(&world, move |tx, turn| {
        policies::insert(tx, turn, &policy("orders"))?;
        gateway_routes::insert(tx, turn, &made)?;
        gateway_routes::insert(tx, turn, &other)
    })
    .await
    .unwrap();
    let all = world.read(rules::all).await;
    assert_eq!(all.policies, [Ok(policy("orders"))]);
    assert_eq!(all.routes, [Ok(route("other", "/other")), Ok(whole.clone())]);
    assert_eq!(world.read(|r| policies::find(r, "orders")).await, Some(policy("orders")));
    assert_eq!(world.read(|r| gateway_routes::find(r, "whole")).await, Some(whole));
    assert_eq!(world.read(|r| gateway_routes::find(r, "orders")).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_once_and_a_version_written_once() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    let insert = |tx: &mut Tx, turn: &Turn| {
        policies::insert(tx, turn, &policy("orders"))?;
        gateway_routes::insert(tx, turn, &route("orders", "/orders"))
    };
    write(&world, insert).await.unwrap();
    conflict(
        write(&world, |tx, turn| policies::insert(tx, turn, &policy("orders"))).await,
        "policy",
    );
    let twice = |tx: &mut Tx, turn: &Turn| gateway_routes::insert(tx, turn, &route("orders", "/x"));
    conflict(write(&world, twice).await, "gateway_route");
    let update = |tx: &mut Tx, turn: &Turn| {
        let (mut policy, mut route) = (policy("orders"), route("orders", "/moved"));
        (policy.source, policy.cost) = (policy.source.changed(), 0);
        route.policy.source = route.policy.source.changed();
        policies::update(tx, turn, &policy)?;
        gateway_routes::update(tx, turn, &route)
    };
    write(&world, update).await.unwrap();
    conflict(write(&world, update).await, "version");
    let turn = world.read(rules::all).await.turn;
    assert!(turn >= 2, "each change has a turn");
    let found = world.read(|r| gateway_routes::find(r, "orders")).await.unwrap();
    assert_eq!((found.prefix.as_str(), found.policy.source.version()), ("/moved", 2));
    world
        .write(|tx| {
            let turn = rules::take_turn(tx)?;
            assert!(policies::delete(tx, &turn, "orders")?);
            assert!(!policies::delete(tx, &turn, "orders")?);
            assert!(gateway_routes::delete(tx, &turn, "orders")?);
            Ok(())
        })
        .await
        .unwrap();
    let all = world.read(rules::all).await;
    assert!(all.policies.is_empty() && all.routes.is_empty() && all.turn > turn);
}

#[tokio::test(flavor = "multi_thread")]
async fn r_19_a_row_that_cannot_be_read_keeps_no_other_from_being_read() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    for (name, column) in
        [("a", "limited_as = 500"), ("b", "key_types = '{'"), ("c", "identity = '[]'")]
    {
        write(&world, move |tx, turn| {
            policies::insert(tx, turn, &policy(name))?;
            gateway_routes::insert(tx, turn, &route(name, &format!("/{name}")))
        })
        .await
        .unwrap();
        for table in ["policies", "gateway_routes"] {
            let sql = format!("UPDATE {table} SET {column} WHERE name = '{name}'");
            world.record(move |b| b.driver.batch(&sql)).await.unwrap();
        }
    }
    write(&world, |tx, turn| policies::insert(tx, turn, &policy("whole"))).await.unwrap();
    let all = world.read(rules::all).await;
    let bad: Vec<&str> =
        all.policies.iter().filter_map(|p| p.as_ref().err()).map(|u| u.name.as_str()).collect();
    assert_eq!(bad, ["a", "b", "c"]);
    assert_eq!(all.policies.iter().flatten().count(), 1);
    let places: Vec<_> = all.routes.iter().map(|r| r.as_ref().unwrap_err().place.clone()).collect();
    let kept = |prefix: &str| Some((None, prefix.to_owned()));
    assert_eq!(places, [kept("/a"), kept("/b"), kept("/c")], "nothing else may serve there");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_tenant_end_with_it() {
    let world = World::new().await;
    world.write(|tx| tenants::insert(tx, &tenant(1))).await.unwrap();
    write(&world, |tx, turn| {
        policies::insert(tx, turn, &policy("its"))?;
        gateway_routes::insert(tx, turn, &route("all", "/all"))
    })
    .await
    .unwrap();
    world.write(|tx| tenants::delete(tx, tenant(1).id, NOW)).await.unwrap();
    let all = world.read(rules::all).await;
    assert_eq!((all.policies.len(), all.routes.len()), (0, 1));
}
