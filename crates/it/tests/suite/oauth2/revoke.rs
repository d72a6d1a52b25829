//! `POST /oauth2/revoke`

use crate::auth_v3::{audited, lives, refreshed, refusal};
use it::{
    Answer, Caller,
    world::{CLIENT_SECRET, World},
};

async fn revoke(caller: &Caller, token: &str, hint: Option<&str>) -> Answer {
    let mut form = vec![("token", token)];
    form.extend(hint.map(|hint| ("token_type_hint", hint)));
    caller.post_form("/oauth2/revoke", &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_01_a_token_of_another_client_is_left_alone_and_nothing_is_said() {
    let world = World::start().await;
    let person = world.person("t100\\vera").await;
    let token = person.token.as_deref().unwrap();
    for (client, secret) in [("service-a", CLIENT_SECRET), ("confidential", CLIENT_SECRET)] {
        let answer = revoke(&world.anonymous().basic(client, secret), token, None).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()));
    }
    let nobody = revoke(&world.anonymous(), token, None).await;
    assert_eq!(nobody.status, 401);
    assert!(lives(&world, token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_02_rv_05_a_revoked_token_is_dead_before_the_answer_and_a_dead_one_is_200() {
    let world = World::start().await;
    let person = world.person("t100\\vera").await;
    let client = world.anonymous().basic("nexus_client", "");
    let token = person.token.as_deref().unwrap();
    for _ in 0..3 {
        let answer = revoke(&client, token, None).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()));
        assert!(!lives(&world, token).await);
    }
    for unknown in ["9b7682b7-cbce-422f-9bbb-ecda85e61695", "nonsense"] {
        assert_eq!(revoke(&client, unknown, None).await.status, 200);
    }
    let events = audited(&world, "token.revoke_family").await;
    assert_eq!(events.len(), 1, "what changes nothing is not an event");
    assert_eq!(events[0]["actor"]["name"], "nexus_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_03_a_wrong_hint_still_revokes() {
    let world = World::start().await;
    let client = world.anonymous().basic("nexus_client", "");
    for hint in ["refresh_token", "access_token", "magic"] {
        let person = world.person("t100\\vera").await;
        let token = person.token.as_deref().unwrap();
        assert_eq!(revoke(&client, token, Some(hint)).await.status, 200);
        assert!(!lives(&world, token).await, "{hint}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_04_either_token_of_a_sign_in_takes_the_other_with_it() {
    let world = World::start().await;
    let client = world.anonymous().basic("nexus_client", "");
    let (one, other) = (world.person("t100\\vera").await, world.person("t100\\vera").await);
    revoke(&client, one.refresh.as_deref().unwrap(), None).await;
    assert!(!lives(&world, one.token.as_deref().unwrap()).await);
    assert!(lives(&world, other.token.as_deref().unwrap()).await, "another sign-in");
    revoke(&client, other.token.as_deref().unwrap(), None).await;
    let refresh = refreshed(&client, other.refresh.as_deref().unwrap()).await;
    assert_eq!(refusal(&refresh), "400 invalid_grant: Invalid refresh token");
}
