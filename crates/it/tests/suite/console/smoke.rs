//! Who is signed in sees the console, and who is not is led to the sign-in and back.

use it::{
    Browser, World,
    console::{form_to, offers},
    world::PASSWORD,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_is_led_to_where_they_wanted_to_go() {
    let world = World::start().await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.open("/console?range=7").await;
    let form = form_to(&page, "/console/sign-in");
    assert_eq!(form.value("next"), Some("/console?range=7"));
    let wrong = form.clone().with("username", r"t100\vera").with("password", "no such words");
    let refused = browser.send_form(&wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("The sign-in failed"));
    assert!(!refused.text().contains("no such words"));
    let right = form.with("username", r"t100\vera").with("password", PASSWORD);
    let answer = browser.send_form(&right).await;
    assert_eq!(answer.header("location"), "/console?range=7");
    let page = browser.follow(answer).await;
    assert_eq!(page.status, 200);
    let signed_out = browser.submit_to(&page, "/console/sign-out", &[]).await;
    assert!(signed_out.text().contains("You are signed out"), "{}", signed_out.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_of_tenants_and_of_the_installation_are_at_the_console() {
    let world = World::start().await;
    for username in [r"t100\nexus", "ops"] {
        let mut browser = Browser::at_console(&world, username).await;
        let page = browser.open("/console").await;
        assert!(offers(&page, "/console/settings"), "{}", page.text());
        assert!(page.text().contains("<h1"), "{}", page.text());
    }
}
