//! Every row of the console that names a thing, asked by somebody of another tenant.

use http::Method;
use it::{
    Browser, World,
    console::forms_of,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The things of the first tenant, by the beginning of the paths that name them.
async fn things(world: &World) -> BTreeMap<&'static str, String> {
    let admin = world.person(r"t100\nexus").await;
    let key = json!({"keyType": "api", "tenant": TENANT, "name": "theirs", "permissions": ["orders:read"]});
    let made: Value = admin.post("/v1/keys", &key).await.json();
    let client = json!({"tenant": TENANT, "clientId": "their-client", "name": "theirs", "grants": ["client_credentials"]});
    let ops = world.person("ops").await;
    let client = ops.post("/v1/clients", &client).await;
    assert_eq!(client.status, 201, "{}", client.text());
    let persons: Value = ops.get(&format!("/v1/persons?tenant={TENANT}")).await.json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    BTreeMap::from([
        ("/console/keys/{id}", text(&made["id"])),
        ("/console/clients/{id}", "their-client".to_owned()),
        ("/console/persons/{id}", text(&persons["persons"][0]["id"])),
        ("/console/tenants/{id}", TENANT.to_owned()),
    ])
}

/// Everything that the first tenant's log holds.
async fn log(world: &World) -> usize {
    let events =
        world.person("ops").await.get(&format!("/v1/audit?tenant={TENANT}&limit=200")).await;
    let events: Value = events.json();
    let signs_in = |event: &&Value| event["action"].as_str().is_some_and(|a| a.contains("sign_in"));
    let all = events["events"].as_array().expect("events");
    all.iter().filter(|event| !signs_in(event)).count()
}

#[tokio::test]
async fn ap_01_no_row_of_the_console_shows_or_changes_what_another_tenant_has() {
    let world = World::start().await;
    let things = things(&world).await;
    let admin = json!({"tenant": OTHER_TENANT, "username": "stranger", "roles": ["admin"],
        "password": it::world::PASSWORD, "mustChangePassword": false});
    let made = world.person("ops").await.post("/v1/persons", &admin).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let mut browser = Browser::at_console(&world, r"t200\stranger").await;
    let page = browser.open("/console/settings").await;
    let token = forms_of(&page)
        .iter()
        .find_map(|form| form.value("token").map(str::to_owned))
        .expect("a token");
    let before = log(&world).await;
    let mut asked = 0;
    for route in server::routes().iter().filter(|route| route.surface == "console") {
        let Some((beginning, id)) = things.iter().find(|(path, _)| route.path.starts_with(**path))
        else {
            continue;
        };
        let path = route.path.replace(beginning, &beginning.replace("{id}", id));
        let path = path.replace("{type}", "api").replace("{session}", OTHER_TENANT);
        let answer = match route.method.as_str() {
            "GET" => browser.get(&path).await,
            _ => {
                let named = [("token", token.as_str()), ("name", "mine"), ("version", "1")];
                let more = [("once", "0123456789abcdef0123456789abcdef"), ("roles", "admin")];
                browser.post(&path, &[named.as_slice(), more.as_slice()].concat()).await
            }
        };
        let status = answer.status.as_u16();
        assert!(
            // What is the cluster's alone says so; a form without its token would say 403, too.
            status == 404 || (status == 403 && route.access.contains("ClusterRight")),
            "{} {path} ({}) answered {status}: {}",
            Method::from_bytes(route.method.as_bytes()).expect("a method"),
            route.operation,
            answer.header("location"),
        );
        assert!(!answer.text().contains("theirs"), "{} {path}", route.method);
        asked += 1;
    }
    assert!(asked > 55, "the table was not walked: {asked}");
    assert_eq!(log(&world).await, before, "something was changed");
}
