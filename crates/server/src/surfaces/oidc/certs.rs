//! `GET /realms/{realm}/protocol/openid-connect/certs`: the keys that the realm signs with (RFC 7517).

use super::{cors, headers, in_realm::InRealm};
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
use service::{Error, signing::CACHED_FOR_S};
use utoipa::ToSchema;

/// The forms of the set; what is written is made where the keys are known.
#[derive(Serialize, ToSchema)]
#[schema(as = RealmKeys)]
struct Answer {
    /// The key that signs, the one to come, and those whose tokens have not all ended.
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517): never a private member.
#[derive(Serialize, ToSchema)]
#[schema(as = Jwk)]
struct Jwk {
    /// What a token's header names it by: the thumbprint of RFC 7638.
    kid: String,
    /// `RSA`, `EC` or `OKP`.
    kty: String,
    /// `RS256`, `ES256` or `EdDSA`.
    alg: String,
    /// Always `sig`.
    r#use: String,
    /// Of `RSA`: the modulus.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    n: Option<String>,
    /// Of `RSA`: the exponent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    e: Option<String>,
    /// Of `EC` and `OKP`: the curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    crv: Option<String>,
    /// Of `EC` and `OKP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    x: Option<String>,
    /// Of `EC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    y: Option<String>,
}

pub(super) fn doc() -> Operation {
    cors::of_realm(operation("List a realm's signing keys"))
        .about(
            "The JSON Web Key Set of the realm. A new key stands here an hour before it signs, and an old \
             one until the last token that it signed has ended, so whoever keeps the set for as long as \
             the answer says never meets a token that it cannot check. There are no certificates (`x5c`).",
        )
        .answers::<Answer>(
            200,
            "The keys.",
            json!({"keys": [{
                "kid": "2fyuMY2wQBVhAUoYvBrXEZ4kGYb8WMNEUSGdGLhBkj0",
                "kty": "EC",
                "alg": "ES256",
                "use": "sig",
                "crv": "P-256",
                "x": "8sDt0sUnaYJnQWTTcg4NOd6m2E2yJTkoJtXyqjNxVYU",
                "y": "Nh3V5W2cYQ1E0l8c3n9zQ4w7Vw1o0yYbGk6Q0o8uR7c",
            }]}),
        )
        .with_header("Cache-Control", "How long the set may be kept.", "public, max-age=900")
        .fails([Error::Unavailable { retry_after_s: 1 }])
}

pub(super) async fn list_realm_keys(
    State(app): State<App>,
    InRealm(realm): InRealm,
    asked: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let keys = app.service().realm_keys(realm.tenant).await?;
    let answer = answer::json(StatusCode::OK, &keys.published(app.frame().now().wall));
    let answer = headers::kept_for(answer, CACHED_FOR_S);
    cors::readable(&app, &realm, &asked, answer).await
}
