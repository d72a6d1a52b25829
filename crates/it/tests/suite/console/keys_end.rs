//! How keys end at the console: revoked, now or at an instant, and deleted.

use it::{
    Browser, Caller, World,
    console::{form_to, offers},
};
use serde_json::{Value, json};

const DAY_MS: u32 = 86_400_000;

async fn made(caller: &Caller, name: &str) -> (String, String) {
    let body = json!({"keyType": "nexus", "name": name, "permissions": ["nexus:consumer:chat"]});
    let answer = caller.post("/v1/keys", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

async fn verdict(caller: &Caller, secret: &str) -> Value {
    caller.post("/v1/keys/verify", &json!({"secret": secret})).await.json()["verdict"].clone()
}

/// The newest event of this name.
async fn newest(caller: &Caller, action: &str) -> Value {
    let log = caller.get(&format!("/v1/audit?action={action}&limit=1")).await.json();
    log["events"][0]["event"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_revoked_for_good_with_a_reason() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, "Leaked").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/keys/{id}/revoke");
    let page = browser.open(&path).await;
    let text = page.text();
    assert!(
        text.contains("for good") && text.contains("never") && text.contains("disable"),
        "{text}"
    );
    assert!(text.contains("id=\"panel\"") && text.contains("id=\"results\""), "beside the list");
    let form = form_to(&page, &path).with("reason", "seen on a forum");
    let answer = browser.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-revoked");
    let page = browser.follow(answer).await;
    assert!(page.text().contains("The key is revoked, for good"), "{}", page.text());
    assert_eq!(verdict(&admin, &secret).await, "REVOKED");
    let event = newest(&admin, "key.revoke").await;
    assert_eq!(event["after"]["revokeReason"], "seen on a forum", "{event}");
    let again = browser.open(&path).await;
    assert!(
        again.text().contains("It never comes back")
            || again.text().contains("it never comes back")
    );
    assert!(!offers(&again, &format!("/console/keys/{id}/enable")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_planned_moved_and_comes() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, "Leaving").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/keys/{id}/revoke");
    for (at, wanted) in [
        ("", "Enter a date and a time"),
        ("yesterday", "Enter a date and a time"),
        ("2026-02-01T00:00", "This has passed"),
    ] {
        let page = browser.open(&path).await;
        let form =
            form_to(&page, &path).with("when", "later").with("at", at).with("reason", "moved");
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{at}");
        assert!(answer.text().contains(wanted), "{at}: {}", answer.text());
        let again = form_to(&answer, &path);
        let kept = [again.value("when"), again.value("at"), again.value("reason")];
        assert_eq!(kept, [Some("later"), Some(at), Some("moved")]);
    }
    let form = form_to(&browser.open(&path).await, &path);
    assert_eq!((form.value("when"), form.value("at")), (Some("now"), Some("")));
    let unchosen = browser.send_form(&form.with("at", "2026-03-04T00:00")).await;
    assert_eq!(unchosen.status, 422, "an instant that was typed is not left out");
    assert!(unchosen.text().contains("it is not chosen above"), "{}", unchosen.text());
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    for at in ["2026-03-04T00:00", "2026-03-03T06:30"] {
        let page = browser.open(&path).await;
        let form = form_to(&page, &path).with("when", "later").with("at", at);
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.header("location"), "/console/keys?done=key-revocation-planned");
    }
    let key = admin.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!(key["revoked"], "2026-03-03T06:30:00.000Z");
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    let planned = browser.open(&path).await;
    assert!(planned.text().contains("3 Mar 2026, 06:30:00 UTC"), "{}", planned.text());
    let form = form_to(&planned, &path);
    assert_eq!((form.value("when"), form.value("at")), (Some("later"), Some("2026-03-03T06:30")));
    assert_eq!(browser.send_form(&form).await.status, 303);
    let unchanged = admin.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!((&unchanged["revoked"], &unchanged["version"]), (&key["revoked"], &key["version"]));
    world.clock.advance_millis(2 * DAY_MS);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(verdict(&admin, &secret).await, "REVOKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_revocation_is_taken_back_or_comes_at_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, "Staying").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/keys/{id}/revoke");
    let fresh = browser.open(&path).await;
    assert!(!fresh.text().contains("value=\"never\""), "nothing is planned");
    let nothing = browser.send_form(&form_to(&fresh, &path).with("when", "never")).await;
    assert_eq!(nothing.status, 422);
    for (when, done, wanted) in
        [("never", "key-revocation-taken-back", "VALID"), ("now", "key-revoked", "REVOKED")]
    {
        let form = form_to(&browser.open(&path).await, &path);
        let form = form.with("when", "later").with("at", "2026-03-04T00:00");
        assert_eq!(browser.send_form(&form.with("reason", "leaves")).await.status, 303);
        let form = form_to(&browser.open(&path).await, &path);
        assert_eq!(form.value("reason"), Some("leaves"));
        // The instant stands as it was shown: nobody typed it.
        let answer = browser.send_form(&form.with("when", when)).await;
        assert_eq!(answer.header("location"), format!("/console/keys?done={done}"));
        assert_eq!(verdict(&admin, &secret).await, wanted);
        let key = admin.get(&format!("/v1/keys/{id}")).await.json();
        assert_eq!(key["revoked"].is_null(), when == "never", "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_says_what_disabling_would_do_and_how_the_key_is_used() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, "Old one").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/keys/{id}/delete");
    let unused = browser.open(&path).await.text();
    assert!(unused.contains("<dd>never</dd>") && unused.contains("no calls"), "{unused}");
    for _ in 0..3 {
        verdict(&admin, &secret).await;
    }
    world.service.flush_usage().await;
    world.clock.advance_millis(60_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    world.service.roll_up_usage().await.unwrap();
    let page = browser.open(&path).await;
    let text = page.text();
    assert!(text.contains("3 calls") && text.contains("1 minute ago"), "{text}");
    assert!(text.contains("<strong>disable</strong> it instead"), "{text}");
    let answer = browser.send_form(&form_to(&page, &path)).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-deleted");
    let list = browser.follow(answer).await;
    assert!(list.text().contains("The key is deleted") && !list.text().contains(">Old one<"));
    assert_eq!(verdict(&admin, &secret).await, "NOT_FOUND");
    assert_eq!(browser.open(&path).await.status, 404);
    assert_eq!(newest(&admin, "key.delete").await["subject"]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_changed_meanwhile_is_shown_again_first() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, "Contested").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for act in ["revoke", "delete"] {
        let path = format!("/console/keys/{id}/{act}");
        let page = browser.open(&path).await;
        let form = form_to(&page, &path);
        let rename = json!({"name": format!("Contested, {act}")});
        let answer = admin.patch(&format!("/v1/keys/{id}"), &rename).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{act}");
        assert!(answer.text().contains("Somebody else changed this"), "{}", answer.text());
        assert!(answer.text().contains(&format!("Contested, {act}")), "{}", answer.text());
    }
    let key = admin.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!((&key["revoked"], &key["version"]), (&Value::Null, &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn callback_keys_are_unassigned_and_not_revoked() {
    let world = World::start().await;
    let admin = world.person("ops").await;
    let body = json!({"keyType": "ges", "name": "Callback", "tenant": it::world::TENANT,
        "secret": "a-secret-of-our-own-choosing-1"});
    let answer = admin.post("/v1/keys", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let mut browser = Browser::at_console(&world, "ops").await;
    let list = browser.open("/console/keys").await;
    assert!(!offers(&list, &format!("/console/keys/{id}/revoke")));
    assert!(offers(&list, &format!("/console/keys/{id}/delete")));
    assert_eq!(browser.open(&format!("/console/keys/{id}/revoke")).await.status, 404);
}
