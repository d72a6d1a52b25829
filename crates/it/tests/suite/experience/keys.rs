//! The four types through our own API: how they are made, and what may be done to them.

use super::{TYPES, inspected, made, verdict, wanted};
use it::{World, world::TENANT};
use serde_json::{Value, json};

#[tokio::test]
async fn ot_01_each_type_has_one_permission_and_a_secret_shown_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for key_type in TYPES {
        let body = json!({"keyType": key_type, "name": "CRM", "description": "what it is for",
            "allowList": {"origins": ["https://crm.example"]}});
        let answer = admin.post("/v1/keys", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let key = answer.json();
        assert_eq!(key["permissions"], json!([format!("experience:{key_type}")]));
        assert_eq!(key["allowList"]["origins"], json!(["https://crm.example"]));
        let (id, jwt) = (key["id"].as_str().unwrap(), key["secret"].as_str().unwrap());
        assert!(jwt.starts_with("eyJ") && jwt.len() < 600, "{} bytes", jwt.len());
        let hint = key["hint"].as_str().unwrap();
        assert_eq!(hint, format!("eyJ…{}", &jwt[jwt.len() - 4..]), "no claim is in the hint");

        // From now on nobody is told.
        let shown = admin.get(&format!("/v1/keys/{id}")).await;
        let listed = admin.get("/v1/keys").await;
        let audited = admin.get(&format!("/v1/keys/{id}/audit")).await;
        let exported = world.person("ops").await.get("/v1/keys/export").await;
        for told in [&shown, &listed, &audited, &exported] {
            assert_eq!(told.status, 200);
            assert!(!told.text().contains(jwt), "{key_type}");
        }
        let revealed = admin.act(&format!("/v1/keys/{id}/reveal")).await;
        assert_eq!(revealed.status, 409, "{}", revealed.text());
    }
}

#[tokio::test]
async fn a_name_is_needed_and_what_these_keys_do_not_have_is_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (more, field) in [
        (json!({"name": ""}), "name"),
        (json!({"secret": "eyJhbGciOiJFZERTQSJ9.e30.AAAA"}), "secret"),
        (json!({"permissions": ["experience:client"]}), "permissions"),
        (json!({"limit": {"capacity": 1, "frequency": 1}}), "limit"),
        (json!({"expires": "2027-01-01T00:00:00Z"}), "expires"),
        (json!({"startsAt": "2027-01-01T00:00:00Z"}), "startsAt"),
        (json!({"enabled": false}), "enabled"),
        (json!({"tenant": "*"}), "tenant"),
        (json!({"allowList": {"origins": ["https://user@crm.example"]}}), "allowList"),
    ] {
        let mut body = wanted("openconnect");
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let caller = if field == "tenant" { world.person("ops").await } else { admin.clone() };
        let answer = caller.post("/v1/keys", &body).await;
        assert_eq!(answer.status, 400, "{body} {}", answer.text());
        let named = answer.json()["field"].as_str().unwrap_or_default().to_owned();
        assert!(named.starts_with(field), "{named} for {body}");
    }
}

#[tokio::test]
async fn ot_05_name_and_description_change_and_nothing_else() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for key_type in TYPES {
        let (id, jwt) = made(&admin, &wanted(key_type)).await;
        let path = format!("/v1/keys/{id}");
        let changed = admin.patch(&path, &json!({"name": "other", "description": "why"})).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        for (change, status) in [
            (json!({"allowList": {"origins": ["https://crm.example"]}}), 409),
            (json!({"permissions": ["experience:telephony", "experience:client"]}), 400),
            (json!({"limit": {"capacity": 1, "frequency": 1}}), 409),
            (json!({"expires": "2027-01-01T00:00:00Z"}), 409),
            (json!({"enabled": false}), 409),
            (json!({"keyType": "api"}), 400),
        ] {
            let answer = admin.patch(&path, &change).await;
            assert_eq!(answer.status, status, "{change} {}", answer.text());
        }
        for action in ["disable", "regenerate"] {
            let answer = admin.act(&format!("{path}/{action}")).await;
            assert_eq!(answer.status, 409, "{action} {}", answer.text());
            assert!(answer.text().contains(key_type), "it says why: {}", answer.text());
        }
        let before = admin.get(&path).await.json();
        assert_eq!((&before["name"], &before["description"]), (&json!("other"), &json!("why")));
        assert_eq!(verdict(&world, &jwt).await, "VALID");
    }
}

#[tokio::test]
async fn a_rotation_gives_another_jwt_of_the_same_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, first) = made(&admin, &wanted("telephony")).await;
    let path = format!("/v1/keys/{id}/rotate");
    let answer = admin.post(&path, &json!({"overlapSeconds": 60})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let second = answer.json()["secret"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    for jwt in [&first, &second] {
        assert_eq!(verdict(&world, jwt).await, "VALID");
        let said = inspected(&admin, jwt).await;
        assert_eq!((&said["keyId"], &said["current"]), (&json!(id), &json!(true)));
    }
    world.clock.advance_millis(60_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    assert_eq!(verdict(&world, &first).await, "NOT_FOUND");
    let said = inspected(&admin, &first).await;
    assert_eq!((&said["genuine"], &said["current"]), (&json!(true), &json!(false)));
    assert_eq!(verdict(&world, &second).await, "VALID");
}

#[tokio::test]
async fn ot_04_a_copy_has_the_settings_and_a_jwt_of_its_own() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = wanted("client");
    body["allowList"] = json!({"origins": ["https://crm.example"]});
    let (id, jwt) = made(&admin, &body).await;
    let answer = admin.act(&format!("/v1/keys/{id}/copy")).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let copy = answer.json();
    assert_eq!(copy["name"], "client key_2");
    assert_eq!(copy["allowList"]["origins"], json!(["https://crm.example"]));
    let own = copy["secret"].as_str().unwrap();
    assert_ne!(own, jwt);
    assert_eq!(inspected(&admin, own).await["keyId"], copy["id"]);
}

#[tokio::test]
async fn ot_02_an_unacknowledged_key_serves_as_its_tenant_wants() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let tenant = format!("/v1/tenants/{TENANT}");
    for (policy, serves) in
        [(json!({"unacknowledged": "live"}), true), (json!({"unacknowledged": "inactive"}), false)]
    {
        assert_eq!(admin.patch(&tenant, &json!({"policy": policy})).await.status, 200);
        let (id, jwt) = made(&admin, &wanted("queueadapter")).await;
        let shown = admin.get(&format!("/v1/keys/{id}")).await.json();
        assert_eq!(shown["acknowledged"], Value::Null);
        assert_eq!(verdict(&world, &jwt).await, if serves { "VALID" } else { "DISABLED" });
        let answer = admin.act(&format!("/v1/keys/{id}/acknowledge")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(verdict(&world, &jwt).await, "VALID");
    }
}

#[tokio::test]
async fn the_rights_are_those_of_experience_cloud_s_family() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let (vera, nora) = (world.person(r"t100\vera").await, world.person(r"t100\nora").await);
    let (id, jwt) = made(&admin, &wanted("openconnect")).await;
    let path = format!("/v1/keys/{id}");
    assert_eq!(vera.get(&path).await.status, 200);
    assert_eq!(vera.post("/v1/keys", &wanted("openconnect")).await.status, 403);
    assert_eq!(vera.delete(&path).await.status, 403);
    assert_eq!(bob.get(&path).await.status, 404);
    assert_eq!(bob.act(&format!("{path}/rotate")).await.status, 404);
    // Whoever serves Digital Channels and Callback knows nothing of these keys.
    let service = world.client("service-a").await;
    assert_eq!(service.get(&path).await.status, 404);
    assert_eq!(service.post("/v1/keys", &wanted("openconnect")).await.status, 403);

    let body = json!({"secret": jwt});
    let inspect = "/v1/keys/inspect-jwt";
    assert_eq!(world.anonymous().post(inspect, &body).await.status, 401);
    assert_eq!(nora.post(inspect, &body).await.status, 403);
    assert_eq!(service.post(inspect, &body).await.status, 403);
    assert_eq!(inspected(&vera, &jwt).await["genuine"], true);
    let unknown = json!({"genuine": false, "why": "unknown"});
    assert_eq!(inspected(&bob, &jwt).await, unknown, "as one that nobody made");
    for (body, field) in [(json!({"secret": ""}), "secret"), (json!({}), "secret")] {
        let answer = admin.post(inspect, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(field)));
    }
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(inspected(&admin, &jwt).await, unknown, "it is out of sight");
}

#[tokio::test]
async fn the_audit_of_a_key_tells_what_was_done_by_whom_and_when() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &wanted("client")).await;
    let path = format!("/v1/keys/{id}");
    assert_eq!(admin.patch(&path, &json!({"description": "why"})).await.status, 200);
    assert_eq!(admin.act(&format!("{path}/revoke")).await.status, 200);
    let answer = admin.get(&format!("{path}/audit")).await.json();
    let told: Vec<_> = answer["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["event"]["action"].clone(), row["event"]["actor"]["name"].clone()))
        .collect();
    let by = |action: &str| (json!(action), json!("nexus"));
    assert_eq!(told, [by("key.revoke"), by("key.update"), by("key.create")]);
    assert!(answer["events"].as_array().unwrap().iter().all(|row| row["event"]["at"].is_string()));
}
