//! What a realm's token endpoint refuses, and how little it says.

use super::{REALM, SECRET, post, start};
use crate::auth_v3::{later, refusal};
use http::Method;
use it::world::PASSWORD;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn oa_01_no_answer_of_a_realms_token_endpoint_may_be_kept() {
    let world = start().await;
    for client in ["recorded", "nobody"] {
        let form = [("grant_type", "client_credentials")];
        let answer = post(&world, "token", client, &form).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{client}");
        assert_eq!(answer.header("pragma"), "no-cache", "{client}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_02_a_realms_descriptions_never_repeat_what_they_may_not_hold() {
    let world = start().await;
    let form = [("grant_type", "client_credentials"), ("scope", "a\"b\\c \u{e9}")];
    let answer = post(&world, "token", "recorded", &form).await;
    assert_eq!(refusal(&answer), "400 invalid_scope: Invalid scopes: a'b/c ?");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_05_a_realms_clients_are_form_decoded() {
    let world = start().await;
    let (id, secret) = ("odd %+:client", "s%e+c:r e\u{fc}");
    let body = json!({"clientId": id, "secret": secret, "grants": ["client_credentials"],
        "scopes": ["profile"]});
    let made = world.person(r"t100\nexus").await.post("/v1/clients", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let form = [("grant_type", "client_credentials")];
    let path = format!("{REALM}/token");
    let right = world.anonymous().basic(&encode(id), &encode(secret)).post_form(&path, &form).await;
    assert_eq!(right.status, 200, "{}", right.text());
    let wrong =
        world.anonymous().basic(&encode(id), &encode("s%e+c:r e")).post_form(&path, &form).await;
    assert_eq!(
        refusal(&wrong),
        "401 unauthorized_client: Invalid client or Invalid client credentials"
    );
    assert_eq!(wrong.header("www-authenticate"), "Basic realm=\"companya\"", "OA-03");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_10_a_realm_takes_posted_forms_and_nothing_from_the_query() {
    let world = start().await;
    let anonymous = world.anonymous();
    let path = format!("{REALM}/token");
    let get = anonymous.get(&path).await;
    assert_eq!((get.status.as_u16(), get.header("allow")), (405, "POST, OPTIONS"));
    let body = json!({"grant_type": "client_credentials"});
    assert_eq!(anonymous.post(&path, &body).await.status, 400);
    let query = format!("{path}?client_id=recorded&client_secret={SECRET}");
    let answer = anonymous.post_form(&query, &[("grant_type", "client_credentials")]).await;
    assert_eq!(
        refusal(&answer),
        "400 invalid_request: client_id: the parameter belongs in the body"
    );
    let empty = anonymous.send(Method::POST, &path, None, "".into()).await;
    assert_eq!(refusal(&empty), "400 invalid_request: Missing form parameter: grant_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_11_a_realms_client_uses_its_own_grants_alone() {
    let world = start().await;
    let table = [
        (
            "recorded",
            "password",
            "400 unauthorized_client: Client not allowed for direct access grants",
        ),
        (
            "recorded",
            "refresh_token",
            "400 unauthorized_client: Client not allowed to refresh tokens",
        ),
        (
            "recorded",
            "authorization_code",
            "400 unauthorized_client: Client not allowed to exchange code",
        ),
        (
            "no-service-account",
            "client_credentials",
            "401 unauthorized_client: Client not enabled to retrieve service account",
        ),
        ("recorded", "implicit", "400 unsupported_grant_type: Unsupported grant_type"),
    ];
    for (client, grant, expected) in table {
        let answer = post(&world, "token", client, &[("grant_type", grant)]).await;
        assert_eq!(refusal(&answer), expected, "{client} {grant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn en_01_a_realm_never_tells_known_names_from_unknown_ones() {
    let world = start().await;
    let answer = async |name: &str, password: &str| {
        let form = [("grant_type", "password"), ("username", name), ("password", password)];
        let answer = post(&world, "token", "app", &form).await;
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        later(&world, 1_000_000);
        (answer.status, headers, answer.body)
    };
    let unknown = answer("nobody", "wrong").await;
    assert_eq!(unknown, answer("ada", "wrong").await);
    assert_eq!(unknown, answer("ops", PASSWORD).await, "a person of the cluster");
    assert_eq!(unknown, answer(r"t100\ada", PASSWORD).await, "no tenant part is read");
    assert_eq!(unknown, answer("bob", PASSWORD).await, "a person of another tenant");
}

#[tokio::test(flavor = "multi_thread")]
async fn en_06_guesses_at_a_realms_clients_are_limited_per_source() {
    let world = it::World::start_with(|settings, _| {
        settings.failed_credentials = domain::rate_limit::Limit::new(5, 60).ok();
    });
    let world = super::set_up(world.await).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "recorded"),
        ("client_secret", "wrong"),
    ];
    let path = format!("{REALM}/token");
    let guesser = world.anonymous().from_address("192.0.2.7");
    for _ in 0..5 {
        assert_eq!(guesser.post_form(&path, &form).await.status, 401);
    }
    let limited = guesser.post_form(&path, &form).await;
    assert_eq!(limited.status, 429, "{}", limited.text());
    assert!(!limited.header("retry-after").is_empty());
    let elsewhere = world.anonymous().from_address("198.51.100.7");
    assert_eq!(elsewhere.post_form(&path, &form).await.status, 401);
}
