//! `/auth/v3/sign-out`

use super::{audited, lives, refreshed, refusal};
use http::Method;
use it::world::World;

const SIGN_OUT: &str = "/auth/v3/sign-out";

#[tokio::test(flavor = "multi_thread")]
async fn rv_04_signing_out_ends_the_presented_sign_in_and_no_other() {
    let world = World::start().await;
    let (here, there) = (world.person("t100\\nexus").await, world.person("t100\\nexus").await);
    let answer = here.send(Method::POST, SIGN_OUT, None, "".into()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text()),
        (200, r#"{"status":{"code":0}}"#.to_owned())
    );
    assert!(!lives(&world, here.token.as_deref().unwrap()).await, "dead before the answer came");
    assert!(lives(&world, there.token.as_deref().unwrap()).await);
    let client = world.anonymous().basic("nexus_client", "");
    let refresh = refreshed(&client, here.refresh.as_deref().unwrap()).await;
    assert_eq!(refusal(&refresh), "400 invalid_grant: Invalid refresh token");
    let events = audited(&world, "token.sign_out").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["actor"]["name"], "nexus");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_globally_ends_every_token_of_the_person() {
    let world = World::start().await;
    let (here, there) = (world.person("t100\\nexus").await, world.person("t100\\nexus").await);
    let other = world.person("t100\\vera").await;
    let answer = here.send(Method::POST, "/auth/v3/sign-out?global=true", None, "".into()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!lives(&world, here.token.as_deref().unwrap()).await);
    assert!(!lives(&world, there.token.as_deref().unwrap()).await);
    assert!(lives(&world, other.token.as_deref().unwrap()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_09_a_browser_is_sent_to_registered_addresses_alone() {
    let world = World::start().await;
    let caller = world.client("service-a").await;
    let token = caller.token.clone().unwrap();
    for bad in [
        "https://evil.example/",
        "https://app.example/signed-out/",
        "/relative",
        "https://app.example",
    ] {
        let encoded: String = form_urlencoded::byte_serialize(bad.as_bytes()).collect();
        let answer = caller.get(&format!("{SIGN_OUT}?redirectUri={encoded}")).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert_eq!(answer.header("location"), "");
        assert!(lives(&world, &token).await, "nothing happens at all");
    }
    let good = "https://app.example/signed-out";
    let encoded: String = form_urlencoded::byte_serialize(good.as_bytes()).collect();
    let answer = caller.get(&format!("{SIGN_OUT}?redirectUri={encoded}")).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, good));
    assert!(!lives(&world, &token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_needs_a_token_that_holds() {
    let world = World::start().await;
    for caller in
        [world.anonymous(), world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695")]
    {
        let answer = caller.send(Method::POST, SIGN_OUT, None, "".into()).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["status"]["code"], 401);
    }
    let bad = world.person("t100\\nexus").await;
    let answer = bad.send(Method::POST, "/auth/v3/sign-out?global=maybe", None, "".into()).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(lives(&world, bad.token.as_deref().unwrap()).await);
}
