//! `POST …/revoke`

use super::{holder, person, post, start, text_of};

#[tokio::test(flavor = "multi_thread")]
async fn rv_01_rv_02_a_realms_client_revokes_its_own_tokens_and_learns_nothing_of_others() {
    let world = start().await;
    let tokens = person(&world, "ada", "profile").await;
    let access = text_of(&tokens, "access_token");
    for token in [access, "nothing", "eyJhbGciOiJub25lIn0.e30."] {
        let answer = post(&world, "revoke", "recorded", &[("token", token)]).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""));
    }
    assert_eq!(holder(&world, &tokens).get("/v1/whoami").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_03_rv_04_rv_05_a_revoked_refresh_token_of_a_realm_takes_its_access_tokens_along_at_once()
 {
    let world = start().await;
    let tokens = person(&world, "ada", "profile").await;
    let form = [("token", text_of(&tokens, "refresh_token")), ("token_type_hint", "access_token")];
    assert_eq!(post(&world, "revoke", "app", &form).await.status, 200);
    assert_eq!(holder(&world, &tokens).get("/v1/whoami").await.status, 401);
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", text_of(&tokens, "refresh_token"))];
    assert_eq!(post(&world, "token", "app", &form).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_client_of_a_realm_revokes_its_own_tokens_too() {
    let world = start().await;
    let path = |rest: &str| format!("{}/{rest}", super::REALM);
    let form = [
        ("grant_type", "password"),
        ("client_id", "page"),
        ("username", "ada"),
        ("password", it::world::PASSWORD),
    ];
    let tokens = world.anonymous().post_form(&path("token"), &form).await.json();
    let form = [("client_id", "page"), ("token", text_of(&tokens, "access_token"))];
    assert_eq!(world.anonymous().post_form(&path("revoke"), &form).await.status, 200);
    assert_eq!(holder(&world, &tokens).get("/v1/whoami").await.status, 401);
}
