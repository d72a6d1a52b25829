//! The list of keys: what it shows, to whom, and what its filters and its switch do.

use http::Method;
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
    world::OTHER_TENANT,
};
use serde_json::{Value, json};

const DAY_MS: u32 = 86_400_000;

pub(super) fn api(name: &str) -> Value {
    json!({"keyType": "api", "name": name, "permissions": ["orders:read"]})
}

pub(super) fn nexus(name: &str, permission: &str) -> Value {
    json!({"keyType": "nexus", "name": name, "permissions": [permission]})
}

/// Makes a key; returns its id and its secret.
pub(super) async fn made(caller: &Caller, body: &Value) -> (String, String) {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let key = answer.json();
    let text = |member: &str| key[member].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

/// The names that the list shows, sorted: keys of one instant stand in no order that a test could know. The
/// key that the world begins with is left out.
pub(super) fn names(page: &Answer) -> Vec<String> {
    let mut names = shown(page);
    names.retain(|name| name != "Deployment key");
    names.sort();
    names
}

pub(super) fn shown(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let rows = text.split("<tr><td>").skip(1);
    rows.filter_map(|row| Some(row.split_once('>')?.1.split_once('<')?.0.to_owned())).collect()
}

/// The rows of a page, each with the name of its key.
pub(super) fn row(page: &Answer, name: &str) -> String {
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
        ("status=disabled", vec!["Switched off"]),
        ("status=expired", vec!["Expired one"]),
        ("status=revoked", vec!["Revoked one"]),
        ("status=held", vec![]),
        ("status=notYetValid", vec![]),
        ("status=revoked&available=on", vec![]),
        ("status=expired&unavailable=on&type=api", vec!["Expired one"]),
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
    let page = browser.open("/console/keys?search=mail&soon=on&type=nexus&status=expired").await;
    let form = form_to(&page, "/console/keys");
    let filled = ["search", "soon", "type", "status"].map(|field| form.value(field));
    assert_eq!(filled, [Some("mail"), Some("on"), Some("nexus"), Some("expired")]);
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
        "orders:<wbr>read",
        "orders:<wbr>write",
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
