//! `POST /oauth2/introspect`, and its forerunner `check_token`.

use crate::auth_v3::{later, lives, refusal};
use http::Method;
use it::{
    Answer, Caller,
    world::{CLIENT_SECRET, TENANT, World},
};

const INTROSPECT: &str = "/oauth2/introspect";
const CHECK: &str = "/auth/v3/oauth/check_token";
const NOBODY: &str = "9b7682b7-cbce-422f-9bbb-ecda85e61695";

async fn ask(caller: &Caller, path: &str, token: &str) -> Answer {
    caller.post_form(path, &[("token", token)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_03_an_active_token_is_described() {
    let world = World::start().await;
    let person = world.person("t100\\vera").await;
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    let answer = ask(&asker, INTROSPECT, person.token.as_deref().unwrap()).await;
    assert_eq!(
        answer.members(),
        [
            "active",
            "scope",
            "client_id",
            "username",
            "token_type",
            "exp",
            "iat",
            "sub",
            "aud",
            "iss"
        ]
    );
    let json = answer.json();
    assert_eq!(json["active"], true);
    assert_eq!(json["client_id"], "nexus_client");
    assert_eq!(json["username"], format!("{TENANT}\\vera"));
    assert_eq!(json["exp"].as_i64().unwrap() - json["iat"].as_i64().unwrap(), 43_200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.text().contains(person.token.as_deref().unwrap()), "IN-04: not echoed");

    let checked = ask(&asker, CHECK, person.token.as_deref().unwrap()).await;
    assert_eq!(
        checked.members(),
        ["active", "exp", "user_name", "authorities", "client_id", "scope"]
    );
    assert_eq!(checked.json()["authorities"], serde_json::json!(["viewer"]));
    assert_eq!(checked.json()["scope"], serde_json::json!(["*"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_01_whoever_proves_nothing_is_told_nothing() {
    let world = World::start().await;
    let token = world.person("t100\\vera").await.token.unwrap();
    for path in [INTROSPECT, CHECK] {
        let callers = [
            world.anonymous(),
            world.anonymous().bearer(&token),
            world.anonymous().basic("nexus_client", ""),
            world.anonymous().basic("service-a", "wrong"),
            world.anonymous().basic("nobody", ""),
        ];
        for caller in callers {
            let answer = ask(&caller, path, &token).await;
            assert_eq!(answer.status, 401, "{path}");
            assert_eq!(answer.json()["error"], "invalid_client");
            assert!(answer.header("www-authenticate").starts_with("Basic "));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_02_dead_unknown_and_foreign_tokens_look_the_same() {
    let world = World::start().await;
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    let foreign = world.person("t200\\bob").await;
    let cluster = world.person("ops").await;
    let revoked = world.person("t100\\vera").await;
    revoked.send(Method::POST, "/auth/v3/sign-out", None, "".into()).await;
    let of_other_client = world.person("t100\\vera").await.refresh.unwrap();
    let tokens = [
        NOBODY.to_owned(),
        "nonsense".to_owned(),
        foreign.token.unwrap(),
        cluster.token.unwrap(),
        revoked.token.unwrap(),
        of_other_client,
    ];
    let mut seen: Vec<String> = Vec::new();
    for token in tokens {
        let answer = ask(&asker, INTROSPECT, &token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text()),
            (200, r#"{"active":false}"#.to_owned())
        );
        let mut headers: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| *name != "x-request-id")
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        seen.push(headers.join(" "));
        let checked = ask(&asker, CHECK, &token).await;
        assert_eq!(refusal(&checked), "400 invalid_token: Token was not recognised");
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_inactive_and_check_token_says_why() {
    let world = World::start().await;
    let token = world.person("t100\\vera").await.token.unwrap();
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    later(&world, 43_200_000);
    assert!(!lives(&world, &token).await);
    assert_eq!(ask(&asker, INTROSPECT, &token).await.text(), r#"{"active":false}"#);
    assert_eq!(refusal(&ask(&asker, CHECK, &token).await), "400 invalid_token: Token has expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_shown_to_its_own_client_alone() {
    let world = World::start().await;
    let asker = world.anonymous().basic("confidential", CLIENT_SECRET);
    let form =
        [("grant_type", "password"), ("username", "t100\\vera"), ("password", it::world::PASSWORD)];
    let own = asker.post_form("/auth/v3/oauth/token", &form).await.json();
    let own = ask(&asker, INTROSPECT, own["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!((own["active"].as_bool(), own.get("token_type")), (Some(true), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_token_is_no_request() {
    let world = World::start().await;
    let asker = world.anonymous().basic("service-a", CLIENT_SECRET);
    for path in [INTROSPECT, CHECK, "/oauth2/revoke"] {
        let answer = asker.post_form(path, &[("token", "")]).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.json()["error"], "invalid_request");
        assert_eq!(asker.get(path).await.status, 405, "{path}");
    }
}
