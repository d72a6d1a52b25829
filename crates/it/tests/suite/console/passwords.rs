//! Forms that ask for a password say whose it is, so that what keeps passwords keeps the right one.

use super::persons::page_of;
use crate::auth_v3::later;
use it::{
    Browser, World,
    console::{form_to, offers},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_stands_behind_the_name_that_it_is_of() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let own = nexus.open("/console/settings/password").await;
    let form = form_to(&own, "/console/settings/password");
    assert_eq!(form.value("username"), Some("nexus"));
    assert!(own.text().contains("autocomplete=\"username\"") && own.text().contains(" readonly"));
    let vera = page_of(&world, "vera").await;
    let to = format!("{vera}/password");
    let form = form_to(&nexus.open(&to).await, &to);
    assert_eq!(form.value("username"), Some("vera"));
    // Whatever comes back of it: the address says whose password it is.
    let password = "another long password of vera";
    let sent = form.with("username", "nexus").with("password", password);
    let answer = nexus.send_form(&sent.without("mustChangePassword")).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let mut browser = Browser::new(world.anonymous());
    browser.sign_in_console(r"t100\vera", password).await;
    later(&world, 6 * 60 * 1000);
    let proved = "/console/clients/service-a/regenerate-secret";
    let form = form_to(&nexus.open(proved).await, proved);
    assert_eq!((form.value("username"), form.value("current-password")), (Some("nexus"), Some("")));
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_profile_says_who_one_is_and_who_changes_it() {
    let world = World::start().await;
    let vera = page_of(&world, "vera").await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    let page = browser.open("/console/settings").await;
    assert!(page.text().contains(vera.rsplit('/').next().unwrap()), "{}", page.text());
    assert!(page.text().contains("changed by whoever manages persons"), "{}", page.text());
    assert!(!page.text().contains("Edit profile"));
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open("/console/settings").await;
    let edit = format!("{}/edit", page_of(&world, "nexus").await);
    assert!(offers(&page, &edit), "{}", page.text());
    assert_eq!(nexus.open(&edit).await.status, 200);
}
