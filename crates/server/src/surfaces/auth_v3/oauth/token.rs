//! `POST /auth/v3/oauth/token`

use super::super::refusal;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation},
    extract::{Client, Context, Form, Query},
    failure::Failure,
    oauth,
};
use axum::extract::State;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::Error;
use service::oauth2::{Issued, TokenRequest};
use utoipa::ToSchema;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// RFC 9745: since January 2025, when RFC 9700 section 2.4 forbade the password grant.
const SINCE_RFC_9700: HeaderValue = HeaderValue::from_static("@1735689600");

/// The order of the members is the published one.
#[derive(Serialize, ToSchema)]
struct Answer<'a> {
    #[schema(format = "uuid")]
    access_token: &'a str,
    /// Always `bearer`.
    token_type: &'static str,
    /// Absent for `client_credentials`, and for a client that may not refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    refresh_token: Option<&'a str>,
    /// Whole seconds left when the answer is made: 43199 of 43200.
    #[schema(minimum = 0)]
    expires_in: i64,
    /// What was given, joined by spaces.
    scope: &'a str,
}

pub(in super::super) fn doc() -> Operation {
    operation("Get a token")
        .about(
            "Gives tokens for a grant: `password`, `client_credentials`, `refresh_token` or \
             `authorization_code`. The client authenticates by Basic with id and secret, or by `client_id` and `client_secret` in the \
             form, not both; a public client by `client_id` alone.\n\n\
             A person's name is `<contact-center id or domain>\\<user>`, in any case, with one or two \
             backslashes; of the cluster's persons the bare name. A refresh token is exchanged once: \
             its second use ends all that came of the same sign-in. Parameters stand in the form \
             alone; a repeated one is refused, an unknown one ignored, an empty one counts as absent.\n\n\
             RFC 9700 forbids the grant `password`; only clients that are registered for it have it, \
             and its answers carry `Deprecation`. A code of `/auth/v3/oauth/authorize` is exchanged once, \
             within 60 seconds, with the `redirect_uri` that it was sent to and the `code_verifier` of its \
             challenge; its second use ends all that came of the first.",
        )
        .takes_form(
            form(),
            json!({
                "grant_type": "password",
                "username": "t100\\vera",
                "password": "five-quiet-boats-at-noon",
                "scope": "*",
            }),
        )
        .answers::<Answer<'_>>(
            200,
            "The tokens. Nobody may keep the answer.",
            json!({
                "access_token": "9b7682b7-cbce-422f-9bbb-ecda85e61695",
                "token_type": "bearer",
                "refresh_token": "4c2f0f7e-53b5-4bb2-8c8c-7f0d0a6ac1b3",
                "expires_in": 43199,
                "scope": "*",
            }),
        )
        .with_header("Cache-Control", "Always `no-store`.", "no-store")
        .with_header("Deprecation", "Of the grant `password` alone (RFC 9745).", "@1735689600")
        .refuses(refusal::examples())
        .fails([
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 1 },
        ])
}

/// The form, each grant with what it needs.
fn form() -> Named {
    let text = oauth::form_text;
    let grants = [
        ("password", &["username", "password"][..]),
        ("client_credentials", &[]),
        ("refresh_token", &["refresh_token"]),
        ("authorization_code", &["code", "redirect_uri", "code_verifier"]),
    ];
    let mut form = oauth::form(
        "TokenRequest",
        &["grant_type"],
        &json!({
            "grant_type": {"type": "string", "enum": grants.map(|(grant, _)| grant)},
            "username": text("Of `password`: the person, with the contact center's id or domain."),
            "password": text("Of `password`: the person's password."),
            "refresh_token": text("Of `refresh_token`: the token to exchange."),
            "code": text("Of `authorization_code`: the code."),
            "redirect_uri": text("Of `authorization_code`: where the code was sent to."),
            "code_verifier": text("Of `authorization_code`: what its challenge was made from (RFC 7636)."),
            "scope": text("Scopes joined by spaces; left out: all that the client may have."),
            "client_id": text("The client, where it does not use Basic; beside Basic the same."),
            "client_secret": text("Its secret; not beside Basic."),
        }),
    );
    let each = grants.map(|(grant, needed)| {
        let filled = needed.iter().map(|name| ((*name).to_owned(), json!({"minLength": 1})));
        let mut properties: serde_json::Map<_, _> = filled.collect();
        properties.insert("grant_type".to_owned(), json!({"const": grant}));
        json!({"required": needed, "properties": properties})
    });
    if let Some(schema) = form.schema.as_object_mut() {
        schema.insert("anyOf".to_owned(), json!(each));
    }
    form
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
        realm: None,
        repeated: false,
        client: Some(proof),
        form_client_id,
        grant_type: form.take_text("grant_type"),
        username: form.take_text("username"),
        password: form.take("password"),
        refresh_token: form.take("refresh_token"),
        code: form.take("code"),
        redirect_uri: form.take_text("redirect_uri"),
        code_verifier: form.take("code_verifier"),
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
