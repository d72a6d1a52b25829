//! The refresh grant of realms: rotation, reuse, races.

use super::{holder, person, post, read_jwt, start, text_of};
use crate::auth_v3::{audited, later, refusal};
use it::{Answer, World};
use serde_json::{Value, json};

async fn refreshed(world: &World, token: &str) -> Answer {
    post(world, "token", "app", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn lives(world: &World, tokens: &Value) -> bool {
    holder(world, tokens).get("/v1/whoami").await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_02_a_realms_refresh_token_is_exchanged_once_and_its_reuse_ends_the_family() {
    let world = start().await;
    let first = person(&world, "ada", "openid").await;
    later(&world, 5_000);
    let answer = refreshed(&world, text_of(&first, "refresh_token")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let second = answer.json();
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "refresh_expires_in",
            "refresh_token",
            "token_type",
            "id_token",
            "not-before-policy",
            "scope"
        ]
    );
    assert_eq!(second["refresh_expires_in"], 2_592_000 - 5, "the family ends when it would have");
    let (_, before) = read_jwt(text_of(&first, "id_token"));
    let (_, after) = read_jwt(text_of(&second, "id_token"));
    assert_eq!(before["auth_time"], after["auth_time"], "nobody signed in again");
    assert!(lives(&world, &second).await);

    later(&world, 1);
    let reused = refreshed(&world, text_of(&first, "refresh_token")).await;
    assert_eq!(refusal(&reused), "400 invalid_grant: Invalid refresh token");
    assert!(!lives(&world, &first).await && !lives(&world, &second).await);
    let latest = refreshed(&world, text_of(&second, "refresh_token")).await;
    assert_eq!(refusal(&latest), "400 invalid_grant: Invalid refresh token");
    let events = audited(&world, "token.revoke_family").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["detail"]["reason"], "a used refresh token came again");
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_06_a_realms_refresh_that_ran_beside_another_does_the_winner_no_harm() {
    let world = start().await;
    let first = person(&world, "ada", "profile").await;
    let won = refreshed(&world, text_of(&first, "refresh_token")).await.json();
    let beside = refreshed(&world, text_of(&first, "refresh_token")).await;
    assert_eq!(refusal(&beside), "400 invalid_grant: Invalid refresh token");
    assert!(lives(&world, &won).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bc_03_of_many_parallel_uses_in_a_realm_exactly_one_wins() {
    let world = std::sync::Arc::new(start().await);
    let mut tokens = person(&world, "ada", "profile").await;
    for round in 0..5 {
        let uses: Vec<_> = (0..10)
            .map(|_| {
                let token = text_of(&tokens, "refresh_token").to_owned();
                let world = std::sync::Arc::clone(&world);
                tokio::spawn(async move { refreshed(&world, &token).await })
            })
            .collect();
        let mut winners = Vec::new();
        for one in uses {
            let answer = one.await.unwrap();
            match answer.status.as_u16() {
                200 => winners.push(answer),
                _ => assert_eq!(refusal(&answer), "400 invalid_grant: Invalid refresh token"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        tokens = winners[0].json();
        assert!(lives(&world, &tokens).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realms_refresh_narrows_and_never_widens() {
    let world = start().await;
    let first = person(&world, "ada", "openid phone").await;
    assert_eq!(first["scope"], "email openid phone profile");
    let ask = async |token: &str, scope: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        post(&world, "token", "app", &form).await
    };
    let wider = ask(text_of(&first, "refresh_token"), "phone fax").await;
    assert_eq!(refusal(&wider), "400 invalid_scope: Invalid scopes: phone fax");
    let narrower = ask(text_of(&first, "refresh_token"), "profile phone").await.json();
    assert_eq!(narrower["scope"], "phone profile");
    assert!(narrower.get("id_token").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realms_refresh_gives_nothing_that_the_client_may_not_have_any_more() {
    let world = start().await;
    let first = person(&world, "ada", "openid phone").await;
    let admin = world.person(r"t100\nexus").await;
    let change = json!({"scopes": ["profile"], "optionalScopes": []});
    let changed = admin.patch("/v1/clients/app", &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let second = refreshed(&world, text_of(&first, "refresh_token")).await.json();
    assert_eq!(second["scope"], "openid profile");
    let (_, claims) = read_jwt(text_of(&second, "access_token"));
    assert!(claims.get("email").is_none(), "{claims}");
    let change = json!({"scopes": ["email", "profile"]});
    assert_eq!(admin.patch("/v1/clients/app", &change).await.status, 200);
    let third = refreshed(&world, text_of(&second, "refresh_token")).await.json();
    assert_eq!(third["scope"], "openid profile", "what is gone is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realms_refresh_token_is_its_clients_and_ends() {
    let world = start().await;
    let first = person(&world, "ada", "profile").await;
    let token = text_of(&first, "refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "page")];
    let other = world.anonymous().post_form(&format!("{}/token", super::REALM), &form).await;
    assert_eq!(
        refusal(&other),
        "400 invalid_grant: Invalid refresh token. Token client and authorized client don't match"
    );
    later(&world, 2_592_000_000);
    let late = refreshed(&world, token).await;
    assert_eq!(refusal(&late), "400 invalid_grant: Token is not active");
}
