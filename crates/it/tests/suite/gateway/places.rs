//! Where a key is read, and that it is taken out there.

use super::{Stage, seen};
use domain::key_type::Place;
use std::borrow::Cow;

fn everywhere() -> Vec<Place> {
    vec![
        Place::Header(Cow::Borrowed("x-api-key")),
        Place::Bearer,
        Place::Parameter(Cow::Borrowed("jwt")),
    ]
}

#[tokio::test]
async fn the_secret_is_taken_out_of_its_place_and_not_a_byte_else() {
    let stage = Stage::start(|route| route.policy.presented_in = everywhere()).await;
    let (anonymous, key) = (stage.world.anonymous(), &stage.key);
    let told = anonymous.clone().bearer(key).get("/orders?a=1").await.json();
    assert!(seen(&told, "authorization").is_empty(), "{told}");

    let told = anonymous.get(&format!("/orders?a=%2B&jwt={key}&b=+&&c")).await.json();
    assert_eq!(told["path"], "/orders?a=%2B&b=+&&c");
    let told = anonymous.get(&format!("/orders?jwt={key}")).await.json();
    assert_eq!(told["path"], "/orders");

    let form = format!("a=%20+&j%77t={key}&b=%zz");
    let kind = Some("application/x-www-form-urlencoded; charset=utf-8");
    let posted = anonymous.send(http::Method::POST, "/orders", kind, form.into()).await.json();
    assert_eq!(posted["body"], "a=%20+&b=%zz");
    assert_eq!(seen(&posted, "content-length"), ["12"]);
    for told in [told, posted] {
        assert!(!told.to_string().contains(key.as_str()), "{told}");
    }
}

#[tokio::test]
async fn a_form_without_the_key_goes_on_as_it_is() {
    let stage = Stage::start(|route| route.policy.presented_in = everywhere()).await;
    let told = stage.caller().post_form("/orders", &[("a", "1"), ("b", "x y")]).await.json();
    assert_eq!(told["body"], "a=1&b=x+y");
}

#[tokio::test]
async fn bt_04_no_shared_cache_keeps_the_answer_to_a_key_in_the_address() {
    let stage = Stage::start(|route| route.policy.presented_in = everywhere()).await;
    let (anonymous, key) = (stage.world.anonymous(), &stage.key);
    let answer = anonymous.clone().get(&format!("/orders/headers?jwt={key}")).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "private"));
    let elsewhere = anonymous.bearer(key).get("/orders/headers").await;
    assert_eq!(elsewhere.header("cache-control"), "max-age=60");
}

#[tokio::test]
async fn the_secret_goes_on_where_the_route_says_so() {
    let stage = Stage::start(|route| {
        route.policy.presented_in = everywhere();
        route.forward_secret = true;
    })
    .await;
    let told = stage.caller().get("/orders").await.json();
    assert_eq!(seen(&told, "x-api-key"), std::slice::from_ref(&stage.key));
    let anonymous = stage.world.anonymous();
    let told = anonymous.get(&format!("/orders?a&jwt={}", stage.key)).await.json();
    assert_eq!(told["path"], format!("/orders?a&jwt={}", stage.key));
}

#[tokio::test]
async fn bt_03_two_keys_are_refused_and_one_in_another_place_is_none() {
    let stage = Stage::start(|route| route.policy.presented_in = everywhere()).await;
    let (caller, key) = (stage.caller(), &stage.key);
    for answer in [
        caller.clone().with_header("x-api-key", key).get("/orders").await,
        caller.clone().with_header("authorization", &format!("Bearer {key}")).get("/orders").await,
        caller.get(&format!("/orders?jwt={key}")).await,
        caller.post_form("/orders", &[("jwt", key)]).await,
        stage.world.anonymous().post_form(&format!("/orders?jwt={key}"), &[("jwt", key)]).await,
    ] {
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert_eq!(answer.json()["code"], "two_credentials");
    }
    let elsewhere = stage.world.anonymous().with_header("x-other-key", key);
    assert_eq!(elsewhere.get("/orders").await.status, 401);
    assert_eq!(elsewhere.get(&format!("/orders?token={key}")).await.status, 401);
    assert_eq!(stage.upstream.calls(), 0);
}

#[tokio::test]
async fn a_form_that_may_hold_the_key_is_read_up_to_64_kib() {
    let stage = Stage::start(|route| route.policy.presented_in = everywhere()).await;
    let long = "a".repeat(64 * 1024);
    let answer = stage.caller().post_form("/orders", &[("a", &long)]).await;
    assert_eq!(answer.status, 413);
    assert_eq!(stage.upstream.calls(), 0);
}
