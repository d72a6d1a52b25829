//! An issuer that does not answer: what a browser sees of it, and where it can go from there.

use super::{believing, later, there::There, there::link};
use crate::browser::{CALLBACK, make_client, request};
use it::{Browser, provider::Provider, world::PASSWORD};
use serde_json::json;
use service::outbound::CallFailed;

const UNREACHABLE: &str = "The other sign-in cannot be reached";

#[tokio::test]
async fn where_an_issuer_cannot_be_reached_the_sign_in_page_comes_again_and_says_so() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    make_client(&admin, json!({})).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.open(&request(&[])).await;
    assert!(!page.text().contains(UNREACHABLE));
    provider.fails(Some(CallFailed::TooLate));
    let again = browser.get(&link(&page).expect("a link to the issuer")).await;
    assert_eq!(again.status, 502, "{}", again.text());
    assert!(again.text().contains(UNREACHABLE), "{}", again.text());
    // It is not asked again at once, whoever clicks.
    let _ = provider.calls();
    let again = browser.get(&link(&again).expect("a link to the issuer")).await;
    assert_eq!((again.status.as_u16(), provider.calls().len()), (502, 0));
    // Later it answers, and the page still leads there.
    provider.fails(None);
    later(&world, 11);
    let to = browser.get(&link(&again).expect("a link to the issuer")).await;
    assert_eq!(to.status, 302, "{}", to.text());
    // Those who have a password here sign in by it.
    let done = browser.submit(&again, &[("username", "vera"), ("password", PASSWORD)]).await;
    assert!(done.header("location").starts_with(CALLBACK), "{}", done.text());
}

#[tokio::test]
async fn whoever_comes_back_from_an_issuer_that_exchanges_no_code_is_told_so() {
    let mut there = There::start().await;
    there.provider.fails(Some(CallFailed::NoAnswer));
    let answer = there.back(&[]).await;
    assert_eq!(answer.status, 502, "{}", answer.text());
    assert!(answer.text().contains(UNREACHABLE), "{}", answer.text());
}
