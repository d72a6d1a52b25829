//! `GET` and `POST …/userinfo`

use super::{REALM, holder, person, service_account, start, text_of};
use crate::auth_v3::refusal;

#[tokio::test(flavor = "multi_thread")]
async fn who_a_token_speaks_for_is_told_as_far_as_its_scopes_go() {
    let world = start().await;
    let path = format!("{REALM}/userinfo");
    let tokens = person(&world, "ada", "openid").await;
    let told = holder(&world, &tokens).get(&path).await;
    assert_eq!(told.status, 200, "{}", told.text());
    assert_eq!(
        told.members(),
        [
            "sub",
            "email_verified",
            "name",
            "preferred_username",
            "given_name",
            "family_name",
            "email"
        ]
    );
    let posted = holder(&world, &tokens).act(&path).await;
    let form = [("access_token", text_of(&tokens, "access_token"))];
    let by_form = world.anonymous().post_form(&path, &form).await;
    assert_eq!((&posted.body, &by_form.body), (&told.body, &told.body));
    let account = service_account(&world, "recorded", "openid").await;
    let told = holder(&world, &account).get(&path).await;
    assert_eq!(told.members(), ["sub", "email_verified", "preferred_username"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_openid_or_two_tokens_tell_nobody_anything() {
    let world = start().await;
    let path = format!("{REALM}/userinfo");
    let tokens = person(&world, "ada", "profile").await;
    let refused = holder(&world, &tokens).get(&path).await;
    assert_eq!(refusal(&refused), "403 insufficient_scope: Missing openid scope");
    assert!(refused.header("www-authenticate").contains("error=\"insufficient_scope\""));
    let form = [("access_token", text_of(&tokens, "access_token"))];
    let twice = holder(&world, &tokens).post_form(&path, &form).await;
    assert_eq!(twice.status, 400, "{}", twice.text());
    let in_query = format!("{path}?access_token={}", text_of(&tokens, "access_token"));
    assert_eq!(world.anonymous().get(&in_query).await.status, 400);
}
