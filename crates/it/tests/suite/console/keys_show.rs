//! One key, in four tabs: where it stands and what brings it back, its secrets, its use, what was done to it.

use http::StatusCode;
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
};
use serde_json::{Value, json};

const TABS: [&str; 4] = ["", "/secrets", "/usage", "/audit"];

/// A key's id and its secret.
async fn made(admin: &Caller, body: &Value) -> (String, String) {
    let answer = admin.post("/v1/keys", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

fn api(name: &str) -> Value {
    json!({"keyType": "api", "name": name, "permissions": ["orders:read"]})
}

async fn open(browser: &mut Browser, id: &str, tab: &str) -> Answer {
    let page = browser.get(&format!("/console/keys/{id}{tab}")).await;
    assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.text());
    page
}

#[tokio::test]
async fn every_status_is_said_with_what_brings_the_key_back() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let with = |member: &str, value: Value| {
        let mut body = api(member);
        body[member] = value;
        body
    };
    let (plain, _) = made(&admin, &api("plain")).await;
    let (off, _) = made(&admin, &with("enabled", json!(false))).await;
    let (soon, _) = made(&admin, &with("expires", json!("2026-03-05T12:00:00Z"))).await;
    let (later, _) = made(&admin, &with("startsAt", json!("2026-03-05T12:00:00Z"))).await;
    let (ends, _) = made(&admin, &with("expires", json!("2026-03-01T12:00:01Z"))).await;
    let (gone, _) = made(&admin, &api("gone")).await;
    let reason = json!({"reason": "left the company"});
    admin.post(&format!("/v1/keys/{gone}/revoke"), &reason).await;
    let (planned, _) = made(&admin, &api("planned")).await;
    let then = json!({"at": "2026-03-05T12:00:00Z"});
    let answer = admin.post(&format!("/v1/keys/{planned}/revoke"), &then).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let (turns, _) = made(&admin, &api("turns")).await;
    let answer =
        admin.post(&format!("/v1/keys/{turns}/rotate"), &json!({"overlapSeconds": 3600})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    world.clock.advance_millis(2_000);
    for (id, words) in [
        (
            &plain,
            vec!["Available", "Will never expire", "accepted from anywhere", "Not acknowledged"],
        ),
        (&off, vec!["Disabled", "Enable</button>"]),
        (&soon, vec!["Expires in 4 days", "5 Mar 2026, 12:00:00 UTC"]),
        (&later, vec!["Not yet valid", "Not before"]),
        (&ends, vec!["Expired", "1 Mar 2026, 12:00:01 UTC", "Set a new expiration date"]),
        (&gone, vec!["Revoked", "left the company", "for good"]),
        (&planned, vec!["To be revoked", "Revoked in 4 days"]),
        (&turns, vec!["Rotating"]),
    ] {
        let text = open(&mut browser, id, "").await.text();
        for word in words {
            assert!(text.contains(word), "{word:?}: {text}");
        }
    }
    let gone_page = open(&mut browser, &gone, "").await;
    for action in ["rotate", "revoke", "enable", "disable"] {
        let path = format!("/console/keys/{gone}/{action}");
        assert!(!offers(&gone_page, &path), "a revoked key offers {action}");
    }
}

#[tokio::test]
async fn a_key_of_another_tenant_and_a_secret_are_no_page() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("mine")).await;
    let mut bob = Browser::at_console(&world, r"t200\bob").await;
    let mut own = Browser::at_console(&world, r"t100\nexus").await;
    for tab in TABS.into_iter().chain(["/retire-secret", "/extend-overlap"]) {
        let foreign = bob.get(&format!("/console/keys/{id}{tab}")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{tab}");
        assert!(!foreign.text().contains("mine"));
        let by_secret = own.get(&format!("/console/keys/{secret}{tab}")).await;
        assert_eq!(by_secret.status, StatusCode::NOT_FOUND, "{tab}");
        assert!(!by_secret.text().contains(&secret));
    }
}

#[tokio::test]
async fn a_viewer_sees_every_tab_and_cannot_touch() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("seen")).await;
    admin.post(&format!("/v1/keys/{id}/rotate"), &json!({"overlapSeconds": 3600})).await;
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    for tab in TABS {
        let page = open(&mut vera, &id, tab).await;
        for action in [
            "edit",
            "copy",
            "rotate",
            "reveal",
            "enable",
            "disable",
            "revoke",
            "delete",
            "retire-secret",
        ] {
            assert!(!offers(&page, &format!("/console/keys/{id}/{action}")), "{tab} {action}");
        }
    }
    let page = open(&mut vera, &id, "").await;
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    for action in ["retire-secret", "extend-overlap"] {
        let path = format!("/console/keys/{id}/{action}");
        assert_eq!(vera.get(&path).await.status, StatusCode::FORBIDDEN);
        let fields = [("token", token.as_str()), ("amount", "1"), ("unit", "hours")];
        assert_eq!(vera.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn an_old_secret_works_for_longer_and_is_retired_when_nobody_needs_it() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, old) = made(&admin, &api("turning")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = |action: &str| format!("/console/keys/{id}/{action}");
    let alone = open(&mut browser, &id, "/secrets").await;
    assert!(!offers(&alone, &path("retire-secret")));
    let nothing = open(&mut browser, &id, "/retire-secret").await;
    assert!(nothing.text().contains("nothing to retire"));
    admin.post(&format!("/v1/keys/{id}/rotate"), &json!({"overlapSeconds": 3600})).await;

    let both = open(&mut browser, &id, "/secrets").await;
    assert!(both.text().contains("Two secrets") && offers(&both, &path("extend-overlap")));
    for (amount, unit) in [("many", "hours"), ("0", "hours"), ("31", "days"), ("721", "hours")] {
        let page = open(&mut browser, &id, "/extend-overlap").await;
        let form =
            form_to(&page, &path("extend-overlap")).with("amount", amount).with("unit", unit);
        let again = browser.send_form(&form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {unit}");
        assert!(again.text().contains("id=\"amount-fault\""), "{}", again.text());
        let kept = form_to(&again, &path("extend-overlap"));
        assert_eq!((kept.value("amount"), kept.value("unit")), (Some(amount), Some(unit)));
    }
    let page = open(&mut browser, &id, "/extend-overlap").await;
    let stale = form_to(&page, &path("extend-overlap"));
    let fields = [("amount", "2"), ("unit", "days")];
    let longer = browser.submit_to(&page, &path("extend-overlap"), &fields).await;
    assert!(longer.text().contains("works for longer"), "{}", longer.text());
    assert!(longer.text().contains("3 Mar 2026, 12:00:00 UTC"), "{}", longer.text());
    let late = browser.send_form(&stale).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody else changed it meanwhile");

    let page = open(&mut browser, &id, "/retire-secret").await;
    let retired = browser.submit_to(&page, &path("retire-secret"), &[]).await;
    assert!(retired.text().contains("is retired"), "{}", retired.text());
    let verdict = admin.post("/v1/keys/verify", &json!({"secret": old})).await.json();
    assert_eq!(verdict["verdict"], "NOT_FOUND", "{verdict}");
    let log = open(&mut browser, &id, "/audit").await.text();
    for words in ["Old secret retired", "Overlap extended", "Key rotated", "Key made"] {
        assert!(log.contains(words), "{words}");
    }
}

#[tokio::test]
async fn use_is_shown_by_verdict_as_a_sentence_a_chart_and_a_table() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("used")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let before = open(&mut browser, &id, "/usage").await.text();
    assert!(before.contains("never") && !before.contains("<svg class=\"chart\""));
    for _ in 0..3 {
        admin.post("/v1/keys/verify", &json!({"secret": secret})).await;
    }
    admin
        .post(
            "/v1/keys/verify",
            &json!({"secret": secret, "permissions": {"all": ["orders:write"]}}),
        )
        .await;
    world.service.flush_usage().await;
    world.clock.advance_millis(1_000);
    world.service.roll_up_usage().await.unwrap();
    for range in ["", "?range=24h", "?range=7d", "?range=30d", "?range=%22%3Cb%3E"] {
        let text = open(&mut browser, &id, &format!("/usage{range}")).await.text();
        assert!(text.contains("4 calls in the last"), "{range}: {text}");
        assert!(text.contains("<svg class=\"chart\"") && text.contains("INSUFFICIENT_PERMISSIONS"));
        assert!(!text.contains("\"<b>"), "{range}");
    }
}

#[tokio::test]
async fn no_tab_holds_a_secret() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, first) = made(&admin, &api("kept apart")).await;
    let rotated =
        admin.post(&format!("/v1/keys/{id}/rotate"), &json!({"overlapSeconds": 3600})).await.json();
    let second = rotated["secret"].as_str().expect("a secret");
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for tab in TABS.into_iter().chain(["/retire-secret", "/extend-overlap"]) {
        let text = open(&mut browser, &id, tab).await.text();
        assert!(!text.contains(&first) && !text.contains(second), "{tab}");
    }
}

#[tokio::test]
async fn wb_05_what_strangers_wrote_is_text_on_every_tab() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let evil = "\"><img src=x onerror=alert(1)>{{7*7}}<script>";
    let mut body = api(evil);
    body["description"] = json!(evil);
    let (id, _) = made(&admin, &body).await;
    admin.post(&format!("/v1/keys/{id}/revoke"), &json!({"reason": evil})).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for tab in TABS {
        let text = open(&mut browser, &id, tab).await.text();
        assert!(!text.contains("<img") && !text.contains("<script>"), "{tab}: {text}");
        assert!(text.contains("&#60;img src=x onerror=alert(1)&#62;"), "{tab}");
    }
}

#[tokio::test]
async fn the_lists_script_gets_the_events_in_a_panel_and_a_browser_gets_the_tab() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("watched")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let tab = open(&mut browser, &id, "/audit").await;
    assert!(!tab.text().contains("id=\"panel\"") && tab.text().contains("Key made"));
    let scripted = world.anonymous().with_header("sec-fetch-dest", "empty");
    let mut script = Browser::new(scripted);
    script.cookies = browser.cookies.clone();
    let panel = open(&mut script, &id, "/audit").await.text();
    assert!(panel.contains("id=\"panel\"") && panel.contains("data-panel-of=\"/console/keys\""));
    assert_eq!(panel.matches("Key made").count(), 1, "the events stand in the panel alone");
}

#[tokio::test]
async fn whoever_made_a_key_says_that_its_secret_is_stored() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("fresh")).await;
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    let seen = open(&mut vera, &id, "").await;
    let path = format!("/console/keys/{id}/acknowledge");
    assert!(seen.text().contains("Not acknowledged") && !offers(&seen, &path));
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = open(&mut browser, &id, "").await;
    let after = browser.submit_to(&page, &path, &[]).await;
    assert!(!after.text().contains("Not acknowledged"), "{}", after.text());
    assert!(after.text().contains("It is noted"), "{}", after.text());
}
