//! `POST /oauth2/introspect` (RFC 7662)

use super::error;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation},
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
};
use axum::extract::State;
use domain::{actor::PrincipalId, token::TokenKind};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, oauth2::Introspection};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = ActiveToken)]
struct Active<'a> {
    /// Always `true`.
    active: bool,
    /// Joined by spaces.
    scope: &'a str,
    /// The client that it was issued to.
    client_id: &'a str,
    /// Of a person's token, with the tenant part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    username: Option<&'a str>,
    /// Of an access token alone: a refresh token is presented to nobody but us.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    token_type: Option<&'static str>,
    /// When it ends, in seconds since 1970.
    exp: i64,
    /// When it was issued, in seconds since 1970.
    iat: i64,
    /// The id of the person or of the client's service account.
    #[schema(format = "uuid")]
    sub: String,
    /// This installation's address.
    aud: &'a str,
    /// This installation's address.
    iss: &'a str,
}

/// The same for a token that is unknown, dead or not the client's to know of (IN-02).
#[derive(Serialize, ToSchema)]
#[schema(as = InactiveToken)]
struct Inactive {
    /// Always `false`.
    active: bool,
}

pub(super) fn doc() -> Operation {
    operation("Introspect a token")
        .about(
            "RFC 7662. The client must have a secret: a public one proves nothing and gets 401. A \
             token that is unknown, expired, revoked, of a tenant that the client does not reach, or a \
             refresh token of another client is `{\"active\":false}`, the same bytes for all of them.",
        )
        .takes_form(
            oauth::token_form("TokenToIntrospect", "An access or refresh token."),
            json!({"token": "9b7682b7-cbce-422f-9bbb-ecda85e61695"}),
        )
        .answers_as(
            200,
            "What the token is, or that it is not active.",
            "application/json",
            form(),
            json!({
                "active": true,
                "scope": "*",
                "client_id": "nexus_client",
                "username": "578ec98e-f07c-46ad-9675-f36c22f3ba9f\\vera",
                "token_type": "Bearer",
                "exp": 1_772_409_600,
                "iat": 1_772_366_400,
                "sub": "0c0e2f5e-6d0f-4f2b-9f0a-7a3e0c4b1d22",
                "aud": "https://keys.example",
                "iss": "https://keys.example",
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses([error::missing("token"), error::unproved()])
        .fails([
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 1 },
        ])
}

/// Either of the two answers, told apart by `active`.
fn form() -> Named {
    let mut refers_to = Vec::new();
    let mut one = |form: Named, active: bool| {
        let reference = format!("#/components/schemas/{}", form.name);
        refers_to.push((form.name.into_owned(), form.schema));
        json!({
            "allOf": [{"$ref": reference}],
            "properties": {"active": {"const": active}},
        })
    };
    let either = [one(Named::of::<Active<'_>>(), true), one(Named::of::<Inactive>(), false)];
    Named { name: "Introspection".into(), schema: json!({"oneOf": either}), refers_to }
}

pub(super) async fn introspect_token(
    State(app): State<App>,
    Context(context): Context,
    client: Client,
    Query(query): Query,
    Form(mut form): Form,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let proof = match oauth::agreed_proof(client) {
        Ok(proof) => proof,
        Err(refusal) => return Ok(error::refused_client(refusal)?.response()),
    };
    let Some(token) = form.take("token") else {
        // Who asks is settled before what was asked: a stranger learns nothing of its form.
        return Ok(match app.service().prove_confidential(Some(&proof), &context).await {
            Ok(_) => error::missing("token").response(),
            Err(refusal) => error::refused_client(refusal)?.response(),
        });
    };
    let mut response = match app.service().introspect(Some(&proof), &token, &context).await {
        Ok(Some(seen)) => active(&seen),
        Ok(None) => answer::json(StatusCode::OK, &Inactive { active: false }),
        Err(refusal) => error::refused_client(refusal)?.response(),
    };
    oauth::never_kept(response.headers_mut());
    Ok(response)
}

fn active(seen: &Introspection) -> Response<Body> {
    let sub = match seen.subject {
        PrincipalId::Person(id) => id.to_string(),
        PrincipalId::Client(id) => id.to_string(),
    };
    let wire = Active {
        active: true,
        scope: &seen.scope,
        client_id: &seen.client_id,
        username: seen.username.as_deref(),
        token_type: (seen.kind == TokenKind::Access).then_some("Bearer"),
        exp: seen.expires_at.as_seconds(),
        iat: seen.issued_at.as_seconds(),
        sub,
        aud: &seen.issuer,
        iss: &seen.issuer,
    };
    answer::json(StatusCode::OK, &wire)
}
