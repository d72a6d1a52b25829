//! `POST /auth/v3/change-password`

use super::{audited, later, lives};
use it::{
    Answer, Caller,
    world::{PASSWORD, World},
};
use serde_json::json;

const PATH: &str = "/auth/v3/change-password";
const NEW: &str = "seventeen quiet herons wade";

async fn change(caller: &Caller, old: &str, new: &str, name: Option<&str>) -> Answer {
    let mut data = json!({"newPassword": new, "oldPassword": old});
    if let Some(name) = name {
        data["userName"] = name.into();
    }
    caller.post(PATH, &json!({"data": data, "operationId": "1"})).await
}

fn status(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["status"]["message"].as_str().unwrap_or("").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_token_of_the_person() {
    let world = World::start().await;
    let (here, there) = (world.person("t100\\vera").await, world.person("t100\\vera").await);
    let bystander = world.person("t100\\nexus").await;
    let answer = change(&here, PASSWORD, NEW, None).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text()),
        (200, r#"{"status":{"code":0}}"#.to_owned())
    );
    assert!(lives(&world, here.token.as_deref().unwrap()).await);
    assert!(!lives(&world, there.token.as_deref().unwrap()).await);
    assert!(lives(&world, bystander.token.as_deref().unwrap()).await);
    world.anonymous().signed_in("t100\\vera", NEW).await;
    let events = audited(&world, "person.change_password").await;
    assert_eq!(events.len(), 1);
    let text = events[0].to_string();
    assert!(!text.contains(NEW) && !text.contains(PASSWORD) && !text.contains("argon2"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_password_is_the_proof_with_a_token_or_without() {
    let world = World::start().await;
    let refused = (403, "Unable to update password".to_owned());
    let vera = world.person("t100\\vera").await;
    assert_eq!(status(&change(&vera, "wrong", NEW, None).await), refused);
    later(&world, 60_000);
    let other = change(&vera, PASSWORD, NEW, Some("t100\\nexus")).await;
    assert_eq!(status(&other), refused, "a token names whose password it is");
    let anyone = world.anonymous().from_address("192.0.2.1");
    assert_eq!(status(&change(&anyone, "wrong", NEW, Some("t100\\vera")).await), refused);
    assert_eq!(status(&change(&anyone, "wrong", NEW, Some("t100\\nobody")).await), refused);
    assert_eq!(change(&anyone, PASSWORD, NEW, None).await.status, 400, "whose?");
    let answer = change(&anyone, PASSWORD, NEW, Some("t100\\vera")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(
        !lives(&world, vera.token.as_deref().unwrap()).await,
        "without a token all of them end"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_changing_a_password_counts_as_a_sign_in_attempt() {
    let world = World::start().await;
    let guesser = world.anonymous().from_address("192.0.2.1");
    for _ in 0..6 {
        change(&guesser, "guess", NEW, Some("t100\\vera")).await;
    }
    let form = [("grant_type", "password"), ("username", "t100\\vera"), ("password", PASSWORD)];
    let token = guesser.basic("nexus_client", "").post_form("/auth/v3/oauth/token", &form).await;
    assert_eq!(token.status, 400, "{}", token.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_01_pw_02_a_new_password_must_do() {
    let world = World::start().await;
    let vera = world.person("t100\\vera").await;
    for bad in ["short", "passwordpassword", "premise_tenant-vera", PASSWORD] {
        let answer = change(&vera, PASSWORD, bad, None).await;
        assert_eq!(answer.status, 400, "{bad}");
        let detail = answer.json()["status"]["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("newPassword: "), "{detail}");
        assert!(!detail.contains(bad), "{detail}");
    }
    world.anonymous().signed_in("t100\\vera", PASSWORD).await;
}
