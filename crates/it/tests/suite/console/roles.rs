//! Roles at the console: what they allow, in words; made, changed and deleted by those who hold as much.

use super::looks::{audit_of, form_to, path_behind, says_at};
use it::{
    Browser, World,
    console::offers,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

const ROLES: &str = "/console/roles";

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_made_changed_and_deleted_by_its_forms() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let list = nexus.open(ROLES).await;
    for wanted in ["admin", "viewer", "nx1_ask", "Everything in its contact center", "Always there"]
    {
        assert!(list.text().contains(wanted), "{wanted}: {}", list.text());
    }
    assert!(!list.text().contains(">ops<"), "the cluster's own is nobody's here");
    assert!(list.text().contains(" that can be held in <bdi>premise_tenant</bdi>"));
    for part in ["edit", "delete"] {
        let never = nexus.get(&format!("{ROLES}/admin/{part}")).await;
        assert_eq!(never.status, 404, "{part}: every installation has it as it is");
    }
    let panel = nexus.open("/console/roles/new").await;
    assert!(panel.text().contains("Read the audit log"));
    assert!(!panel.text().contains("Gateway.canManage"), "no role of a tenant has it");
    let form = form_to(&panel, ROLES).with("name", "auditor").with("rights", "Audit.canRead");
    let made = nexus.send_form(&form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let here = path_behind(&made);
    assert_eq!(here, "/console/roles/auditor");
    let page = nexus.follow(made).await;
    assert!(page.text().contains("The role is made") && page.text().contains("Read the audit log"));
    assert_eq!(audit_of(&world, "role.create").await["after"]["rights"], json!(["Audit.canRead"]));
    let edit = nexus.open(&format!("{here}/edit")).await;
    let form = form_to(&edit, &format!("{here}/edit"));
    assert_eq!(form.value("rights"), Some("Audit.canRead"));
    let changed = nexus.send_form(&form.clone().and("rights", "Keys.canVerify")).await;
    let page = nexus.follow(changed).await;
    assert!(page.text().contains("Ask whether keys are valid"), "{}", page.text());
    let late = nexus.send_form(&form.without("rights")).await;
    assert!(late.status == 422 && late.text().contains("Somebody else changed this"));
    let asked = nexus.open(&format!("{here}/delete")).await;
    let page = nexus.submit_to(&asked, &format!("{here}/delete"), &[]).await;
    assert!(page.text().contains("The role is deleted"), "{}", page.text());
    assert_eq!(nexus.get(&here).await.status, 404);
    assert_eq!(audit_of(&world, "role.delete").await["before"]["name"], "auditor");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_role_stands_at_its_field() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let panel = nexus.open("/console/roles/new").await;
    for (name, right, at) in [
        ("Not A Name", "Audit.canRead", "name"),
        ("viewer", "Audit.canRead", "name"),
        ("own", "Gateway.canManage", "rights"),
        ("own", "No.such", "rights"),
    ] {
        let form = form_to(&panel, ROLES).with("name", name).with("rights", right);
        let refused = nexus.send_form(&form).await;
        assert_eq!(refused.status, 422, "{name} {right}");
        assert!(says_at(&refused, at), "{name} {right}: {}", refused.text());
        assert_eq!(form_to(&refused, ROLES).value("name"), Some(name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_somebody_holds_stays_and_so_do_those_that_are_always_there() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    admin.post("/v1/roles", &json!({"name": "held", "rights": ["Audit.canRead"]})).await;
    let person = json!({"username": "ada", "roles": ["held"], "password": it::world::PASSWORD});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let asked = nexus.open("/console/roles/held/delete").await;
    let refused = nexus.submit_to(&asked, "/console/roles/held/delete", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("1 person or client holds this role"), "{}", refused.text());
    let page = nexus.open("/console/roles/viewer").await;
    assert!(page.text().contains("Every installation has this role"));
    assert!(!offers(&page, "/console/roles/viewer/edit"));
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    let form = [("token", &*token), ("rights", "Keys.canVerify")];
    let refused = nexus.post("/console/roles/viewer/edit", &form).await;
    assert!(refused.status == 422 && refused.text().contains("Every installation has this role"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_role_a_right_that_they_do_not_hold() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let rights = ["Persons.canManage", "Audit.canRead"];
    admin.post("/v1/roles", &json!({"name": "people", "rights": rights})).await;
    admin.post("/v1/roles", &json!({"name": "more", "rights": ["Keys.canVerify"]})).await;
    let hank = json!({"username": "hank", "roles": ["people"], "password": it::world::PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &hank).await.status, 201);
    let mut hank = Browser::at_console(&world, r"t100\hank").await;
    let panel = hank.open("/console/roles/new").await;
    assert!(!panel.text().contains("Keys.canVerify"), "it is not offered");
    let form = form_to(&panel, ROLES).with("name", "mine").with("rights", "Keys.canVerify");
    let refused = hank.send_form(&form).await;
    assert!(refused.status == 422 && says_at(&refused, "rights"), "{}", refused.text());
    let page = hank.open("/console/roles/more").await;
    assert!(!offers(&page, "/console/roles/more/edit"), "{}", page.text());
    let edit = hank.open("/console/roles/more/edit").await;
    let form = form_to(&edit, "/console/roles/more/edit").without("rights");
    assert_eq!(hank.send_form(&form).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_of_other_places_are_seen_by_the_installations_administrators_alone() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    admin.post("/v1/roles", &json!({"name": "ours", "rights": ["Audit.canRead"]})).await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let whole = ops.open(ROLES).await;
    assert!(whole.text().contains(">ops<") && !whole.text().contains(">ours<"));
    let list = ops.open(&format!("{ROLES}?tenant={TENANT}")).await;
    assert!(list.text().contains(">ours<"), "{}", list.text());
    let page = ops.open(&format!("{ROLES}/ours?tenant={TENANT}")).await;
    assert!(page.text().contains("premise_tenant"), "{}", page.text());
    let panel = ops.open(&format!("{ROLES}/new?tenant={OTHER_TENANT}")).await;
    let form = form_to(&panel, ROLES).with("name", "theirs").with("rights", "Audit.canRead");
    assert_eq!(ops.send_form(&form).await.status, 303);
    let mut bob = Browser::at_console(&world, r"t200\bob").await;
    assert!(bob.open(ROLES).await.text().contains(">theirs<"));
    for tenant in [TENANT, "*", "nonsense"] {
        let answer = bob.get(&format!("{ROLES}?tenant={tenant}")).await;
        assert_eq!(answer.status, 404, "{tenant}");
    }
    assert_eq!(bob.get(&format!("{ROLES}/ours")).await.status, 404);
    let form = form_to(&bob.open("/console/roles/new").await, ROLES);
    let form = form.with("name", "mine").with("tenant", TENANT);
    assert_eq!(bob.send_form(&form).await.status, 404);
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    assert!(!offers(&vera.open("/console").await, ROLES));
    for path in ["", "/new", "/viewer", "/viewer/edit", "/viewer/delete"] {
        assert_eq!(vera.get(&format!("{ROLES}{path}")).await.status, 403, "{path}");
    }
}
