//! Where routes may stand, and what a tenant's own may lead to.

use super::{super::newest, change, configure, create, found, refused, route};
use it::{
    World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use service::rules::Configured;

#[tokio::test]
async fn no_route_shadows_a_surface_or_another_route() {
    let world = World::start().await;
    configure(&world);
    let ops = world.person("ops").await;
    for prefix in [
        "/v1",
        "/v1/keys",
        "/v1/anything",
        "/nexus",
        "/nexus/v3",
        "/nexus/v3/apikeys",
        "/nexus/v3/apikeys/x",
        "/auth",
        "/auth/v3/oauth",
        "/check",
        "/check/orders",
        "/health",
    ] {
        assert_eq!(
            refused(&ops, &route("x", prefix)).await,
            (409, "conflict".to_owned()),
            "{prefix}"
        );
        for own in ["localhost", "keys.example", "127.0.0.1"] {
            let mut body = route("x", prefix);
            body["host"] = json!(own);
            assert_eq!(refused(&ops, &body).await.0, 409, "{own}{prefix}");
        }
    }
    assert_eq!(refused(&ops, &route("x", "/")).await, (400, "prefix".to_owned()));
    let mut whole = route("whole", "/");
    whole["host"] = json!("localhost");
    assert_eq!(refused(&ops, &whole).await.0, 409, "the server's own");
    whole["host"] = json!("api.example");
    create(&ops, &whole).await;
    assert_eq!(found(&world, Some("api.example"), "/v1/keys").as_deref(), Some("whole"));
    create(&ops, &route("chat", "/nexus/v3/chat")).await;
    assert_eq!(
        refused(&ops, &route("other", "/nexus/v3/chat")).await.0,
        409,
        "one place, one route"
    );
    assert_eq!(
        refused(&ops, &route("other", "/engagement/v3")).await.0,
        409,
        "the configuration's"
    );
    assert_eq!(refused(&ops, &route("chat", "/elsewhere")).await.0, 409, "one name, one route");
    assert_eq!(refused(&ops, &route("engagement", "/elsewhere")).await.0, 409);
    create(&ops, &route("inner", "/nexus/v3/chat/rooms")).await;
    assert_eq!(found(&world, None, "/nexus/v3/chat/rooms/1").as_deref(), Some("inner"));
    assert_eq!(found(&world, None, "/nexus/v3/chat/room").as_deref(), Some("chat"));
    let moved = change(&ops, "inner", &json!({"prefix": "/nexus/v3/chat"})).await;
    assert_eq!(moved.status, 409);
    assert_eq!(change(&ops, "inner", &json!({"prefix": "/v1/x"})).await.status, 409);
    assert_eq!(change(&ops, "engagement", &json!({"cost": 2})).await.status, 409);
    assert_eq!(ops.delete("/v1/gateway/routes/engagement").await.status, 409);
}

/// A route to what is listed for the tenant.
fn bound(name: &str, prefix: &str) -> Value {
    let mut body = route(name, prefix);
    body["upstream"] = json!("http://10.0.0.5:9000/t100/api");
    body
}

#[tokio::test]
async fn ap_07_a_tenants_administrator_binds_what_is_listed_for_it_where_it_is_reserved() {
    let world = World::start().await;
    configure(&world);
    let admin = world.person(r"t100\nexus").await;
    let made = create(&admin, &bound("mine", "/t100/api")).await;
    assert_eq!(made["tenant"], TENANT);
    let rules = world.service.rules();
    assert!(rules.find_route(None, "/t100/api").unwrap().upstream.configured);
    let event = newest(&admin, "gateway_route.create").await;
    assert_eq!(event["after"]["upstream"], "http://10.0.0.5:9000/t100/api");
    let mut hosted = route("hosted", "/");
    hosted["host"] = json!("t100.example");
    hosted["upstream"] = json!("https://apps.example/x");
    create(&admin, &hosted).await;
    for elsewhere in [
        "http://10.0.0.5:9000",
        "http://10.0.0.5:9000/t100x",
        "http://10.0.0.5:9001/t100",
        "https://10.0.0.5:9000/t100",
        "http://127.0.0.1:9000",
        "https://orders.example",
        "http://169.254.169.254",
    ] {
        let mut body = bound("x", "/t100/x");
        body["upstream"] = json!(elsewhere);
        assert_eq!(refused(&admin, &body).await, (400, "upstream".to_owned()), "{elsewhere}");
        let changed = change(&admin, "mine", &json!({"upstream": elsewhere})).await;
        assert_eq!(changed.status, 400, "{elsewhere}");
    }
    for prefix in ["/t200", "/t100x", "/elsewhere"] {
        assert_eq!(
            refused(&admin, &bound("x", prefix)).await,
            (400, "prefix".to_owned()),
            "{prefix}"
        );
        assert_eq!(
            change(&admin, "mine", &json!({"prefix": prefix})).await.status,
            400,
            "{prefix}"
        );
    }
    let mut other_host = bound("x", "/t100/x");
    other_host["host"] = json!("t100.example");
    assert_eq!(
        refused(&admin, &other_host).await,
        (400, "prefix".to_owned()),
        "of the other upstream"
    );
}

#[tokio::test]
async fn ap_07_nobody_takes_the_room_of_a_tenants_route() {
    let world = World::start().await;
    configure(&world);
    let (ops, admin) = (world.person("ops").await, world.person(r"t100\nexus").await);
    create(&admin, &bound("mine", "/t100/api")).await;
    // Others have no room there, nor the cluster over or under a tenant's route.
    let bob = world.person(r"t200\bob").await;
    assert_eq!(refused(&bob, &bound("x", "/t100/x")).await, (400, "upstream".to_owned()));
    assert_eq!(refused(&ops, &route("x", "/t100")).await.0, 409);
    assert_eq!(refused(&ops, &route("x", "/t100/api/x")).await.0, 409);
    let mut within = bound("within", "/t100/ops");
    within["tenant"] = json!(TENANT);
    create(&ops, &within).await;
    assert_eq!(
        refused(&admin, &bound("x", "/t100/ops/x")).await.0,
        409,
        "nor the tenant under its"
    );
    assert_eq!(change(&admin, "within", &json!({"cost": 0})).await.status, 403, "the cluster's");
    // It sees and changes its own alone.
    for path in ["/v1/gateway/routes/mine", "/v1/gateway/routes/engagement"] {
        assert_eq!(bob.get(path).await.status, 404, "{path}");
        assert_eq!(bob.delete(path).await.status, 404, "{path}");
        assert_eq!(bob.patch(path, &json!({"cost": 0})).await.status, 404, "{path}");
    }
    let mut foreign = bound("x", "/t100/x");
    foreign["tenant"] = json!(OTHER_TENANT);
    assert_eq!(admin.post("/v1/gateway/routes", &foreign).await.status, 404);
    foreign["tenant"] = Value::Null;
    assert_eq!(admin.post("/v1/gateway/routes", &foreign).await.status, 403);
    // What is listed no more is in force no more, and nothing else takes its calls.
    let reserved = server::reserved_paths();
    world.service.configure_rules(Configured { reserved, ..Configured::default() }).unwrap();
    assert_eq!(found(&world, None, "/t100/api"), None);
    assert_eq!(admin.get("/v1/gateway/routes/mine").await.status, 200, "but still there");
    assert_eq!(admin.delete("/v1/gateway/routes/mine").await.status, 204);
    assert_eq!(ops.delete(&format!("/v1/tenants/{TENANT}")).await.status, 204);
    assert_eq!(ops.get("/v1/gateway/routes").await.json()["routes"], json!([]));
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_routes_at_once_for_one_place_one_is_made() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let tasks = (0..20).map(|n| {
        let (ops, inner) = (ops.clone(), n % 2 == 0);
        tokio::spawn(async move {
            let name = format!("route-{n}");
            let prefix = if inner { "/place" } else { "/place/" };
            ops.post("/v1/gateway/routes", &route(&name, prefix)).await.status.as_u16()
        })
    });
    let mut statuses = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, &[409; 19][..]));
    assert_eq!(world.service.rules().routes().len(), 1);
}

#[tokio::test]
async fn ap_07_a_tenant_does_not_learn_where_routes_of_others_stand() {
    let world = World::start().await;
    configure(&world);
    let (ops, admin) = (world.person("ops").await, world.person(r"t100\nexus").await);
    let mut hidden = route("hidden", "/hidden");
    hidden["host"] = json!("hidden.example");
    create(&ops, &hidden).await;
    let asked = |name: &str, host: Value, prefix: &str| {
        let mut body = route(name, prefix);
        body["host"] = host;
        body["upstream"] = json!("http://10.0.0.5:9000/t100");
        body
    };
    for (taken, free) in [
        (
            asked("x", json!("hidden.example"), "/hidden"),
            asked("x", json!("free.example"), "/free"),
        ),
        (asked("x", json!(null), "/engagement/v3"), asked("x", json!(null), "/free")),
        (asked("engagement", json!(null), "/y"), asked("x", json!(null), "/y")),
        (asked("hidden", json!(null), "/y"), asked("x", json!(null), "/y")),
    ] {
        let (taken, free) = (refused(&admin, &taken).await, refused(&admin, &free).await);
        assert_eq!(taken, free);
        assert_eq!(free, (400, "prefix".to_owned()));
    }
}
