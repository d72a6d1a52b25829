//! The list of keys: what it shows, to whom, and what its filters and its switch do.

use http::Method;
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
    world::{OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

const DAY_MS: u32 = 86_400_000;

fn api(name: &str) -> Value {
    json!({"keyType": "api", "name": name, "permissions": ["orders:read"]})
}

fn nexus(name: &str, permission: &str) -> Value {
    json!({"keyType": "nexus", "name": name, "permissions": [permission]})
}

/// Makes a key; returns its id and its secret.
async fn made(caller: &Caller, body: &Value) -> (String, String) {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// The names that the list shows, sorted: keys of one instant stand in no order that a test could know. The
/// key that the world begins with is left out.
fn names(page: &Answer) -> Vec<String> {
    let mut names = shown(page);
    names.retain(|name| name != "Deployment key");
    names.sort();
    names
}

fn shown(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let rows = text.split("<tr><td>").skip(1);
    rows.filter_map(|row| Some(row.split_once('>')?.1.split_once('<')?.0.to_owned())).collect()
}

/// The rows of a page, each with the name of its key.
fn row(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rows: Vec<&str> = text.split("<tr>").collect();
    let found = rows.iter().find(|row| row.contains(&format!(">{name}<")));
    found.unwrap_or_else(|| panic!("no row of {name}: {text}")).to_string()
}

async fn act(caller: &Caller, id: &str, action: &str) {
    let path = format!("/v1/keys/{id}/{action}");
    let answer = caller.send(Method::POST, &path, None, "".into()).await;
    assert!(answer.status.is_success(), "{action}: {}", answer.text());
}

/// One key in each state that a filter tells apart.
async fn keys_in_every_state(world: &World) {
    let admin = world.person(r"t100\nexus").await;
    made(&admin, &nexus("Chat one", "nexus:consumer:chat")).await;
    made(&admin, &nexus("Mail one", "nexus:consumer:securemail")).await;
    let soon = json!({"keyType": "nexus", "name": "Ends soon", "permissions": ["nexus:designer:chat"],
        "expires": "2026-03-11T00:00:00Z"});
    made(&admin, &soon).await;
    let (off, _) = made(&admin, &nexus("Switched off", "nexus:consumer:chat")).await;
    act(&admin, &off, "disable").await;
    let (gone, _) = made(&admin, &api("Revoked one")).await;
    act(&admin, &gone, "revoke").await;
    let past = json!({"keyType": "api", "name": "Expired one", "permissions": ["orders:read"],
        "expires": "2026-03-02T00:00:00Z"});
    made(&admin, &past).await;
    later(world, DAY_MS);
}

/// Time passes, and the node has heard that memory is still true.
fn later(world: &World, ms: u32) {
    world.clock.advance_millis(ms);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_narrows_the_list_and_stands_in_its_address() {
    let world = World::start().await;
    keys_in_every_state(&world).await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    for (query, wanted) in [
        (
            "",
            vec!["Expired one", "Revoked one", "Switched off", "Ends soon", "Mail one", "Chat one"],
        ),
        ("available=on", vec!["Switched off", "Ends soon", "Mail one", "Chat one"]),
        ("unavailable=on", vec!["Expired one", "Revoked one"]),
        ("soon=on", vec!["Ends soon"]),
        ("unavailable=on&soon=on", vec!["Expired one", "Revoked one", "Ends soon"]),
        ("permission=nexus%3Aconsumer%3Achat", vec!["Switched off", "Chat one"]),
        ("permission=nexus%3Aconsumer%3Asecuremail", vec!["Mail one"]),
        ("permission=nexus%3Adesigner%3Achat", vec!["Ends soon"]),
        ("type=api", vec!["Expired one", "Revoked one"]),
        ("type=api&unavailable=on&search=rev", vec!["Revoked one"]),
        ("acknowledged=no", vec!["Expired one", "Revoked one"]),
        ("held=on", vec![]),
        ("search=mail", vec!["Mail one"]),
        ("search=NEXUS&type=api", vec!["Expired one", "Revoked one"]),
        ("search=nobody", vec![]),
    ] {
        let page = browser.open(&format!("/console/keys?{query}")).await;
        let mut wanted = wanted;
        wanted.sort_unstable();
        assert_eq!(names(&page), wanted, "{query}");
        let count = match shown(&page).len() {
            0 => "No keys".to_owned(),
            1 => "1 key".to_owned(),
            n => format!("{n} keys"),
        };
        assert!(page.text().contains(&format!("data-count=\"{count}\"")), "{query}");
    }
    let page = browser.open("/console/keys?search=mail&soon=on&type=nexus").await;
    let form = form_to(&page, "/console/keys");
    let filled = [form.value("search"), form.value("soon"), form.value("type")];
    assert_eq!(filled, [Some("mail"), Some("on"), Some("nexus")]);
    assert!(page.text().contains("Nothing matches"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_says_all_that_a_list_should() {
    let world = World::start().await;
    keys_in_every_state(&world).await;
    let admin = world.person(r"t100\nexus").await;
    let used = json!({"keyType": "api", "name": "Busy", "description": "for the night run",
        "permissions": ["orders:read", "orders:write", "stock:read"]});
    let (busy, secret) = made(&admin, &used).await;
    admin.post("/v1/keys/verify", &json!({"secret": secret})).await;
    world.service.flush_usage().await;
    later(&world, 7_200_000);
    world.service.roll_up_usage().await.unwrap();
    let path = format!("/v1/keys/{busy}/rotate");
    let admin = world.person(r"t100\nexus").await;
    let rotated = admin.post(&path, &json!({"overlapSeconds": 3_600})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/keys").await;
    let busy = row(&page, "Busy");
    for wanted in [
        "for the night run",
        "Not acknowledged",
        ">API<",
        "orders:read",
        "orders:write",
        " +1",
        "kw_",
        "Rotating",
        ">2 hours ago<",
        "2 Mar 2026",
        ">nexus<",
        "role=switch",
        "aria-checked=true",
    ] {
        assert!(busy.contains(wanted), "{wanted}: {busy}");
    }
    for (name, wanted) in [
        ("Chat one", "Available"),
        ("Ends soon", "Expires in 9 days"),
        ("Switched off", "aria-checked=false"),
        ("Revoked one", "Revoked"),
        ("Expired one", "Expired"),
        ("Mail one", "Secure Mail"),
        ("Mail one", "never"),
        ("Mail one", "Digital Channels"),
    ] {
        assert!(row(&page, name).contains(wanted), "{name}: {wanted}: {}", row(&page, name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_turns_a_key_off_and_on_and_comes_back_to_where_one_was() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &nexus("Orders chat", "nexus:consumer:chat")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/keys?search=orders").await;
    let form = form_to(&page, "/console/keys/switch");
    assert_eq!(form.value("back"), Some("/console/keys?search=orders"));
    for (word, verdict, checked) in [("disable", "DISABLED", false), ("enable", "VALID", true)] {
        let mut form = form.clone();
        form.action = format!("/console/keys/{id}/{word}");
        assert!(browser.open("/console/keys").await.text().contains(&form.action));
        let answer = browser.send_form(&form).await;
        let wanted = format!("/console/keys?search=orders&done=key-{word}d");
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, wanted.as_str()));
        let page = browser.follow(answer).await;
        assert!(page.text().contains(&format!("The key is {word}d")), "{}", page.text());
        let checked = format!("aria-checked={checked} ");
        assert!(row(&page, "Orders chat").contains(&checked));
        let judged = admin.post("/v1/keys/verify", &json!({"secret": secret})).await.json();
        assert_eq!(judged["verdict"], verdict);
        let event = admin.get(&format!("/v1/audit?action=key.{word}&limit=1")).await.json();
        assert_eq!(event["events"][0]["event"]["actor"]["name"], "nexus", "{event}");
    }
    let elsewhere = form.clone().with("back", "//evil.example/");
    let elsewhere =
        it::browser::PageForm { action: format!("/console/keys/{id}/disable"), ..elsewhere };
    let answer = browser.send_form(&elsewhere).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-disabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_keys_and_cannot_touch_them() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &nexus("Orders chat", "nexus:consumer:chat")).await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let page = browser.open("/console/keys").await;
    assert_eq!(names(&page), ["Orders chat"]);
    let path = format!("/console/keys/{id}");
    assert!(offers(&page, &path));
    for act in ["edit", "copy", "rotate", "revoke", "delete", "enable", "disable"] {
        assert!(!page.text().contains(&format!("{path}/{act}")), "{act}: {}", page.text());
    }
    for other in ["/console/keys/new", "/console/clients"] {
        assert!(!offers(&page, other), "{other}");
    }
    for act in ["revoke", "delete"] {
        assert_eq!(browser.open(&format!("{path}/{act}")).await.status, 403, "{act}");
    }
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    for act in ["enable", "disable", "revoke", "delete"] {
        let answer = browser.post(&format!("{path}/{act}"), &[("token", &token)]).await;
        assert_eq!(answer.status, 403, "{act}: {}", answer.text());
    }
    let key = admin.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!((&key["enabled"], &key["version"]), (&json!(true), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_tenant_is_not_there() {
    let world = World::start().await;
    let bob = world.person(r"t200\bob").await;
    let (id, secret) = made(&bob, &nexus("Theirs", "nexus:consumer:chat")).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/keys?search=theirs").await;
    assert!(names(&page).is_empty());
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    for act in ["revoke", "delete"] {
        assert_eq!(browser.open(&format!("/console/keys/{id}/{act}")).await.status, 404, "{act}");
    }
    for act in ["enable", "disable", "revoke", "delete"] {
        let answer = browser.post(&format!("/console/keys/{id}/{act}"), &[("token", &token)]).await;
        assert_eq!(answer.status, 404, "{act}");
    }
    let found = browser.post("/console/keys/find", &[("token", &token), ("key", &secret)]).await;
    assert_eq!(found.status, 422);
    assert!(found.text().contains("No key that you may see"), "{}", found.text());
    let other = browser.open(&format!("/console/keys?tenant={OTHER_TENANT}")).await;
    assert_eq!(other.status, 422);
    assert!(other.text().contains("there is no one contact center"), "{}", other.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_found_by_its_secret_which_is_said_nowhere() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("Lost and found")).await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let page = browser.open("/console/keys").await;
    assert!(offers(&page, "/console/keys/find"));
    let page = browser.open("/console/keys/find").await;
    let form = form_to(&page, "/console/keys/find");
    let answer = browser.send_form(&form.clone().with("key", &format!("  {secret} "))).await;
    let wanted = format!("/console/keys/{id}?done=key-found");
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, wanted.as_str()));
    for wrong in ["kw_not-a-key-at-all-0123456789", "short", &id] {
        let answer = browser.send_form(&form.clone().with("key", wrong)).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.text().contains("No key that you may see has this secret"));
        assert!(!answer.text().contains(&format!("value=\"{wrong}\"")), "{}", answer.text());
    }
    let empty = browser.send_form(&form).await;
    assert!(empty.text().contains("Paste a whole key"), "{}", empty.text());
    let by_address = browser.open(&format!("/console/keys/find?key={secret}")).await;
    assert!(!by_address.text().contains(&secret), "nothing of the address is repeated");
    let log = admin.get("/v1/audit?limit=200").await.text();
    assert!(!log.contains(&secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reaches_several_tenants_chooses_among_them() {
    let world = World::start().await;
    made(&world.person(r"t100\nexus").await, &nexus("Ours", "nexus:consumer:chat")).await;
    made(&world.person(r"t200\bob").await, &nexus("Theirs", "nexus:consumer:chat")).await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let page = browser.open("/console/keys").await;
    assert_eq!(names(&page), ["Ours", "Theirs"]);
    assert!(row(&page, "Ours").contains(">premise_tenant<"), "{}", row(&page, "Ours"));
    assert!(form_to(&page, "/console/keys").value("tenant").is_some());
    for one in [TENANT, "premise_tenant"] {
        let page = browser.open(&format!("/console/keys?tenant={one}")).await;
        assert_eq!(names(&page), ["Ours"], "{one}");
        assert_eq!(form_to(&page, "/console/keys").value("tenant"), Some(TENANT));
    }
    let none = browser.open("/console/keys?tenant=nobody").await;
    assert_eq!(none.status, 422);
    let mut one = Browser::at_console(&world, r"t100\nexus").await;
    let page = one.open("/console/keys").await;
    assert_eq!(form_to(&page, "/console/keys").value("tenant"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_goes_on_page_by_page() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..53 {
        made(&admin, &nexus(&format!("Key {n:02}"), "nexus:consumer:chat")).await;
    }
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/keys?search=key").await;
    assert_eq!(shown(&page).len(), 50);
    assert!(page.text().contains("50 keys shown, more follow"));
    let text = page.text();
    let next = text.split("\" rel=\"next\"").next().unwrap();
    let next = next.rsplit("href=\"").next().unwrap().replace("&#38;", "&");
    assert!(next.starts_with("/console/keys?search=key&cursor="), "{next}");
    let last = browser.open(&next).await;
    let mut all = names(&page);
    all.extend(names(&last));
    all.sort();
    let wanted: Vec<String> = (0..53).map(|n| format!("Key {n:02}")).collect();
    assert_eq!(all, wanted, "each key once");
    assert!(offers(&last, "/console/keys"), "back to the first page");
    assert!(!last.text().contains("rel=\"next\""));
    let forged = browser.open("/console/keys?cursor=abc").await;
    assert_eq!(forged.status, 422);
    assert!(forged.text().contains("Show all keys"), "{}", forged.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_says_what_to_do_next() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let fresh = json!({"name": "Fresh", "domains": ["fresh"]});
    let tenant = ops.post("/v1/tenants", &fresh).await.json();
    let person = json!({"tenant": tenant["id"], "username": "ada", "roles": ["admin"],
        "password": "correct horse battery 7", "mustChangePassword": false});
    assert_eq!(ops.post("/v1/persons", &person).await.status, 201);
    let mut browser = Browser::new(world.anonymous());
    browser.sign_in_console(r"fresh\ada", "correct horse battery 7").await;
    let page = browser.open("/console/keys").await;
    assert!(page.text().contains("No keys yet"), "{}", page.text());
    assert!(offers(&page, "/console/keys/new"));
    let page = browser.open("/console/keys?search=x").await;
    assert!(page.text().contains("Nothing matches") && offers(&page, "/console/keys"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_what_strangers_wrote_is_text_in_the_list_and_beside_it() {
    const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}";
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"keyType": "api", "name": EVIL, "description": EVIL, "permissions": ["orders:read"]});
    let (id, _) = made(&admin, &body).await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let query: String = form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    for path in [
        "/console/keys".to_owned(),
        format!("/console/keys?search={query}&type={query}"),
        format!("/console/keys?tenant={query}"),
        format!("/console/keys?permission={query}"),
        format!("/console/keys/{id}/revoke"),
        format!("/console/keys/{id}/delete"),
    ] {
        let text = browser.open(&path).await.text();
        assert!(!text.contains("<script>") && !text.contains("<img"), "{path}: {text}");
        assert!(text.contains("&#60;script&#62;"), "{path}: {text}");
    }
}
