//! Keys that are found: by their secret, among several contact centers, page by page.

use super::keys_list::{api, made, names, nexus, row, shown};
use it::{
    Browser, World,
    console::{form_to, offers},
    world::TENANT,
};
use serde_json::json;

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
