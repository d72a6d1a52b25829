//! Persons at the console: made, changed, kept out and let in again by whoever holds as much as they do.

use super::looks::{audit_of, form_to, path_behind, says_at};
use crate::auth_v3::later;
use it::{
    Answer, Browser, World,
    console::offers,
    world::{OTHER_TENANT, PASSWORD},
};
use serde_json::json;

pub(super) const PERSONS: &str = "/console/persons";

/// The address of a person's page.
pub(super) async fn page_of(world: &World, username: &str) -> String {
    let ops = world.person("ops").await;
    let found = ops.get(&format!("/v1/persons?search={username}")).await.json();
    let persons = found["persons"].as_array().unwrap().clone();
    let one = persons.iter().find(|p| p["username"] == username).expect("a person");
    format!("{PERSONS}/{}", one["id"].as_str().unwrap())
}

/// A person who may manage persons and read the audit log, and nothing else.
pub(super) async fn hank(world: &World) -> Browser {
    let admin = world.person(r"t100\nexus").await;
    let rights = ["Persons.canManage", "Audit.canRead"];
    admin.post("/v1/roles", &json!({"name": "people", "rights": rights})).await;
    let body = json!({"username": "hank", "roles": ["people"], "password": PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &body).await.status, 201);
    Browser::at_console(world, r"t100\hank").await
}

/// The secret of the page that shows one.
fn shown(page: &Answer) -> String {
    let text = page.text();
    let behind = text.split("data-secret-text").nth(1).expect("a secret is shown");
    let behind = behind.split_once('>').unwrap().1;
    behind.split('<').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_made_with_a_password_that_is_shown_once() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let panel = nexus.open("/console/persons/new").await;
    assert!(panel.text().contains("Sees keys and the audit log"), "{}", panel.text());
    let form = form_to(&panel, PERSONS)
        .with("username", "ada")
        .with("email", "ada@example.org")
        .with("givenName", "Ada")
        .with("roles", "viewer");
    let page = nexus.send_form(&form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let password = shown(&page);
    assert!(password.len() >= 24, "{password}");
    let here = page_of(&world, "ada").await;
    let there = nexus.open(&here).await;
    for wanted in ["ada@example.org", "viewer", "Must change password"] {
        assert!(there.text().contains(wanted), "{wanted}: {}", there.text());
    }
    assert!(!there.text().contains(&password));
    let event = audit_of(&world, "person.create").await;
    assert_eq!(event["after"]["roles"], json!(["viewer"]));
    assert!(!event.to_string().contains(&password));
    world.anonymous().signed_in(r"t100\ada", &password).await;
    // A password that was typed is not shown.
    let form = form_to(&panel, PERSONS).with("username", "grace").with("password", PASSWORD);
    let made = nexus.send_form(&form.without("mustChangePassword")).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(path_behind(&made), page_of(&world, "grace").await);
    Browser::at_console(&world, r"t100\grace").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_person_stands_at_its_field_and_no_password_comes_back() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let panel = nexus.open("/console/persons/new").await;
    for (field, value) in [
        ("username", ""),
        ("username", "a\\b"),
        ("username", "VERA"),
        ("roles", "ops"),
        ("roles", "none_such"),
        ("email", "nowhere"),
        ("password", "too short"),
    ] {
        let form = form_to(&panel, PERSONS)
            .with("username", "ada")
            .with("givenName", "Ada")
            .with("password", PASSWORD)
            .with(field, value);
        let refused = nexus.send_form(&form).await;
        assert_eq!(refused.status, 422, "{field}={value}: {}", refused.text());
        assert!(says_at(&refused, field), "{field}={value}: {}", refused.text());
        let again = form_to(&refused, PERSONS);
        assert_eq!(again.value("givenName"), Some("Ada"));
        assert_eq!(again.value("password"), Some(""));
        assert!(!refused.text().contains(PASSWORD) && !refused.text().contains("too short"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_are_found_by_name_place_role_and_state() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let all = ops.open(PERSONS).await;
    for wanted in ["nexus", "vera", "bob", "Whole installation", "other_tenant"] {
        assert!(all.text().contains(wanted), "{wanted}: {}", all.text());
    }
    let names = |page: &Answer| {
        ["nexus", "vera", "nora", "bob"]
            .into_iter()
            .filter(|name| page.text().contains(&format!("dir=\"auto\">{name}</a>")))
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (query, found) in [
        ("search=er", "vera"),
        (&*format!("tenant={OTHER_TENANT}"), "bob"),
        ("role=admin", "nexus bob"),
        ("enabled=false", ""),
        ("enabled=true", "nexus vera nora bob"),
    ] {
        assert_eq!(names(&ops.open(&format!("{PERSONS}?{query}")).await), found, "{query}");
    }
    let none = ops.open("/console/persons?search=nobody-such").await;
    assert!(none.text().contains("Nobody matches"));
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let own = nexus.open(PERSONS).await;
    assert!(own.text().contains("vera") && !own.text().contains("bob"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_changed_disabled_enabled_and_deleted() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let here = page_of(&world, "vera").await;
    let path = |rest: &str| format!("{here}{rest}");
    let edit = nexus.open(&path("/edit")).await;
    let form = form_to(&edit, &path("/edit"));
    assert_eq!(form.value("roles"), Some("viewer"));
    let changed =
        nexus.send_form(&form.clone().and("roles", "service").with("familyName", "Berg")).await;
    let page = nexus.follow(changed).await;
    assert!(page.text().contains("The person is changed") && page.text().contains("Berg"));
    assert_eq!(
        audit_of(&world, "person.update").await["after"]["roles"],
        json!(["viewer", "service"])
    );
    let late = nexus.send_form(&form.clone()).await;
    assert!(late.status == 422 && late.text().contains("Somebody else changed this"));
    let edit = nexus.open(&path("/edit")).await;
    let bad = nexus.submit_to(&edit, &path("/edit"), &[("email", "nowhere")]).await;
    assert!(bad.status == 422 && says_at(&bad, "email"), "{}", bad.text());
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    let asked = nexus.open(&path("/disable")).await;
    let page = nexus.submit_to(&asked, &path("/disable"), &[]).await;
    assert!(page.text().contains("signed out everywhere"), "{}", page.text());
    assert_eq!(vera.get("/console").await.status, 303, "out at once");
    let page = nexus.submit_to(&page, &path("/enable"), &[]).await;
    assert!(page.text().contains("The person is enabled"));
    let asked = nexus.open(&path("/delete")).await;
    let page = nexus.submit_to(&asked, &path("/delete"), &[]).await;
    assert!(page.text().contains("The person is deleted"), "{}", page.text());
    assert_eq!(nexus.get(&here).await.status, 404);
    assert_eq!(audit_of(&world, "person.delete").await["before"]["username"], "vera");
}

#[tokio::test(flavor = "multi_thread")]
async fn se_04_an_administrator_ends_one_session_of_a_person_and_all_of_them() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let here = page_of(&world, "vera").await;
    assert!(nexus.open(&here).await.text().contains("Nowhere at present"));
    let mut one = Browser::at_console(&world, r"t100\vera").await;
    let page = nexus.open(&here).await;
    let end = it::console::forms_of(&page).into_iter().find(|form| form.action.ends_with("/end"));
    let answer = nexus.send_form(&end.unwrap()).await;
    assert_eq!(path_behind(&answer), here);
    assert_eq!(one.get("/console").await.status, 303);
    let mut two = Browser::at_console(&world, r"t100\vera").await;
    let mut three = Browser::at_console(&world, r"t100\vera").await;
    let page = nexus.open(&here).await;
    nexus.submit_to(&page, &format!("{here}/sessions/end"), &[]).await;
    for browser in [&mut two, &mut three] {
        assert_eq!(browser.get("/console").await.status, 303);
    }
    assert_eq!(audit_of(&world, "session.end").await["actor"]["name"], "nexus");
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_a_password_is_set_after_a_fresh_proof_and_shown_once() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let here = page_of(&world, "vera").await;
    let to = format!("{here}/password");
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    later(&world, 6 * 60 * 1000);
    let asked = nexus.open(&to).await;
    assert_eq!(form_to(&asked, &to).value("current-password"), Some(""));
    for typed in ["", "not the right one"] {
        let refused = nexus.submit_to(&asked, &to, &[("current-password", typed)]).await;
        assert!(
            refused.status == 422 && says_at(&refused, "current-password"),
            "{}",
            refused.text()
        );
    }
    assert_eq!(vera.get("/console").await.status, 200, "nothing happened");
    let short = [("current-password", PASSWORD), ("password", "short")];
    let refused = nexus.submit_to(&asked, &to, &short).await;
    assert!(refused.status == 422 && says_at(&refused, "password"), "{}", refused.text());
    let again = nexus.open(&to).await;
    assert_eq!(form_to(&again, &to).value("current-password"), None, "the proof is fresh now");
    let page = nexus.submit_to(&again, &to, &[]).await;
    let password = shown(&page);
    assert_eq!(vera.get("/console").await.status, 303, "signed out everywhere");
    world.anonymous().signed_in(r"t100\vera", &password).await;
    assert!(!audit_of(&world, "person.set_password").await.to_string().contains(&password));
    let mine = page_of(&world, "nexus").await;
    assert!(!offers(&nexus.open(&mine).await, &format!("{mine}/password")));
    let form = form_to(&again, &to);
    let form = it::browser::PageForm { action: format!("{mine}/password"), ..form };
    let refused = nexus.send_form(&form).await;
    assert!(refused.status == 422 && refused.text().contains("changed with the old one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_person_is_said_to_be_and_is_unlocked() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let here = page_of(&world, "vera").await;
    assert!(!nexus.open(&here).await.text().contains("Locked"));
    for _ in 0..7 {
        let mut guess = Browser::new(world.anonymous());
        let page = guess.get("/console/sign-in").await;
        let form = form_to(&page, "/console/sign-in").with("username", r"t100\vera");
        assert_eq!(guess.send_form(&form.with("password", "wrong")).await.status, 422);
    }
    assert!(nexus.open("/console/persons?search=vera").await.text().contains("Locked"));
    let page = nexus.open(&here).await;
    assert!(page.text().contains("the next attempt has to wait until"), "{}", page.text());
    let page = nexus.submit_to(&page, &format!("{here}/unlock"), &[]).await;
    assert!(page.text().contains("may try again at once") && !page.text().contains("Locked"));
    assert_eq!(audit_of(&world, "person.unlock").await["detail"]["hadFailures"], true);
    Browser::at_console(&world, r"t100\vera").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_own_key_is_seen_and_deleted_by_who_manages_persons() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let here = page_of(&world, "vera").await;
    let owner = here.rsplit('/').next().unwrap();
    let roles = json!({"roles": ["viewer", "nx1_ask"]});
    assert_eq!(admin.patch(&format!("/v1/persons/{owner}"), &roles).await.status, 200);
    let body = json!({"name": "Vera's own", "keyType": "psk", "owner": owner});
    let made = admin.post("/v1/keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open(&here).await;
    assert!(page.text().contains("Vera&#39;s own"), "{}", page.text());
    let delete = format!("/console/keys/{id}/delete");
    assert!(offers(&page, &delete));
    let asked = nexus.open(&delete).await;
    nexus.submit_to(&asked, &delete, &[]).await;
    assert!(nexus.open(&here).await.text().contains("nobody else sees its secret"));
}
