//! Where something belongs is chosen from a list, and typed where there are too many for one: nothing is out
//! of reach.

use super::looks::{form_to, says_at};
use it::{
    Browser, World,
    console::forms_of,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

/// Makes more contact centers than a list offers; answers with the id of one that stands at its end.
async fn many(world: &World) -> String {
    let ops = world.person("ops").await;
    let mut last = String::new();
    for n in 0..101 {
        let made = ops.post("/v1/tenants", &json!({"name": format!("Center {n:03}")})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().unwrap().clone_into(&mut last);
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn few_places_are_a_list_and_many_are_named() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let pages = ["", "/persons", "/roles", "/clients", "/audit", "/audit/check", "/key-types"];
    for page in pages {
        let page = ops.open(&format!("/console{page}")).await;
        assert!(page.text().contains("name=\"tenant\""), "{}", page.text());
        assert!(page.text().contains(&format!("<option value=\"{OTHER_TENANT}\"")));
        assert!(!page.text().contains("<datalist"));
    }
    let last = many(&world).await;
    let ops_api = world.person("ops").await;
    let person = json!({"username": "zoe", "tenant": last, "roles": ["viewer"]});
    assert_eq!(ops_api.post("/v1/persons", &person).await.status, 201);
    for page in pages {
        let shown = ops.open(&format!("/console{page}")).await;
        assert!(shown.text().contains("<datalist"), "{page}: {}", shown.text());
        let offered = [format!("value=\"{last}\""), "value=\"Center 100\"".to_owned()];
        let none = offered.iter().all(|option| !shown.text().contains(option));
        assert!(none, "{page}: the last of all is not offered");
        if page == "/audit/check" {
            continue;
        }
        for name in ["Center%20100", &*last, "%2A", "whole+installation", OTHER_TENANT] {
            let found = ops.open(&format!("/console{page}?tenant={name}")).await;
            assert_eq!(found.status, 200, "{page} {name}: {}", found.text());
        }
        let none = ops.open(&format!("/console{page}?tenant=enter%2010")).await;
        assert!(none.status == 422 && says_at(&none, "tenant"), "{page}: {}", none.text());
        assert!(none.text().contains("Center 100"), "{page}: what is near is named");
        assert!(none.text().contains("value=\"enter 10\""), "{page}: what was typed stays");
        let shows = ["class=\"tile\"", "Calls by verdict", "Newest events", "No keys"];
        assert!(shows.iter().all(|part| !none.text().contains(part)), "{page}: {}", none.text());
    }
    let persons = ops.open("/console/persons?tenant=Center+100").await;
    assert!(persons.text().contains(">zoe</a>"), "{}", persons.text());
    assert!(persons.text().contains("value=\"Center 100\""));
    let check = ops.open("/console/audit/check").await;
    let to = "/console/audit/check";
    let found = ops.submit_to(&check, to, &[("tenant", "Center 100")]).await;
    assert!(found.text().contains("Unbroken.</b> <bdi>Center 100"), "{}", found.text());
    let none = ops.submit_to(&check, to, &[("tenant", "Nowhere")]).await;
    assert!(none.status == 422 && says_at(&none, "tenant"), "{}", none.text());
    let export = "/console/audit/export?format=csv&tenant=Center+100";
    assert!(ops.get(export).await.text().contains("zoe"));
    for format in ["csv", "jsonl", "chain"] {
        let export = format!("/console/audit/export?format={format}&tenant=Nowhere");
        let none = ops.get(&export).await;
        assert!(none.status == 422 && says_at(&none, "tenant"), "{format}: {}", none.text());
        assert!(none.text().contains("value=\"Nowhere\""), "{format}: what was typed stays");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_thing_is_put_where_its_place_is_named() {
    let world = World::start().await;
    let last = many(&world).await;
    let mut ops = Browser::at_console(&world, "ops").await;
    for (list, field) in [("/console/persons", "username"), ("/console/clients", "client-id")] {
        let panel = ops.open(&format!("{list}/new")).await;
        assert!(panel.text().contains(" of the whole installation</button>"), "{}", panel.text());
        let panel = ops.open(&format!("{list}/new?tenant=Center+100")).await;
        assert!(panel.text().contains(" of <bdi>Center 100</bdi></button>"), "{}", panel.text());
        assert!(panel.text().contains("data-choose") && panel.text().contains("data-kept"));
        let form = form_to(&panel, list).with(field, "of-the-last");
        assert_eq!(form.value("tenant"), Some(&*last), "{list}");
        let made = ops.send_form(&form).await;
        assert_eq!(made.status, 200, "{list}: its secret is shown: {}", made.text());
        let wrong = ops.open(&format!("{list}/new?tenant=Center+1")).await;
        assert!(says_at(&wrong, "tenant"), "{list}: {}", wrong.text());
        // Nothing is made anywhere else instead.
        let form = form_to(&wrong, list).with(field, "of-nobody");
        let wrong = ops.send_form(&form).await;
        assert!(wrong.status == 422 && says_at(&wrong, "tenant"), "{list}: {}", wrong.text());
        assert_eq!(form_to(&wrong, list).value(field), Some("of-nobody"), "what was typed stays");
    }
    let api = world.person("ops").await;
    assert_eq!(api.get("/v1/clients/of-the-last").await.json()["tenant"], last);
    let panel = ops.open("/console/key-types/new").await;
    let form = form_to(&panel, "/console/key-types").with("name", "till").with("prefix", "till_");
    let wrong = ops.send_form(&form.clone().with("tenant", "Nowhere")).await;
    assert!(wrong.status == 422 && says_at(&wrong, "tenant"), "{}", wrong.text());
    let made = ops.send_form(&form.with("tenant", "Center 100")).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert!(made.header("location").contains(&last));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_belongs_to_one_place_chooses_none_and_names_no_other() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    for list in ["/console/persons", "/console/roles", "/console/clients", "/console/key-types"] {
        let page = nexus.open(list).await;
        let chooses = forms_of(&page).iter().any(|form| form.value("tenant").is_some());
        assert!(!chooses, "{list}: {}", page.text());
        assert_eq!(nexus.get(&format!("{list}?tenant={TENANT}")).await.status, 200, "{list}");
        for other in [OTHER_TENANT, "other_tenant", "*"] {
            let answer = nexus.get(&format!("{list}?tenant={other}")).await;
            assert_eq!(answer.status, 404, "{list} {other}");
        }
    }
}
