//! The audit log at the console: filtered, taken along, and whether it is whole.

use http::StatusCode;
use it::{
    Browser, Caller, World,
    console::form_to,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

/// A key's id and its secret.
async fn made(admin: &Caller, name: &str) -> (String, String) {
    let body = json!({"keyType": "api", "name": name, "permissions": ["orders:read"]});
    let answer = admin.post("/v1/keys", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

async fn page(browser: &mut Browser, query: &str) -> String {
    let answer = browser.get(&format!("/console/audit{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.text()
}

fn count(page: &str) -> usize {
    page.matches("<details class=\"event\"").count()
}

#[tokio::test]
async fn filters_narrow_and_stand_in_the_address() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (first, _) = made(&admin, "first").await;
    world.clock.advance_millis(36 * 3_600_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "second").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let only = |text: String, wanted: usize, query: &str| {
        assert_eq!(count(&text), wanted, "{query}: {text}");
    };
    for (query, wanted) in [
        ("?action=key.create".to_owned(), 3),
        (format!("?action=key.create&key={first}"), 1),
        ("?action=key.create&actor=nexus".to_owned(), 2),
        ("?action=key.create&actor=NEXUS".to_owned(), 2),
        ("?action=key.create&actor=nex".to_owned(), 0),
        ("?action=key.create&actor=nex%25".to_owned(), 0),
        ("?action=key.create&actor=system".to_owned(), 1),
        ("?action=key.create&actor=nexus&to=2026-03-01".to_owned(), 1),
        ("?action=key.create&from=2026-03-02".to_owned(), 1),
        ("?action=key.create&from=2026-03-02&to=2026-03-02".to_owned(), 0),
        ("?action=key.sing".to_owned(), 0),
    ] {
        only(page(&mut browser, &query).await, wanted, &query);
    }
    let kept = page(&mut browser, "?action=key.create&actor=nexus&from=2026-03-02").await;
    for wanted in ["value=\"key.create\" selected", "value=\"nexus\"", "value=\"2026-03-02\""] {
        assert!(kept.contains(wanted), "{wanted}");
    }
    assert!(page(&mut browser, "?action=key.sing").await.contains("Clear the filters"));
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_said_beside_it() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    for (query, field) in [("?from=yesterday", "from"), ("?to=2026-13-01", "to")] {
        let answer = browser.get(&format!("/console/audit{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(&format!("id=\"{field}-fault\"")), "{query}");
    }
    let secret = "kw_0H7mQXr2vLk9TzB4cWfYpN0H7mQXr2vLk9TzB4";
    let pasted = browser.get(&format!("/console/audit?key={secret}")).await;
    assert_eq!(pasted.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pasted.text().contains("id=\"key-fault\"") && !pasted.text().contains(secret));
    for tenant in [OTHER_TENANT, "*", "x"] {
        let answer = browser.get(&format!("/console/audit?tenant={tenant}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{tenant}");
        assert_eq!(count(&answer.text()), 0);
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_repetition() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..30 {
        made(&admin, &format!("numbered-{n:02}")).await;
    }
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let first = page(&mut browser, "?action=key.create&actor=nexus").await;
    assert_eq!(count(&first), 25);
    let (_, behind) = first
        .split_once("href=\"/console/audit?action=key.create&#38;actor=nexus&#38;cursor=")
        .expect("older");
    let cursor = behind.split('"').next().expect("a cursor");
    let second =
        page(&mut browser, &format!("?action=key.create&actor=nexus&cursor={cursor}")).await;
    assert_eq!(count(&second), 5);
    assert!(second.contains("Newest"));
    for n in 0..30 {
        let name = format!(">numbered-{n:02}</bdi>");
        assert!(first.contains(&name) != second.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn an_event_says_who_when_from_where_and_what_was_before_and_after() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, "before").await;
    let renamed =
        admin.patch(&format!("/v1/keys/{id}"), &json!({"name": "after", "enabled": false})).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let text = page(&mut browser, &format!("?key={id}&action=key.update")).await;
    for wanted in [
        "<del><bdi>before</bdi></del>",
        "<ins><bdi>after</bdi></ins>",
        "<del><bdi>yes</bdi></del>",
        "<ins><bdi>no</bdi></ins>",
        "1 Mar 2026, 12:00:00 UTC",
        "<code>127.0.0.1</code>",
        renamed.header("x-request-id"),
        &format!("href=\"/console/keys/{id}\""),
        "href=\"/console/persons/",
        "premise_tenant",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains(&secret));
    // Whoever may not open a person's page is not led there.
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    let text = page(&mut vera, &format!("?key={id}")).await;
    assert!(text.contains(&format!("href=\"/console/keys/{id}\"")));
    assert!(!text.contains("href=\"/console/persons/"));
}

#[tokio::test]
async fn wb_05_names_in_events_are_text() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, "\"><img src=x onerror=alert(1)>").await;
    let changed = json!({"description": "</bdi><script>alert(2)</script>"});
    admin.patch(&format!("/v1/keys/{id}"), &changed).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let asked = "?actor=%22%3E%3Cimg%20src%3Dy%3E&action=%3Csvg%3E&key=x:%22%3E%3Cu%3E";
    for query in ["", asked] {
        let text = page(&mut browser, query).await;
        for bad in ["<img", "<script>alert", "<svg>", "\"><u>"] {
            assert!(!text.contains(bad), "{query} {bad}: {text}");
        }
    }
    assert!(page(&mut browser, "").await.contains("&#60;img src=x onerror=alert(1)&#62;"));
}

#[tokio::test]
async fn a_tenant_reads_its_own_chain_and_the_cluster_all() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, "ours").await;
    let mut bob = Browser::at_console(&world, r"t200\bob").await;
    assert!(!page(&mut bob, "").await.contains("ours"));
    assert_eq!(count(&page(&mut bob, &format!("?key={id}")).await), 0);
    let mut ops = Browser::at_console(&world, "ops").await;
    let all = page(&mut ops, "?action=key.create&actor=nexus").await;
    assert!(all.contains("ours") && all.contains("premise_tenant"));
    let other = page(&mut ops, &format!("?actor=nexus&tenant={OTHER_TENANT}")).await;
    assert_eq!(count(&other), 0);
    let mut nora = Browser::at_console(&world, r"t100\nora").await;
    for path in ["", "/export?format=csv", "/export?format=chain", "/check"] {
        let answer = nora.get(&format!("/console/audit{path}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let nobody = world.anonymous().get("/console/audit/export?format=csv").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_export_holds_what_the_api_answers() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..210 {
        made(&admin, &format!("n{n}")).await;
    }
    made(&admin, "=1+1").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let query = "action=key.create&actor=nexus";
    let lines = browser.get(&format!("/console/audit/export?format=jsonl&{query}")).await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    assert!(lines.header("content-disposition").starts_with("attachment"));
    assert_eq!(lines.header("cache-control"), "no-store");
    let mut wanted: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let part = admin.get(&format!("/v1/audit?{query}{cursor}")).await.json();
        wanted.extend(part["events"].as_array().expect("events").clone());
        let Some(next) = part["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let got: Vec<Value> =
        lines.text().lines().map(|line| serde_json::from_str(line).expect("a line")).collect();
    assert_eq!(got.len(), 211);
    assert_eq!(got, wanted);

    let chain = browser.get("/console/audit/export?format=chain").await;
    let of_api = admin.get("/v1/audit/export").await;
    assert_eq!(chain.body, of_api.body);

    let csv = browser.get(&format!("/console/audit/export?format=csv&{query}")).await.text();
    assert!(csv.starts_with("at,action,actor,"), "{csv}");
    // The settings of an event stand in one field, a line each.
    assert_eq!(csv.lines().filter(|line| line.contains("Z,key.create,person:")).count(), 211);
    // A spreadsheet takes no name for a formula.
    assert!(csv.contains(",'=1+1,"), "{csv}");
    for query in ["", "?format=pdf"] {
        let answer = browser.get(&format!("/console/audit/export{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    for field in ["from", "to", "key"] {
        let wrong = browser.get(&format!("/console/audit/export?format=csv&{field}=x")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(super::looks::says_at(&wrong, field), "{field}: {}", wrong.text());
    }
}

#[tokio::test]
async fn au_02_whoever_reads_the_log_can_ask_whether_it_is_whole() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "one").await;
    world.service.sign_heads().await.unwrap();
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let ask = browser.get("/console/audit/check").await;
    let found = browser.submit_to(&ask, "/console/audit/check", &[]).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let position = admin.get("/v1/audit/check").await.json()["position"].clone();
    assert!(found.text().contains("Unbroken.</b> <bdi>premise_tenant"), "{}", found.text());
    assert!(found.text().contains(&format!("up to event {position}")), "{}", found.text());
    let form = form_to(&ask, "/console/audit/check").with("tenant", OTHER_TENANT);
    let foreign = browser.send_form(&form).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!foreign.text().contains("Unbroken"));
    let _ = world.place().sql(&format!("DELETE FROM audit_heads WHERE scope = '{TENANT}'"));
    let found = browser.submit_to(&ask, "/console/audit/check", &[]).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    assert!(found.text().contains("Not whole.</b> <bdi>premise_tenant"), "{}", found.text());
}

#[tokio::test]
async fn the_cluster_asks_about_any_chain_and_about_all() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let ask = ops.get("/console/audit/check").await;
    for tenant in ["", "*", TENANT] {
        let found = ops.submit_to(&ask, "/console/audit/check", &[("tenant", tenant)]).await;
        assert!(found.text().contains("Unbroken."), "{tenant}: {}", found.text());
    }
}
