//! Where the form of a new key is opened from, what it offers there, and whom it is for.

use super::keys_form::{key, made};
use super::secrets::{form_with, id_shown};
use http::StatusCode;
use it::{
    Answer, Browser, World,
    console::{form_to, offers},
    world::{PASSWORD, TENANT},
};
use serde_json::json;

/// The types that a form offers.
fn types(page: &Answer) -> Vec<String> {
    let text = page.text();
    let at = text.find("<select id=\"new-type\"").unwrap_or_else(|| panic!("no types: {text}"));
    let select = text[at..].split("</select>").next().expect("a select");
    let values = select.split("<option value=\"").skip(2);
    values.map(|rest| rest.split('"').next().expect("a value").to_owned()).collect()
}

#[tokio::test]
async fn generate_new_key_offers_the_types_of_experience_cloud_alone() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let list = admin.open("/console/keys").await.text();
    let generate = "/console/keys/new?type=client&#38;from=generate";
    assert!(list.contains(&format!("href=\"{generate}\"")), "{list}");
    for opened in ["type=client&from=generate", "from=generate"] {
        let page = admin.get(&format!("/console/keys/new?{opened}")).await;
        assert_eq!(types(&page), ["client", "openconnect", "queueadapter", "telephony"]);
        assert_eq!(form_with(&page, "once").value("type"), Some("client"));
    }
    assert!(types(&admin.get("/console/keys/new").await).len() > 4);
    let other = admin.get("/console/keys/new?type=nexus&from=generate").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form_with(&admin.get("/console/keys/new?from=generate").await, "once");
    let refused = admin.send_form(&form.clone().with("name", " ")).await;
    assert_eq!(types(&refused).len(), 4, "the form stays what it was opened as");
    let answer = admin.send_form(&form.with("name", "workspace")).await;
    assert_eq!(key(&world, &id_shown(&answer)).await["keyType"], "client");
}

#[tokio::test]
async fn a_contact_centers_own_type_leads_to_its_form_whoever_looks_at_it() {
    let world = World::start().await;
    let own = json!({"name": "till", "format": {"kind": "random", "prefix": "till_"}});
    let answer = world.person(r"t100\nexus").await.post("/v1/key-types", &own).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    for (who, value) in [("ops", format!("{TENANT}%2Ftill")), (r"t100\nexus", "till".to_owned())] {
        let mut browser = Browser::at_console(&world, who).await;
        let own = if who == "ops" { format!("?tenant={TENANT}") } else { String::new() };
        for (page, from) in [
            ("/console/setup?type=till".to_owned(), "&#38;from=setup"),
            (format!("/console/key-types/till{own}"), ""),
        ] {
            let shown = browser.open(&page).await.text();
            let link = format!("/console/keys/new?type={value}");
            assert!(shown.contains(&format!("href=\"{link}{from}\"")), "{who} {page}: {shown}");
            let form = browser.get(&link).await;
            assert_eq!(form.status, StatusCode::OK, "{who}: {}", form.text());
            let made = browser.send_form(&form_with(&form, "once").with("name", "till 1")).await;
            assert_eq!(made.status, StatusCode::OK, "{who}: {}", made.text());
        }
    }
}

#[tokio::test]
async fn what_was_typed_into_a_form_that_was_refused_is_not_left_unasked() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let dirty = |page: &Answer| page.text().contains("data-dirty=\"true\"");
    let untouched = admin.get("/console/keys/new?type=api").await;
    assert!(!dirty(&untouched));
    let refused = made(&mut admin, "api", &[("name", "a"), ("capacity", "12x")]).await;
    assert!(dirty(&refused), "{}", refused.text());
    let id = id_shown(&made(&mut admin, "api", &[("name", "orders")]).await);
    let path = format!("/console/keys/{id}/copy");
    let form = form_to(&admin.get(&path).await, &path);
    assert!(dirty(&admin.send_form(&form.with("name", "")).await));
}

#[tokio::test]
async fn too_many_new_keys_a_minute_are_told_at_the_form() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let path = format!("/v1/tenants/{TENANT}/key-policies/api");
    let set = ops.put(&path, &json!({"mostNewPerMinute": 1})).await;
    assert!(set.status.is_success(), "{}", set.text());
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let first = made(&mut admin, "api", &[("name", "one")]).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let second = made(&mut admin, "api", &[("name", "two")]).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "of this type may be made within a minute";
    assert!(second.text().contains(said), "{}", second.text());
    assert_eq!(form_with(&second, "once").value("name"), Some("two"));
    world.clock.advance_millis(61_000);
    let again = form_with(&second, "once");
    assert_eq!(admin.send_form(&again).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_list_of_the_whole_installation_says_whose_a_key_is_beneath_its_type() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    made(&mut admin, "api", &[("name", "orders")]).await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let (own, all) = (admin.open("/console/keys").await, ops.open("/console/keys").await);
    let heads = |page: &Answer| page.text().matches("<th").count() - 1;
    assert_eq!(heads(&own), heads(&all), "it has no column of its own");
    let (own, all) = (own.text(), all.text());
    assert!(all.contains("<th>Key type, contact center<th>"), "{all}");
    assert!(all.contains("<td>API<small>"), "{all}");
    assert!(own.contains("<td>API<td>"), "{own}");
    assert!(offers(&ops.open("/console/keys").await, "/console/keys/new"));
}

#[tokio::test]
async fn where_there_are_many_persons_the_owner_of_a_psk_is_typed() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..100 {
        let person = json!({"username": format!("p{n:03}"), "password": PASSWORD});
        let answer = admin.post("/v1/persons", &person).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.get("/console/keys/new?type=psk").await;
    assert!(page.text().contains("placeholder=\"User name or id\""), "{}", page.text());
    let form = form_with(&page, "once").with("name", "psk");
    for (typed, said) in
        [("", "Choose whose key it is"), ("nobody", "There is no such person here")]
    {
        let answer = browser.send_form(&form.clone().with("owner", typed)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(said), "{typed}: {}", answer.text());
    }
    let vera = admin.get("/v1/persons?search=vera").await.json()["persons"][0]["id"].clone();
    let answer = browser.send_form(&form.with("owner", "vera")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(key(&world, &id_shown(&answer)).await["owner"], vera);
}
