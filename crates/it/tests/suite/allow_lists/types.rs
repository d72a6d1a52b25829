//! Which key types have an allow-list, and which may change it.

use super::{body, verdict};
use it::{World, world::TENANT};
use serde_json::{Value, json};

const EXPERIENCE: [&str; 4] = ["client", "openconnect", "queueadapter", "telephony"];

#[tokio::test]
async fn a_list_of_an_experience_key_is_given_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let asks = world.client("verifier-a").await;
    for key_type in EXPERIENCE {
        let list = json!({"origins": ["*.crm.example"]});
        let mut wanted = body(key_type, &list);
        wanted.as_object_mut().unwrap().remove("permissions");
        let made = admin.post("/v1/keys", &wanted).await;
        assert_eq!(made.status, 201, "{key_type}: {}", made.text());
        assert_eq!(made.json()["warnings"], Value::Null, "{key_type}");
        let (key, secret) = (made.json(), made.json()["secret"].clone());
        assert_eq!(key["allowList"]["origins"], json!(["https://*.crm.example"]));
        let none = json!({"secret": secret});
        assert_eq!(verdict(&asks, &none).await, "ORIGIN_NOT_ALLOWED", "{key_type}");
        let other = json!({"secret": secret, "origin": "https://crm.example"});
        assert_eq!(verdict(&asks, &other).await, "ORIGIN_NOT_ALLOWED", "{key_type}");
        let own = json!({"secret": secret, "origin": "https://eu.crm.example"});
        assert_eq!(verdict(&asks, &own).await, "VALID", "{key_type}");

        let path = format!("/v1/keys/{}", key["id"].as_str().unwrap());
        for other in [json!({}), json!({"origins": ["crm.example"]})] {
            let answer = admin.patch(&path, &json!({"allowList": other})).await;
            assert_eq!(answer.status, 409, "{key_type}: {}", answer.text());
            assert!(answer.text().contains("allow-list"), "{}", answer.text());
        }
        let same = json!({"allowList": key["allowList"], "name": "renamed"});
        assert_eq!(admin.patch(&path, &same).await.status, 200, "{key_type}");
        assert_eq!(verdict(&asks, &own).await, "VALID", "{key_type}");
        let copied = admin.act(&format!("{path}/copy")).await;
        assert_eq!(copied.status, 201, "{key_type}: {}", copied.text());
        assert_eq!(copied.json()["allowList"], key["allowList"]);

        wanted.as_object_mut().unwrap().remove("allowList");
        let open = admin.post("/v1/keys", &wanted).await;
        assert!(open.json()["warnings"].to_string().contains("from anywhere"), "{}", open.text());
        let any = json!({"secret": open.json()["secret"], "origin": "https://any.example"});
        assert_eq!(verdict(&asks, &any).await, "VALID", "blank accepts any origin");
    }
}

#[tokio::test]
async fn al_01_a_tenant_that_wants_lists_wants_them_of_experience_keys_too() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let wants = json!({"policy": {"requireAllowList": true}});
    let path = format!("/v1/tenants/{TENANT}");
    assert_eq!(admin.patch(&path, &wants).await.status, 200);
    for key_type in EXPERIENCE {
        for (list, status) in [
            (json!({}), 400),
            (json!({"addresses": ["!10.0.0.1"]}), 400),
            (json!({"origins": ["crm.example"]}), 201),
        ] {
            let mut wanted = body(key_type, &list);
            wanted.as_object_mut().unwrap().remove("permissions");
            let answer = admin.post("/v1/keys", &wanted).await;
            assert_eq!(answer.status, status, "{key_type} {list}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn keys_of_types_without_a_list_have_none() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let list = json!({"origins": ["shop.example"]});
    for (key_type, more) in [
        ("nexus", json!({"permissions": ["nexus:consumer:chat"]})),
        ("ges", json!({"permissions": [], "secret": "Kq7vZp2mXw9tRb4nYc6d"})),
        ("psk", json!({"permissions": []})),
        ("deployment", json!({"permissions": []})),
    ] {
        let mut wanted = body(key_type, &list);
        for (member, value) in more.as_object().unwrap() {
            wanted[member] = value.clone();
        }
        let answer = admin.post("/v1/keys", &wanted).await;
        assert_eq!(answer.status, 400, "{key_type}: {}", answer.text());
        assert_eq!(answer.json()["field"], "allowList", "{key_type}");
        wanted.as_object_mut().unwrap().remove("allowList");
        let made = admin.post("/v1/keys", &wanted).await;
        assert_eq!(made.status, 201, "{key_type}: {}", made.text());
        assert!(!made.json()["warnings"].to_string().contains("anywhere"), "{}", made.text());
        let path = format!("/v1/keys/{}", made.json()["id"].as_str().unwrap());
        let answer = admin.patch(&path, &json!({"allowList": list})).await;
        assert_eq!(answer.status, 409, "{key_type}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_custom_type_says_whether_its_lists_may_change() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let asks = world.client("verifier-a").await;
    let made = async |name: &str, settings: Value| {
        let of_type = json!({"name": name, "format": {"kind": "random", "prefix": format!("{name}_")},
            "reveal": "once", "permissions": {"kind": "tenantsOwn"}, "settings": settings});
        let answer = admin.post("/v1/key-types", &of_type).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let list = json!({"addresses": ["10.0.0.0/8"]});
        admin.post("/v1/keys", &body(name, &list)).await
    };
    let with = made("partners", json!(["name", "allowList"])).await;
    assert_eq!(with.status, 201, "{}", with.text());
    let path = format!("/v1/keys/{}", with.json()["id"].as_str().unwrap());
    let asked = json!({"secret": with.json()["secret"], "clientAddress": "192.0.2.7"});
    assert_eq!(verdict(&asks, &asked).await, "ADDRESS_NOT_ALLOWED");
    let wider = json!({"allowList": {"addresses": ["10.0.0.0/8", "192.0.2.0/24"]}});
    assert_eq!(admin.patch(&path, &wider).await.status, 200);
    assert_eq!(verdict(&asks, &asked).await, "VALID", "at once");
    let without = made("visitors", json!(["name"])).await;
    assert_eq!((without.status.as_u16(), &without.json()["field"]), (400, &json!("allowList")));
}
