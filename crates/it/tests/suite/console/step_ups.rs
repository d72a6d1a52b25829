//! What shows or replaces a secret: by whom it is asked for (SE-05), and what its answer carries (WB-07).

use super::{
    headers::check,
    secrets::{form_with, secret_shown},
};
use crate::auth_v3::later;
use it::{Answer, Browser, Caller, World, console::form_to, world::PASSWORD};
use serde_json::{Value, json};

/// The field of the password, and what a page says of it.
const PROOF: &str = "current-password";
const ASKED: &str = "id=\"current-password-fault\"";
/// A page with a secret has this.
const SECRET: &str = "data-secret-text";

async fn made(admin: &Caller, key_type: &str, permissions: &[&str]) -> String {
    let body = json!({"keyType": key_type, "name": "to prove", "permissions": permissions});
    let made = admin.post("/v1/keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().expect("an id").to_owned()
}

/// A page whose form asks for a fresh proof, and where that form goes. Each of them ends in a secret.
async fn step_ups(world: &World) -> Vec<(String, String)> {
    let admin = world.person(r"t100\nexus").await;
    let vera: Value = admin.get("/v1/persons?search=vera").await.json();
    let vera = vera["persons"][0]["id"].as_str().expect("an id").to_owned();
    let psk = "/console/settings/psk";
    let mut all = vec![
        (psk.to_owned(), format!("{psk}/create")),
        (format!("{psk}/regenerate"), format!("{psk}/regenerate")),
    ];
    for path in [
        format!("keys/{}/rotate", made(&admin, "api", &["orders:read"]).await),
        format!("keys/{}/regenerate", made(&admin, "deployment", &[]).await),
        format!("keys/{}/reveal", made(&admin, "nexus", &["nexus:consumer:chat"]).await),
        "clients/service-a/regenerate-secret".to_owned(),
        format!("persons/{vera}/password"),
    ] {
        let path = format!("/console/{path}");
        all.push((path.clone(), path));
    }
    all
}

fn events(world: &World) -> String {
    world.place().sql("SELECT count(*) FROM audit_events").concat()
}

/// Holds the answer with a secret to what it has to carry.
fn shows_a_secret(answer: &Answer, path: &str) {
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert!(secret_shown(answer).len() >= 16, "{path}");
    check(answer, path, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_wb_07_a_secret_is_shown_or_replaced_by_whoever_proved_themself_just_now() {
    let world = World::start().await;
    let acts = step_ups(&world).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for (page, action) in acts {
        // Loaded while the sign-in was fresh, sent when it is not.
        let fresh = form_to(&browser.get(&page).await, &action);
        assert_eq!(fresh.value(PROOF), None, "{page}: the sign-in has just been");
        later(&world, 301_000);
        let before = events(&world);
        let late = form_to(&browser.get(&page).await, &action);
        assert_eq!(late.value(PROOF), Some(""), "{page}");
        for form in [fresh, late] {
            let asked = browser.send_form(&form).await;
            let text = asked.text();
            assert_eq!(asked.status, 422, "{action}: {text}");
            assert!(text.contains(ASKED) && !text.contains(SECRET), "{action}: {text}");
            check(&asked, &action, false);
            assert_eq!(events(&world), before, "{action}: something was done");
        }
        let asked = form_to(&browser.get(&page).await, &action);
        let done = browser.send_form(&asked.with(PROOF, PASSWORD)).await;
        shows_a_secret(&done, &action);
        assert_ne!(events(&world), before, "{action}: nothing was done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_07_what_is_made_with_a_secret_is_shown_to_this_page_of_this_browser_alone() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for key_type in ["nexus", "api", "deployment", "openconnect"] {
        let page = browser.get(&format!("/console/keys/new?type={key_type}")).await;
        let form = form_with(&page, "once").with("name", "made");
        let form = match key_type {
            "nexus" => form.with("permission", "nexus:consumer:chat"),
            _ => form,
        };
        let answer = browser.send_form(&form).await;
        shows_a_secret(&answer, key_type);
        let copy = format!("/console/keys/{}/copy", super::secrets::id_shown(&answer));
        let form = form_to(&browser.get(&copy).await, &copy);
        shows_a_secret(&browser.send_form(&form).await, &copy);
    }
    let page = browser.get("/console/clients/new").await;
    let form = form_with(&page, "client-id").with("client-id", "made");
    shows_a_secret(&browser.send_form(&form).await, "/console/clients");
    let page = browser.get("/console/persons/new").await;
    let form = form_with(&page, "username").with("username", "made");
    shows_a_secret(&browser.send_form(&form).await, "/console/persons");
}
