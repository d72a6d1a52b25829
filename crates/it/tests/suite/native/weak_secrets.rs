//! Secrets that callers choose: what is weak is said, and nobody guesses fast.

use super::api;
use domain::rate_limit::Limit;
use it::World;
use serde_json::{Value, json};

fn chosen(secret: &str) -> Value {
    json!({"keyType": "ges", "name": "g", "secret": secret})
}

#[tokio::test]
async fn cw_05_a_weak_secret_is_taken_with_a_warning() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let weak = admin.post("/v1/keys", &chosen("a-secret-of-my-own")).await;
    assert_eq!(weak.status, 201, "{}", weak.text());
    let warnings = weak.json()["warnings"].clone();
    assert!(warnings[0].as_str().unwrap().contains("96 bits"), "{warnings}");
    assert!(!warnings.to_string().contains("of-my-own"));
    let mut drawn = api("drawn");
    drawn["allowList"] = json!({"addresses": ["10.0.0.0/8"]});
    for body in [chosen("9b7682b7-cbce-422f-9bbb-ecda85e61695"), drawn] {
        let strong = admin.post("/v1/keys", &body).await;
        assert_eq!(strong.status, 201, "{}", strong.text());
        assert!(!strong.members().contains(&"warnings".to_owned()), "{}", strong.text());
    }
}

#[tokio::test]
async fn cw_05_whoever_guesses_secrets_waits() {
    let world =
        World::start_with(|settings, _| settings.failed_credentials = Limit::new(3, 60).ok()).await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.post("/v1/keys", &chosen("a-secret-of-my-own")).await.status, 201);
    let guess = |from: &str, secret: &str| {
        let caller = world.anonymous().from_address(from).with_header("x-api-key", secret);
        async move { caller.get("/v1/whoami").await.status.as_u16() }
    };
    for n in 0..3 {
        assert_eq!(guess("192.0.2.7", &format!("a-secret-of-my-ow{n}")).await, 401);
    }
    assert_eq!(guess("192.0.2.7", "a-secret-of-my-own").await, 429, "not even a right one is told");
    assert_eq!(guess("192.0.2.8", "a-secret-of-my-own").await, 200, "others do not wait");
}
