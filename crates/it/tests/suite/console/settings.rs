//! Settings: a password, where one is signed in, and what one may do.

use domain::right::Right;
use http::StatusCode;
use it::{
    Answer, Browser, World,
    console::{form_to, offers},
    world::PASSWORD,
};
use serde_json::json;

const SETTINGS: &str = "/console/settings";
const CHANGE: &str = "/console/settings/password";
const NEW: &str = "seven violet anchors whisper";

/// What the form of the password is sent with.
async fn change(browser: &mut Browser, old: &str, new: &str, again: &str) -> Answer {
    let page = browser.get(CHANGE).await;
    let form = form_to(&page, CHANGE)
        .with("current-password", old)
        .with("new-password", new)
        .with("new-password-again", again);
    browser.send_form(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn se_03_a_password_is_changed_and_every_other_session_ends() {
    let world = World::start().await;
    let mut elsewhere = Browser::at_console(&world, r"t100\nexus").await;
    let token = world.person(r"t100\nexus").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let before = browser.clone();
    let answer = change(&mut browser, PASSWORD, NEW, NEW).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), "/console/settings?done=password-changed");
    assert_ne!(browser.cookies, before.cookies, "the browser presents something new");
    let page = browser.follow(answer).await;
    assert!(page.text().contains("Your password is changed"), "{}", page.text());
    for mut gone in [before, elsewhere.clone()] {
        assert_eq!(gone.get(SETTINGS).await.status, 303, "it is led to the sign-in");
    }
    assert_eq!(token.get("/v1/whoami").await.status, 401, "tokens ended, too");
    let refused = elsewhere.get("/console/sign-in").await;
    let form =
        form_to(&refused, "/console/sign-in").with("tenant", "t100").with("username", "nexus");
    let old = elsewhere.send_form(&form.clone().with("password", PASSWORD)).await;
    assert_eq!(old.status, 422);
    assert_eq!(elsewhere.send_form(&form.with("password", NEW)).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_does_not_do_is_said_beside_its_field_and_changes_nothing() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for (old, new, again, field, words) in [
        ("not the password", NEW, NEW, "current-password", "not your password until now"),
        (PASSWORD, NEW, "seven violet anchors shout", "new-password-again", "differs from the new"),
        (PASSWORD, "short", "short", "new-password", "at least 15 characters"),
        (PASSWORD, PASSWORD, PASSWORD, "new-password", "must differ from the old one"),
        ("", NEW, NEW, "current-password", "Enter your password until now"),
        (PASSWORD, "", "", "new-password", "Enter a new password"),
    ] {
        let answer = change(&mut browser, old, new, again).await;
        let text = answer.text();
        assert_eq!(answer.status, 422, "{words}: {text}");
        assert!(text.contains(&format!("id=\"{field}-fault\"")), "{field}: {text}");
        assert!(text.contains(words), "{words}: {text}");
        for typed in [old, new, again] {
            assert!(typed.len() < 8 || !text.contains(typed), "a password came back: {text}");
        }
    }
    assert_eq!(browser.get(SETTINGS).await.status, 200);
    Browser::at_console(&world, r"t100\nexus").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_given_a_password_chooses_their_own_before_anything_else() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let made = admin.post("/v1/persons", &json!({"username": "mona", "roles": ["viewer"]})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let given = made.json()["password"].as_str().expect("a password").to_owned();
    let mut browser = Browser::new(world.anonymous());
    let page = browser.sign_in_console(r"t100\mona", &given).await;
    assert!(page.text().contains("Choose one that you alone know"), "{}", page.text());
    assert!(!offers(&page, "/console/keys"), "nothing else is offered");
    for path in ["/console", SETTINGS, "/console/keys"] {
        assert_eq!(browser.get(path).await.header("location"), CHANGE, "{path}");
    }
    let answer = change(&mut browser, &given, NEW, NEW).await;
    assert_eq!(answer.header("location"), "/console?done=password-changed");
    let page = browser.follow(answer).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Your password is changed"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn se_04_a_person_sees_where_they_are_signed_in_and_ends_it() {
    let world = World::start().await;
    let mut first = Browser::at_console(&world, r"t100\nexus").await;
    let mut second = Browser::at_console(&world, r"t100\nexus").await;
    let mut third = Browser::at_console(&world, r"t100\nexus").await;
    let page = first.get(SETTINGS).await;
    let text = page.text();
    assert_eq!(text.matches("This browser").count(), 1, "{text}");
    assert!(text.contains("Test/1.0"), "{text}");
    let ends: Vec<String> = it::console::forms_of(&page)
        .into_iter()
        .filter(|form| form.action.starts_with("/console/settings/sessions/"))
        .map(|form| form.action)
        .collect();
    assert_eq!(ends.len(), 3, "two others, and all of them: {ends:?}");
    let one = ends.iter().find(|action| action.ends_with("/end")).expect("one");
    let page = first.submit_to(&page, one, &[]).await;
    assert!(page.text().contains("That browser is signed out"), "{}", page.text());
    let there = [second.get(SETTINGS).await.status, third.get(SETTINGS).await.status];
    assert_eq!(there.iter().filter(|status| **status == 303).count(), 1, "{there:?}");
    let all = "/console/settings/sessions/end-others";
    let page = first.submit_to(&page, all, &[]).await;
    assert!(page.text().contains("signed out everywhere else"), "{}", page.text());
    assert!(!offers(&page, all), "there is nobody left to sign out");
    for mut other in [second, third] {
        assert_eq!(other.get(SETTINGS).await.status, 303);
    }
    assert_eq!(first.get(SETTINGS).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_session_is_not_ended_from_here() {
    let world = World::start().await;
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    let admin = world.person(r"t100\nexus").await;
    let persons = admin.get("/v1/persons").await.json();
    let id = |name: &str| {
        let all = persons["persons"].as_array().expect("persons");
        let found = all.iter().find(|person| person["username"] == name).expect("a person");
        found["id"].as_str().expect("an id").to_owned()
    };
    let path = format!("/v1/persons/{}/sessions", id("vera"));
    let session =
        admin.get(&path).await.json()["sessions"][0]["id"].as_str().expect("one").to_owned();
    let mut nora = Browser::at_console(&world, r"t100\nora").await;
    let page = nora.get(SETTINGS).await;
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    let end = format!("/console/settings/sessions/{session}/end");
    nora.post(&end, &[("token", &token)]).await;
    assert_eq!(vera.get(SETTINGS).await.status, 200, "it stands");
    let bad = nora.post("/console/settings/sessions/none/end", &[("token", &token)]).await;
    assert_eq!(bad.status, 404);
    let forged = nora.post(&end, &[("token", "no")]).await;
    assert_eq!(forged.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_say_what_a_person_may_do() {
    let world = World::start().await;
    let mut nora = Browser::at_console(&world, r"t100\nora").await;
    let page = nora.get(SETTINGS).await;
    assert!(page.text().contains("No role of yours gives a right"), "{}", page.text());
    assert!(!offers(&page, "/console/settings/psk"));
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let page = admin.get(SETTINGS).await;
    let text = page.text();
    assert!(text.contains(Right::PersonsManage.as_str()), "{text}");
    assert!(text.contains("premise_tenant"), "{text}");
    assert!(offers(&page, "/console/settings/psk"), "{text}");
    let mut nobody = Browser::new(world.anonymous());
    assert!(nobody.get(SETTINGS).await.header("location").starts_with("/console/sign-in"));
}
