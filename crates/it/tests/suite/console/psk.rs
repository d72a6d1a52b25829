//! The personal PSK: made, replaced and ended by the person whose it is, and by nobody else.

use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
    world::PASSWORD,
};
use serde_json::json;

const PSK: &str = "/console/settings/psk";
const CREATE: &str = "/console/settings/psk/create";
const REGENERATE: &str = "/console/settings/psk/regenerate";
const DELETE: &str = "/console/settings/psk/delete";

/// A person who may have a PSK that opens something.
async fn analyst(world: &World) -> Browser {
    let admin = world.person(r"t100\nexus").await;
    let person = json!({
        "username": "anna", "roles": ["nx1_ask"], "password": PASSWORD,
    });
    let made = admin.post("/v1/persons", &person).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let settled =
        admin.patch(&format!("/v1/persons/{id}"), &json!({"mustChangePassword": false})).await;
    assert_eq!(settled.status, 200, "{}", settled.text());
    Browser::at_console(world, r"t100\anna").await
}

/// The secret on the page that shows it.
fn secret_on(page: &Answer) -> String {
    let text = page.text();
    let at = text.find("psk_").unwrap_or_else(|| panic!("{}: {text}", page.status));
    let secret: String =
        text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    assert_eq!(secret.len(), 42, "{secret}");
    secret
}

/// The verdict on a PSK, as the cluster is told it.
async fn verdict(ops: &Caller, secret: &str) -> String {
    let answer = ops.post("/v1/keys/verify", &json!({"secret": secret})).await;
    answer.json()["verdict"].as_str().expect("a verdict").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psk_is_created_regenerated_and_deleted() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut browser = analyst(&world).await;
    let page = browser.get("/console/settings").await;
    assert!(page.text().contains("You have none"), "{}", page.text());
    let panel = browser.get(PSK).await;
    assert!(panel.text().contains("nx1:<wbr>ask"), "it says what it may do: {}", panel.text());
    let shown = browser.submit_to(&panel, CREATE, &[("description", "my notebook")]).await;
    let first = secret_on(&shown);
    assert_eq!(verdict(&ops, &first).await, "VALID");

    let panel = browser.get(PSK).await;
    let text = panel.text();
    assert!(!text.contains(&first), "shown once");
    assert_eq!(form_to(&panel, REGENERATE).value("description"), Some("my notebook"));
    assert!(
        text.contains("Created") && text.contains("Last used") && offers(&panel, DELETE),
        "{text}"
    );
    let asked = browser.submit_to(&panel, REGENERATE, &[]).await;
    assert!(asked.text().contains("stops working at once"), "{}", asked.text());
    assert_eq!(verdict(&ops, &first).await, "VALID", "nothing happens before the confirmation");
    let confirmed = form_to(&asked, REGENERATE);
    let second = secret_on(&browser.send_form(&confirmed).await);
    assert_ne!(first, second);
    let again = browser.send_form(&confirmed).await;
    assert_eq!(again.status, 409, "a reload of the answer makes no other one");
    assert!(again.text().contains("sent before") && !again.text().contains("psk_"));
    let verdicts = (verdict(&ops, &first).await, verdict(&ops, &second).await);
    assert_eq!((verdicts.0.as_str(), verdicts.1.as_str()), ("NOT_FOUND", "VALID"));
    let kept = form_to(&browser.get(PSK).await, REGENERATE);
    assert_eq!(kept.value("description"), Some("my notebook"), "kept if untouched");

    let asked = browser.get(DELETE).await;
    assert!(asked.text().contains("for good"), "{}", asked.text());
    let page = browser.submit_to(&asked, DELETE, &[]).await;
    assert!(page.text().contains("Your personal PSK is deleted"), "{}", page.text());
    assert_eq!(verdict(&ops, &second).await, "NOT_FOUND");
    assert!(offers(&browser.get(PSK).await, CREATE), "another one may be made");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_description_is_noted_when_a_psk_is_regenerated() {
    let world = World::start().await;
    let mut browser = analyst(&world).await;
    let panel = browser.get(PSK).await;
    browser.submit_to(&panel, CREATE, &[("description", "old")]).await;
    let panel = browser.get(PSK).await;
    let asked =
        browser.submit_to(&panel, REGENERATE, &[("description", "new \u{5e9}\u{5dc} <b>")]).await;
    secret_on(&browser.submit_to(&asked, REGENERATE, &[]).await);
    let page = browser.get("/console/settings").await;
    assert!(page.text().contains("new \u{5e9}\u{5dc} &#60;b&#62;"), "{}", page.text());
    let panel = browser.get(PSK).await;
    let asked = browser.submit_to(&panel, REGENERATE, &[("description", " ")]).await;
    secret_on(&browser.submit_to(&asked, REGENERATE, &[]).await);
    let emptied = form_to(&browser.get(PSK).await, REGENERATE);
    assert_eq!(emptied.value("description"), Some(""), "an emptied description is none");
    let long = "x".repeat(1_001);
    let panel = browser.get(PSK).await;
    let asked = browser.submit_to(&panel, REGENERATE, &[("description", &long)]).await;
    let wrong = browser.submit_to(&asked, REGENERATE, &[]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("id=\"description-fault\""), "{}", wrong.text());
    assert_eq!(form_to(&wrong, REGENERATE).value("description"), Some(long.as_str()), "it stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psk_whose_owner_says_that_it_is_stored_is_acknowledged() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut browser = analyst(&world).await;
    for (panel, action) in [(PSK, CREATE), (REGENERATE, REGENERATE)] {
        let asked = browser.get(panel).await;
        let shown = browser.submit_to(&asked, action, &[]).await;
        let text = shown.text();
        let at = text.find("/console/keys/key_").expect("where it is said");
        let id = text[at..].split('/').nth(3).expect("an id").to_owned();
        let key = format!("/v1/keys/{id}");
        assert_eq!(ops.get(&key).await.json()["acknowledged"], json!(null), "nobody said so yet");
        let said = format!("/console/keys/{id}/acknowledge");
        let page = browser.submit_to(&shown, &said, &[]).await;
        assert!(page.text().contains("you stored your personal PSK"), "{}", page.text());
        assert!(ops.get(&key).await.json()["acknowledged"].is_string(), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lacks_the_right_has_no_psk() {
    let world = World::start().await;
    for username in [r"t100\nora", "ops"] {
        let mut browser = Browser::at_console(&world, username).await;
        let page = browser.get("/console/settings").await;
        assert!(!offers(&page, PSK), "{username}: {}", page.text());
        let token = form_to(&page, "/console/sign-out").value("token").expect("one").to_owned();
        for path in [PSK, REGENERATE, DELETE] {
            assert_eq!(browser.get(path).await.status, 403, "{username} {path}");
        }
        for path in [CREATE, REGENERATE, DELETE] {
            let fields = [("token", token.as_str()), ("description", "x"), ("confirmed", "yes")];
            assert_eq!(browser.post(path, &fields).await.status, 403, "{username} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_psk_there_is_nothing_to_regenerate_or_delete() {
    let world = World::start().await;
    let mut browser = analyst(&world).await;
    let page = browser.get(PSK).await;
    let token = form_to(&page, CREATE).value("token").expect("one").to_owned();
    for path in [REGENERATE, DELETE] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
        let answer = browser.post(path, &[("token", &token), ("confirmed", "yes")]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    browser.submit_to(&page, CREATE, &[]).await;
    let again = browser.post(CREATE, &[("token", &token)]).await;
    assert_eq!(again.status, 422, "one a person: {}", again.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_a_psk_is_made_by_whoever_proved_themself_just_now() {
    let world = World::start().await;
    let mut browser = analyst(&world).await;
    world.clock.advance_millis(301_000);
    let panel = browser.get(PSK).await;
    let form = form_to(&panel, CREATE).with("description", "my script");
    let asked = browser.send_form(&form).await;
    assert_eq!(asked.status, 422);
    let again = form_to(&asked, CREATE);
    assert_eq!(again.value("description"), Some("my script"), "what was typed stays");
    let wrong = browser.send_form(&again.clone().with("current-password", "not this one")).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.text().contains("not this one"));
    let right = form_to(&wrong, CREATE).with("current-password", PASSWORD);
    secret_on(&browser.send_form(&right).await);
}
