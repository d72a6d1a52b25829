//! How keys expire at the console: by their own date, which is typed, moved and told, or with a secret that
//! nobody rotated.

use super::keys_form::{key, made};
use super::secrets::{form_with, id_shown, secret_shown};
use http::StatusCode;
use it::{Browser, World, console::form_to};

#[tokio::test]
async fn an_expiry_is_set_reached_and_extended() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [
        ("name", "chat"),
        ("permission", "nexus:consumer:chat"),
        ("life", "date"),
        ("expires", "2026-03-01T12:10"),
    ];
    let answer = made(&mut admin, "nexus", &fields).await;
    let id = id_shown(&answer);
    assert!(answer.text().contains("1 Mar 2026, 12:10:00 UTC"), "the exact instant is said");
    world.clock.advance_millis(700_000);
    let path = format!("/console/keys/{id}/edit");
    let page = admin.get(&path).await;
    assert!(
        page.text().contains("This key expired on 1 Mar 2026, 12:10:00 UTC"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("A new date brings it back"));
    let form = form_to(&page, &path).with("life", "date").with("expires", "2026-05-01T09:15");
    assert_eq!(admin.send_form(&form).await.status, StatusCode::SEE_OTHER);
    let shown = key(&world, &id).await;
    assert_eq!(shown["expires"], "2026-05-01T09:15:00.000Z");
    assert_eq!(shown["availability"], "available");
}

#[tokio::test]
async fn a_date_that_was_typed_counts_and_one_that_has_passed_is_told() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let id = id_shown(&made(&mut admin, "api", &[("name", "orders")]).await);
    let path = format!("/console/keys/{id}/edit");
    let form = form_to(&admin.get(&path).await, &path);
    let dropped = admin.send_form(&form.clone().with("expires", "2026-05-01T09:15")).await;
    assert_eq!(dropped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(dropped.text().contains("it is not chosen above"), "{}", dropped.text());
    assert_eq!(form_to(&dropped, &path).value("expires"), Some("2026-05-01T09:15"));
    for (at, done, told) in [
        ("2026-02-01T09:15", "key-expired", "has passed: it is refused until it gets a later one"),
        ("2026-03-01T14:00", "key-changed", "Expires in 2 hours"),
    ] {
        let form = form_to(&admin.get(&path).await, &path);
        let answer = admin.send_form(&form.with("life", "date").with("expires", at)).await;
        assert_eq!(answer.header("location"), format!("/console/keys?done={done}"), "{at}");
        let list = admin.follow(answer).await;
        assert!(list.text().contains(told), "{at}: {}", list.text());
    }
    // What stands as it was shown was not typed.
    let form = form_to(&admin.get(&path).await, &path).with("life", "never");
    assert_eq!(form.value("expires"), Some("2026-03-01T14:00"));
    assert_eq!(admin.send_form(&form).await.status, StatusCode::SEE_OTHER);
    assert!(key(&world, &id).await["expires"].is_null());
}

#[tokio::test]
async fn a_key_whose_secret_nobody_rotated_is_brought_back_by_rotating() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "orders"), ("every-days", "1"), ("overlap", "3600")];
    let page = made(&mut admin, "api", &fields).await;
    let (id, secret) = (id_shown(&page), secret_shown(&page));
    world.clock.advance_millis(2 * 86_400_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let edit = admin.get(&format!("/console/keys/{id}/edit")).await.text();
    assert!(edit.contains("its secret was due to be rotated, and nobody did"), "{edit}");
    assert!(!edit.contains("A new date brings it back"), "{edit}");
    let page = admin.get("/console/validate").await;
    let told = admin.send_form(&form_with(&page, "key").with("key", &secret)).await.text();
    assert!(told.contains("Rotating it brings it back"), "{told}");
    assert!(!told.contains("A new expiration date"), "{told}");
}
