//! What is wrong with a form of a key is said above it, too, and leads from there to its field.

use super::keys_form::made;
use super::secrets::id_shown;
use it::{Answer, Browser, World, console::form_to};

/// The fields that the summary above a form leads to, and what it says of each.
fn summary(page: &Answer) -> Vec<(String, String)> {
    assert_eq!(page.status, 422, "{}", page.text());
    let text = page.text();
    let links = text.split("<a data-fault href=\"#").skip(1);
    let of = |link: &str| {
        let (field, rest) = link.split_once("\">").expect("a link");
        (field.to_owned(), rest.split("</a>").next().unwrap_or_default().to_owned())
    };
    links.map(of).collect()
}

/// There is one thing of this id, and what is wrong is said at it.
fn leads_to(page: &Answer, field: &str) {
    let text = page.text();
    assert_eq!(text.matches(&format!(" id=\"{field}\"")).count(), 1, "{field}: {text}");
    let described = format!("aria-describedby=\"{field}-fault");
    assert_eq!(text.matches(&described).count(), 1, "{field}: {text}");
    assert_eq!(text.matches(&format!("id=\"{field}-fault\"")).count(), 1, "{field}: {text}");
}

#[tokio::test]
async fn every_fault_of_the_form_leads_to_its_field() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let all = [
        ("name", " "),
        ("permissions", "orders"),
        ("life", "date"),
        ("expires", "soon"),
        ("starts", "tomorrow"),
        ("capacity", "12x"),
        ("frequency", ""),
        ("every-days", "often"),
        ("overlap", "long"),
        ("origins", "https://a.example/path"),
        ("addresses", "192.0.2.300"),
        ("methods", "get"),
        ("paths", "orders"),
    ];
    let page = made(&mut admin, "api", &all).await;
    let said = summary(&page);
    let fields: Vec<&str> = said.iter().map(|(field, _)| field.as_str()).collect();
    let wanted: Vec<&str> = all.iter().map(|(f, _)| *f).filter(|f| *f != "life").collect();
    for field in &wanted {
        assert!(fields.contains(field), "{field}: {fields:?}");
        leads_to(&page, field);
    }
    assert_eq!(fields.len(), wanted.len(), "{fields:?}");
    let of = |field: &str| said.iter().find(|(known, _)| known == field).map(|(_, t)| t.as_str());
    assert_eq!(of("capacity"), Some("Requests must be a whole number, such as 60."));
    assert_eq!(of("frequency"), Some("Enter in how many seconds."));
    for (of_type, field, value) in
        [("nexus", "permission", "-"), ("ges", "secret", "short"), ("psk", "owner", "")]
    {
        let fields = [("name", "a"), (field, value)];
        let page = made(&mut admin, of_type, &fields).await;
        assert_eq!(summary(&page).len(), 1, "{of_type}");
        leads_to(&page, field);
    }
    let page =
        made(&mut admin, "api", &[("name", "a"), ("capacity", "0"), ("frequency", "60")]).await;
    let wanted = ("capacity".to_owned(), "Requests must be 1 to 1000000.".to_owned());
    assert_eq!(summary(&page), [wanted], "what a use case says is a sentence of its own");
}

#[tokio::test]
async fn faults_of_a_change_lead_to_their_fields_beside_the_list_and_its_filters() {
    let world = World::start().await;
    let mut admin = Browser::at_console(&world, r"t100\nexus").await;
    let id = id_shown(&made(&mut admin, "api", &[("name", "orders")]).await);
    let path = format!("/console/keys/{id}/edit");
    let form = form_to(&admin.get(&path).await, &path);
    let page = admin.send_form(&form.with("capacity", "12x").with("name", "")).await;
    let fields: Vec<String> = summary(&page).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "capacity", "frequency"]);
    for field in &fields {
        leads_to(&page, field);
    }
}
