//! Contact centers at the console: made, changed, disabled and ended by their forms, and each only by those
//! who may.

use super::looks::{audit_of, form_to, path_behind, says_at};
use it::{
    Browser, World,
    console::offers,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::json;

pub(super) const TENANTS: &str = "/console/tenants";

pub(super) fn own(rest: &str) -> String {
    format!("{TENANTS}/{TENANT}{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_center_is_made_by_its_form_and_found_again() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let list = ops.open(TENANTS).await;
    assert!(list.text().contains("premise_tenant") && list.text().contains("other_tenant"));
    assert!(offers(&list, "/console/tenants/new"));
    let panel = ops.open("/console/tenants/new").await;
    assert!(panel.text().contains("premise_tenant"), "the list stays in view");
    let form = form_to(&panel, TENANTS)
        .with("name", "Acme")
        .with("domains", "Acme\nacme-2")
        .with("realm", "acme")
        .with("keyPrefix", "acme_")
        .with("unacknowledged", "lapse")
        .with("lapseMinutes", "60")
        .with("requireAllowList", "on")
        .with("warningDays", "7, 1");
    let made = ops.send_form(&form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let path = path_behind(&made);
    let page = ops.follow(made).await;
    for wanted in
        ["The contact center is made", "acme-2", "acme_", "works for 60 minutes", "7, 1 days"]
    {
        assert!(page.text().contains(wanted), "{wanted}: {}", page.text());
    }
    let id = path.rsplit('/').next().unwrap();
    let stored = world.person("ops").await.get(&format!("/v1/tenants/{id}")).await.json();
    assert_eq!(stored["policy"]["requireAllowList"], true);
    assert_eq!(stored["domains"], json!(["acme", "acme-2"]));
    assert_eq!(audit_of(&world, "tenant.create").await["after"]["name"], "Acme");
    let found = ops.open("/console/tenants?search=acm").await;
    assert!(found.text().contains("Acme") && !found.text().contains("other_tenant"));
    let none = ops.open("/console/tenants?search=nothing+such").await;
    assert!(none.text().contains("Nothing matches"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_stays_however_many_there_are() {
    let world = World::start().await;
    let api = world.person("ops").await;
    // Made at one instant, they are listed by their ids.
    let id = |n: u32| format!("ffffffff-ffff-4fff-bfff-{n:012}");
    for n in 0..201 {
        let body = json!({"data": {"id": id(n)}});
        assert_eq!(api.post("/environment/v3/environments", &body).await.status, 200);
    }
    let last = id(200);
    let tenant = format!("/v1/tenants/{TENANT}");
    let put = api.patch(&tenant, &json!({"environment": last})).await;
    assert_eq!(put.status, 200, "{}", put.text());
    let mut ops = Browser::at_console(&world, "ops").await;
    let path = own("/edit");
    let form = form_to(&ops.open(&path).await, &path).with("name", "Another");
    assert_eq!(form.value("environment"), Some(&*last));
    assert_eq!(ops.send_form(&form).await.status, 303);
    let stored = api.get(&tenant).await.json();
    assert_eq!((&stored["name"], &stored["environment"]), (&json!("Another"), &json!(last)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_contact_center_stands_at_its_field_and_nothing_is_made() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    for (field, value, at) in [
        ("name", " ", "name"),
        ("id", "not a uuid", "id"),
        ("id", TENANT, "id"),
        ("domains", "a.b", "domains"),
        ("domains", "t100", "domains"),
        ("realm", "Not A Realm", "realm"),
        ("realm", "companya", "realm"),
        ("keyPrefix", "kw_", "keyPrefix"),
        ("environment", NO_TENANT, "environment"),
        ("lapseMinutes", "soon", "lapseMinutes"),
        ("lapseMinutes", "0", "lapseMinutes"),
        ("warningDays", "7, seven", "warningDays"),
        ("openconnectRoute", "none-such", "openconnectRoute"),
    ] {
        let panel = ops.open("/console/tenants/new").await;
        let form = form_to(&panel, TENANTS).with("name", "Typed <name>");
        let form = match field {
            "lapseMinutes" => form.with("unacknowledged", "lapse"),
            _ => form,
        };
        let refused = ops.send_form(&form.with(field, value)).await;
        assert_eq!(refused.status, 422, "{field}={value}: {}", refused.text());
        assert!(says_at(&refused, at), "{field}={value}: {}", refused.text());
        if field != "name" {
            assert_eq!(form_to(&refused, TENANTS).value("name"), Some("Typed <name>"));
        }
    }
    let list = ops.open(TENANTS).await;
    assert!(list.text().contains("2 contact centers"), "{}", list.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_center_is_changed_and_one_that_changed_meanwhile_is_not() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let first = ops.open(&own("/edit")).await;
    let form = form_to(&first, &own("/edit"));
    assert_eq!(form.value("name"), Some("premise_tenant"));
    let page =
        ops.submit_to(&first, &own("/edit"), &[("name", "Renamed"), ("keyPrefix", "ren_")]).await;
    assert!(page.text().contains("The contact center is changed"), "{}", page.text());
    assert!(page.text().contains("Renamed") && page.text().contains("ren_"));
    assert_eq!(audit_of(&world, "tenant.update").await["before"]["name"], "premise_tenant");
    let late = ops.send_form(&form.with("name", "Too late")).await;
    assert_eq!(late.status, 422);
    assert!(late.text().contains("Somebody else changed this"), "{}", late.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_contact_center_is_refused_until_it_is_enabled() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let asked = ops.open(&own("/disable")).await;
    assert!(asked.text().contains("Nothing is lost"));
    let page = ops.submit_to(&asked, &own("/disable"), &[]).await;
    assert!(page.text().contains("This contact center is disabled"), "{}", page.text());
    let mut nexus = Browser::new(world.anonymous());
    let sign_in = nexus.get("/console/sign-in").await;
    let form = form_to(&sign_in, "/console/sign-in").with("username", r"t100\nexus");
    assert_eq!(nexus.send_form(&form.with("password", it::world::PASSWORD)).await.status, 422);
    let page = ops.submit_to(&page, &own("/enable"), &[]).await;
    assert!(page.text().contains("The contact center is enabled"));
    Browser::at_console(&world, r"t100\nexus").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_center_is_deleted_by_whoever_types_its_name() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let asked = ops.open(&own("/delete")).await;
    let refused = ops.submit_to(&asked, &own("/delete"), &[("confirm", "premise")]).await;
    assert_eq!(refused.status, 422);
    assert!(says_at(&refused, "confirm"), "{}", refused.text());
    assert_eq!(form_to(&refused, &own("/delete")).value("confirm"), Some("premise"));
    let page = ops.submit_to(&refused, &own("/delete"), &[("confirm", "premise_tenant")]).await;
    assert!(page.text().contains("The contact center is deleted"), "{}", page.text());
    assert!(!page.text().contains("premise_tenant"));
    assert_eq!(ops.get(&own("")).await.status, 404);
    assert_eq!(audit_of(&world, "tenant.delete").await["before"]["name"], "premise_tenant");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_centers_own_administrator_sees_and_changes_its_own_alone() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let list = nexus.open(TENANTS).await;
    assert!(list.text().contains("premise_tenant") && !list.text().contains("other_tenant"));
    assert!(
        !offers(&list, "/console/tenants/new") && !offers(&list, "/console/tenants/*/key-policies")
    );
    let page = nexus.open(&own("")).await;
    for path in ["/disable", "/delete"] {
        assert!(!offers(&page, &own(path)), "{path}");
        assert_eq!(nexus.get(&own(path)).await.status, 403, "{path}");
    }
    assert_eq!(nexus.get("/console/tenants/new").await.status, 403);
    for path in ["", "/edit", "/cors", "/key-policies", "/key-policies/api"] {
        for id in [OTHER_TENANT, NO_TENANT, "nonsense"] {
            let answer = nexus.get(&format!("{TENANTS}/{id}{path}")).await;
            assert_eq!(answer.status, 404, "{id}{path}");
        }
    }
    assert_eq!(nexus.get("/console/tenants/*/key-policies").await.status, 404);
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    for path in ["/edit", "/cors", "/cors/remove", "/cors/settings", "/key-policies/api"] {
        let to = format!("{TENANTS}/{OTHER_TENANT}{path}");
        let fields = [("token", token.as_str()), ("name", "mine"), ("origin", "https://a.example")];
        assert_eq!(nexus.post(&to, &fields).await.status, 404, "{path}");
    }
    let edit = nexus.open(&own("/edit")).await;
    assert_eq!(form_to(&edit, &own("/edit")).value("environment"), None);
    let page = nexus.submit_to(&edit, &own("/edit"), &[("name", "Ours")]).await;
    assert!(page.text().contains("Ours"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lacks_the_right_finds_no_contact_centers() {
    let world = World::start().await;
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    assert!(!offers(&vera.open("/console").await, TENANTS));
    for path in ["", "/edit", "/cors", "/key-policies"] {
        assert_eq!(vera.get(&own(path)).await.status, 403, "{path}");
    }
    assert_eq!(vera.get(TENANTS).await.status, 403);
    assert_eq!(Browser::new(world.anonymous()).get(TENANTS).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_are_added_and_removed_one_by_one() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open(&own("/cors")).await;
    assert!(page.text().contains("No origins yet"));
    for bad in ["", "shop example", "https://shop.example/path", "*", "null", "https://*.example"] {
        let refused = nexus.submit_to(&page, &own("/cors"), &[("origin", bad)]).await;
        assert_eq!(refused.status, 422, "{bad}");
        assert!(says_at(&refused, "origin"), "{bad}: {}", refused.text());
        assert_eq!(form_to(&refused, &own("/cors")).value("origin"), Some(bad));
    }
    let page = nexus.submit_to(&page, &own("/cors"), &[("origin", "https://shop.example")]).await;
    assert!(page.text().contains("The origin is added") && page.text().contains("1 origin<"));
    let old = [("value", "https://old.example\nhttps://older.example")];
    let page = nexus.submit_to(&page, &own("/cors/settings"), &old).await;
    assert!(page.text().contains("and so it does not now"), "{}", page.text());
    let bad = nexus.submit_to(&page, &own("/cors/settings"), &[("value", "no where")]).await;
    assert!(bad.status == 422 && says_at(&bad, "value"), "{}", bad.text());
    let page = nexus.submit_to(&page, &own("/cors/remove"), &[]).await;
    assert!(page.text().contains("The origin is removed"), "{}", page.text());
    assert!(page.text().contains("the old list below counts"), "{}", page.text());
    assert_eq!(
        audit_of(&world, "cors_origin.delete").await["before"]["origins"][0],
        "https://shop.example"
    );
    assert_eq!(
        audit_of(&world, "cors_settings.update").await["after"]["value"],
        "https://old.example,https://older.example"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_for_keys_are_set_changed_and_deleted() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let (list, api) = (own("/key-policies"), own("/key-policies/api"));
    let page = nexus.open(&list).await;
    assert!(page.text().contains("none: no limits"), "{}", page.text());
    let panel = nexus.open(&own("/key-policies/*")).await;
    let page = nexus.submit_to(&panel, &own("/key-policies/*"), &[("mostKeys", "200")]).await;
    assert!(page.text().contains("The policy is set") && page.text().contains("200 keys at most"));
    let panel = nexus.open(&api).await;
    for (field, value) in [
        ("defaultLifeDays", "ninety"),
        ("defaultLifeDays", "0"),
        ("longestLifeDays", "36501"),
        ("mostKeys", "-1"),
        ("mostKeysPerPerson", "0"),
        ("mostNewPerMinute", "1.5"),
        ("unusedDays", "0"),
    ] {
        let refused = nexus.submit_to(&panel, &api, &[(field, value)]).await;
        assert_eq!(refused.status, 422, "{field}={value}");
        assert!(says_at(&refused, field), "{field}={value}: {}", refused.text());
        assert_eq!(form_to(&refused, &api).value(field), Some(value));
    }
    let crossed = [("defaultLifeDays", "91"), ("longestLifeDays", "90")];
    assert!(says_at(&nexus.submit_to(&panel, &api, &crossed).await, "defaultLifeDays"));
    let good =
        [("defaultLifeDays", "30"), ("longestLifeDays", "90"), ("descriptionRequired", "on")];
    let page = nexus.submit_to(&panel, &api, &good).await;
    for wanted in ["a new key ends after 30 days", "lives for 90 days", "a description is needed"] {
        assert!(page.text().contains(wanted), "{wanted}: {}", page.text());
    }
    assert_eq!(form_to(&nexus.open(&api).await, &api).value("longestLifeDays"), Some("90"));
    assert_eq!(audit_of(&world, "key_policy.set").await["after"]["keyType"], "api");
    // Keys of the type have no end and no description of ours to govern.
    let ges = nexus.open(&own("/key-policies/ges")).await;
    let form = form_to(&ges, &own("/key-policies/ges"));
    assert_eq!((form.value("defaultLifeDays"), form.value("mostKeys")), (None, Some("")));
    assert_eq!(nexus.get(&own("/key-policies/none-such")).await.status, 404);
    let asked = nexus.open(&own("/key-policies/api/delete")).await;
    let page = nexus.submit_to(&asked, &own("/key-policies/api/delete"), &[]).await;
    assert!(page.text().contains("The policy is deleted"), "{}", page.text());
    assert!(!page.text().contains("a new key ends after"));
    assert_eq!(nexus.get(&own("/key-policies/api/delete")).await.status, 404);
    let mut ops = Browser::at_console(&world, "ops").await;
    let whole = "/console/tenants/*/key-policies/api";
    let panel = ops.open(whole).await;
    let page = ops.submit_to(&panel, whole, &[("unusedDays", "90")]).await;
    assert!(page.text().contains("unused for 90 days"), "{}", page.text());
}
