//! What another site has a browser send changes nothing (WB-04).

use super::rows::{Things, rows, turn, wants_session, who};
use http::Method;
use it::{Answer, Browser, Caller, World, console::form_to, world::PASSWORD};

const FORM: &str = "application/x-www-form-urlencoded";
/// What a page of the console says to such a form.
const ELSEWHERE: &str = "the form came from elsewhere";

/// Somebody's browser, signed in: what it presents, and what its forms carry.
struct Victim {
    cookie: String,
    token: String,
}

impl Victim {
    async fn of(world: &World, username: &str) -> Self {
        let mut browser = Browser::at_console(world, username).await;
        let page = browser.get("/console/settings").await;
        let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
        let pairs = browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        Self { cookie: pairs.collect::<Vec<_>>().join("; "), token }
    }

    async fn sends(
        &self,
        world: &World,
        path: &str,
        headers: &[(&str, &str)],
        (content_type, body): (&str, String),
    ) -> Answer {
        let caller = world.anonymous().with_header("cookie", &self.cookie);
        let with = |caller: Caller, (name, value): &(&str, &str)| caller.with_header(name, value);
        let caller = headers.iter().fold(caller, with);
        caller.send(Method::POST, path, Some(content_type), body.into()).await
    }
}

/// Whatever changes anything adds to the log, ends a session, or counts a version up.
pub(crate) fn everything(world: &World) -> Vec<String> {
    let counted = ["audit_events", "keys", "secrets", "sessions", "idempotency", "cors"];
    let counted = counted.map(|table| format!("SELECT count(*) FROM {table}"));
    let versions = ["keys", "persons", "tenants", "roles", "clients", "key_types", "key_policies"];
    let versions = versions.map(|table| format!("SELECT coalesce(sum(version), 0) FROM {table}"));
    let ended = "SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL".to_owned();
    let seen = "SELECT max(last_seen_at) FROM sessions".to_owned();
    let all = counted.into_iter().chain(versions).chain([ended, seen]);
    all.map(|text| world.place().sql(&text).concat()).collect()
}

/// Sends a row's form as another site would have the victim's browser send it, in every way.
async fn forged(world: &World, path: &str, victim: &Victim, theirs: &str) {
    let right = format!("token={}", victim.token);
    let refused = |answer: &Answer, how: &str| {
        assert_eq!(answer.status, 403, "{path} {how}: {}", answer.text());
        assert!(answer.text().contains(ELSEWHERE), "{path} {how}: {}", answer.text());
    };
    let from_elsewhere: [&[(&str, &str)]; 9] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://127.0.0.1:8081")],
        &[("origin", "http://127.0.0.1:8080.evil.example")],
        &[("origin", "http://localhost:8080")],
    ];
    let filled = |body: &str| (FORM, format!("{body}&name=x&password=x&confirm=on"));
    for headers in from_elsewhere {
        let answer = victim.sends(world, path, headers, filled(&right)).await;
        refused(&answer, &format!("{headers:?}"));
    }
    let own = [("sec-fetch-site", "same-origin")];
    for body in ["", "token=", "token=x", theirs, &right[..right.len() - 1]] {
        for headers in [&own[..], &[]] {
            refused(&victim.sends(world, path, headers, filled(body)).await, body);
        }
    }
    let json = format!("{{\"token\":\"{}\"}}", victim.token);
    for content in [
        ("text/plain", right.clone()),
        ("application/json", json),
        ("multipart/form-data; boundary=x", right.clone()),
    ] {
        let answer = victim.sends(world, path, &[], content).await;
        assert_eq!(answer.status, 415, "{path}: {}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_no_form_of_another_site_changes_anything() {
    let world = World::start().await;
    let things = Things::of(&world).await;
    let other = Victim::of(&world, r"t100\vera").await;
    let ops = Victim::of(&world, "ops").await;
    let nexus = Victim::of(&world, r"t100\nexus").await;
    let before = everything(&world);
    let theirs = format!("token={}", other.token);
    let mut rows: Vec<_> = rows("POST").into_iter().filter(wants_session).collect();
    assert!(rows.len() > 50, "the table was not walked");
    for row in &rows {
        let victim = if who(row) == "ops" { &ops } else { &nexus };
        forged(&world, &things.path(row), victim, &theirs).await;
    }
    assert_eq!(everything(&world), before);
    // And the same forms, sent by those same persons from their own pages, do what they say: nothing else
    // refused them.
    rows.sort_by_key(turn);
    let mut idle = Vec::new();
    for row in &rows {
        let mut browser = Browser::at_console(&world, who(row)).await;
        let answer = things.sent(&mut browser, row).await;
        if answer.status != 200 && answer.status != 303 {
            idle.push(format!("{} {}", row.operation, answer.status.as_u16()));
        }
    }
    assert_eq!(idle, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_no_page_changes_anything_by_being_looked_at() {
    let world = World::start().await;
    let things = Things::of(&world).await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let before = everything(&world);
    let mut looked = 0;
    for row in rows("GET").iter().filter(|row| wants_session(row)) {
        let answer = browser.get(&things.path(row)).await;
        assert!(answer.status.as_u16() < 500, "{}: {}", row.path, answer.text());
        looked += 1;
    }
    // What only a form does is not there for an image or a link.
    for row in rows("POST").iter().filter(|row| wants_session(row)) {
        let answer = browser.get(&things.path(row)).await;
        assert!(answer.status.as_u16() < 500, "{}: {}", row.path, answer.text());
        looked += 1;
    }
    assert!(looked > 10, "the table was not walked");
    assert_eq!(everything(&world), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_nobody_is_signed_in_by_a_form_of_another_site() {
    let world = World::start().await;
    let page = Browser::new(world.anonymous()).get("/console/sign-in").await;
    let form = form_to(&page, "/console/sign-in").with("username", r"t100\vera");
    let form = form.with("password", PASSWORD);
    let fields: Vec<(&str, &str)> =
        form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // The attacker's page and token, the victim's browser.
    let mut victim = Browser::new(world.anonymous());
    for _ in 0..2 {
        let answer = victim.post("/console/sign-in", &fields).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(!victim.cookies.contains_key("keyward-session"));
    }
    let elsewhere = world.anonymous().with_header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.post_form("/console/sign-in", &fields).await.status, 403);
    let elsewhere = world.anonymous().with_header("origin", "https://evil.example");
    assert_eq!(elsewhere.post_form("/console/sign-in", &fields).await.status, 403);
}
