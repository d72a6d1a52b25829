//! Sessions of the console where several nodes serve one database: what one node ended, the other does not
//! take. SQLite has one node.

use super::sessions::{change_password, is_signed_in};
use http::StatusCode;
use it::{
    Browser, Caller, World,
    console::{form_to, forms_of},
    world::PASSWORD,
};
use serde_json::json;
use server::AppService;

/// What ends a person's session, whoever does it.
const WAYS: [&str; 8] = [
    "sign out",
    "end it from another browser",
    "end all others from another browser",
    "change the password",
    "set the password",
    "end their sessions",
    "disable the person",
    "delete the person",
];

/// The same browser, at the other node.
fn there(other: &AppService, here: &Browser) -> Browser {
    let mut there = Browser::new(Caller::new(other.clone()));
    there.cookies.clone_from(&here.cookies);
    there
}

/// Ends the session of `browser` by the forms of another one: by its own, or by the one for all others.
async fn end_from_another(world: &World, one: bool, browser: &mut Browser) -> StatusCode {
    let mut second = Browser::at_console(world, r"t100\vera").await;
    let page = second.get("/console/settings").await;
    let end = if one { "/end" } else { "/end-others" };
    let forms = forms_of(&page).into_iter();
    let mut ends = forms.filter(|f| f.action.contains("/sessions/") && f.action.ends_with(end));
    // The younger one, which is the browser that asks, may stand among them.
    let mut status = StatusCode::NOT_FOUND;
    while is_signed_in(browser).await {
        status = second.send_form(&ends.next().expect("its form")).await.status;
    }
    status
}

/// Ends the session of `browser` at the first node.
async fn end(world: &World, way: &str, browser: &mut Browser) {
    let admin = world.person(r"t100\nexus").await;
    let found = admin.get("/v1/persons?search=vera").await.json();
    let path = format!("/v1/persons/{}", found["persons"][0]["id"].as_str().expect("an id"));
    let set = json!({"password": PASSWORD, "mustChangePassword": false});
    let status = match way {
        "sign out" => {
            let page = browser.get("/console/settings").await;
            browser.send_form(&form_to(&page, "/console/sign-out")).await.status
        }
        "change the password" => change_password(browser).await.status,
        "set the password" => admin.post(&format!("{path}/set-password"), &set).await.status,
        "end their sessions" => admin.delete(&format!("{path}/sessions")).await.status,
        "disable the person" => admin.patch(&path, &json!({"enabled": false})).await.status,
        "delete the person" => admin.delete(&path).await.status,
        other => end_from_another(world, other.starts_with("end it"), browser).await,
    };
    assert!(status.is_success() || status == 303, "{way}: {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn se_03_se_04_a_session_of_the_console_that_one_node_ended_is_over_on_the_other_at_once() {
    for way in WAYS {
        let world = World::start().await;
        let Some((_node, other)) = world.second_node().await else { return };
        let mut here = Browser::at_console(&world, r"t100\vera").await;
        let mut there = there(&other, &here);
        assert!(is_signed_in(&mut there).await, "{way}");
        let page = there.get("/console/settings").await;
        let mark = form_to(&page, "/console/sign-out").value("token").expect("a mark").to_owned();
        end(&world, way, &mut here).await;
        // Asked once, without waiting: the pages, and a form that was loaded before.
        let sent = there.post("/console/extend", &[("token", &mark)]).await;
        assert!(sent.status == 303 || sent.status == 401, "{way}: {}", sent.status);
        assert!(!is_signed_in(&mut there).await, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn se_01_a_proof_at_one_node_leaves_nothing_of_what_was_presented_before_at_the_other() {
    let world = World::start().await;
    let Some((_node, other)) = world.second_node().await else { return };
    let mut here = Browser::at_console(&world, r"t100\vera").await;
    let mut before = there(&other, &here);
    assert!(is_signed_in(&mut before).await);
    let changed = change_password(&mut here).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    assert!(!is_signed_in(&mut before).await);
    let mut after = there(&other, &here);
    assert!(is_signed_in(&mut after).await, "the new one is good at both");
}
