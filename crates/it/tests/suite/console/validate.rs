//! API key validation: what is said of a text, and to whom.

use it::{
    Answer, Browser, Caller, World,
    api_keys::ApiKey,
    console::{form_to, offers},
    world::{PASSWORD, TENANT},
};
use serde_json::{Value, json};

const VALIDATE: &str = "/console/validate";
const VALID: &str = "Valid API key";
const INVALID: &str = "Invalid API key";

/// Makes a key of Digital Channels; its id and its secret.
async fn made(admin: &Caller, more: Value) -> (String, String) {
    let mut body = json!({
        "keyType": "nexus", "name": "Orders chat", "permissions": ["nexus:consumer:chat"],
    });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
    let answer = admin.post("/v1/keys", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// What the page says of a text.
async fn asked(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(VALIDATE).await;
    let form = form_to(&page, VALIDATE);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    let answer = browser.send_form(&form).await;
    for (name, value) in fields {
        assert!(*name != "key" || !answer.text().contains(value), "the key stands on the page");
    }
    answer
}

/// Exactly one of the two is said.
fn says(answer: &Answer, valid: bool) {
    let text = answer.text();
    assert_eq!(answer.status, 200, "{text}");
    let (is_valid, is_invalid) = (text.contains(VALID), text.contains(INVALID));
    assert_eq!((is_valid, is_invalid), (valid, !valid), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_and_a_bad_key_and_that_of_another_tenant_are_told_apart() {
    let world = World::start().await;
    let (id, good) = made(&world.person(r"t100\nexus").await, json!({})).await;
    let (theirs, foreign) = made(&world.person(r"t200\bob").await, json!({})).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = asked(&mut browser, &[("key", &good)]).await;
    says(&page, true);
    assert!(page.text().contains("<code>VALID</code>"), "{}", page.text());
    assert!(offers(&page, &format!("/console/keys/{id}")), "{}", page.text());
    let unknown = asked(&mut browser, &[("key", "9b7682b7-cbce-422f-9bbb-ecda85e61695")]).await;
    says(&unknown, false);
    let other = asked(&mut browser, &[("key", &foreign)]).await;
    says(&other, false);
    for page in [&unknown, &other] {
        assert!(page.text().contains("<code>NOT_FOUND</code>"), "{}", page.text());
        assert!(!page.text().contains("/console/keys/key_"), "{}", page.text());
        assert!(!page.text().contains("Orders chat"), "{}", page.text());
    }
    let mut ops = Browser::at_console(&world, "ops").await;
    for (secret, id) in [(&good, &id), (&foreign, &theirs)] {
        let page = asked(&mut ops, &[("key", secret)]).await;
        says(&page, true);
        assert!(offers(&page, &format!("/console/keys/{id}")), "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_step_that_failed_is_named_to_whoever_may_see_the_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let (id, secret) = made(&admin, json!({})).await;
    for (action, verdict) in [("disable", "DISABLED"), ("revoke", "REVOKED")] {
        let done = admin.act(&format!("/v1/keys/{id}/{action}")).await;
        assert!(done.status.is_success(), "{}", done.text());
        let page = asked(&mut browser, &[("key", &format!("  {secret}\n"))]).await;
        says(&page, false);
        assert!(page.text().contains(&format!("<code>{verdict}</code>")), "{}", page.text());
        assert_eq!(page.text().matches("class=\"is-failed\"").count(), 1, "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_as_one_imagines_it_is_held_against_the_allow_list() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret =
        ApiKey::with("orders:read").from_addresses("10.0.0.0/8").made(&world, &admin).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for (address, verdict) in
        [("", "VALID"), ("10.1.2.3", "VALID"), ("203.0.113.7", "ADDRESS_NOT_ALLOWED")]
    {
        let page = asked(&mut browser, &[("key", &secret), ("address", address)]).await;
        says(&page, true);
        assert!(page.text().contains(&format!("<code>{verdict}</code>")), "{}", page.text());
        assert_eq!(page.text().contains("would be refused"), verdict != "VALID");
    }
    let bad = [("key", secret.as_str()), ("address", "nowhere"), ("path", "orders")];
    let page = asked(&mut browser, &bad).await;
    assert_eq!(page.status, 422);
    for field in ["address", "path"] {
        assert!(page.text().contains(&format!("id=\"{field}-fault\"")), "{}", page.text());
    }
    let nothing = asked(&mut browser, &[("address", "10.1.2.3")]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("id=\"key-fault\""), "{}", nothing.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_a_key_learns_whether_it_works_and_no_more() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, json!({})).await;
    let rights = ["ExperienceCloud.ApiKeys.canView", "ExperienceCloud.ApiKeys.canRead"];
    let role = admin.post("/v1/roles", &json!({"name": "events", "rights": rights})).await;
    assert_eq!(role.status, 201, "{}", role.text());
    let person = json!({"username": "emil", "roles": ["events"], "password": PASSWORD});
    let emil = admin.post("/v1/persons", &person).await.json();
    let path = format!("/v1/persons/{}", emil["id"].as_str().expect("an id"));
    admin.patch(&path, &json!({"mustChangePassword": false})).await;
    let mut browser = Browser::at_console(&world, r"t100\emil").await;
    let page = asked(&mut browser, &[("key", &secret)]).await;
    says(&page, true);
    assert!(!page.text().contains(&id) && !page.text().contains("Orders chat"), "{}", page.text());
    assert!(!page.text().contains("<code>VALID</code>"), "{}", page.text());
    admin.act(&format!("/v1/keys/{id}/disable")).await;
    let disabled = asked(&mut browser, &[("key", &secret)]).await;
    let unknown = asked(&mut browser, &[("key", "9b7682b7-cbce-422f-9bbb-ecda85e61695")]).await;
    for page in [&disabled, &unknown] {
        says(page, false);
        assert!(page.text().contains("<code>NOT_FOUND</code>"), "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_see_no_keys_learns_valid_or_invalid_here_and_by_the_api() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, json!({})).await;
    let (_, foreign) = made(&world.person(r"t200\bob").await, json!({})).await;
    let nora = world.person(r"t100\nora").await;
    assert_eq!(nora.get("/v1/keys").await.status, 403, "she may see no keys");
    let mut browser = Browser::at_console(&world, r"t100\nora").await;
    assert!(offers(&browser.open("/console/settings").await, VALIDATE), "it stands in the menu");
    let unknown = "9b7682b7-cbce-422f-9bbb-ecda85e61695";
    for (text, valid) in [(secret.as_str(), true), (&foreign, false), (unknown, false)] {
        let page = asked(&mut browser, &[("key", text)]).await;
        says(&page, valid);
        for hidden in [&id, "Orders chat", "<code>VALID", "<code>NOT_FOUND", "What was checked"] {
            assert!(!page.text().contains(hidden), "{hidden}: {}", page.text());
        }
        let answer = nora.post("/v1/keys/validate", &json!({"secret": text, "keyType": "*"})).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"valid": valid})));
    }
    admin.act(&format!("/v1/keys/{id}/disable")).await;
    says(&asked(&mut browser, &[("key", &secret)]).await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validation_costs_a_key_nothing_and_leaves_no_trace_of_it() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, json!({"limit": {"capacity": 1, "frequency": 60}})).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for _ in 0..3 {
        says(&asked(&mut browser, &[("key", &secret)]).await, true);
    }
    let ops = world.person("ops").await;
    let verified = ops.post("/v1/keys/verify", &json!({"secret": secret})).await;
    assert_eq!(verified.json()["verdict"], "VALID", "{}", verified.text());
    let events = admin.get(&format!("/v1/audit?tenant={TENANT}")).await.text();
    assert!(events.contains(&id) && !events.contains(&secret), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_is_told_to_wait() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let form = form_to(&browser.get(VALIDATE).await, VALIDATE).with("key", "no-such-key-at-all-0");
    let mut last = browser.send_form(&form).await;
    for _ in 0..60 {
        last = browser.send_form(&form).await;
    }
    assert_eq!(last.status, 422);
    assert!(last.text().contains("Too many attempts"), "{}", last.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_says_the_same_of_a_key_of_any_type() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, good) = made(&admin, json!({})).await;
    let (_, foreign) = made(&world.person(r"t200\bob").await, json!({})).await;
    for (secret, valid) in [(&good, true), (&foreign, false)] {
        let asked = json!({"secret": secret, "keyType": "*"});
        let answer = admin.post("/v1/keys/validate", &asked).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"valid": valid})));
    }
}
