//! A secret is in one answer and nowhere else: in no address, no other page, no audit event.

use http::StatusCode;
use it::{
    Answer, Browser, World,
    browser::PageForm,
    console::{form_to, forms_of},
};
use serde_json::json;

/// The one form of a page that has this field.
pub(super) fn form_with(page: &Answer, field: &str) -> PageForm {
    let mut found: Vec<PageForm> =
        forms_of(page).into_iter().filter(|form| form.value(field).is_some()).collect();
    assert_eq!(found.len(), 1, "forms with {field}: {} {}", page.status, page.text());
    found.remove(0)
}

/// The secret that a page shows.
pub(super) fn secret_shown(page: &Answer) -> String {
    let text = page.text();
    let at = text.find("<code data-secret-text").unwrap_or_else(|| panic!("no secret: {text}"));
    let text = &text[at..];
    let text = &text[text.find('>').expect("an end of the tag") + 1..];
    text[..text.find('<').expect("an end of the text")].to_owned()
}

/// The key that a page with a secret is about.
pub(super) fn id_shown(page: &Answer) -> String {
    let text = page.text();
    let at = text.find("key_").unwrap_or_else(|| panic!("{}: no key: {text}", page.status));
    text[at..].chars().take(26).collect()
}

async fn made(browser: &mut Browser, of_type: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&format!("/console/keys/new?type={of_type}")).await;
    let form =
        fields.iter().fold(form_with(&page, "once"), |form, (name, value)| form.with(name, value));
    browser.send_form(&form).await
}

#[tokio::test]
async fn ot_01_a_form_that_is_sent_twice_makes_one_key_and_shows_its_secret_once() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let page = admin.get("/console/keys/new?type=api").await;
    let form = form_with(&page, "once").with("name", "orders");
    let first = admin.send_form(&form).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let (secret, id) = (secret_shown(&first), id_shown(&first));
    let second = admin.send_form(&form).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text().contains("sent before"), "{}", second.text());
    assert!(second.text().contains(&format!("href=\"/console/keys/{id}\"")), "it says which key");
    assert!(!second.text().contains(&secret));
    let keys = world.person("t100\\nexus").await.get("/v1/keys?search=orders").await.json();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1), "{keys}");
}

#[tokio::test]
async fn a_form_that_was_refused_can_be_mended_and_sent_again() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let page = admin.get("/console/keys/new?type=api").await;
    let form = form_with(&page, "once").with("name", "orders");
    let refused = admin.send_form(&form.clone().with("permissions", "nexus:consumer:chat")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.send_form(&form).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wb_06_a_secret_is_in_one_answer_and_nowhere_else() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "pops"), ("description", "screen pops")];
    let answer = made(&mut admin, "openconnect", &fields).await;
    let (secret, id) = (secret_shown(&answer), id_shown(&answer));
    assert_eq!(answer.text().matches(&secret).count(), 1, "once on the page, too");
    assert_eq!(answer.header("location"), "");
    assert!(answer.header("cache-control").contains("no-store"));
    for page in
        ["/console/keys", &format!("/console/keys/{id}/edit"), &format!("/console/keys/{id}/seen")]
    {
        assert!(!admin.get(page).await.text().contains(&secret), "{page}");
    }
    let done = format!("/console/keys/{id}/acknowledge");
    let answer = admin.send_form(&form_to(&answer, &done)).await;
    assert!(!answer.header("location").contains(&secret));
    let audit = world.person("t100\\nexus").await.get("/v1/audit").await.text();
    assert!(audit.contains("key.create") && !audit.contains(&secret));
}

#[tokio::test]
async fn a_key_shown_once_warns_and_is_acknowledged_by_who_made_it() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let answer = made(&mut admin, "openconnect", &[("name", "pops")]).await;
    let text = answer.text();
    assert!(text.contains("is made once and cannot be copied again"), "{text}");
    assert!(text.contains("I have stored this API key"), "{text}");
    let id = id_shown(&answer);
    let path = format!("/console/keys/{id}/acknowledge");
    let form = form_to(&answer, &path);
    let key = world.person("t100\\nexus").await;
    let shown = key.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!(shown["acknowledged"], json!(null));
    let to = format!("/console/setup?type=openconnect&key={id}");
    assert!(text.contains("name=\"to\""), "Setup integration is a way on");
    let answer = admin.send_form(&form.clone().with("to", &to)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to.as_str()));
    let shown = key.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!(shown["acknowledged"], "2026-03-01T12:00:00.000Z");
    let answer = admin.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-created");
}

#[tokio::test]
async fn se_05_reveal_asks_for_the_password_when_the_sign_in_is_old() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let fields = [("name", "chat"), ("permission", "nexus:consumer:chat")];
    let first = made(&mut admin, "nexus", &fields).await;
    assert!(first.text().contains("can read this API key again later"), "{}", first.text());
    let (secret, id) = (secret_shown(&first), id_shown(&first));
    let path = format!("/console/keys/{id}/reveal");
    let form = form_to(&admin.get(&path).await, &path);
    assert_eq!(form.value("current-password"), None, "the sign-in has just been");
    let revealed = admin.send_form(&form).await;
    assert_eq!(secret_shown(&revealed), secret);
    assert!(!revealed.text().contains("data-seen"), "it may be in use for long");
    world.clock.advance_millis(301_000);
    let page = admin.get(&path).await;
    let form = form_to(&page, &path);
    assert_eq!(form.value("current-password"), Some(""));
    for wrong in ["", "not my password at all"] {
        let answer = admin.send_form(&form.clone().with("current-password", wrong)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(!answer.text().contains(&secret), "{wrong}");
        assert!(answer.text().contains("id=\"current-password-fault\""), "{wrong}");
    }
    let right = form.with("current-password", it::world::PASSWORD);
    let answer = admin.send_form(&right).await;
    assert_eq!(secret_shown(&answer), secret, "{}", answer.text());
    let audit = world.person("t100\\nexus").await.get("/v1/audit").await.text();
    assert_eq!(audit.matches("\"key.reveal\"").count(), 2, "each time is an event: {audit}");
}

#[tokio::test]
async fn a_key_is_rotated_and_the_old_secret_works_on_for_as_long_as_was_said() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let first =
        made(&mut admin, "api", &[("name", "orders"), ("permissions", "orders:read")]).await;
    let (old, id) = (secret_shown(&first), id_shown(&first));
    let path = format!("/console/keys/{id}/rotate");
    let form = form_to(&admin.get(&path).await, &path);
    let wrong = admin.send_form(&form.clone().with("overlap", "soon")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    assert!(wrong.text().contains("Choose one of these."), "{}", wrong.text());
    let form = form.with("overlap", "600");
    let answer = admin.send_form(&form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let new = secret_shown(&answer);
    assert!(answer.text().contains("works until 1 Mar 2026, 12:10:00 UTC"), "{}", answer.text());
    assert_eq!(
        admin.send_form(&form).await.status,
        StatusCode::CONFLICT,
        "a repetition rotates nothing"
    );
    let works = async |secret: &str| {
        world.anonymous().bearer(secret).get("/v1/whoami").await.status == StatusCode::OK
    };
    assert!(works(&old).await && works(&new).await);
    world.clock.advance_millis(601_000);
    assert!(!works(&old).await && works(&new).await);
}

#[tokio::test]
async fn a_deployment_key_is_regenerated_and_the_old_secret_is_dead_at_once() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let first = made(&mut admin, "deployment", &[("name", "cluster one")]).await;
    let (old, id) = (secret_shown(&first), id_shown(&first));
    let path = format!("/console/keys/{id}/regenerate");
    let form = form_to(&admin.get(&path).await, &path);
    let answer = admin.send_form(&form).await;
    assert!(answer.text().contains("stopped working just now"), "{}", answer.text());
    let new = secret_shown(&answer);
    let works = async |secret: &str| {
        world.anonymous().bearer(secret).get("/v1/whoami").await.status == StatusCode::OK
    };
    assert!(!works(&old).await && works(&new).await);
    let rotate = admin.get(&format!("/console/keys/{id}/rotate")).await;
    assert_eq!(rotate.status, StatusCode::NOT_FOUND, "its type does not rotate");
}

#[tokio::test]
async fn the_first_starts_key_is_acknowledged_by_whoever_regenerated_it() {
    let world = World::start().await;
    let caller = world.person("t100\\nexus").await;
    let first = caller.get("/v1/keys?keyType=deployment").await.json()["keys"][0].clone();
    assert_eq!(first["createdBy"], "keyward", "{first}");
    let id = first["id"].as_str().expect("an id");
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let path = format!("/console/keys/{id}/regenerate");
    let page = admin.get(&path).await;
    let answer = admin.send_form(&form_to(&page, &path)).await;
    let said = format!("/console/keys/{id}/acknowledge");
    let _offered_at_once = form_to(&answer, &said);
    let page = admin.get(&format!("/console/keys/{id}")).await;
    admin.send_form(&form_to(&page, &said)).await;
    let after = caller.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!(after["acknowledged"], "2026-03-01T12:00:00.000Z", "{after}");
}

#[tokio::test]
async fn the_first_request_of_a_key_is_seen() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, "t100\\nexus").await;
    let mut made = async |key_type: &str, fields: &[(&str, &str)]| {
        let page = made(&mut admin, key_type, fields).await;
        let seen = format!("/console/keys/{}/seen", id_shown(&page));
        assert!(page.text().contains(&format!("data-seen=\"{seen}\"")));
        assert_eq!(admin.get(&seen).await.text(), "");
        (secret_shown(&page), seen)
    };
    let (pops, pops_seen) = made("openconnect", &[("name", "pops")]).await;
    let orders = [("name", "orders"), ("permissions", "orders:read")];
    let (orders, orders_seen) = made("api", &orders).await;
    // The test calls that the page gives to copy.
    let event = [("agentid", "1"), ("crmId", "c"), ("event", "screenPop")];
    let answer = world.anonymous().bearer(&pops).post_form("/openconnect", &event).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = world.anonymous().bearer(&orders).get("/v1/whoami").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(world.service.flush_usage().await);
    world.clock.advance_millis(1);
    world.service.roll_up_usage().await.expect("the journal is added up");
    let mut other = Browser::at_console(&world, "t200\\bob").await;
    for seen in [pops_seen, orders_seen] {
        let said = admin.get(&seen).await.text();
        assert_eq!(said, "First request seen. Last used: 1 Mar 2026, 12:00:00 UTC.", "{seen}");
        assert_eq!(other.get(&seen).await.status, StatusCode::NOT_FOUND);
    }
}
