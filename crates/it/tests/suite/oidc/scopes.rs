//! Scopes of realms: what is asked for and what is given unasked.

use super::{post, service_account, start};
use crate::auth_v3::refusal;

#[tokio::test(flavor = "multi_thread")]
async fn oa_09_a_realm_grants_what_is_asked_and_what_the_client_has_in_the_order_of_the_alphabet() {
    let world = start().await;
    let table = [
        ("recorded", "profile", "email profile"),
        ("recorded", "openid", "email openid profile"),
        ("recorded", "profile  profile", "email profile"),
        ("app", "phone openid", "email openid phone profile"),
    ];
    for (client, asked, given) in table {
        let tokens = service_account(&world, client, asked).await;
        assert_eq!(tokens["scope"], given, "{client} {asked}");
        assert_eq!(tokens.get("id_token").is_some(), asked.contains("openid"), "{asked}");
    }
    let unasked = post(&world, "token", "recorded", &[("grant_type", "client_credentials")]).await;
    assert_eq!(unasked.json()["scope"], "email profile");
    for (client, asked) in [("recorded", "phone"), ("recorded", "email phone"), ("app", "*")] {
        let form = [("grant_type", "client_credentials"), ("scope", asked)];
        let refused = post(&world, "token", client, &form).await;
        assert_eq!(refusal(&refused), format!("400 invalid_scope: Invalid scopes: {asked}"));
    }
}
