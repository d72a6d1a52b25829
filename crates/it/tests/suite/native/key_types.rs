//! Key types by `/v1`.

use super::{made, newest, verdict};
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

fn partner() -> Value {
    json!({"name": "partner", "format": {"kind": "random", "prefix": "prt_"}})
}

async fn create(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/key-types", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn change(caller: &Caller, name: &str, body: &Value) -> Answer {
    let path = format!("/v1/key-types/{name}");
    caller.send(Method::PATCH, &path, Some("application/json"), body.to_string().into()).await
}

#[tokio::test]
async fn the_types_of_every_installation_are_listed_and_cannot_change() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let list = admin.get("/v1/key-types").await.json();
    let names: Vec<&str> =
        list["keyTypes"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "api",
            "client",
            "data-psk",
            "deployment",
            "ges",
            "nexus",
            "openconnect",
            "psk",
            "queueadapter",
            "telephony"
        ]
    );
    let api = admin.get("/v1/key-types/api").await;
    assert_eq!(api.header("etag"), "\"1\"");
    assert_eq!(
        api.json(),
        json!({"name": "api", "tenant": null, "seeded": true,
            "description": "Any API: its permissions are the tenant's own",
            "format": {"kind": "random", "prefix": "kw_"}, "reveal": "once",
            "presentedIn": ["bearer", {"header": "x-api-key"}],
            "permissions": {"kind": "tenantsOwn"}, "defaultLimit": null,
            "settings": ["name", "description", "expiry", "limit", "allowList", "permissions"],
            "actions": ["enable", "disable", "rotate", "acknowledge", "copy", "revoke", "delete"],
            "version": 1})
    );
    assert_eq!(change(&admin, "api", &json!({"description": "mine"})).await.status, 409);
    assert_eq!(
        admin
            .post("/v1/key-types", &json!({"name": "api", "format": {"kind": "uuid"}}))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn keys_of_a_custom_type_take_the_same_way_as_all_others() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = partner();
    body["description"] = json!("Partners' servers");
    body["reveal"] = json!("recoverable");
    body["presentedIn"] = json!([{"header": "X-Partner-Key"}, {"parameter": "key"}]);
    body["permissions"] = json!({"kind": "tenantsOwn"});
    body["defaultLimit"] = json!({"capacity": 2, "frequency": 60});
    body["settings"] = json!(["name", "limit"]);
    let made_type = create(&admin, &body).await;
    assert_eq!(
        made_type,
        json!({"name": "partner", "tenant": TENANT, "seeded": false,
            "description": "Partners' servers", "format": {"kind": "random", "prefix": "prt_"},
            "reveal": "recoverable", "presentedIn": [{"header": "x-partner-key"}, {"parameter": "key"}],
            "permissions": {"kind": "tenantsOwn"},
            "defaultLimit": {"capacity": 2, "frequency": 60}, "settings": ["name", "limit"],
            "actions": ["enable", "disable", "rotate", "reveal", "copy", "revoke", "delete"],
            "version": 1})
    );
    let event = newest(&admin, "key_type.create").await;
    assert_eq!(
        (&event["subject"]["kind"], &event["after"]["prefix"]),
        (&json!("key_type"), &json!("prt_"))
    );
    let key = json!({"keyType": "partner", "name": "one", "permissions": ["orders:read"]});
    let (id, secret) = made(&admin, &key).await;
    assert!(secret.starts_with("prt_"), "its own prefix");
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    assert_eq!(verdict(&admin, &secret).await, "RATE_LIMITED", "the type's limit");
    let asked = json!({"secret": secret, "keyType": "partner", "cost": 0});
    assert_eq!(admin.post("/v1/keys/verify", &asked).await.json()["keyType"], "partner");
    assert_eq!(super::act(&admin, &id, "reveal").await.json()["secret"], json!(secret));
    assert_eq!(super::patch(&admin, &id, &json!({"name": "two"})).await.status, 200);
    assert_eq!(super::patch(&admin, &id, &json!({"description": "x"})).await.status, 409);
    assert_eq!(super::act(&admin, &id, "rotate").await.status, 200);
    assert_eq!(super::act(&admin, &id, "disable").await.status, 200);
    let list = admin.get("/v1/keys?keyType=partner").await.json();
    assert_eq!(list["keys"].as_array().unwrap().len(), 1);
    let all = admin.get("/v1/keys").await.json();
    assert!(all["keys"].as_array().unwrap().iter().any(|k| k["keyType"] == "partner"));
    let reserved =
        json!({"keyType": "partner", "name": "x", "permissions": ["nexus:consumer:chat"]});
    assert_eq!(admin.post("/v1/keys", &reserved).await.status, 400);
    // A key of it may ask, by whatever header.
    let asks =
        json!({"keyType": "partner", "name": "asks", "permissions": ["keyward:keys:verify"]});
    let (_, asking) = made(&admin, &asks).await;
    assert_eq!(verdict(&world.anonymous().bearer(&asking), &asking).await, "VALID");
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get("/v1/key-types/partner").await.json(), made_type, "also after a start");
    assert_eq!(admin.get(&format!("/v1/keys/{id}")).await.status, 200);
}

#[tokio::test]
async fn a_custom_type_is_its_tenants_own() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let ops = world.person("ops").await;
    create(&admin, &partner()).await;
    let key = json!({"keyType": "partner", "name": "one", "permissions": ["orders:read"]});
    assert_eq!(bob.post("/v1/keys", &key).await.status, 400, "there is no such type for it");
    assert_eq!(bob.get("/v1/keys?keyType=partner").await.status, 400);
    assert_eq!(bob.get("/v1/key-types/partner").await.status, 404);
    assert_eq!(change(&bob, "partner", &json!({"description": "x"})).await.status, 404);
    assert_eq!(bob.get(&format!("/v1/key-types/partner?tenant={TENANT}")).await.status, 404);
    assert_eq!(bob.get("/v1/key-types").await.json()["keyTypes"].as_array().unwrap().len(), 10);
    let mut body = partner();
    assert_eq!(bob.post("/v1/key-types", &body).await.status, 409, "the prefix is taken");
    body["tenant"] = json!(TENANT);
    assert_eq!(bob.post("/v1/key-types", &body).await.status, 404);
    body = json!({"name": "partner", "format": {"kind": "uuid"}});
    create(&bob, &body).await;
    assert_eq!(bob.get("/v1/key-types/partner").await.json()["format"], json!({"kind": "uuid"}));
    // The cluster says whose it means.
    assert_eq!(ops.get("/v1/key-types/partner").await.status, 404);
    let named = ops.get(&format!("/v1/key-types/partner?tenant={TENANT}")).await.json();
    assert_eq!(named["format"]["kind"], "random");
    assert_eq!(ops.post("/v1/key-types", &partner()).await.status, 400, "of which tenant?");
    body["tenant"] = json!(NO_TENANT);
    assert_eq!(ops.post("/v1/key-types", &body).await.status, 404);
    body["tenant"] = json!(OTHER_TENANT);
    assert_eq!(ops.post("/v1/key-types", &body).await.status, 409, "the name is there already");
    assert_eq!(ops.get("/v1/key-types").await.json()["keyTypes"].as_array().unwrap().len(), 12);
    let vera = world.person(r"t100\vera").await;
    assert_eq!(vera.get("/v1/key-types/partner").await.status, 200);
    assert_eq!(vera.post("/v1/key-types", &partner()).await.status, 403);
    assert_eq!(change(&vera, "partner", &json!({"description": "x"})).await.status, 403);
    assert_eq!(world.person(r"t100\nora").await.get("/v1/key-types").await.status, 403);
    assert_eq!(world.anonymous().get("/v1/key-types").await.status, 401);
}

#[tokio::test]
async fn values_that_no_type_has_are_refused_by_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (member, value, field) in [
        ("name", json!("Partner"), "name"),
        ("name", json!("psk"), "name"),
        ("format", json!({"kind": "random"}), "format.prefix"),
        ("format", json!({"kind": "random", "prefix": "psk_"}), "format.prefix"),
        ("format", json!({"kind": "random", "prefix": "X_"}), "format.prefix"),
        ("format", json!({"kind": "uuid", "prefix": "abc_"}), "format.prefix"),
        ("format", json!({"kind": "jwt"}), "format.kind"),
        ("format", json!({"kind": "chosen"}), "format.kind"),
        ("reveal", json!("twice"), "reveal"),
        ("presentedIn", json!([]), "presentedIn"),
        ("presentedIn", json!(["bearer", "bearer"]), "presentedIn"),
        ("presentedIn", json!([{"header": "cookie"}]), "presentedIn"),
        ("defaultLimit", json!({"capacity": 0, "frequency": 60}), "capacity"),
        ("settings", json!(["colour"]), "settings"),
        ("permissions", json!({"kind": "ownersRoles"}), "permissions.kind"),
        ("description", json!("x".repeat(3000)), "description"),
        ("tenant", json!("*"), "tenant"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut body = partner();
        body[member] = value.clone();
        let answer = admin.post("/v1/key-types", &body).await;
        assert_eq!(answer.status, 400, "{member} {value}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{member} {value}");
    }
}

#[tokio::test]
async fn ap_03_what_keys_are_told_by_never_changes() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let made_type = create(&admin, &partner()).await;
    let same = change(&admin, "partner", &made_type).await;
    assert_eq!((same.status.as_u16(), same.json()), (200, made_type), "as it is shown");
    for (member, value) in [
        ("name", json!("other")),
        ("tenant", json!(OTHER_TENANT)),
        ("format", json!({"kind": "uuid"})),
        ("reveal", json!("recoverable")),
        ("permissions", json!({"kind": "ownersRoles"})),
        ("actions", json!([])),
        ("version", json!(9)),
    ] {
        let answer = change(&admin, "partner", &json!({member: value})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(member)));
    }
    let update = json!({"description": "For partners", "defaultLimit": {"capacity": 5, "frequency": 1},
        "presentedIn": ["bearer"], "settings": ["name"]});
    let stale = admin.clone().with_header("if-match", "\"2\"");
    assert_eq!(change(&stale, "partner", &update).await.status, 412);
    let after = change(&admin, "partner", &update).await;
    assert_eq!(after.status, 200, "{}", after.text());
    assert_eq!((after.header("etag"), &after.json()["version"]), ("\"2\"", &json!(2)));
    assert_eq!(newest(&admin, "key_type.update").await["before"]["description"], Value::Null);
    let (id, _) = made(&admin, &json!({"keyType": "partner", "name": "k"})).await;
    assert_eq!(super::show(&admin, &id).await["limit"], json!({"capacity": 5, "frequency": 1}));
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn a_tenant_has_a_hundred_types_at_most_and_pages_of_them_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..100 {
        create(&admin, &json!({"name": format!("type-{n:03}"), "format": {"kind": "uuid"}})).await;
    }
    let one_more = json!({"name": "one-more", "format": {"kind": "uuid"}});
    assert_eq!(admin.post("/v1/key-types", &one_more).await.status, 409);
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/v1/key-types?limit=40{cursor}")).await.json();
        let types = page["keyTypes"].as_array().unwrap().iter();
        names.extend(types.map(|t| t["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names.len(), 110);
    names.dedup();
    assert_eq!(names.len(), 110);
}
