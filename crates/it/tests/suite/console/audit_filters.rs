//! The filters of the audit log: each is taken away by itself, and an export takes along what they leave.

use it::{
    Browser, World,
    console::forms_of,
    world::{OTHER_TENANT, TENANT},
};

/// Where the filter of this text is taken away.
fn without(page: &str, text: &str) -> String {
    let chosen = page.split("<ul class=\"chosen\"").nth(1).expect("filters").to_owned();
    let chosen = chosen.split("</ul>").next().unwrap();
    let before = chosen.split(&format!("<bdi>{text}</bdi>")).next().unwrap();
    assert!(before.len() < chosen.len(), "{text}: {chosen}");
    let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    href.replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_is_said_in_words_and_taken_away_by_itself() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    assert!(!ops.open("/console/audit").await.text().contains("class=\"chosen\""));
    let query = format!("?action=tenant.create&actor=ops&tenant={TENANT}&from=2026-03-01");
    let page = ops.open(&format!("/console/audit{query}&cursor=")).await.text();
    for (text, left) in [
        ("Contact center made", format!("?actor=ops&tenant={TENANT}&from=2026-03-01")),
        ("ops", format!("?action=tenant.create&tenant={TENANT}&from=2026-03-01")),
        ("premise_tenant", "?action=tenant.create&actor=ops&from=2026-03-01".to_owned()),
        ("2026-03-01", format!("?action=tenant.create&actor=ops&tenant={TENANT}")),
    ] {
        assert_eq!(without(&page, text), format!("/console/audit{left}"));
    }
    let one = ops.open("/console/audit?actor=ops").await.text();
    assert_eq!(without(&one, "ops"), "/console/audit");
    // What was refused can be taken away, too; a secret in the place of an id is not said again.
    let secret = "kw_0H7mQXr2vLk9TzB4cWfYpN0H7mQXr2vLk9TzB4";
    let wrong = ops.open(&format!("/console/audit?key={secret}&from=yesterday")).await.text();
    assert_eq!(without(&wrong, "yesterday"), "/console/audit");
    assert!(!wrong.contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_stands_above_the_list_and_sends_the_filters() {
    let world = World::start().await;
    let mut ops = Browser::at_console(&world, "ops").await;
    let page = ops.open(&format!("/console/audit?actor=system&tenant={OTHER_TENANT}")).await;
    let above = page.text().split("id=\"results\"").next().unwrap().to_owned();
    let form = forms_of(&page).into_iter().find(|form| form.action == "/console/audit").unwrap();
    for (format, kind) in [("csv", "text/csv"), ("jsonl", "application/x-ndjson")] {
        let button = format!(
            "form=\"filters\" formaction=\"/console/audit/export\" name=\"format\" value=\"{format}\""
        );
        assert!(above.contains(&button), "{above}");
        // What a browser sends of it, what is empty included.
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&form.fields).append_pair("format", format);
        let file = ops.get(&format!("/console/audit/export?{}", query.finish())).await;
        assert_eq!(file.status, 200, "{}", file.text());
        assert!(file.header("content-type").starts_with(kind));
        assert!(!file.text().contains("premise_tenant"));
    }
}
