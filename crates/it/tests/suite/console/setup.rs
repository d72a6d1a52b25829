//! Setup integration: how a key is presented, and a call that tries one.

use domain::{
    gateway_route::{Upstream as To, preset},
    policy::Source,
};
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
    world::PASSWORD,
};
use serde_json::{Value, json};
use service::rules::Configured;

const SETUP: &str = "/console/setup";

async fn made(admin: &Caller, body: Value) -> (String, String) {
    let answer = admin.post("/v1/keys", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// Sends the test call of a page.
async fn tried(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    let form = form_to(&page, SETUP);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    let answer = browser.send_form(&form).await;
    for (name, value) in fields {
        assert!(*name != "secret" || !answer.text().contains(value), "the key stands on the page");
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_that_setup_integration_opens_leads_to_the_guide_and_the_guide_to_the_form() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let list = browser.open("/console/keys").await;
    assert!(list.text().contains(">Setup integration<"), "{}", list.text());
    let form = browser.open("/console/keys/new?type=openconnect&from=setup").await;
    assert!(form.text().contains("An integration needs a key"), "{}", form.text());
    assert!(
        offers(&form, SETUP) && form.text().contains("href=\"/console/setup?type=openconnect\"")
    );
    let plain = browser.open("/console/keys/new?type=openconnect").await;
    assert!(!plain.text().contains("An integration needs a key"), "{}", plain.text());
    let guide = browser.open("/console/setup?type=openconnect").await;
    assert!(guide.text().contains("Generate an OpenConnect key"), "{}", guide.text());
    assert!(offers(&guide, "/console/keys/new"), "{}", guide.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_openconnect_is_tried_as_the_endpoint_takes_it() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, jwt) = made(&admin, json!({"keyType": "openconnect", "name": "CRM"})).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/setup?type=openconnect&key={id}");
    let page = browser.get(&path).await;
    let text = page.text();
    assert!(text.contains("/openconnect&#39;") || text.contains("/openconnect'"), "{text}");
    assert!(text.contains("Authorization: Bearer $API_KEY"), "{text}");
    assert!(text.contains(&format!("data-seen=\"/console/keys/{id}/seen\"")), "{text}");
    assert!(offers(&page, &format!("/console/keys/{id}")), "{text}");
    assert!(text.contains("No request with this API key has been seen yet"), "{text}");
    let good = tried(&mut browser, &path, &[("secret", &jwt)]).await;
    assert!(good.text().contains("answered 200 OK"), "{}", good.text());
    assert!(good.text().contains("{&#34;status&#34;:&#34;ok&#34;}"), "{}", good.text());
    let missing = tried(&mut browser, &path, &[("secret", &jwt), ("crmId", "")]).await;
    assert!(missing.text().contains("answered 400 Bad Request"), "{}", missing.text());
    let bad = tried(&mut browser, &path, &[("secret", "no-such-key-at-all-0")]).await;
    assert!(bad.text().contains("answered 401 Unauthorized"), "{}", bad.text());
    assert!(bad.text().contains("unauthorized"), "{}", bad.text());
    let events = admin.get("/v1/audit").await.text();
    assert!(!events.contains(&jwt), "{events}");
    assert!(world.service.flush_usage().await);
    world.clock.advance_millis(60_000);
    world.service.roll_up_usage().await.expect("the journal is added up");
    let used = browser.get(&path).await.text();
    assert!(used.contains("last used 1 minute ago, 1 Mar 2026, 12:00:00 UTC"), "{used}");
    assert!(!used.contains("data-seen") && !used.contains("has been seen yet"), "{used}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_origin_of_a_test_call_is_held_against_the_allow_list() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({
        "keyType": "openconnect", "name": "CRM", "allowList": {"origins": ["https://crm.example"]},
    });
    let (id, jwt) = made(&admin, body).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = format!("/console/setup?key={id}");
    let good = tried(&mut browser, &path, &[("secret", &jwt)]).await;
    assert!(good.text().contains("answered 200 OK"), "filled in from the key: {}", good.text());
    let bad =
        tried(&mut browser, &path, &[("secret", &jwt), ("origin", "https://x.example")]).await;
    assert!(bad.text().contains("answered 403 Forbidden"), "{}", bad.text());
    let nothing = tried(&mut browser, &path, &[]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("Paste an API key"), "{}", nothing.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_of_the_gateway_is_offered_and_says_what_it_would() {
    let world = World::start().await;
    let to = To {
        tls: false,
        host: "127.0.0.1".to_owned(),
        port: 9,
        base: String::new(),
        configured: true,
    };
    let route = preset("nexus-chat").expect("a preset").route(to, Source::Configuration);
    let configured = Configured { routes: vec![route], ..Configured::default() };
    world.service.configure_rules(configured).expect("a route that can be");
    let admin = world.person(r"t100\nexus").await;
    let key = |permission: &str| {
        json!({"keyType": "nexus", "name": "Chat", "permissions": [permission],
            "limit": {"capacity": 1, "frequency": 60}})
    };
    let (_, chat) = made(&admin, key("nexus:consumer:chat")).await;
    let (_, mail) = made(&admin, key("nexus:consumer:securemail")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = "/console/setup?type=nexus";
    let page = browser.get(path).await;
    assert!(page.text().contains("/nexus/v3/chat/"), "{}", page.text());
    assert!(page.text().contains("x-api-key: $API_KEY"), "{}", page.text());
    let good = tried(&mut browser, path, &[("secret", &chat)]).await;
    assert!(good.text().contains("answered 200 OK"), "{}", good.text());
    assert!(good.text().contains("x-keyward-key-name: Chat"), "{}", good.text());
    let over = tried(&mut browser, path, &[("secret", &chat)]).await;
    assert!(over.text().contains("answered 429 Too Many Requests"), "{}", over.text());
    let wrong = tried(&mut browser, path, &[("secret", &mail)]).await;
    assert!(wrong.text().contains("answered 403 Forbidden"), "{}", wrong.text());
    let whose = [("secret", mail.as_str()), ("endpoint", "whoami")];
    let whose = tried(&mut browser, path, &whose).await;
    assert!(whose.text().contains("answered 200 OK"), "{}", whose.text());
    assert!(whose.text().contains("nexus:consumer:securemail"), "{}", whose.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn types_that_one_cannot_use_are_not_offered() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let person = json!({"username": "anna", "roles": ["nx1_ask"], "password": PASSWORD});
    let anna = admin.post("/v1/persons", &person).await.json();
    let path = format!("/v1/persons/{}", anna["id"].as_str().expect("an id"));
    admin.patch(&path, &json!({"mustChangePassword": false})).await;
    let offered = |page: &Answer| -> Vec<String> {
        let text = page.text();
        let parts = text.split("/console/setup?type=").skip(1);
        parts.map(|part| part.split('"').next().expect("a name").to_owned()).collect()
    };
    let mut browser = Browser::at_console(&world, r"t100\anna").await;
    let page = browser.get(SETUP).await;
    assert_eq!(offered(&page), ["psk"], "{}", page.text());
    assert!(page.text().contains("Authorization-PSK"), "{}", page.text());
    assert!(offers(&page, "/console/settings/psk"), "{}", page.text());
    let token = form_to(&page, SETUP).value("token").expect("a token").to_owned();
    let foreign = [("token", token.as_str()), ("type", "nexus"), ("secret", "x")];
    assert_eq!(browser.post(SETUP, &foreign).await.status, 404);
    let mut nora = Browser::at_console(&world, r"t100\nora").await;
    let page = nora.get(SETUP).await;
    assert!(page.text().contains("No key type is open to you"), "{}", page.text());
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    assert!(offered(&admin.get(SETUP).await).len() >= 9);
}
