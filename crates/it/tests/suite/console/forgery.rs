//! What another site has a browser send changes nothing (WB-04).

use super::rows::{Things, rows, wants_session};
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

fn everything(world: &World) -> Vec<String> {
    let tables =
        ["audit_events", "keys", "secrets", "persons", "sessions", "tenants", "roles", "clients"];
    let count = |table: &&str| world.place().sql(&format!("SELECT count(*) FROM {table}")).concat();
    let mut all: Vec<String> = tables.iter().map(count).collect();
    all.extend(world.place().sql("SELECT max(version) FROM keys"));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_no_form_of_another_site_changes_anything() {
    let world = World::start().await;
    let things = Things::of(&world).await;
    let other = Victim::of(&world, r"t100\vera").await;
    let victim = Victim::of(&world, "ops").await;
    let before = everything(&world);
    let right = format!("token={}", victim.token);
    let theirs = format!("token={}", other.token);
    let rows: Vec<_> = rows("POST").into_iter().filter(wants_session).collect();
    assert!(rows.len() > 10, "the table was not walked");
    for row in &rows {
        let path = things.path(row);
        let form = |body: &str| (FORM, format!("{body}&name=x&password=x&confirm=on"));
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
        for headers in from_elsewhere {
            let answer = victim.sends(&world, &path, headers, form(&right)).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}: {}", answer.text());
        }
        let own = [("sec-fetch-site", "same-origin")];
        for body in ["", "token=", "token=x", &theirs, &right[..right.len() - 1]] {
            for headers in [&own[..], &[]] {
                let answer = victim.sends(&world, &path, headers, form(body)).await;
                assert_eq!(answer.status, 403, "{path} {body}: {}", answer.text());
                assert!(answer.text().contains(ELSEWHERE), "{path}: {}", answer.text());
            }
        }
        let json = format!("{{\"token\":\"{}\"}}", victim.token);
        for content in [
            ("text/plain", right.clone()),
            ("application/json", json),
            ("multipart/form-data; boundary=x", right.clone()),
        ] {
            let answer = victim.sends(&world, &path, &[], content).await;
            assert_eq!(answer.status, 415, "{path}: {}", answer.text());
        }
    }
    assert_eq!(everything(&world), before);
    // And the same with what belongs there is not refused so: the walk proves something. Persons of the
    // installation have no personal keys, and what is done to the tenant comes last.
    let (personal, others): (Vec<_>, Vec<_>) = rows.iter().partition(|r| r.path.contains("/psk/"));
    let personal = personal.into_iter().map(|row| (row, r"t100\nexus"));
    for (row, username) in personal.chain(others.into_iter().map(|row| (row, "ops"))) {
        let victim = Victim::of(&world, username).await;
        let own = [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")];
        let content = (FORM, format!("token={}", victim.token));
        let answer = victim.sends(&world, &things.path(row), &own, content).await;
        assert!(!answer.text().contains(ELSEWHERE), "{}: {}", row.path, answer.text());
    }
    assert_ne!(everything(&world), before, "no form did anything");
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
