//! Every row of the console that names a thing, asked by somebody of another tenant.

use super::{
    rows::{rows, wants_session},
    strangers_things::{Theirs, stranger},
};
use it::{
    Answer, World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use server::route::RouteInfo;

/// What a form of any of the rows may want; a thing of one's own would be made, changed or ended by it.
fn fields(token: &str) -> Vec<(&str, &str)> {
    let filled =
        "token version name reason current-password username password kind origin origins \
        every-days overlap overlap-seconds default-life-days description"
            .split(' ')
            .map(|name| match name {
                "token" => (name, token),
                "version" => (name, "1"),
                "current-password" | "password" => (name, it::world::PASSWORD),
                "every-days" | "overlap" | "overlap-seconds" | "default-life-days" => (name, "60"),
                "origin" | "origins" => (name, "https://mine.example"),
                _ => (name, "mine"),
            });
    let more = [("once", "0123456789abcdef0123456789abcdef"), ("rights", "Audit.canRead")];
    filled.chain(more).chain([("roles", "admin")]).collect()
}

/// Whether this is what a stranger is told.
fn tells_nothing(row: &RouteInfo, answer: &Answer) -> bool {
    match answer.status.as_u16() {
        404 => true,
        // What is the cluster's alone says so, whatever it names.
        403 => row.access.contains("ClusterRight"),
        // Of a session that is nobody's it says the same: what was wanted is so.
        303 => {
            row.operation == "console_end_session"
                && answer.header("location") == "/console/settings?done=session-ended"
        }
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_no_row_of_the_console_shows_or_changes_what_another_tenant_has() {
    let world = World::start().await;
    let mut theirs = Theirs::of(&world).await;
    let (mut browser, token) = stranger(&world).await;
    let before = theirs.log(&world).await;
    let mut asked = 0;
    for method in ["GET", "POST"] {
        let named = rows(method).into_iter().filter(|row| row.path.contains('{'));
        for row in named.filter(wants_session) {
            // A row that names something else fails here, until somebody says what.
            for path in theirs.paths(&row) {
                let answer = match method {
                    "GET" => browser.get(&path).await,
                    _ => browser.post(&path, &fields(&token)).await,
                };
                let told = (answer.status, answer.header("location"));
                let row_named = format!("{method} {path} ({})", row.operation);
                assert!(tells_nothing(&row, &answer), "{row_named}: {told:?}");
                assert_eq!(theirs.stands_in(&answer.text()), None, "{row_named}");
                asked += 1;
            }
        }
    }
    assert!(asked > 140, "the table was not walked: {asked}");
    assert_eq!(theirs.log(&world).await, before, "something was changed");
    assert_eq!(theirs.browser.get("/console/settings").await.status, 200, "their session lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_a_thing_of_ones_own_leads_to_nothing_of_another_tenant() {
    let world = World::start().await;
    let mut theirs = Theirs::of(&world).await;
    let (mut browser, token) = stranger(&world).await;
    let bob = world.person(r"t200\bob").await;
    let persons: Value = bob.get("/v1/persons?search=bob").await.json();
    let own = persons["persons"][0]["id"].as_str().expect("an id").to_owned();
    let made = json!({"keyType": "api", "name": "mine", "permissions": ["orders:read"]});
    let key: Value = bob.post("/v1/keys", &made).await.json();
    let key = key["id"].as_str().expect("an id").to_owned();
    let (session, of_type) = (theirs.session.clone(), theirs.key_type.clone());
    let before = theirs.log(&world).await;
    let at = |path: String| format!("/console/{path}");
    for path in [
        at(format!("tenants/{OTHER_TENANT}/key-policies/{of_type}")),
        at(format!("tenants/{OTHER_TENANT}/key-policies/{of_type}/delete")),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
        let sent = browser.post(&path, &fields(&token)).await;
        assert!(sent.status == 404 || sent.status == 422, "{path}: {}", sent.status);
    }
    let end = at(format!("persons/{own}/sessions/{session}/end"));
    let ended = browser.post(&end, &fields(&token)).await;
    assert!(ended.status == 404 || ended.status == 303, "{}", ended.status);
    let edit = at(format!("keys/{key}/edit"));
    let moved = [fields(&token), vec![("tenant", TENANT), ("type", of_type.as_str())]].concat();
    browser.post(&edit, &moved).await;
    let shown = bob.get(&format!("/v1/keys/{key}")).await.json();
    assert_eq!((&shown["tenant"], &shown["keyType"]), (&json!(OTHER_TENANT), &json!("api")));
    assert_eq!(theirs.log(&world).await, before, "something was changed");
    assert_eq!(theirs.browser.get("/console/settings").await.status, 200, "their session lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_a_key_of_another_tenant_is_no_key_to_a_stranger_at_the_console() {
    let world = World::start().await;
    let theirs = Theirs::of(&world).await;
    let (mut browser, token) = stranger(&world).await;
    let none = "kw_0H7mQXr2vLk9TzB4cWfYpN0H7mQXr2vLk9TzB4";
    let said = |answer: &Answer| {
        // A page differs from another by what it is run with, and by its forms' marks.
        let text = answer.text();
        let main = text.split("<main").nth(1).unwrap_or_default();
        let words = main.split('<').filter_map(|tag| tag.split_once('>'));
        let words: Vec<&str> = words.map(|(_, text)| text.trim()).collect();
        (answer.status, words.join(" "))
    };
    // The test call of the setup is not among them: it shows what any call with the key itself is told.
    for path in ["/console/validate", "/console/keys/find"] {
        let of = [("token", token.as_str()), ("key", theirs.secret.as_str())];
        let asked = browser.post(path, &of).await;
        let unknown = browser.post(path, &[("token", token.as_str()), ("key", none)]).await;
        assert_eq!(said(&asked), said(&unknown), "{path}");
        assert!(asked.status == 200 || asked.status == 422, "{path}: {}", asked.status);
        assert_eq!(theirs.stands_in(&asked.text()), None, "{path}");
    }
}
