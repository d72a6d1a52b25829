//! Tokens that nobody issued: asked about by the thousand, they leave nothing behind.

use super::super::auth_v3::lives;
use it::world::{CLIENT_SECRET, World};

const ASKED: usize = 3_000;

/// A version 4 UUID that differs from question to question.
fn stranger(n: usize) -> String {
    let mixed = (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) | 1;
    uuid::Builder::from_random_bytes(mixed.to_be_bytes()).into_uuid().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_04_no_answer_may_be_kept_or_repeats_the_token() {
    let world = World::start().await;
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    let live = world.person(r"t100\vera").await.token.unwrap();
    for token in [live, stranger(1), "no-token-at-all".to_owned()] {
        for path in ["/oauth2/introspect", "/auth/v3/oauth/check_token", "/oauth2/revoke"] {
            let answer = asker.post_form(path, &[("token", &token)]).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert!(!answer.text().contains(&token), "{path}: {}", answer.text());
            assert!(!format!("{:?}", answer.headers).contains(&token), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_05_unknown_tokens_leave_nothing_behind_in_memory_or_on_disk() {
    let world = World::start().await;
    let known = world.person(r"t100\vera").await.token.unwrap();
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    let rows = || {
        ["tokens", "token_families", "sign_in_attempts", "audit_events", "changes"]
            .map(|table| world.place().sql(&format!("SELECT count(*) FROM {table}")))
    };
    let (memory, disk) = (world.service.verifier().stats(), rows());
    for n in 0..ASKED {
        let token = stranger(n);
        let answer = asker.post_form("/oauth2/introspect", &[("token", &token)]).await;
        assert_eq!(answer.text(), r#"{"active":false}"#);
        if n % 10 == 0 {
            let answer = asker.post_form("/oauth2/revoke", &[("token", &token)]).await;
            assert_eq!(answer.status, 200);
            // As a credential: one source, so one counter, however many there are.
            let bearer = world.anonymous().from_address("192.0.2.7").bearer(&token);
            assert_eq!(bearer.get("/auth/v3/userinfo").await.status, 401);
        }
    }
    assert_eq!(world.service.verifier().stats(), memory);
    assert_eq!(rows(), disk);
    assert!(lives(&world, &known).await);
}
