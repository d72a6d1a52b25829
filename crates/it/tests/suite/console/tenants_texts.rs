//! What strangers wrote of a contact center, forms that are not ours, and how many keys each one has.

use super::looks::{XSS, executes_nothing};
use super::tenants::{TENANTS, own};
use it::{
    Browser, World,
    console::forms_of,
    world::{OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_centers_texts_are_shown_and_never_run() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    for text in XSS {
        let edit = ops.open(&own("/edit")).await;
        let page = ops.submit_to(&edit, &own("/edit"), &[("name", text)]).await;
        executes_nothing(&page, text);
        for path in ["", "/edit", "/disable", "/delete", "/cors", "/key-policies"] {
            executes_nothing(&ops.open(&own(path)).await, text);
        }
        executes_nothing(&ops.open(TENANTS).await, text);
        let typed = [("value", *text), ("origin", *text)];
        let cors = ops.open(&own("/cors")).await;
        executes_nothing(&ops.submit_to(&cors, &own("/cors"), &typed[1..]).await, text);
        executes_nothing(&ops.submit_to(&cors, &own("/cors/settings"), &typed[..1]).await, text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_a_form_without_its_token_changes_no_contact_center() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let page = ops.open(&own("")).await;
    assert!(forms_of(&page).iter().all(|form| form.value("token").is_some()));
    for path in
        ["/edit", "/disable", "/enable", "/delete", "/cors", "/cors/settings", "/key-policies/api"]
    {
        let fields =
            [("name", "theirs"), ("confirm", "premise_tenant"), ("origin", "https://a.example")];
        assert_eq!(ops.post(&own(path), &fields).await.status, 403, "{path}");
    }
    assert!(ops.open(&own("")).await.text().contains("premise_tenant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_counts_the_keys_that_one_may_see_and_leads_to_them() {
    let world = World::start().await;
    let linked = |page: &it::Answer, tenant: &str| {
        let text = page.text();
        let behind = text.split(&format!("href=\"/console/keys?tenant={tenant}\"")).nth(1)?;
        let number = behind.split_once('>')?.1.split('<').next()?;
        number.parse::<u64>().ok()
    };
    let mut ops = Browser::at_console(&world, "ops").await;
    let before = ops.open("/console/tenants").await;
    let (ours, others) = (linked(&before, TENANT).unwrap(), linked(&before, OTHER_TENANT).unwrap());
    let admin = world.person(r"t100\nexus").await;
    let mut made = Vec::new();
    for name in ["one", "two"] {
        let key = json!({"keyType": "api", "name": name, "permissions": ["orders:read"]});
        made.push(admin.post("/v1/keys", &key).await.json()["id"].as_str().unwrap().to_owned());
    }
    let page = ops.open("/console/tenants").await;
    assert_eq!(linked(&page, TENANT), Some(ours + 2));
    assert_eq!(linked(&page, OTHER_TENANT), Some(others));
    assert_eq!(admin.delete(&format!("/v1/keys/{}", made[0])).await.status, 204);
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open("/console/tenants").await;
    assert_eq!(linked(&page, TENANT), Some(ours + 1));
    let listed = nexus.open(&format!("/console/keys?tenant={TENANT}")).await;
    assert!(listed.text().contains(&format!("data-count=\"{} key", ours + 1)), "{}", listed.text());
    // Whoever may see no keys is told no number.
    let role = json!({"name": "landlord", "rights": ["Tenants.canManage"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let person = json!({"username": "lena", "roles": ["landlord"], "password": PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let mut lena = Browser::at_console(&world, r"t100\lena").await;
    let page = lena.open("/console/tenants").await;
    assert!(page.text().contains("premise_tenant") && linked(&page, TENANT).is_none());
}
