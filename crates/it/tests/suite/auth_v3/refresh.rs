//! The refresh grant: rotation, reuse, races.

use super::{audited, later, lives, member, refreshed, refusal};
use it::world::{CLIENT_SECRET, PASSWORD, World};

#[tokio::test(flavor = "multi_thread")]
async fn bc_02_a_refresh_token_is_exchanged_once_and_its_reuse_ends_the_family() {
    let world = World::start().await;
    let person = world.person("t100\\nexus").await;
    let client = world.anonymous().basic("nexus_client", "");
    let first = person.refresh.clone().unwrap();
    let answer = refreshed(&client, &first).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (access, second) = (member(&answer, "access_token"), member(&answer, "refresh_token"));
    assert_ne!(first, second);
    assert!(lives(&world, &access).await);

    later(&world, 1);
    let reused = refreshed(&client, &first).await;
    assert_eq!(refusal(&reused), "400 invalid_grant: Invalid refresh token");
    assert!(!lives(&world, &access).await, "the thief's or the owner's, nobody can tell: both end");
    assert!(!lives(&world, person.token.as_deref().unwrap()).await);
    let latest = refreshed(&client, &second).await;
    assert_eq!(refusal(&latest), "400 invalid_grant: Invalid refresh token");

    let events = audited(&world, "token.revoke_family").await;
    assert_eq!(events.len(), 1, "the second refusal finds nothing left to end");
    assert_eq!(events[0]["detail"]["reason"], "a used refresh token came again");
    assert!(!events[0].to_string().contains(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_06_a_use_that_ran_beside_the_exchange_does_the_winner_no_harm() {
    let world = World::start().await;
    let person = world.person("t100\\nexus").await;
    let client = world.anonymous().basic("nexus_client", "");
    let first = person.refresh.clone().unwrap();
    // The clock stands still, so the two are at once; afterwards a retry counts as reuse.
    let won = refreshed(&client, &first).await;
    let beside = refreshed(&client, &first).await;
    assert_eq!(refusal(&beside), "400 invalid_grant: Invalid refresh token");
    assert!(lives(&world, &member(&won, "access_token")).await);
    later(&world, 1);
    let after = refreshed(&client, &first).await;
    assert_eq!(refusal(&after), "400 invalid_grant: Invalid refresh token");
    assert!(!lives(&world, &member(&won, "access_token")).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bc_03_of_many_parallel_uses_exactly_one_wins() {
    let world = World::start().await;
    let client = world.anonymous().basic("nexus_client", "");
    let mut token = world.person("t100\\nexus").await.refresh.unwrap();
    for round in 0..10 {
        let uses: Vec<_> = (0..20)
            .map(|_| {
                let (client, token) = (client.clone(), token.clone());
                tokio::spawn(async move { refreshed(&client, &token).await })
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
        assert!(lives(&world, &member(&winners[0], "access_token")).await);
        token = member(&winners[0], "refresh_token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_04_what_was_rotated_before_a_restart_stays_dead_after_it() {
    let world = World::start().await;
    let person = world.person("t100\\nexus").await;
    let first = person.refresh.clone().unwrap();
    let client = world.anonymous().basic("nexus_client", "");
    let answer = refreshed(&client, &first).await;
    let (access, second) = (member(&answer, "access_token"), member(&answer, "refresh_token"));
    drop((person, client));
    let world = world.restart().await;
    let client = world.anonymous().basic("nexus_client", "");
    assert!(lives(&world, &access).await, "a restart ends no token");
    let reused = refreshed(&client, &first).await;
    assert_eq!(refusal(&reused), "400 invalid_grant: Invalid refresh token");
    assert_eq!(refreshed(&client, &second).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_bound_to_its_client_its_scope_and_its_end() {
    let world = World::start().await;
    let refresh = world.person("t100\\nexus").await.refresh.unwrap();
    let other = world.anonymous().basic("confidential", CLIENT_SECRET);
    let answer = refreshed(&other, &refresh).await;
    assert_eq!(refusal(&answer), "400 invalid_grant: Wrong client for this refresh token");

    let client = world.anonymous().basic("nexus_client", "");
    let access = world.person("t100\\nexus").await.token.unwrap();
    let answer = refreshed(&client, &access).await;
    assert_eq!(refusal(&answer), "400 invalid_grant: Invalid refresh token", "an access token");

    // The family's end is fixed at the sign-in: a refresh does not put it off.
    later(&world, 2_000_000_000);
    let answer = refreshed(&client, &refresh).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let second = member(&answer, "refresh_token");
    later(&world, 592_000_000);
    let answer = refreshed(&client, &second).await;
    assert_eq!(refusal(&answer), "401 invalid_token: Invalid refresh token (expired)");
    assert!(answer.header("www-authenticate").starts_with("Bearer "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_can_narrow_the_scope_and_never_widen_it() {
    let world = World::start().await;
    let made = world
        .person("ops")
        .await
        .post(
            "/auth/v3/ops/clients",
            &serde_json::json!({"data": {"client_id": "scoped", "clientType": "PUBLIC",
                "scope": ["a", "b"], "authorizedGrantTypes": ["password", "refresh_token"]}}),
        )
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    let client = world.anonymous().basic("scoped", "");
    let post = async |form: &[(&str, &str)]| client.post_form("/auth/v3/oauth/token", form).await;
    let sign_in = [("grant_type", "password"), ("username", "t100\\nexus"), ("password", PASSWORD)];
    let whole = post(&sign_in).await;
    assert_eq!(whole.json()["scope"], "a b");
    let refresh = member(&whole, "refresh_token");
    let narrow =
        post(&[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", "b")]).await;
    assert_eq!(narrow.json()["scope"], "b");
    let refresh = member(&narrow, "refresh_token");
    let wide =
        post(&[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", "a")]).await;
    assert_eq!(
        refusal(&wide),
        "400 invalid_scope: Unable to narrow the scope of the client authentication"
    );
    assert_eq!(wide.json()["scope"], "b");
    let again = post(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
    assert_eq!(again.status, 200, "a refused refresh costs nothing: {}", again.text());
}
