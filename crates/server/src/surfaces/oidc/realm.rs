//! `GET /realms/{realm}`

use super::{cors, in_realm::InRealm};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

/// The order of the members is the recorded one.
#[derive(Serialize, ToSchema)]
#[schema(as = RealmDocument)]
struct Answer<'a> {
    /// The realm's name.
    realm: &'a str,
    /// The public half of the key that signs, in Base64 as a certificate holds it.
    public_key: &'a str,
    /// What the addresses of the token service begin with.
    #[serde(rename = "token-service")]
    token_service: String,
    /// Where the accounts of persons would be; nothing is served there.
    #[serde(rename = "account-service")]
    account_service: String,
    /// Always 0: tokens end one by one, or all of somebody's at once.
    #[serde(rename = "tokens-not-before")]
    tokens_not_before: u8,
}

pub(super) fn doc() -> Operation {
    cors::of_realm(operation("Show a realm"))
        .about("What programs that know Keycloak ask a realm for first.")
        .answers::<Answer<'_>>(
            200,
            "The realm.",
            json!({
                "realm": "default",
                "public_key": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA…",
                "token-service": "https://keys.example/realms/default/protocol/openid-connect",
                "account-service": "https://keys.example/realms/default/account",
                "tokens-not-before": 0,
            }),
        )
        .fails([Error::Unavailable { retry_after_s: 1 }])
}

pub(super) async fn show_realm(
    State(app): State<App>,
    InRealm(realm): InRealm,
    asked: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let keys = app.service().realm_keys(realm.tenant).await?;
    let public_key = keys.public_key(app.frame().now().wall);
    let answer = Answer {
        realm: &realm.name,
        public_key: public_key.as_deref().unwrap_or_default(),
        token_service: format!("{}/protocol/openid-connect", realm.issuer),
        account_service: format!("{}/account", realm.issuer),
        tokens_not_before: 0,
    };
    cors::readable(&app, &realm, &asked, answer::json(StatusCode::OK, &answer)).await
}
