//! Every row of the console that names no thing: its lists, filters, forms and files hold nothing of another
//! tenant, whatever the address asks for.

use super::{
    rows::{rows, wants_session},
    strangers_things::{Theirs, stranger},
};
use it::{World, world::TENANT};

/// Addresses that ask for what the first tenant has, without a word of it that a page would repeat.
fn queries(theirs: &Theirs) -> Vec<String> {
    let key = &theirs.key;
    let mut all: Vec<String> = [
        "",
        "search=kept",
        "search=nexus",
        "available=on",
        "unavailable=on",
        "acknowledged=no",
        "permission=orders%3Aread",
        "type=api",
        "actor=nexus",
        "action=key.create",
        "action=role.create",
        "format=csv",
        "format=jsonl",
        "format=chain",
        "from=2020-01-01&to=2030-01-01",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!("key={key}"));
    all.push(format!("type=api&key={key}"));
    let with_tenant: Vec<String> =
        all.iter().map(|query| format!("{query}&tenant={TENANT}")).collect();
    all.extend(with_tenant);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_no_list_filter_or_file_of_the_console_holds_what_another_tenant_has() {
    let world = World::start().await;
    let theirs = Theirs::of(&world).await;
    let (mut browser, _) = stranger(&world).await;
    let mut asked = 0;
    for row in rows("GET").into_iter().filter(wants_session) {
        if row.path.contains('{') {
            continue;
        }
        for query in queries(&theirs) {
            let path = format!("{}?{query}", row.path);
            let answer = browser.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
            assert_eq!(theirs.stands_in(&answer.text()), None, "{path}");
            asked += 1;
        }
    }
    assert!(asked > 500, "the table was not walked: {asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_01_no_form_of_the_console_reaches_into_another_tenant() {
    let mut asked = 0;
    for row in rows("POST").into_iter().filter(wants_session) {
        if row.path.contains('{') {
            continue;
        }
        // A form may end the session or change the password: the next one is sent by somebody new.
        let world = World::start().await;
        let theirs = Theirs::of(&world).await;
        let (mut browser, token) = stranger(&world).await;
        // Whoever has the key itself is told of it, by the test call as by any other.
        let secret = if row.path == "/console/setup" { &theirs.key } else { &theirs.secret };
        let pasted = secret.as_str();
        let fields = [
            ("token", token.as_str()),
            ("once", "0123456789abcdef0123456789abcdef"),
            ("tenant", TENANT),
            ("type", "api"),
            ("name", "mine"),
            ("username", "mine"),
            ("clientId", "mine"),
            ("client-id", "mine"),
            ("permissions", "orders:read"),
            ("rights", "Audit.canRead"),
            ("roles", "viewer"),
            ("grants", "client_credentials"),
            ("key", pasted),
            ("secret", pasted),
            ("current-password", it::world::PASSWORD),
        ];
        let before = theirs.log(&world).await;
        let answer = browser.post(row.path, &fields).await;
        assert!(answer.status.as_u16() < 500, "{}: {}", row.path, answer.text());
        assert_eq!(theirs.stands_in(&answer.text()), None, "{}", row.path);
        assert_eq!(theirs.log(&world).await, before, "{} changed something", row.path);
        asked += 1;
    }
    assert!(asked > 12, "the table was not walked: {asked}");
}
