//! `POST …/token`: what tokens say, and what they open.

use super::{
    REALM, SECRET, holder, members, person, post, read_jwt, service_account, start, text_of,
};
use crate::auth_v3::{audited, later, refusal};
use it::world::{CLIENT_SECRET, PASSWORD, START};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn bc_10_a_service_accounts_token_has_the_recorded_claims_and_an_audience() {
    let world = start().await;
    let tokens = service_account(&world, "recorded", "profile").await;
    let (header, claims) = read_jwt(text_of(&tokens, "access_token"));
    assert_eq!(members(&header), ["alg", "typ", "kid"]);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_eq!(
        members(&claims),
        [
            "exp",
            "iat",
            "jti",
            "iss",
            "aud",
            "sub",
            "typ",
            "azp",
            "acr",
            "realm_access",
            "resource_access",
            "scope",
            "clientHost",
            "email_verified",
            "preferred_username",
            "clientAddress",
            "client_id"
        ]
    );
    let at = START.as_seconds();
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(at), &json!(at + 60)));
    assert!(text_of(&claims, "jti").starts_with("trrtcc:"), "{claims}");
    assert_eq!(claims["iss"], "http://127.0.0.1:8080/realms/companya");
    assert_eq!(claims["aud"], "account", "BC-10: an audience");
    assert_eq!((&claims["typ"], &claims["azp"]), (&json!("Bearer"), &json!("recorded")));
    assert_eq!(claims["realm_access"], json!({"roles": ["nx1_ask", "nx1_engineer"]}));
    assert_eq!(claims["scope"], "email profile");
    assert_eq!(claims["preferred_username"], "service-account-recorded");
    assert_eq!(
        (&claims["clientHost"], &claims["client_id"]),
        (&json!("127.0.0.1"), &json!("recorded"))
    );
    let own = world.person(r"t100\nexus").await.get("/v1/clients/recorded").await.json();
    assert_eq!(claims["sub"], own["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_tokens_say_what_their_scopes_let_be_told() {
    let world = start().await;
    let tokens = person(&world, "ada", "openid").await;
    let (_, access) = read_jwt(text_of(&tokens, "access_token"));
    assert_eq!(
        (&access["name"], &access["preferred_username"], &access["email"]),
        (&json!("Ada Nova"), &json!("ada"), &json!("ada@example.org"))
    );
    assert_eq!(access["realm_access"], json!({"roles": ["viewer"]}));
    assert_eq!(access["allowed-origins"], json!(["https://app.example"]));
    assert!(
        access.get("client_id").is_none() && access.get("sid").is_none(),
        "no browser: {access}"
    );
    let (_, id) = read_jwt(text_of(&tokens, "id_token"));
    assert_eq!((&id["typ"], &id["aud"], &id["azp"]), (&json!("ID"), &json!("app"), &json!("app")));
    assert_eq!((&id["sub"], &id["iss"]), (&access["sub"], &access["iss"]));
    assert_eq!(id["auth_time"], START.as_seconds());
    assert_eq!(text_of(&id, "at_hash").len(), 22, "half of SHA-256");
    let (header, refresh) = read_jwt(text_of(&tokens, "refresh_token"));
    assert_eq!((&header["typ"], &refresh["typ"]), (&json!("JWT"), &json!("Refresh")));
    assert_eq!(refresh["aud"], refresh["iss"]);
    assert_eq!(refresh["exp"], START.as_seconds() + 2_592_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realms_token_opens_our_own_api_as_far_as_its_owner_may() {
    let world = start().await;
    let ada = person(&world, "ada", "profile").await;
    let who = holder(&world, &ada).get("/v1/whoami").await;
    assert_eq!((who.status.as_u16(), &who.json()["name"]), (200, &json!("ada")));
    assert_eq!(holder(&world, &ada).get("/v1/persons").await.status, 403);
    let nexus = person(&world, "nexus", "profile").await;
    assert_eq!(holder(&world, &nexus).get("/v1/persons").await.status, 200);
    let service = service_account(&world, "recorded", "profile").await;
    let who = holder(&world, &service).get("/v1/whoami").await.json();
    assert_eq!((&who["kind"], &who["name"]), (&json!("client"), &json!("recorded")));
    // Rights are read live: the token still says what its owner was.
    let id = world.person(r"t100\nexus").await.get("/v1/persons?search=ada").await.json();
    let id = text_of(&id["persons"][0], "id").to_owned();
    let off = json!({"enabled": false});
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.patch(&format!("/v1/persons/{id}"), &off).await.status, 200);
    assert_eq!(holder(&world, &ada).get("/v1/whoami").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_01_a_token_of_one_realm_is_nothing_in_another() {
    let world = start().await;
    let on = json!({"enabled": true});
    let ops = world.person("ops").await;
    let other = format!("/v1/tenants/{}", it::world::OTHER_TENANT);
    assert_eq!(ops.patch(&other, &on).await.status, 200);
    let tokens = person(&world, "ada", "openid").await;
    let asked =
        holder(&world, &tokens).get("/realms/companyb/protocol/openid-connect/userinfo").await;
    assert_eq!(refusal(&asked), "401 invalid_token: Token verification failed");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text_of(&tokens, "refresh_token")),
        ("client_id", "app"),
        ("client_secret", SECRET),
    ];
    let there =
        world.anonymous().post_form("/realms/companyb/protocol/openid-connect/token", &form).await;
    assert_eq!(refusal(&there), "401 invalid_client: Invalid client or Invalid client credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn jw_03_an_id_token_or_refresh_token_is_no_access_token_nor_one_that_was_altered() {
    let world = start().await;
    let tokens = person(&world, "ada", "openid").await;
    let access = text_of(&tokens, "access_token");
    let (head, _) = access.rsplit_once('.').unwrap();
    let unsigned =
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", access.split('.').nth(1).unwrap());
    let altered = [
        text_of(&tokens, "id_token").to_owned(),
        text_of(&tokens, "refresh_token").to_owned(),
        format!("{head}.AAAA"),
        unsigned,
        format!("{access}A"),
    ];
    for token in &altered {
        let caller = world.anonymous().bearer(token);
        assert_eq!(caller.get("/v1/whoami").await.status, 401);
        let asked = caller.get(&format!("{REALM}/userinfo")).await;
        assert_eq!(refusal(&asked), "401 invalid_token: Token verification failed");
    }
    assert_eq!(holder(&world, &tokens).get("/v1/whoami").await.status, 200);
    // Nor is an access token a refresh token.
    let form = [("grant_type", "refresh_token"), ("refresh_token", access)];
    let exchanged = post(&world, "token", "app", &form).await;
    assert_eq!(refusal(&exchanged), "400 invalid_grant: Invalid refresh token");
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_01_the_password_grant_of_a_realm_is_by_registration_deprecated_and_audited() {
    let world = start().await;
    let form = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let refused = post(&world, "token", "recorded", &form).await;
    assert_eq!(
        refusal(&refused),
        "400 unauthorized_client: Client not allowed for direct access grants"
    );
    let answer = post(&world, "token", "app", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("deprecation"), "@1735689600");
    later(&world, 20_000);
    let events = audited(&world, "person.sign_in").await;
    assert!(
        events
            .iter()
            .any(|e| e["detail"]["client"] == "app" && e["detail"]["by"] == "password grant"),
        "{events:?}"
    );
    let metadata = world.anonymous().get("/realms/companya/.well-known/openid-configuration").await;
    assert!(!metadata.text().contains("\"password\""), "CW-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_failures_at_a_realm_and_at_auth_v3_count_together() {
    let world = start().await;
    let wrong = [("grant_type", "password"), ("username", "ada"), ("password", "wrong")];
    for _ in 0..4 {
        assert_eq!(post(&world, "token", "app", &wrong).await.status, 401);
    }
    let nexus = world.anonymous().basic("nexus_client", "");
    let there = [("grant_type", "password"), ("username", r"t100\ada"), ("password", "wrong")];
    for _ in 0..4 {
        assert_eq!(nexus.post_form("/auth/v3/oauth/token", &there).await.status, 400);
    }
    let right = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let delayed = post(&world, "token", "app", &right).await;
    assert_eq!(refusal(&delayed), "401 invalid_grant: Invalid user credentials");
    later(&world, 1_000_000);
    assert_eq!(post(&world, "token", "app", &right).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_realm_and_of_auth_v3_are_told_apart_where_they_are_refreshed() {
    let world = start().await;
    let tokens = person(&world, "ada", "profile").await;
    let refresh = text_of(&tokens, "refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let app = world.anonymous().basic("app", SECRET);
    let there = app.post_form("/auth/v3/oauth/token", &form).await;
    assert_eq!(refusal(&there), "400 invalid_grant: Invalid refresh token");
    assert_eq!(post(&world, "token", "app", &form).await.status, 200, "it was not used up");
    // A client of the tenant that is of no use here is still one of `/auth/v3`.
    let service = world.anonymous().basic("service-a", CLIENT_SECRET);
    let own =
        service.post_form("/auth/v3/oauth/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(own.status, 200);
    assert!(!text_of(&own.json(), "access_token").starts_with("eyJ"));
}
