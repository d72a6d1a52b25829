//! Who reaches which persons at the console, and what is shown of what they wrote.

use super::looks::{XSS, executes_nothing, form_to, path_behind, says_at};
use super::persons::{PERSONS, hank, page_of};
use it::{
    Browser, World,
    console::offers,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_raises_anybody_above_themselves_nor_touches_who_is_above() {
    let world = World::start().await;
    let mut hank = hank(&world).await;
    let panel = hank.open("/console/persons/new").await;
    assert!(!panel.text().contains("name=\"roles\" value=\"admin\""), "it is not offered");
    for role in ["admin", "service"] {
        let form = form_to(&panel, PERSONS).with("username", "evil").with("roles", role);
        let refused = hank.send_form(&form).await;
        assert!(refused.status == 422 && says_at(&refused, "roles"), "{}", refused.text());
    }
    let mine = page_of(&world, "hank").await;
    let edit = hank.open(&format!("{mine}/edit")).await;
    let form = form_to(&edit, &format!("{mine}/edit")).and("roles", "admin");
    let refused = hank.send_form(&form).await;
    assert!(refused.status == 422 && says_at(&refused, "roles"), "{}", refused.text());
    for rest in ["/disable", "/delete"] {
        assert!(!offers(&edit, &format!("{mine}{rest}")), "{rest}");
        let asked = hank.open(&format!("{mine}{rest}")).await;
        let refused = hank.submit_to(&asked, &format!("{mine}{rest}"), &[]).await;
        assert!(refused.status == 422 && refused.text().contains("Nobody"), "{}", refused.text());
    }
    let above = page_of(&world, "nexus").await;
    let page = hank.open(&above).await;
    assert!(page.text().contains("holds rights that you do not"), "{}", page.text());
    let list = hank.open(PERSONS).await;
    assert!(offers(&list, &format!("{mine}/edit")) && !offers(&list, &format!("{above}/edit")));
    for rest in ["/edit", "/disable", "/delete", "/password"] {
        assert!(!offers(&page, &format!("{above}{rest}")), "{rest}");
        let asked = hank.open(&format!("{above}{rest}")).await;
        let refused = hank.submit_to(&asked, &format!("{above}{rest}"), &[]).await;
        assert_eq!(refused.status, 422, "{rest}: {}", refused.text());
    }
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get("/v1/whoami").await.status, 200, "nothing happened to them");
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_of_another_contact_center_are_nowhere_and_without_the_right_nobody_is() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let bob = page_of(&world, "bob").await;
    let token = form_to(&nexus.open(PERSONS).await, "/console/sign-out");
    for rest in ["", "/edit", "/password", "/disable", "/delete"] {
        assert_eq!(nexus.get(&format!("{bob}{rest}")).await.status, 404, "{rest}");
    }
    for rest in ["/edit", "/password", "/disable", "/enable", "/delete", "/unlock", "/sessions/end"]
    {
        let fields = [("token", token.value("token").unwrap())];
        assert_eq!(nexus.post(&format!("{bob}{rest}"), &fields).await.status, 404, "{rest}");
    }
    for tenant in [OTHER_TENANT, NO_TENANT, "*", "nonsense"] {
        assert_eq!(nexus.get(&format!("{PERSONS}?tenant={tenant}")).await.status, 404, "{tenant}");
        let fields =
            [("token", token.value("token").unwrap()), ("username", "x"), ("tenant", tenant)];
        assert_eq!(nexus.post(PERSONS, &fields).await.status, 404, "{tenant}");
    }
    assert_eq!(nexus.get(&format!("{PERSONS}?tenant={TENANT}")).await.status, 200);
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    assert!(!offers(&vera.open("/console").await, PERSONS));
    for path in [PERSONS, "/console/persons/new", &*bob] {
        assert_eq!(vera.get(path).await.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_texts_are_shown_and_never_run() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    for (n, text) in XSS.iter().enumerate() {
        let panel = nexus.open("/console/persons/new").await;
        let username = format!("{n}{text}");
        let form = form_to(&panel, PERSONS)
            .with("username", &username)
            .with("givenName", text)
            .with("familyName", text)
            .with("password", PASSWORD);
        let made = nexus.send_form(&form).await;
        assert_eq!(made.status, 303, "{text}: {}", made.text());
        let here = path_behind(&made);
        for path in ["", "/edit", "/disable", "/delete", "/password"] {
            executes_nothing(&nexus.open(&format!("{here}{path}")).await, text);
        }
        executes_nothing(&nexus.open(PERSONS).await, text);
        let typed = form_to(&panel, PERSONS).with("username", &username).with("email", text);
        executes_nothing(&nexus.send_form(&typed).await, text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_offers_the_roles_of_the_place_that_is_looked_at() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": "auditors", "rights": ["Audit.canRead"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let mut ops = Browser::at_console(&world, "ops").await;
    let option = |role: &str| format!("<option value=\"{role}\"");
    let everywhere = ops.open(PERSONS).await.text();
    assert!(everywhere.contains(&option("viewer")) && !everywhere.contains(&option("auditors")));
    let there = ops.open(&format!("{PERSONS}?tenant={TENANT}")).await.text();
    assert!(there.contains(&option("auditors")) && !there.contains(&option("ops")));
    let kept = ops.open(&format!("{PERSONS}?role=auditors")).await.text();
    assert!(kept.contains("<option value=\"auditors\" selected"), "{kept}");
}
