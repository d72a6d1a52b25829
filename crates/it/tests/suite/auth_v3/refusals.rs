//! What the token endpoint refuses, and in which order it looks.

use super::refusal;
use http::Method;
use it::{
    Caller,
    world::{CLIENT_SECRET, World},
};

const TOKEN: &str = "/auth/v3/oauth/token";
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// By which credentials.
#[derive(Clone, Copy, Debug)]
enum As {
    Nobody,
    /// Basic credentials.
    Client(&'static str, &'static str),
}

const PUBLIC: As = As::Client("nexus_client", "");
const CONFIDENTIAL: As = As::Client("confidential", CLIENT_SECRET);
const SERVICE: As = As::Client("service-a", CLIENT_SECRET);

type Fields = &'static [(&'static str, &'static str)];

const TABLE: [(As, Fields, &str); 19] = [
    (
        As::Nobody,
        &[],
        "401 invalid_client: Full authentication is required to access this resource",
    ),
    (
        As::Client("nobody", "x"),
        &[("scope", "no"), ("grant_type", "magic")],
        "401 invalid_client: Bad client credentials",
    ),
    (As::Client("confidential", "wrong"), &[], "401 invalid_client: Bad client credentials"),
    (
        CONFIDENTIAL,
        &[("client_id", "other"), ("scope", "no")],
        "401 invalid_client: Given client ID does not match authenticated client",
    ),
    (CONFIDENTIAL, &[("scope", "no")], "400 invalid_scope: Invalid scope"),
    (CONFIDENTIAL, &[], "400 invalid_request: Missing grant type"),
    (CONFIDENTIAL, &[("grant_type", "")], "400 invalid_request: Missing grant type"),
    (
        CONFIDENTIAL,
        &[("grant_type", "implicit")],
        "400 invalid_grant: Implicit grant type not supported from token endpoint",
    ),
    (
        SERVICE,
        &[("grant_type", "refresh_token")],
        "400 invalid_request: refresh_token parameter not provided",
    ),
    (
        CONFIDENTIAL,
        &[("grant_type", "magic")],
        "400 unsupported_grant_type: Unsupported grant type",
    ),
    (SERVICE, &[("grant_type", "password")], "401 invalid_client: Unauthorized grant type"),
    (
        CONFIDENTIAL,
        &[("grant_type", "authorization_code")],
        "401 invalid_client: Unauthorized grant type",
    ),
    (
        PUBLIC,
        &[("grant_type", "client_credentials")],
        "401 invalid_client: Unauthorized grant type",
    ),
    (
        PUBLIC,
        &[("grant_type", "password"), ("username", "ops")],
        "400 invalid_request: Missing username or password",
    ),
    (
        PUBLIC,
        &[("grant_type", "password"), ("username", "ops"), ("password", "wrong")],
        "400 invalid_grant: Bad credentials",
    ),
    (
        PUBLIC,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "9b7682b7-cbce-422f-9bbb-ecda85e61695"),
        ],
        "400 invalid_grant: Invalid refresh token",
    ),
    (
        PUBLIC,
        &[("client_secret", "x")],
        "400 invalid_request: more than one credential was presented",
    ),
    (
        PUBLIC,
        &[("scope", "a"), ("scope", "a")],
        "400 invalid_request: scope: the parameter is repeated",
    ),
    (PUBLIC, &[("unknown", "x"), ("grant_type", "")], "400 invalid_request: Missing grant type"),
];

fn caller(world: &World, who: As) -> Caller {
    match who {
        As::Nobody => world.anonymous(),
        As::Client(id, secret) => world.anonymous().basic(id, secret),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_02_oa_03_oa_04_refusals_come_in_the_published_order_and_words() {
    let world = World::start().await;
    for (who, fields, expected) in TABLE {
        let answer = caller(&world, who).post_form(TOKEN, fields).await;
        assert_eq!(refusal(&answer), expected, "{who:?} {fields:?}");
        assert_eq!(answer.header("cache-control"), "no-store", "{fields:?}");
        let challenged = answer.header("www-authenticate");
        let twice = expected.contains("more than one");
        let wanted =
            if answer.status == 401 || twice { "Basic realm=\"oauth2/client\"" } else { "" };
        assert_eq!(challenged, wanted, "{fields:?}");
    }
    let scope = caller(&world, CONFIDENTIAL).post_form(TOKEN, &[("scope", "no")]).await;
    assert_eq!(scope.json()["scope"], "*", "OA-09: the client's scopes are named");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_10_only_a_posted_form_gets_a_token() {
    let world = World::start().await;
    let client = world.anonymous().basic("service-a", CLIENT_SECRET);
    let get = client.get(&format!("{TOKEN}?grant_type=client_credentials")).await;
    assert_eq!(refusal(&get), "405 method_not_allowed: Request method 'GET' not supported");
    assert_eq!(get.header("allow"), "POST");
    let json = client.post(TOKEN, &serde_json::json!({"grant_type": "client_credentials"})).await;
    assert_eq!(
        refusal(&json),
        "400 invalid_request: the body must be application/x-www-form-urlencoded"
    );
    let query = format!("{TOKEN}?grant_type=client_credentials");
    let query = client.send(Method::POST, &query, FORM, "".into()).await;
    assert_eq!(
        refusal(&query),
        "400 invalid_request: grant_type: the parameter belongs in the body"
    );
    let query = format!("{TOKEN}?client_id=service-a&client_secret={CLIENT_SECRET}");
    let body = "grant_type=client_credentials";
    let query = world.anonymous().send(Method::POST, &query, FORM, body.into()).await;
    assert_eq!(query.status, 401);
    let other = format!("{TOKEN}?trace=1");
    let other = client.send(Method::POST, &other, FORM, body.into()).await;
    assert_eq!(other.status, 200, "{}", other.text());
}
