//! What strangers wrote of a contact center, and forms that are not ours.

use super::looks::{XSS, executes_nothing};
use super::tenants::{TENANTS, own};
use it::{Browser, World, console::forms_of};

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
