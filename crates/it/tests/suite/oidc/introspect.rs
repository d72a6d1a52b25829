//! `POST …/token/introspect`

use super::{members, person, post, service_account, start, text_of};
use it::Answer;
use it::world::World;
use serde_json::json;

async fn ask(world: &World, client: &str, token: &str) -> Answer {
    post(world, "token/introspect", client, &[("token", token)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_03_an_active_token_of_a_realm_is_shown_with_its_claims() {
    let world = start().await;
    let tokens = person(&world, "ada", "openid").await;
    let seen = ask(&world, "recorded", text_of(&tokens, "access_token")).await;
    assert_eq!(seen.status, 200, "{}", seen.text());
    let all = seen.json();
    let names = members(&all);
    assert_eq!(names.first(), Some(&"exp"));
    assert_eq!(names[names.len() - 4..], ["client_id", "username", "token_type", "active"]);
    for member in ["scope", "exp", "iat", "sub", "aud", "iss"] {
        assert!(all.get(member).is_some(), "{member}");
    }
    assert_eq!((&all["username"], &all["client_id"]), (&json!("ada"), &json!("app")));
    assert_eq!(seen.header("cache-control"), "no-store", "IN-04");
    assert!(!seen.text().contains(text_of(&tokens, "access_token")));
    let account = service_account(&world, "recorded", "profile").await;
    let seen = ask(&world, "app", text_of(&account, "access_token")).await.json();
    assert_eq!(seen["username"], "service-account-recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_of_an_introspected_token_are_those_that_its_owner_holds_now() {
    let world = start().await;
    let tokens = person(&world, "ada", "profile").await;
    let admin = world.person(r"t100\nexus").await;
    let found = admin.get("/v1/persons?search=ada").await.json();
    let one = format!("/v1/persons/{}", text_of(&found["persons"][0], "id"));
    assert_eq!(admin.patch(&one, &json!({"roles": ["nx1_ask"]})).await.status, 200);
    let seen = ask(&world, "recorded", text_of(&tokens, "access_token")).await.json();
    assert_eq!(seen["realm_access"], json!({"roles": ["nx1_ask"]}));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_02_what_is_not_active_in_a_realm_is_told_apart_by_nothing() {
    let world = start().await;
    let tokens = person(&world, "ada", "openid").await;
    let revoked = person(&world, "ada", "profile").await;
    let gone = text_of(&revoked, "access_token");
    assert_eq!(post(&world, "revoke", "app", &[("token", gone)]).await.status, 200);
    let (head, _) = text_of(&tokens, "access_token").rsplit_once('.').unwrap();
    let opaque = world.person(r"t100\vera").await.token.unwrap();
    let inactive = [
        "nothing".to_owned(),
        gone.to_owned(),
        text_of(&tokens, "id_token").to_owned(),
        text_of(&tokens, "refresh_token").to_owned(),
        format!("{head}.AAAA"),
        opaque,
    ];
    for token in &inactive {
        let seen = ask(&world, "recorded", token).await;
        assert_eq!((seen.status.as_u16(), seen.text()), (200, r#"{"active":false}"#.to_owned()));
    }
    let own = ask(&world, "app", text_of(&tokens, "refresh_token")).await.json();
    assert_eq!((&own["active"], &own["typ"]), (&json!(true), &json!("Refresh")));
    assert!(own.get("token_type").is_none());
}
