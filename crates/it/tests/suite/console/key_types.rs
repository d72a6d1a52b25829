//! Key types at the console.

use it::{
    Browser, World,
    console::{form_to, forms_of, offers},
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

const NEW: &str = "/console/key-types";

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_types_are_explained_and_cannot_be_changed() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/key-types").await;
    let text = page.text();
    for said in ["Digital Channels", "header x-api-key", "signed JWT", "kw_", "can be shown again"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let page = browser.open("/console/key-types/api").await;
    assert!(offers(&page, "/console/keys/new") && !offers(&page, "/console/key-types/api/edit"));
    assert_eq!(browser.open("/console/key-types/api/edit").await.status, 404);
    assert_eq!(browser.open("/console/key-types/none-such").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_of_ones_own_is_made_shown_and_changed() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/key-types/new").await;
    let form = form_to(&page, NEW)
        .with("name", "till")
        .with("prefix", "till_")
        .with("description", "A till in a shop")
        .with("headers", "x-api-key\nx-till")
        .with("capacity", "300")
        .with("frequency", "60");
    let answer = browser.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/key-types/till?done=key-type-created");
    let page = browser.follow(answer).await;
    for said in ["The key type is created.", "till_", "header x-till", "300 requests per 60\u{a0}s"]
    {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let stored = admin.get("/v1/key-types/till").await.json();
    assert_eq!(stored["reveal"], "onceAcknowledged");
    assert_eq!(
        stored["presentedIn"],
        json!(["bearer", {"header": "x-api-key"}, {"header": "x-till"}])
    );

    let path = "/console/key-types/till/edit";
    let page = browser.open(path).await;
    let form = form_to(&page, path)
        .with("description", "Tills")
        .with("capacity", "")
        .with("frequency", "");
    let stale = form.clone();
    let answer = browser.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/key-types/till?done=key-type-changed");
    let stored = admin.get("/v1/key-types/till").await.json();
    assert_eq!((&stored["description"], &stored["defaultLimit"]), (&json!("Tills"), &json!(null)));
    let late = browser.send_form(&stale.with("description", "Later")).await;
    assert_eq!(late.status, 422);
    assert!(late.text().contains("Somebody else changed this"), "{}", late.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_said_beside_its_field_and_keeps_what_was_typed() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let long = "a long one ".repeat(90) + "and its end";
    for (field, value, wanted) in [
        ("headers", long.as_str(), "headers-fault"),
        ("name", "Till 4", "name-fault"),
        ("prefix", "kw_", "prefix-fault"),
        ("headers", "cookie", "headers-fault"),
        ("capacity", "many", "capacity-fault"),
        ("parameters", "a b", "parameters-fault"),
    ] {
        let page = browser.open("/console/key-types/new").await;
        let form = form_to(&page, NEW)
            .with("name", "till")
            .with("prefix", "till_")
            .with("capacity", "10")
            .with("frequency", "60")
            .with(field, value);
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{field}");
        assert!(answer.text().contains(&format!("id=\"{wanted}\"")), "{field}: {}", answer.text());
        assert_eq!(form_to(&answer, NEW).value(field), Some(value), "{field}");
        assert!(answer.text().matches(&long).count() <= 1, "it stands in its field alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_manage_types_reads_them() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let person = json!({"username": "vic", "roles": ["viewer"], "password": "correct horse battery 7", "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let mut viewer = Browser::new(world.anonymous());
    viewer.sign_in_console(r"t100\vic", "correct horse battery 7").await;
    let page = viewer.open("/console/key-types").await;
    assert_eq!(page.status, 200);
    assert!(!offers(&page, "/console/key-types/new"));
    assert_eq!(viewer.open("/console/key-types/new").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_01_a_person_of_the_cluster_chooses_whose_type_it_is_and_others_see_none_of_it() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let page = browser.open("/console/key-types/new").await;
    // The filter above the list goes to the same address.
    let form = forms_of(&page).into_iter().find(|form| form.value("prefix").is_some());
    let form = form.expect("the form of a new one");
    let form = form.with("tenant", TENANT).with("name", "till").with("prefix", "till_");
    let answer = browser.send_form(&form).await;
    let shown = format!("/console/key-types/till?tenant={TENANT}&done=key-type-created");
    assert_eq!(answer.header("location"), shown);
    assert_eq!(browser.follow(answer).await.status, 200);
    let edit = format!("/console/key-types/till/edit?tenant={TENANT}");
    let page = browser.open(&edit).await;
    let form = form_to(&page, "/console/key-types/till/edit").with("description", "Tills");
    assert_eq!(browser.send_form(&form).await.status, 303);
    let mut other = Browser::at_console(&world, r"t200\bob").await;
    assert_eq!(other.open("/console/key-types/till").await.status, 404);
    let there = format!("/console/key-types/till?tenant={OTHER_TENANT}");
    assert_eq!(browser.open(&there).await.status, 404);
}
