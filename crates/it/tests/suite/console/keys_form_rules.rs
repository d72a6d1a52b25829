//! Forms of keys and what stands against them: somebody else's change, a policy, a right.

use super::keys_form::{key, made};
use super::secrets::{form_with, id_shown, secret_shown};
use http::StatusCode;
use it::{
    Browser, World,
    console::form_to,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn a_form_that_somebody_elses_change_overtook_changes_nothing() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let id = id_shown(&made(&mut admin, "api", &[("name", "orders")]).await);
    let path = format!("/console/keys/{id}/edit");
    let form = form_to(&admin.get(&path).await, &path);
    let other = world.person("t100\\nexus").await;
    let changed = other.patch(&format!("/v1/keys/{id}"), &json!({"description": "newer"})).await;
    assert_eq!(changed.status, StatusCode::OK);
    let answer = admin.send_form(&form.with("name", "older")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Somebody else changed this"));
    assert_eq!(key(&world, &id).await["name"], "orders");
}

#[tokio::test]
async fn a_copy_is_named_x_2_then_x_3_and_says_that_its_secret_is_another() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [
        ("name", "X"),
        ("permission", "nexus:consumer:chat"),
        ("capacity", "7"),
        ("frequency", "3"),
    ];
    let first = made(&mut admin, "nexus", &fields).await;
    let id = id_shown(&first);
    for wanted in ["X_2", "X_3"] {
        let path = format!("/console/keys/{id}/copy");
        let page = admin.get(&path).await;
        assert!(page.text().contains("another secret"));
        let form = form_to(&page, &path);
        assert_eq!(form.value("name"), Some(wanted));
        let answer = admin.send_form(&form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_ne!(secret_shown(&answer), secret_shown(&first));
        let shown = key(&world, &id_shown(&answer)).await;
        assert_eq!(
            (&shown["name"], &shown["limit"]),
            (&json!(wanted), &json!({"capacity": 7, "frequency": 3}))
        );
        assert_eq!(shown["permissions"], json!(["nexus:consumer:chat"]));
    }
}

#[tokio::test]
async fn whoever_reaches_several_contact_centers_says_whose_the_key_is() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let page = ops.get("/console/keys/new?type=api").await;
    assert!(page.text().contains("Choose whose the key is"));
    assert!(!page.text().contains("name=\"once\""), "nothing else is asked before");
    let page = ops.get(&format!("/console/keys/new?type=api&tenant={OTHER_TENANT}")).await;
    let answer = ops.send_form(&form_with(&page, "once").with("name", "theirs")).await;
    let id = id_shown(&answer);
    let bob = world.person("t200\\bob").await;
    assert_eq!(bob.get(&format!("/v1/keys/{id}")).await.json()["tenant"], OTHER_TENANT);
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let page = admin.get(&format!("/console/keys/new?type=api&tenant={OTHER_TENANT}")).await;
    let answer = admin.send_form(&form_with(&page, "once").with("name", "mine")).await;
    assert_eq!(key(&world, &id_shown(&answer)).await["tenant"], TENANT, "a tenant has no choice");
    let star = ops.get("/console/keys/new?type=nexus&tenant=*").await;
    assert!(star.text().contains("nexus:cluster:*"));
}

#[tokio::test]
async fn a_viewer_and_another_tenant_reach_no_form() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "chat"), ("permission", "nexus:consumer:chat")];
    let id = id_shown(&made(&mut admin, "nexus", &fields).await);
    let mut viewer = Browser::at_console(&world, "t100\\vera").await;
    assert_eq!(viewer.get("/console/keys/new").await.status, StatusCode::FORBIDDEN);
    let mut other = Browser::at_console(&world, "t200\\bob").await;
    for page in ["edit", "copy", "rotate", "reveal"] {
        let path = format!("/console/keys/{id}/{page}");
        assert_eq!(viewer.get(&path).await.status, StatusCode::FORBIDDEN, "{page}");
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn the_policy_is_said_before_it_refuses() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let policy = json!({"longestLifeDays": 60, "defaultLifeDays": 14, "descriptionRequired": true});
    let set = ops.put(&format!("/v1/tenants/{TENANT}/key-policies/api"), &policy).await;
    assert!(set.status.is_success(), "{}", set.text());
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let page = admin.get("/console/keys/new?type=api").await.text();
    assert!(page.contains("At most 60 days from now"), "{page}");
    assert!(page.contains("As the policy says: until 15 Mar 2026, 12:00:00 UTC"), "{page}");
    assert!(page.contains("The policy for keys of this type wants it."), "{page}");
    assert!(!page.contains("In 90 days"), "{page}");
    let fields = [("name", "orders"), ("description", "for the shop")];
    let id = id_shown(&made(&mut admin, "api", &fields).await);
    assert_eq!(key(&world, &id).await["expires"], "2026-03-15T12:00:00.000Z");
    let without = made(&mut admin, "api", &[("name", "orders")]).await;
    assert!(without.text().contains("id=\"description-fault\""));
    let late =
        [("life", "date"), ("expires", "2027-01-01T00:00"), ("name", "n"), ("description", "d")];
    assert!(made(&mut admin, "api", &late).await.text().contains("id=\"expires-fault\""));
}

#[tokio::test]
async fn an_entry_is_checked_while_it_is_typed() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let mut ask = async |kind: &str, entry: &str| {
        let query = it::browser::encoded(&[("kind", kind), ("entry", entry)]);
        admin.get(&format!("/console/keys/entry?{query}")).await.text()
    };
    assert_eq!(ask("origin", "shop.example").await, "good Pages of https://shop.example.");
    assert!(ask("origin", "https://shop.example/x").await.starts_with("bad "));
    assert_eq!(ask("address", "192.0.2.0/24").await, "good From 192.0.2.0/24.");
    assert!(ask("permission", "orders").await.starts_with("bad "));
}
