//! Whoever leaves the list for one key comes back to the list as it was found.

use super::keys_list::{made, names, nexus};
use http::StatusCode;
use it::{
    Answer, Browser, World,
    console::{form_to, offers},
};

const LIST: &str = "/console/keys?search=web&type=nexus";
/// What a link carries that leads back there.
const CARRY: &str = "?back=/console/keys?search=web%26type=nexus";

async fn world() -> (World, Browser, [String; 3]) {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut ids = Vec::new();
    for name in ["Web one", "Web two", "Mail"] {
        ids.push(made(&admin, &nexus(name, "nexus:consumer:chat")).await.0);
    }
    let browser = Browser::at_console(&world, r"t100\nexus").await;
    (world, browser, ids.try_into().expect("three keys"))
}

/// The address behind an `&` in an attribute.
fn links(page: &Answer, address: &str) -> bool {
    let text = page.text();
    ["&amp;", "&#38;", "&"].into_iter().any(|and| {
        let address = address.replace('&', and);
        text.contains(&format!("href=\"{address}\""))
    })
}

#[tokio::test]
async fn what_is_done_to_a_row_leads_back_to_the_list_as_it_was_found() {
    let (_world, mut browser, [one, two, _]) = world().await;
    let all = browser.open("/console/keys").await;
    assert!(!all.text().contains("back="), "a list without filters is found anyhow");
    let page = browser.open(LIST).await;
    assert_eq!(names(&page), ["Web one", "Web two"]);
    for act in ["", "/delete"] {
        assert!(
            links(&page, &format!("/console/keys/{one}{act}{CARRY}")),
            "{act}: {}",
            page.text()
        );
    }
    for (id, act, done) in [
        (&one, "edit", "key-changed"),
        (&one, "revoke", "key-revoked"),
        (&two, "delete", "key-deleted"),
    ] {
        let path = format!("/console/keys/{id}/{act}");
        let panel = browser.open(&format!("{path}{CARRY}")).await;
        assert_eq!(names(&panel), ["Web one", "Web two"], "{act}: the list stays as it was");
        assert!(links(&panel, LIST), "{act}: closing leads back");
        let answer = browser.send_form(&form_to(&panel, &path)).await;
        assert_eq!(answer.header("location"), format!("{LIST}&done={done}"), "{act}");
    }
    assert_eq!(names(&browser.open(LIST).await), ["Web one"]);
}

#[tokio::test]
async fn the_page_of_a_key_knows_the_list_and_deleting_lands_there() {
    let (_world, mut browser, [one, _, mail]) = world().await;
    let here = format!("/console/keys/{one}{CARRY}");
    let page = browser.open(&here).await;
    assert!(links(&page, LIST), "the crumb leads back: {}", page.text());
    for tab in ["/secrets", "/usage", "/audit"] {
        assert!(links(&page, &format!("/console/keys/{one}{tab}{CARRY}")), "{tab}");
        let tab = browser.open(&format!("/console/keys/{one}{tab}{CARRY}")).await;
        assert!(links(&tab, LIST), "{}", tab.text());
    }
    let form = form_to(&page, &format!("/console/keys/{one}/disable"));
    let answer = browser.send_form(&form).await;
    assert!(answer.header("location").starts_with(&format!("/console/keys/{one}?back=")));
    let revoke = format!("/console/keys/{one}/revoke");
    let text = page.text();
    let link = text.split(&format!("href=\"{revoke}")).nth(1).expect("a link to revoke");
    let carried = link.split('"').next().unwrap_or_default().to_owned();
    let panel = browser.open(&format!("{revoke}{carried}")).await;
    let answer = browser.send_form(&form_to(&panel, &revoke)).await;
    let location = answer.header("location").to_owned();
    assert!(location.starts_with(&format!("/console/keys/{one}?back=")), "{location}");
    assert!(location.ends_with("&done=key-revoked"), "{location}");
    let delete = format!("/console/keys/{one}/delete");
    let panel = browser.open(&format!("{delete}{carried}")).await;
    assert!(links(&panel, &here), "cancelling leads back to the key: {}", panel.text());
    let answer = browser.send_form(&form_to(&panel, &delete)).await;
    assert_eq!(answer.header("location"), format!("{LIST}&done=key-deleted"));
    let delete = format!("/console/keys/{mail}/delete");
    let panel = browser.open(&format!("{delete}?back=//evil.example/")).await;
    let answer = browser.send_form(&form_to(&panel, &delete)).await;
    assert_eq!(answer.header("location"), "/console/keys?done=key-deleted");
}

#[tokio::test]
async fn to_copy_a_key_is_not_called_as_if_its_secret_were_copied() {
    let (_world, mut browser, [one, ..]) = world().await;
    let page = browser.open(&format!("/console/keys/{one}")).await;
    assert!(offers(&page, &format!("/console/keys/{one}/copy")));
    for page in [&page, &browser.open("/console/keys").await] {
        assert!(page.text().contains("Make a copy"), "{}", page.text());
        assert!(!page.text().contains(">Copy<"), "{}", page.text());
    }
    let form = browser.open(&format!("/console/keys/{one}/copy")).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text().contains("Make a copy of an API key"), "{}", form.text());
}
