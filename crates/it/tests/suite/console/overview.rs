//! The overview: what there is, how it is used, what ends soon.

use it::{Browser, Caller, World, console::offers, world::PASSWORD};
use serde_json::{Value, json};

async fn made(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn nexus(name: &str) -> Value {
    json!({"keyType": "nexus", "name": name, "permissions": ["nexus:consumer:chat"]})
}

/// What a tile says: the number before its label.
fn tile(page: &str, label: &str) -> String {
    let before = page.split(label).next().unwrap_or_default();
    let number = before.rsplit("<b>").next().unwrap_or_default();
    number.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_count_keys_and_lead_to_them() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let before = browser.open("/console").await.text();
    let soon = json!("2026-03-11T12:00:00Z");
    let mut ending = nexus("Ending");
    ending["expires"] = soon;
    let id = made(&admin, &ending).await["id"].clone();
    let page = browser.open("/console").await;
    let text = page.text();
    let number = |text: &str, label| tile(text, label).parse::<u32>().unwrap();
    assert_eq!(number(&text, "Available"), number(&before, "Available") + 1);
    assert_eq!(number(&text, "Soon unavailable"), number(&before, "Soon unavailable") + 1);
    for path in [
        "/console/keys?available=1",
        "/console/keys?soon=1",
        "/console/keys?acknowledged=0",
        "/console/keys?status=disabled",
        "/console/keys?status=expired",
        "/console/keys?status=revoked",
    ] {
        assert!(text.contains(&format!("href=\"{path}\"")), "{path}");
        assert_eq!(browser.open(path).await.status, 200);
    }
    assert!(offers(&page, &format!("/console/keys/{}", id.as_str().unwrap())));
    assert!(text.contains("Expires in 10 days"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_drawn_said_and_tabled_for_the_time_that_the_address_names() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &nexus("Called")).await["secret"].clone();
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let empty = browser.open("/console").await.text();
    assert!(empty.contains("No calls in the last 7 days.") && !empty.contains("class=\"chart\""));
    for _ in 0..3 {
        admin.post("/v1/keys/verify", &json!({"secret": secret})).await;
    }
    world.service.flush_usage().await;
    world.clock.advance_millis(1_000);
    world.service.roll_up_usage().await.unwrap();
    for (range, said, part) in [
        ("", "3 calls in the last 7 days: 3 valid", "Day (UTC)"),
        ("?range=24h", "3 calls in the last 24 hours: 3 valid", "Hour (UTC)"),
        ("?range=30d", "3 calls in the last 30 days: 3 valid", "Day (UTC)"),
    ] {
        let text = browser.open(&format!("/console{range}")).await.text();
        assert!(text.contains(said) && text.contains(part), "{range}: {text}");
        assert!(text.contains("role=\"img\"") && text.contains("aria-current=\"true\""), "{range}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_events_are_shown_to_whoever_may_read_the_log() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, &nexus("Logged")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console").await;
    assert!(page.text().contains("Newest events") && page.text().contains("Logged"));
    assert!(offers(&page, "/console/audit"));
    let person = json!({"username": "vic", "roles": ["viewer"], "password": "correct horse battery 7", "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let mut viewer = Browser::new(world.anonymous());
    viewer.sign_in_console(r"t100\vic", "correct horse battery 7").await;
    let page = viewer.open("/console").await;
    let reads = page.text().contains("Newest events");
    let may = viewer.open("/console/audit").await.status == 200;
    assert_eq!(reads, may);
    assert!(!page.text().contains("/console/keys/new"));
    // Whoever may read the log alone begins here, too, and reads it.
    let mut auditor = with_rights(&world, "auditor", &["Audit.canRead"]).await;
    let page = auditor.open("/console").await;
    assert!(page.text().contains("No keys to show"), "{}", page.text());
    assert!(page.text().contains("Newest events") && offers(&page, "/console/audit"));
}

/// A person of the first contact center who holds these rights and no others.
async fn with_rights(world: &World, name: &str, rights: &[&str]) -> Browser {
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": name, "rights": rights});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let person = json!({"username": name, "roles": [name], "password": PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    Browser::at_console(world, &format!(r"t100\{name}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_tenant_is_told_the_first_steps() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let tenant = json!({"name": "Fresh", "domains": ["fresh"]});
    let made = ops.post("/v1/tenants", &tenant).await.json();
    let person = json!({"tenant": made["id"], "username": "ada", "roles": ["admin"],
        "password": "correct horse battery 7", "mustChangePassword": false});
    assert_eq!(ops.post("/v1/persons", &person).await.status, 201);
    let mut browser = Browser::new(world.anonymous());
    let page = browser.sign_in_console(r"fresh\ada", "correct horse battery 7").await;
    let text = page.text();
    assert!(text.contains("No keys yet") && text.contains("Add your first key"), "{text}");
    assert!(offers(&page, "/console/keys/new") && offers(&page, "/console/setup"));
    // Who manages persons ends their personal keys, and makes none for others.
    let person = json!({"tenant": made["id"], "username": "hank", "roles": ["people"],
        "password": PASSWORD, "mustChangePassword": false});
    let role = json!({"tenant": made["id"], "name": "people", "rights": ["Persons.canManage"]});
    assert_eq!(ops.post("/v1/roles", &role).await.status, 201);
    assert_eq!(ops.post("/v1/persons", &person).await.status, 201);
    let mut hank = Browser::at_console(&world, r"fresh\hank").await;
    let page = hank.open("/console").await;
    assert!(page.text().contains("No keys yet") && !offers(&page, "/console/keys/new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_the_cluster_looks_at_one_tenant() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let page = browser.open("/console").await;
    assert!(page.text().contains("name=\"tenant\""), "{}", page.text());
    let narrowed = browser.open(&format!("/console?tenant={}", it::world::TENANT)).await.text();
    assert!(
        narrowed.contains(&format!("/console/keys?soon=1&amp;tenant={}", it::world::TENANT))
            || narrowed.contains(&format!("/console/keys?soon=1&#38;tenant={}", it::world::TENANT)),
        "{narrowed}"
    );
    let foreign = format!("/console?tenant={}", it::world::OTHER_TENANT);
    let mut tenant = Browser::at_console(&world, r"t100\nexus").await;
    assert_eq!(tenant.open(&foreign).await.status, 404);
}

/// The promise of the list: a page of fifty rows with all that it loads is at most 100 KiB.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_fifty_keys_weighs_at_most_a_hundred_kibibytes_with_style_and_script() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..50 {
        let mut key = nexus(&format!("Chat on the pages of the shop, number {n}"));
        key["permissions"] = json!(["nexus:consumer:chat", "nexus:consumer:securemail"]);
        made(&admin, &key).await;
    }
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/keys").await;
    let text = page.text();
    assert!(text.matches("<tr").count() >= 51, "fifty rows and a head: {text}");
    let mut bytes = text.len();
    let assets: Vec<&str> = text
        .split("\"/console/assets/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(assets.len(), 3, "an icon, a style sheet, a script: {assets:?}");
    for asset in assets {
        bytes += browser.open(&format!("/console/assets/{asset}")).await.text().len();
    }
    assert!(bytes <= 100 * 1_024, "{bytes} bytes, {} of them the page", text.len());
}
