//! The form of a key: what it asks follows from the type, what is wrong stands at its field, and what cannot
//! change has no field.

use super::secrets::{form_with, id_shown, secret_shown};
use http::StatusCode;
use it::{Browser, World, console::form_to};
use serde_json::{Value, json};

/// The form of a new key of this type, and the answer to it with these fields.
pub(super) async fn made(
    browser: &mut Browser,
    of_type: &str,
    fields: &[(&str, &str)],
) -> it::Answer {
    let page = browser.get(&format!("/console/keys/new?type={of_type}")).await;
    assert_eq!(page.status, StatusCode::OK, "{of_type}: {}", page.text());
    let form = fields.iter().fold(form_with(&page, "once"), |form, (name, value)| {
        if *value == "-" { form.without(name) } else { form.with(name, value) }
    });
    browser.send_form(&form).await
}

pub(super) async fn key(world: &World, id: &str) -> Value {
    let admin = world.person("t100\\nexus").await;
    let shown = admin.get(&format!("/v1/keys/{id}")).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    shown.json()
}

#[tokio::test]
async fn a_key_of_each_type_is_made_by_its_form() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let owner = admin.get("/console/keys/new?type=psk").await;
    let owner = owner.text();
    let (before, _) = owner.split_once("\">nora</option>").expect("an owner to choose");
    let owner = before.rsplit_once("value=\"").expect("an id").1.to_owned();
    for (of_type, fields, permissions) in [
        ("nexus", vec![("permission", "nexus:consumer:chat")], json!(["nexus:consumer:chat"])),
        ("ges", vec![("secret", "a-secret-of-somebodys-choosing-17")], json!(["engagement:*"])),
        ("client", vec![("origins", "https://crm.example")], json!(["experience:client"])),
        ("openconnect", vec![], json!(["experience:openconnect"])),
        ("queueadapter", vec![], json!(["experience:queueadapter"])),
        ("telephony", vec![], json!(["experience:telephony"])),
        ("deployment", vec![], json!(["nx1:*"])),
        ("data-psk", vec![], json!(["nx1:data"])),
        (
            "api",
            vec![("permissions", "orders:read\r\norders:write")],
            json!(["orders:read", "orders:write"]),
        ),
        ("psk", vec![("owner", owner.as_str())], json!([])),
    ] {
        let fields: Vec<(&str, &str)> = [("name", of_type)].into_iter().chain(fields).collect();
        let answer = made(&mut admin, of_type, &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{of_type}: {}", answer.text());
        let shown = key(&world, &id_shown(&answer)).await;
        assert_eq!(shown["keyType"], of_type);
        if of_type != "psk" {
            assert_eq!(shown["permissions"], permissions, "{of_type}");
        }
        assert!(secret_shown(&answer).len() >= 16, "{of_type}");
    }
}

#[tokio::test]
async fn the_form_asks_what_keys_of_the_type_have_and_nothing_else() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let every = [
        "name",
        "description",
        "enabled",
        "life",
        "expires",
        "origins",
        "capacity",
        "frequency",
        "every-days",
        "overlap",
        "secret",
        "permissions",
        "addresses",
        "methods",
        "paths",
        "starts",
    ];
    for (of_type, has) in [
        (
            "nexus",
            "name description enabled life expires capacity frequency every-days overlap starts",
        ),
        ("ges", "name description secret"),
        ("openconnect", "name description origins addresses"),
        ("deployment", "name description"),
        (
            "api",
            "name description enabled life expires origins capacity frequency every-days overlap \
             permissions addresses methods paths starts",
        ),
    ] {
        let page = admin.get(&format!("/console/keys/new?type={of_type}")).await;
        let form = form_with(&page, "once");
        let asked: Vec<&str> = every.into_iter().filter(|f| form.value(f).is_some()).collect();
        let mut wanted: Vec<&str> = has.split_whitespace().collect();
        wanted.sort_by_key(|field| every.iter().position(|known| known == field));
        assert_eq!(asked, wanted, "{of_type}");
    }
    let experience = admin.get("/console/keys/new?from=setup").await.text();
    assert!(experience.contains("Generate token"), "opened for setting up OpenConnect");
    assert!(experience.contains("value=\"openconnect\" selected"));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let cases = [
        ("api", "name", "  ", "name"),
        ("api", "permissions", "orders", "permissions"),
        ("api", "permissions", "nexus:consumer:chat", "permissions"),
        ("api", "origins", "https://a.example/path", "origins"),
        ("api", "addresses", "192.0.2.300", "addresses"),
        ("api", "methods", "get", "methods"),
        ("api", "paths", "orders", "paths"),
        ("api", "capacity", "0", "capacity"),
        ("api", "frequency", "many", "frequency"),
        ("api", "every-days", "0", "every-days"),
        ("api", "starts", "tomorrow", "starts"),
        ("api", "expires", "2020-01-01T00:00", "expires"),
        ("nexus", "permission", "-", "permission"),
        ("nexus", "name", "-", "name"),
    ];
    for (of_type, field, value, at) in cases {
        let mut fields =
            vec![("description", "typed before"), ("capacity", "5"), ("frequency", "60")];
        if field != "name" {
            fields.push(("name", "orders"));
        }
        if field == "expires" {
            fields.push(("life", "date"));
        }
        fields.push((field, value));
        let answer = made(&mut admin, of_type, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains(&format!("id=\"{at}-fault\"")), "{field} {value}: {text}");
        assert!(text.contains("typed before"), "{field}");
    }
    let taken = "0123456789abcdef0123456789";
    assert_eq!(
        made(&mut admin, "ges", &[("name", "a"), ("secret", taken)]).await.status,
        StatusCode::OK
    );
    for secret in ["shrt-5", taken, "kw_begins-like-ours-12345"] {
        let answer = made(&mut admin, "ges", &[("name", "b"), ("secret", secret)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("id=\"secret-fault\""), "{secret}");
        assert!(!answer.text().contains(secret), "no secret is shown again");
    }
}

#[tokio::test]
async fn the_permission_cannot_be_changed_later() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "chat"), ("permission", "nexus:consumer:chat")];
    let id = id_shown(&made(&mut admin, "nexus", &fields).await);
    let path = format!("/console/keys/{id}/edit");
    let page = admin.get(&path).await;
    assert!(page.text().contains("The permission cannot be changed"));
    let form = form_to(&page, &path);
    assert_eq!((form.value("permission"), form.value("permissions")), (None, None));
    let form = form.with("permission", "nexus:consumer:securemail").with("name", "renamed");
    assert_eq!(admin.send_form(&form).await.status, StatusCode::SEE_OTHER);
    let shown = key(&world, &id).await;
    assert_eq!(
        (&shown["name"], &shown["permissions"]),
        (&json!("renamed"), &json!(["nexus:consumer:chat"]))
    );
}

#[tokio::test]
async fn a_limit_an_allow_list_and_a_schedule_are_set_changed_and_taken_away() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [
        ("name", "orders"),
        ("capacity", "120"),
        ("frequency", "60"),
        ("origins", "shop.example\n*.example.com"),
        ("addresses", "192.0.2.0/24\n!192.0.2.9"),
        ("methods", "GET"),
        ("paths", "/orders"),
        ("every-days", "90"),
        ("overlap", "3600"),
        ("life", "30"),
    ];
    let id = id_shown(&made(&mut admin, "api", &fields).await);
    let shown = key(&world, &id).await;
    assert_eq!(shown["limit"], json!({"capacity": 120, "frequency": 60}));
    assert_eq!(
        shown["allowList"],
        json!({"origins": ["https://shop.example", "https://*.example.com"],
               "addresses": ["192.0.2.0/24", "!192.0.2.9/32"], "methods": ["GET"], "paths": ["/orders"]})
    );
    assert_eq!(shown["rotation"]["everyDays"], 90);
    assert_eq!(shown["expires"], "2026-03-31T12:00:00.000Z");
    let path = format!("/console/keys/{id}/edit");
    let form = form_to(&admin.get(&path).await, &path);
    assert_eq!(form.value("expires"), Some("2026-03-31T12:00"));
    let unchanged = admin.send_form(&form).await;
    assert_eq!(unchanged.status, StatusCode::SEE_OTHER, "{}", unchanged.text());
    assert_eq!(key(&world, &id).await["version"], shown["version"], "nothing was changed");
    let cleared =
        ["capacity", "frequency", "origins", "addresses", "methods", "paths", "every-days"]
            .into_iter()
            .fold(form, |form, field| form.with(field, ""))
            .with("life", "never");
    assert_eq!(admin.send_form(&cleared).await.status, StatusCode::SEE_OTHER);
    let shown = key(&world, &id).await;
    assert_eq!(
        (&shown["limit"], &shown["rotation"], &shown["expires"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(shown["allowList"]["origins"], json!([]));
}

#[tokio::test]
async fn of_experience_cloud_keys_name_and_description_alone_are_edited() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "pops"), ("origins", "https://crm.example")];
    let id = id_shown(&made(&mut admin, "openconnect", &fields).await);
    let path = format!("/console/keys/{id}/edit");
    let form = form_to(&admin.get(&path).await, &path);
    for field in ["origins", "addresses", "expires", "capacity", "enabled", "permissions"] {
        assert_eq!(form.value(field), None, "{field}");
    }
    let form = form.with("name", "pops of the CRM").with("description", "screen pops");
    let answer = admin.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-changed");
    let shown = key(&world, &id).await;
    assert_eq!(
        (&shown["name"], &shown["description"]),
        (&json!("pops of the CRM"), &json!("screen pops"))
    );
    assert_eq!(shown["allowList"]["origins"], json!(["https://crm.example"]));
}
