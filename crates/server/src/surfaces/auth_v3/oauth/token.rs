//! `POST /auth/v3/oauth/token`

use super::super::refusal;
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
    route::documented,
};
use axum::extract::State;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;
use service::oauth2::{Issued, TokenRequest};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// RFC 9745: since January 2025, when RFC 9700 section 2.4 forbade the password grant.
const SINCE_RFC_9700: HeaderValue = HeaderValue::from_static("@1735689600");

/// The order of the members is the published one.
#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    expires_in: i64,
    scope: &'a str,
}

pub(in super::super) fn doc() -> Operation {
    documented("Gives tokens for a grant: password, client_credentials, refresh_token")
}

pub(in super::super) async fn issue_token(
    State(app): State<App>,
    Context(context): Context,
    client: Client,
    Query(query): Query,
    Form(mut form): Form,
) -> Result<Response<Body>, Failure> {
    oauth::check_query(&query)?;
    let (proof, form_client_id) = oauth::proof(client);
    let request = TokenRequest {
        client: Some(proof),
        form_client_id,
        grant_type: form.take_text("grant_type"),
        username: form.take_text("username"),
        password: form.take("password"),
        refresh_token: form.take("refresh_token"),
        code: form.take("code"),
        scope: form.take_text("scope"),
    };
    let by_password = request.grant_type.as_deref() == Some("password");
    let mut response = match app.service().issue_token(request, context).await {
        Ok(issued) => answered(&issued),
        Err(why) => refusal::refused(why)?.response(),
    };
    if by_password {
        response.headers_mut().insert(DEPRECATION, SINCE_RFC_9700);
    }
    Ok(response)
}

fn answered(issued: &Issued) -> Response<Body> {
    let answer = Answer {
        access_token: issued.access.expose(),
        token_type: "bearer",
        refresh_token: issued.refresh.as_ref().map(domain::secret::Secret::expose),
        expires_in: issued.expires_in_s,
        scope: &issued.scope,
    };
    let mut response = answer::json(StatusCode::OK, &answer);
    oauth::never_kept(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_stand_in_the_published_order() {
        let answer = Answer {
            access_token: "a",
            token_type: "bearer",
            refresh_token: Some("r"),
            expires_in: 43_199,
            scope: "*",
        };
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":43199,"scope":"*"}"#
        );
    }
}
