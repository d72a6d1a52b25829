//! `POST /realms/{realm}/protocol/openid-connect/revoke` (RFC 7009)

use super::{client::presented, cors, form::RealmForm, in_realm::InRealm, refusal};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation},
    extract::{Context, Query},
    failure::Failure,
    oauth::{self, OAuthError},
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;
use service::{Error, oauth2::TokenRefusal};

pub(super) fn doc() -> Operation {
    let client =
        [TokenRefusal::NoClient, TokenRefusal::UnknownClient, TokenRefusal::BadClient].into_iter();
    cors::of_realm(operation("Revoke a token of a realm"))
        .about(
            "RFC 7009. A client revokes the tokens that were issued to it; public ones too. Either token \
             of a sign-in takes all that came of it along, and the effect is there before the answer. A \
             token of another client is left alone; that, an unknown and a dead token are answered alike.",
        )
        .takes_form(
            oauth::token_form("RealmTokenToRevoke", "An access or refresh token of the client's."),
            json!({"token": "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ…"}),
        )
        .answers_nothing(200, "No token of the client's has this text any more.")
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .refuses(client.filter_map(|why| refusal::refused(why, "").ok()))
        .refuses([no_token(), repeated()])
        .fails([Error::Limited { retry_after_s: 30 }, Error::Unavailable { retry_after_s: 1 }])
}

fn no_token() -> OAuthError {
    OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", "Token not provided")
}

fn repeated() -> OAuthError {
    OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", "duplicated parameter")
}

pub(super) async fn revoke_realm_token(
    State(app): State<App>,
    InRealm(realm): InRealm,
    Context(context): Context,
    asked: HeaderMap,
    Query(query): Query,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let RealmForm { parameters: mut form, repeated: twice } = form;
    let came = presented(&asked, &mut form);
    let proved = match came.unreadable {
        true => Err(refusal::unreadable()),
        false => {
            match app.service().prove_realm_client(&realm, came.proof.as_ref(), &context).await {
                Ok(client) => Ok(client),
                Err(why) => Err(refusal::refused_client(why)?),
            }
        }
    };
    let mut response = match (proved, form.take("token")) {
        (Err(why), _) => refusal::challenged(why, came.by_header, &realm).response(),
        (Ok(_), _) if twice => repeated().response(),
        (Ok(_), None) => no_token().response(),
        (Ok(client), Some(token)) => {
            app.service().revoke_token_of(&client, &token, &context).await?;
            Response::new(Body::empty())
        }
    };
    oauth::never_kept(response.headers_mut());
    cors::readable(&app, &realm, &asked, response).await
}
