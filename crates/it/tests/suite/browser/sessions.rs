//! A browser that is signed in: for how long, who ends it, and what ends with it.

use super::{App, Tokens, asks_to_sign_in, claims, request, sign_in};
use crate::auth_v3::{audited, later};
use it::{
    Browser, Caller,
    browser::carried,
    world::{PASSWORD, TENANT},
};
use serde_json::{Value, json};

const HOUR_MS: u32 = 3_600_000;

async fn person(admin: &Caller, name: &str) -> String {
    let found = admin.get(&format!("/v1/persons?search={name}")).await.json();
    found["persons"][0]["id"].as_str().unwrap().to_owned()
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    !asks_to_sign_in(&browser.open(&request(&[])).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn se_01_each_sign_in_gives_the_browser_something_new_and_the_old_is_dead() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    let old = browser.cookies.clone();
    let page = browser.open(&request(&[("prompt", "login")])).await;
    let back = sign_in(&mut browser, &page, "vera").await;
    let second = app.tokens(&back).await;
    let mut stale = app.browser();
    stale.cookies.clone_from(&old);
    assert!(is_signed_in(&mut browser).await && !is_signed_in(&mut stale).await);
    // The session goes on: what else was signed in to by it stays.
    assert_eq!(first.claims()["sid"], second.claims()["sid"]);
    assert_eq!(app.status_of(first.access()).await, 200);
    // Somebody else in the same browser ends it.
    let page = browser.open(&request(&[("prompt", "login")])).await;
    let back = sign_in(&mut browser, &page, "nora").await;
    let third = app.tokens(&back).await;
    assert_ne!(first.claims()["sid"], third.claims()["sid"]);
    assert_eq!(app.status_of(first.access()).await, 401);
    let named =
        browser.cookies.iter().find(|(name, _)| name.starts_with("keyward-realm-")).unwrap();
    assert!(named.1.len() >= 43, "256 random bits");
    for table in ["sessions", "authorization_codes"] {
        let rows = app.world.place().sql(&format!("SELECT * FROM {table}"));
        assert!(!rows.join("|").contains(named.1), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn se_02_a_session_ends_by_rest_and_by_age() {
    let app = App::start(json!({})).await;
    let (mut browser, _) = app.signed_in("vera").await;
    for _ in 0..23 {
        later(&app.world, HOUR_MS - 1);
        assert!(is_signed_in(&mut browser).await);
    }
    later(&app.world, HOUR_MS);
    assert!(!is_signed_in(&mut browser).await, "it rested for an hour");
    let (mut browser, _) = app.signed_in("vera").await;
    for _ in 0..24 {
        later(&app.world, HOUR_MS - 1);
        is_signed_in(&mut browser).await;
    }
    later(&app.world, 24);
    assert!(!is_signed_in(&mut browser).await, "it is a day old");
    let shorter = app.world.restart_with(|settings, _| settings.session_idle_s = 60).await;
    let app = App { world: shorter, secret: app.secret };
    let (mut browser, _) = app.signed_in("vera").await;
    later(&app.world, 60_000);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_02_a_realms_refresh_tokens_last_no_longer_than_the_session() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let told = |tokens: &Tokens| {
        let of = |jwt| claims(jwt)["exp"].as_i64().unwrap() - claims(jwt)["iat"].as_i64().unwrap();
        let seconds = tokens.0["refresh_expires_in"].as_i64().unwrap();
        assert_eq!(of(tokens.refresh()), seconds);
        seconds
    };
    assert!((86_399..=86_400).contains(&told(&tokens)), "the day of the session: {}", tokens.0);
    let mut refresh = tokens.refresh().to_owned();
    let next = async |refresh: &str| {
        let answer = app.refresh(refresh).await;
        let text = |name: &str| answer.json()[name].as_str().unwrap_or_default().to_owned();
        if answer.status == 200 {
            Ok(text("refresh_token"))
        } else {
            Err(text("error_description"))
        }
    };
    // A refresh is a call: the session does not rest.
    for _ in 0..24 {
        later(&app.world, HOUR_MS - 1);
        refresh = next(&refresh).await.unwrap();
    }
    let back = browser.open(&request(&[])).await;
    let last = app.tokens(&back).await;
    assert!(told(&last) <= 1, "what is left of the session: {}", last.0);
    let code = carried(&browser.open(&request(&[])).await)["code"].clone();
    later(&app.world, 24);
    assert_eq!(next(&refresh).await.unwrap_err(), "Token is not active", "it is a day old");
    assert_eq!(app.exchange(&code).await.status, 400, "a code is no longer good than its session");
    let (_, tokens) = app.signed_in("vera").await;
    later(&app.world, HOUR_MS);
    let rested = next(tokens.refresh()).await.unwrap_err();
    assert_eq!(rested, "Token is not active", "it rested for an hour");
    // Nor when nobody remembers the session any more.
    later(&app.world, 48 * HOUR_MS);
    app.world.service.prune_sessions().await.unwrap();
    assert_eq!(next(tokens.refresh()).await.unwrap_err(), "Token is not active");
}

#[tokio::test(flavor = "multi_thread")]
async fn au_01_the_end_of_the_session_before_somebody_elses_is_audited() {
    let app = App::start(json!({})).await;
    let (mut browser, first) = app.signed_in("vera").await;
    let page = browser.open(&request(&[("prompt", "login")])).await;
    sign_in(&mut browser, &page, "nora").await;
    let ended = audited(&app.world, "session.end").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["subject"]["id"], first.claims()["sid"]);
    assert_eq!(ended[0]["detail"]["person"], first.claims()["sub"]);
    assert_eq!((&ended[0]["tenant"], &ended[0]["actor"]["name"]), (&json!(TENANT), &json!("vera")));
    assert_eq!(audited(&app.world, "session.open").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn se_03_whatever_ends_a_persons_access_ends_sessions_and_their_tokens() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let vera = person(&admin, "vera").await;
    let path = format!("/v1/persons/{vera}");
    let set = json!({"password": PASSWORD, "mustChangePassword": false});
    let steps: [(&str, Value); 3] =
        [("set-password", set), ("disable", json!({"enabled": false})), ("delete", json!(null))];
    for (how, body) in steps {
        let (mut browser, tokens) = app.signed_in("vera").await;
        assert!(is_signed_in(&mut browser).await);
        let answer = match how {
            "disable" => admin.patch(&path, &body).await,
            "delete" => admin.delete(&path).await,
            other => admin.post(&format!("{path}/{other}"), &body).await,
        };
        assert!(answer.status.is_success(), "{how}: {}", answer.text());
        assert!(!is_signed_in(&mut browser).await, "{how}");
        assert_eq!(app.status_of(tokens.access()).await, 401, "{how}");
        assert_eq!(app.refresh(tokens.refresh()).await.json()["error"], "invalid_grant", "{how}");
        if how == "disable" {
            let on = admin.patch(&path, &json!({"enabled": true})).await;
            assert_eq!(on.status, 200);
            assert!(!is_signed_in(&mut browser).await, "it does not come back");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn se_03_whoever_changes_their_password_stays_signed_in_where_they_did() {
    let app = App::start(json!({})).await;
    let (mut here, tokens) = app.signed_in("vera").await;
    let (mut there, _) = app.signed_in("vera").await;
    let change =
        json!({"data": {"oldPassword": PASSWORD, "newPassword": "another nine quiet otters"}});
    let vera = app.world.anonymous().bearer(tokens.access());
    let changed = vera.post("/auth/v3/change-password", &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert!(is_signed_in(&mut here).await && !is_signed_in(&mut there).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn se_03_the_end_of_a_session_holds_on_every_node_at_once() {
    let app = App::start(json!({})).await;
    let Some((_node, other)) = app.world.second_node().await else { return };
    let (browser, tokens) = app.signed_in("vera").await;
    let mut there = Browser::new(Caller::new(other.clone()));
    there.cookies.clone_from(&browser.cookies);
    assert!(is_signed_in(&mut there).await);
    let admin = app.world.person(r"t100\nexus").await;
    let vera = person(&admin, "vera").await;
    assert_eq!(admin.delete(&format!("/v1/persons/{vera}/sessions")).await.status, 204);
    assert!(!is_signed_in(&mut there).await);
    let caller = Caller::new(other).bearer(tokens.access());
    let begin = std::time::Instant::now();
    while caller.get(&format!("{}/userinfo", super::REALM)).await.status != 401 {
        assert!(begin.elapsed().as_secs() < 1, "the token ends within a second");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn se_04_a_person_and_whoever_manages_them_list_and_end_sessions() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let vera = app.world.person(r"t100\vera").await;
    let id = person(&admin, "vera").await;
    let path = format!("/v1/persons/{id}/sessions");
    assert_eq!(vera.get(&path).await.json()["sessions"], json!([]));
    assert_eq!(vera.delete(&path).await.status, 404, "there is nothing to end");
    let (mut one, tokens) = app.signed_in("vera").await;
    later(&app.world, 1_000);
    let (mut two, _) = app.signed_in("vera").await;
    for caller in [&vera, &admin] {
        let listed = caller.get(&path).await;
        let sessions = listed.json()["sessions"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 2, "{}", listed.text());
        assert_eq!(sessions[1]["id"], tokens.claims()["sid"]);
        assert_eq!(
            (&sessions[1]["address"], &sessions[1]["agent"], &sessions[1]["authenticated"]),
            (&json!("127.0.0.1"), &json!("Test/1.0"), &json!("2026-03-01T12:00:00.000Z"))
        );
        for cookie in one.cookies.values().chain(two.cookies.values()) {
            assert!(!listed.text().contains(cookie));
        }
    }
    let sid = tokens.claims()["sid"].as_str().unwrap().to_owned();
    let nora = app.world.person(r"t100\nora").await;
    let bob = app.world.person(r"t200\bob").await;
    let own = format!("{path}/{sid}");
    assert_eq!(nora.get(&path).await.status, 403);
    assert_eq!(nora.delete(&own).await.status, 403);
    assert_eq!(bob.get(&path).await.status, 404);
    assert_eq!(bob.delete(&own).await.status, 404);
    assert_eq!(app.world.anonymous().get(&path).await.status, 401);
    assert_eq!(vera.delete(&format!("{path}/{}", it::world::NO_TENANT)).await.status, 404);
    assert_eq!(vera.delete(&own).await.status, 204);
    assert_eq!(vera.delete(&own).await.status, 404);
    assert!(!is_signed_in(&mut one).await && is_signed_in(&mut two).await);
    assert_eq!(app.status_of(tokens.access()).await, 401);
    let event = audited(&app.world, "session.end").await.pop().unwrap();
    assert_eq!((&event["subject"]["id"], &event["tenant"]), (&json!(sid), &json!(TENANT)));
    let opened = audited(&app.world, "session.open").await;
    assert_eq!(opened.len(), 2);
    for cookie in one.cookies.values() {
        assert!(!json!(opened).to_string().contains(cookie));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_sessions_of_somebody_who_holds_more() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let role = json!({"name": "registrar", "rights": ["Persons.canManage"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let body = json!({"username": "rita", "roles": ["registrar"], "password": PASSWORD});
    assert_eq!(admin.post("/v1/persons", &body).await.status, 201);
    let rita = app.world.person(r"t100\rita").await;
    app.signed_in("nexus").await;
    app.signed_in("nora").await;
    for (name, status) in [("nexus", 403), ("nora", 204)] {
        let path = format!("/v1/persons/{}/sessions", person(&admin, name).await);
        assert_eq!(rita.delete(&path).await.status, status, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_01_a_session_is_of_one_realm() {
    let app = App::start(json!({})).await;
    let bob = app.world.person(r"t200\bob").await;
    super::make_client(&bob, json!({"clientId": "theirs"})).await;
    let (mut browser, _) = app.signed_in("vera").await;
    let (name, value) =
        browser.cookies.iter().find(|(name, _)| name.starts_with("keyward-realm-")).unwrap();
    let tenant = it::world::OTHER_TENANT.replace('-', "");
    let (forged, value) = (format!("keyward-realm-{tenant}"), value.clone());
    assert_ne!(*name, forged);
    browser.cookies.insert(forged, value);
    let there = request(&[("client_id", "theirs")]).replace("companya", "companyb");
    assert!(asks_to_sign_in(&browser.open(&there).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_a_restart_and_end_with_their_time() {
    let app = App::start(json!({})).await;
    let (mut browser, tokens) = app.signed_in("vera").await;
    let app = App { world: app.world.restart().await, secret: app.secret };
    let mut again = app.browser();
    again.cookies.clone_from(&browser.cookies);
    let back = again.open(&request(&[("prompt", "none")])).await;
    assert_eq!(app.tokens(&back).await.claims()["sid"], tokens.claims()["sid"]);
    browser = again;
    later(&app.world, 48 * HOUR_MS + 1);
    app.world.service.prune_sessions().await.unwrap();
    for table in ["sessions", "authorization_codes"] {
        assert_eq!(app.world.place().sql(&format!("SELECT count(*) FROM {table}")), ["0"]);
    }
    let back = browser.open(&request(&[("prompt", "none")])).await;
    assert_eq!(carried(&back)["error"], "login_required");
}
