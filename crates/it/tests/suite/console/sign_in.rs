//! The way in: what it tells whoever guesses, and where everybody begins.

use domain::rate_limit::Limit;
use it::{
    Answer, Browser, World,
    console::{form_to, offers},
    world::{OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

pub(super) async fn signed_in(browser: &mut Browser, username: &str) -> Answer {
    let page = browser.get("/console/sign-in").await;
    let form =
        form_to(&page, "/console/sign-in").with("username", username).with("password", PASSWORD);
    browser.send_form(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_sign_in_is_told_the_same() {
    let world = World::start().await;
    let mut told = Vec::new();
    for (tenant, username, password) in [
        ("", r"t100\vera", "no such words"),
        ("t100", "vera", "no such words"),
        ("t100", "nobody-there", PASSWORD),
        ("nowhere.example", "vera", PASSWORD),
        (OTHER_TENANT, "vera", PASSWORD),
        ("t100", "service-a", PASSWORD),
        ("", "vera", PASSWORD),
    ] {
        let mut browser = Browser::new(world.anonymous());
        let page = browser.get("/console/sign-in").await;
        let form = form_to(&page, "/console/sign-in")
            .with("tenant", tenant)
            .with("username", username)
            .with("password", password);
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{username}");
        assert!(!answer.text().contains("no such words"), "{}", answer.text());
        assert!(!browser.cookies.contains_key("keyward-session"));
        let text = answer.text();
        let from = text.find("role=\"alert\"").expect("what is wrong");
        told.push(text[from..from + 400].split("</p>").next().unwrap_or_default().to_owned());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_named_by_its_domain_or_its_id() {
    let world = World::start().await;
    for tenant in ["t100", "T100", TENANT] {
        let mut browser = Browser::new(world.anonymous());
        let page = browser.get(&format!("/console/sign-in?tenant={tenant}")).await;
        let form = form_to(&page, "/console/sign-in");
        assert_eq!(form.value("tenant"), Some(tenant));
        let form = form.with("username", "vera").with("password", PASSWORD);
        let answer = browser.send_form(&form).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/console"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_guessing_at_the_console_waits_with_what_they_typed() {
    let limit = Limit::new(3, 60).ok();
    let world = World::start_with(|settings, _| settings.failed_credentials = limit).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.get("/console/sign-in").await;
    for n in 0..3 {
        let name = format!("somebody-{n}");
        let form = form_to(&page, "/console/sign-in").with("tenant", "t100");
        let form = form.with("username", &name).with("password", PASSWORD);
        assert_eq!(browser.send_form(&form).await.status, 422);
    }
    let form = form_to(&page, "/console/sign-in").with("username", r"t100\vera");
    let waits = browser.send_form(&form.with("password", PASSWORD)).await;
    assert_eq!(waits.status, 429);
    assert!(!waits.header("retry-after").is_empty());
    let form = form_to(&waits, "/console/sign-in");
    assert_eq!(form.value("username"), Some(r"t100\vera"));
    assert!(form.value("password").is_none_or(str::is_empty));
}

#[tokio::test(flavor = "multi_thread")]
async fn se_01_a_session_that_a_browser_was_given_by_somebody_else_is_dead_after_the_sign_in() {
    let world = World::start().await;
    let attacker = Browser::at_console(&world, r"t100\vera").await;
    let mut victim = Browser::new(world.anonymous());
    victim.cookies.clone_from(&attacker.cookies);
    victim.cookies.remove("keyward-visit");
    // A form on the page that the fixed session shows cannot be had: it is signed in already.
    let answer = victim.get("/console/sign-in").await;
    assert_eq!(answer.header("location"), "/console");
    let planted = victim.cookies.remove("keyward-session").expect("a session");
    let page = victim.get("/console/sign-in").await;
    victim.cookies.insert("keyward-session".to_owned(), planted.clone());
    let form = form_to(&page, "/console/sign-in").with("username", r"t100\nora");
    let answer = victim.send_form(&form.with("password", PASSWORD)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_ne!(victim.cookies["keyward-session"], planted);
    let mut stale = attacker;
    assert!(stale.get("/console").await.header("location").contains("/console/sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_change_their_password_gets_nowhere_else() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"username": "lena", "roles": ["admin"], "password": PASSWORD, "mustChangePassword": true});
    assert_eq!(admin.post("/v1/persons", &body).await.status, 201);
    let mut browser = Browser::new(world.anonymous());
    let answer = signed_in(&mut browser, r"t100\lena").await;
    assert_eq!(answer.header("location"), "/console/settings/password");
    for route in server::routes().iter().filter(|r| r.access.starts_with("Session(")) {
        let path = route.path.replace("{id}", "key_0000000000000000000000");
        if ["/console/settings/password", "/console/sign-out", "/console/extend"]
            .contains(&route.path)
        {
            continue;
        }
        let answer = match route.method.as_str() {
            "GET" => browser.get(&path).await,
            _ => browser.post(&path, &[]).await,
        };
        assert_eq!(answer.header("location"), "/console/settings/password", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_see_no_keys_begins_with_what_is_their_own() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nora").await;
    let answer = browser.get("/console").await;
    assert_eq!(answer.header("location"), "/console/settings");
    let page = browser.follow(answer).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Your settings") && !offers(&page, "/console/keys"));
    assert_eq!(browser.get("/console/keys").await.status, 403);
}

#[tokio::test]
async fn the_root_leads_to_the_console() {
    let world = World::start().await;
    let answer = world.anonymous().get("/").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/console"));
}
