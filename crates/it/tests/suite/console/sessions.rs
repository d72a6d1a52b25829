//! A person's session at the console: what renews it, what ends it, and what it takes to reveal something.

use crate::auth_v3::{audited, later};
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, forms_of},
    world::PASSWORD,
};
use serde_json::{Value, json};

const MINUTE_MS: u32 = 60_000;
const HOUR_MS: u32 = 60 * MINUTE_MS;
const COOKIE: &str = "keyward-session";

/// Whether the session of a browser stands.
pub(super) async fn is_signed_in(browser: &mut Browser) -> bool {
    let answer = browser.get("/console/settings").await;
    match answer.status.as_u16() {
        200 => true,
        303 => {
            assert!(answer.header("location").starts_with("/console/sign-in"));
            false
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

/// Gives oneself another password, by one's own form.
pub(super) async fn change_password(here: &mut Browser) -> Answer {
    let page = here.get("/console/settings/password").await;
    let new = "another nine quiet otters";
    let form = form_to(&page, "/console/settings/password").with("current-password", PASSWORD);
    here.send_form(&form.with("new-password", new).with("new-password-again", new)).await
}

async fn id_of(admin: &Caller, name: &str) -> String {
    let found = admin.get(&format!("/v1/persons?search={name}")).await.json();
    found["persons"][0]["id"].as_str().expect("an id").to_owned()
}

/// A key whose secret can be revealed, of the first tenant.
async fn recoverable(world: &World) -> (String, String) {
    let admin = world.person(r"t100\nexus").await;
    let body =
        json!({"keyType": "nexus", "name": "to reveal", "permissions": ["nexus:consumer:chat"]});
    let made = admin.post("/v1/keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let text = |name: &str| made.json()[name].as_str().expect("text").to_owned();
    (text("id"), text("secret"))
}

#[tokio::test(flavor = "multi_thread")]
async fn se_01_se_05_a_reveal_asks_for_a_proof_that_has_just_been_and_the_proof_gives_a_new_session()
 {
    let world = World::start().await;
    let (id, secret) = recoverable(&world).await;
    let path = format!("/console/keys/{id}/reveal");
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    // Just signed in: nothing more is asked.
    let page = browser.get(&path).await;
    assert_eq!(form_to(&page, &path).value("current-password"), None, "{}", page.text());
    assert!(browser.submit_to(&page, &path, &[]).await.text().contains(&secret));
    later(&world, 5 * MINUTE_MS);
    let first = browser.cookies[COOKIE].clone();
    let page = browser.get(&path).await;
    assert_eq!(form_to(&page, &path).value("current-password"), Some(""), "{}", page.text());
    let before = audited(&world, "key.reveal").await.len();
    for wrong in ["", "wrong", &secret] {
        let answer = browser.submit_to(&page, &path, &[("current-password", wrong)]).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(!answer.text().contains(&secret));
    }
    // The form of a page that needed no proof, sent late.
    let token = form_to(&page, &path).value("token").expect("a token").to_owned();
    let answer = browser.post(&path, &[("token", &token)]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(audited(&world, "key.reveal").await.len(), before);
    assert_eq!(browser.cookies[COOKIE], first);
    let shown = browser.submit_to(&page, &path, &[("current-password", PASSWORD)]).await;
    assert!(shown.text().contains(&secret), "{} {}", shown.status, shown.text());
    assert_ne!(browser.cookies[COOKIE], first, "the proof gives the browser something new");
    let mut stale = Browser::new(world.anonymous());
    stale.cookies.insert(COOKIE.to_owned(), first);
    assert!(!is_signed_in(&mut stale).await && is_signed_in(&mut browser).await);
    // A form of another tab is as good as before: the session is the same.
    later(&world, 5 * MINUTE_MS - 1);
    assert!(browser.submit_to(&page, &path, &[]).await.text().contains(&secret));
    later(&world, 1);
    assert_eq!(browser.submit_to(&page, &path, &[]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_01_se_03_another_password_gives_a_new_session_and_ends_all_others() {
    let world = World::start().await;
    let mut here = Browser::at_console(&world, r"t100\vera").await;
    let mut there = Browser::at_console(&world, r"t100\vera").await;
    let before = here.cookies[COOKIE].clone();
    let answer = change_password(&mut here).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_ne!(here.cookies[COOKIE], before);
    assert!(is_signed_in(&mut here).await && !is_signed_in(&mut there).await);
    let mut stale = Browser::new(world.anonymous());
    stale.cookies.insert(COOKIE.to_owned(), before);
    assert!(!is_signed_in(&mut stale).await);
    assert!(!is_signed_in(&mut there).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_02_at_the_console_an_hour_of_rest_and_a_day_of_age_end_a_session() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    for _ in 0..23 {
        later(&world, HOUR_MS - 1);
        assert!(is_signed_in(&mut browser).await);
    }
    later(&world, HOUR_MS);
    let answer = browser.open("/console/settings").await;
    assert!(answer.text().contains("Your session has ended"), "it rested for an hour");
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    for _ in 0..24 {
        later(&world, HOUR_MS - 1);
        is_signed_in(&mut browser).await;
    }
    later(&world, 24);
    assert!(!is_signed_in(&mut browser).await, "it is a day old");
    let shorter = world.restart_with(|settings, _| settings.session_idle_s = 300).await;
    let mut browser = Browser::at_console(&shorter, r"t100\vera").await;
    later(&shorter, 300_000);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_02_a_page_says_when_the_session_ends_and_one_click_puts_it_off() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let page = browser.get("/console/settings").await;
    let of = |page: &Answer, name: &str| -> String {
        let text = page.text();
        let from = text.find(&format!("{name}=\"")).expect("the body says it") + name.len() + 2;
        text[from..].split('"').next().unwrap_or_default().to_owned()
    };
    let number = |text: String| text.parse::<i64>().expect("milliseconds");
    let (ends, now) = (number(of(&page, "data-ends")), number(of(&page, "data-now")));
    assert_eq!((ends - now, of(&page, "data-extendable")), (3_600_000, "true".to_owned()));
    later(&world, MINUTE_MS / 2);
    let soon = browser.get("/console/settings").await;
    assert_eq!(number(of(&soon, "data-ends")), ends, "a call so soon is not noted");
    later(&world, 49 * MINUTE_MS + MINUTE_MS / 2);
    let token = of(&page, "data-token");
    let answer = browser.post("/console/extend", &[("token", &token)]).await;
    assert_eq!(answer.text(), format!("{} true", ends + i64::from(50 * MINUTE_MS)));
    later(&world, 59 * MINUTE_MS);
    assert!(is_signed_in(&mut browser).await);
    assert_eq!(browser.post("/console/extend", &[("token", "x")]).await.status, 403);
    // Without scripts the same form leads back to a page.
    assert!(forms_of(&page).iter().any(|form| form.action == "/console/sign-out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn se_03_whatever_ends_a_persons_access_ends_their_console() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let path = format!("/v1/persons/{}", id_of(&admin, "vera").await);
    let set = json!({"password": PASSWORD, "mustChangePassword": false});
    let steps: [(&str, Value); 5] = [
        ("sign-out", json!(null)),
        ("set-password", set),
        ("sessions", json!(null)),
        ("disable", json!({"enabled": false})),
        ("delete", json!(null)),
    ];
    for (how, body) in steps {
        let mut browser = Browser::at_console(&world, r"t100\vera").await;
        let cookies = browser.cookies.clone();
        let page = browser.get("/console/settings").await;
        assert_eq!(page.status, 200, "{how}: {}", page.text());
        let status = match how {
            "sign-out" => browser.send_form(&form_to(&page, "/console/sign-out")).await.status,
            "disable" => admin.patch(&path, &body).await.status,
            "delete" => admin.delete(&path).await.status,
            "sessions" => admin.delete(&format!("{path}/sessions")).await.status,
            other => admin.post(&format!("{path}/{other}"), &body).await.status,
        };
        assert!(status.is_success() || status == 303, "{how}: {status}");
        browser.cookies = cookies;
        assert!(!is_signed_in(&mut browser).await, "{how}");
        if how == "disable" {
            assert_eq!(admin.patch(&path, &json!({"enabled": true})).await.status, 200);
            assert!(!is_signed_in(&mut browser).await, "it does not come back");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn se_03_se_06_a_console_session_holds_and_ends_on_every_node() {
    let world = World::start().await;
    let Some((_node, other)) = world.second_node().await else { return };
    let mut here = Browser::at_console(&world, r"t100\vera").await;
    let mut there = Browser::new(Caller::new(other));
    there.cookies.clone_from(&here.cookies);
    assert!(is_signed_in(&mut there).await);
    let page = here.get("/console/settings").await;
    // A form that one node made is taken by the other.
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    assert_eq!(there.post("/console/extend", &[("token", &token)]).await.status, 200);
    here.send_form(&form_to(&page, "/console/sign-out")).await;
    assert!(!is_signed_in(&mut there).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_06_a_session_at_the_console_survives_a_restart() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let page = browser.get("/console/settings").await;
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    let world = world.restart().await;
    let mut again = Browser::new(world.anonymous());
    again.cookies.clone_from(&browser.cookies);
    assert!(is_signed_in(&mut again).await);
    assert_eq!(again.post("/console/extend", &[("token", &token)]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_04_a_person_ends_one_of_their_sessions_or_all_others() {
    let world = World::start().await;
    let mut here = Browser::at_console(&world, r"t100\vera").await;
    let mut there = Browser::at_console(&world, r"t100\vera").await;
    let mut third = Browser::at_console(&world, r"t100\vera").await;
    let mut somebody = Browser::at_console(&world, r"t100\nora").await;
    let page = here.get("/console/settings").await;
    let ends: Vec<_> = forms_of(&page)
        .into_iter()
        .filter(|form| form.action.ends_with("/end") && form.action.contains("/sessions/"))
        .collect();
    assert!(ends.len() >= 2, "{}", page.text());
    for cookie in here.cookies.values().chain(there.cookies.values()) {
        assert!(!page.text().contains(cookie));
    }
    // Somebody else's session is not there at all.
    let own = somebody.get("/console/settings").await;
    let token = form_to(&own, "/console/sign-out").value("token").expect("a token").to_owned();
    let answer = somebody.post(&ends[0].action, &[("token", &token)]).await;
    assert!(answer.status == 404 || answer.status == 303, "{}", answer.text());
    assert!(is_signed_in(&mut there).await && is_signed_in(&mut third).await);
    let answer = here.send_form(&ends[0]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let mut left = 0;
    for browser in [&mut there, &mut third] {
        left += usize::from(is_signed_in(browser).await);
    }
    assert_eq!(left, 1, "one of the other two has ended");
    let page = here.get("/console/settings").await;
    let others = form_to(&page, "/console/settings/sessions/end-others");
    assert_eq!(here.send_form(&others).await.status, 303);
    assert!(!is_signed_in(&mut there).await && !is_signed_in(&mut third).await);
    assert!(is_signed_in(&mut here).await && is_signed_in(&mut somebody).await);
}
