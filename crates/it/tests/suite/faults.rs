//! The database fails in the middle: what was asked did not happen, the caller is told when to come
//! back, and whoever only verifies notices nothing.

use crate::auth_v3::{later, lives, member, refreshed, refusal};
use it::{
    Answer, Caller, World,
    world::{CLIENT_SECRET, PASSWORD, TENANT},
};
use serde_json::json;

const KEYS: &str = "/nexus/v3/apikeys";

fn is_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    let seconds: u32 = answer.header("retry-after").parse().expect("a Retry-After in seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(!answer.text().contains("refused"), "the database's words: {}", answer.text());
}

async fn made(caller: &Caller) -> Answer {
    let body = json!({"tenant": TENANT, "name": "k", "permissions": ["nexus:consumer:chat"]});
    caller.post(KEYS, &body).await
}

async fn verdict(verifier: &Caller, secret: &str) -> String {
    let answer = verifier.post("/v1/keys/verify", &json!({"secret": secret, "cost": 0})).await;
    member(&answer, "verdict")
}

#[tokio::test(flavor = "multi_thread")]
async fn rv_06_a_revocation_that_cannot_be_stored_is_503_and_the_token_lives() {
    let world = World::start().await;
    let token = world.person(r"t100\nexus").await.token.unwrap();
    let client = world.anonymous().basic("nexus_client", "");
    let form = [("token", token.as_str())];
    world.place().refuse("UPDATE", "tokens");
    is_unavailable(&client.post_form("/oauth2/revoke", &form).await);
    let own = world.anonymous().bearer(&token);
    is_unavailable(&own.post("/auth/v3/sign-out", &json!({})).await);
    assert!(lives(&world, &token).await, "nothing was claimed, and nothing happened");
    world.place().mend("tokens");
    assert_eq!(client.post_form("/oauth2/revoke", &form).await.status, 200);
    assert!(!lives(&world, &token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_05_a_refresh_that_was_rolled_back_costs_nothing() {
    let world = World::start().await;
    let person = world.person(r"t100\nexus").await;
    let refresh = person.refresh.clone().unwrap();
    let client = world.anonymous().basic("nexus_client", "");
    // The old one is marked as used before the new pair is stored: both or neither.
    world.place().refuse("INSERT", "tokens");
    for _ in 0..3 {
        is_unavailable(&refreshed(&client, &refresh).await);
        later(&world, 1_000);
    }
    world.place().mend("tokens");
    let answer = refreshed(&client, &refresh).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(lives(&world, &member(&answer, "access_token")).await);
    assert!(lives(&world, person.token.as_deref().unwrap()).await, "no reuse was seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn au_03_au_01_without_its_event_nothing_changes_and_verification_goes_on() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    let verifier = world.client("cluster-verifier").await;
    let secret = member(&made(&admin).await, "id");
    let path = format!("{KEYS}/{secret}");
    let client = "/auth/v3/ops/clients/confidential";
    let keys = || world.place().sql("SELECT version FROM keys");
    let clients = || world.place().sql("SELECT max(version) FROM clients");
    let before = (keys(), clients());

    world.place().refuse("INSERT", "audit_events");
    is_unavailable(&made(&admin).await);
    is_unavailable(&admin.put(&path, &json!({"enabled": false})).await);
    is_unavailable(&admin.put(&path, &json!({"revoked": true})).await);
    is_unavailable(&admin.delete(&path).await);
    is_unavailable(&ops.put(client, &json!({"data": {"scope": ["other"]}})).await);
    is_unavailable(&ops.delete(client).await);
    // A reveal is an event too: no secret leaves without it.
    for answer in [admin.get(&path).await, admin.get(KEYS).await] {
        is_unavailable(&answer);
        assert!(!answer.text().contains(&secret));
    }
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    assert_eq!((keys(), clients()), before);

    world.place().mend("audit_events");
    assert_eq!(admin.put(&path, &json!({"enabled": false})).await.status, 200);
    assert_eq!(verdict(&verifier, &secret).await, "DISABLED");
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_crosses_a_change_of_the_person_leaves_no_token_behind() {
    let world = World::start().await;
    let form = [("grant_type", "password"), ("username", r"t100\vera"), ("password", PASSWORD)];
    let tokens = || world.place().sql("SELECT count(*) FROM tokens");
    let none = tokens();
    // A success deletes the account's counter: right after the password was found to be right, and
    // before its tokens are stored.
    for change in ["UPDATE persons SET version = version + 1", "UPDATE persons SET enabled = FALSE"]
    {
        world.place().after_each("DELETE", "sign_in_attempts", change);
        for caller in [
            world.anonymous().from_address("192.0.2.1").basic("nexus_client", ""),
            world.anonymous().from_address("192.0.2.2").basic("confidential", CLIENT_SECRET),
        ] {
            let answer = caller.post_form("/auth/v3/oauth/token", &form).await;
            assert_eq!(refusal(&answer), "400 invalid_grant: Bad credentials", "{change}");
        }
        assert_eq!(tokens(), none, "{change}");
        world.place().mend("sign_in_attempts");
        let _ = world.place().sql("DELETE FROM sign_in_attempts");
        let _ = world.place().sql("UPDATE persons SET enabled = TRUE");
        world.person(r"t100\vera").await;
        let _ = world.place().sql("DELETE FROM tokens");
        let _ = world.place().sql("DELETE FROM sign_in_attempts");
    }
}
