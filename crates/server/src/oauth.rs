//! What every surface that speaks OAuth 2.0 needs: the client that a request presented, the errors of
//! RFC 6749 section 5.2. Their words are each surface's own.

use crate::{
    answer::{self, Body},
    document::Named,
    extract::{Parameters, client},
    failure::Failure,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use service::oauth2::{ClientProof, ClientRefusal, ProofMethod};
use std::borrow::Cow;
use utoipa::ToSchema;

/// Parameters that hold a credential or decide over one: in a query they would end up in logs and
/// histories, so they are refused there (OA-10).
const NOT_IN_A_QUERY: [&str; 11] = [
    "grant_type",
    "client_id",
    "client_secret",
    "username",
    "password",
    "refresh_token",
    "access_token",
    "token",
    "code",
    "code_verifier",
    "scope",
];

const WITHOUT_NUL: &str = r"^[^\x00]*$";

/// What the request presented, for the use case to judge.
pub(crate) fn proof(client: client::Client) -> (ClientProof, Option<String>) {
    let method = match client.method {
        client::Method::Basic => ProofMethod::Basic,
        client::Method::Form => ProofMethod::Form,
    };
    let proof = ClientProof { client_id: client.id, secret: client.secret, method };
    (proof, client.form_client_id)
}

/// As [`proof`], where nothing but the client decides: a `client_id` in the form that names another
/// client than Basic does is refused.
pub(crate) fn agreed_proof(client: client::Client) -> Result<ClientProof, ClientRefusal> {
    match proof(client) {
        (proof, Some(other)) if other != proof.client_id => Err(ClientRefusal::BadClient),
        (proof, _) => Ok(proof),
    }
}

/// Refuses a query that carries what belongs into the body.
///
/// # Errors
/// [`Failure::BadQuery`], naming the parameter.
pub(crate) fn check_query(query: &Parameters) -> Result<(), Failure> {
    match NOT_IN_A_QUERY.iter().find(|name| query.has(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::BadQuery {
            field: Some((*name).to_owned()),
            detail: "the parameter belongs in the body".to_owned(),
        }),
    }
}

/// The form of an operation on one token, which stands in it beside what a client may prove itself by.
pub(crate) fn token_form(name: &'static str, about: &str) -> Named {
    let properties = json!({
        "token": filled_form_text(about),
        "token_type_hint": form_text("Not needed: both kinds are found by one look-up."),
        "client_id": form_text("The client, where it does not use Basic; beside Basic the same."),
        "client_secret": form_text("Its secret; not beside Basic."),
    });
    form(name, &["token"], &properties)
}

/// A form of these parameters: each once, unknown ones let pass.
pub(crate) fn form(name: &'static str, required: &[&str], properties: &Value) -> Named {
    Named::new(
        name,
        json!({
            "type": "object",
            "required": required,
            "properties": properties,
            "propertyNames": {"pattern": WITHOUT_NUL},
            "additionalProperties": {"type": "string", "pattern": WITHOUT_NUL},
            "maxProperties": 100,
        }),
    )
}

/// A parameter of a form; empty it counts as absent (OA-04).
pub(crate) fn form_text(about: &str) -> Value {
    json!({"type": "string", "pattern": WITHOUT_NUL, "description": about})
}

/// A parameter of a form that has to say something.
pub(crate) fn filled_form_text(about: &str) -> Value {
    json!({"type": "string", "minLength": 1, "pattern": WITHOUT_NUL, "description": about})
}

/// An error of RFC 6749 section 5.2.
#[derive(Debug)]
pub(crate) struct OAuthError {
    pub(crate) status: StatusCode,
    pub(crate) error: &'static str,
    pub(crate) description: Cow<'static, str>,
    /// The scope that would have been allowed.
    pub(crate) scope: Option<String>,
    /// `WWW-Authenticate` of a 401.
    pub(crate) challenge: Option<Cow<'static, str>>,
}

/// RFC 6749 section 5.2.
#[derive(Serialize, ToSchema)]
#[schema(as = OAuthError)]
struct Wire<'a> {
    error: &'a str,
    error_description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
}

impl OAuthError {
    /// The form of all of them.
    pub(crate) fn schema() -> Named {
        Named::of::<Wire<'_>>()
    }

    pub(crate) fn new(
        status: StatusCode,
        error: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error, description: description.into(), scope: None, challenge: None }
    }

    /// A failure of ours in these words: its status, and its detail led by the parameter that it is about.
    pub(crate) fn of(failure: &Failure, error: &'static str) -> Self {
        let detail = failure.field().map_or_else(
            || failure.detail().into_owned(),
            |field| format!("{field}: {}", failure.detail()),
        );
        Self::new(failure.status(), error, detail)
    }

    /// With the scope that would have been allowed.
    pub(crate) fn with_scope(mut self, scope: String) -> Self {
        self.scope = Some(scope);
        self
    }

    /// With `WWW-Authenticate`.
    pub(crate) fn challenging(mut self, challenge: impl Into<Cow<'static, str>>) -> Self {
        self.challenge = Some(challenge.into());
        self
    }

    /// The answer; nobody may keep it (OA-01).
    pub(crate) fn response(&self) -> Response<Body> {
        let description = printable(&self.description);
        let wire = Wire {
            error: self.error,
            error_description: &description,
            scope: self.scope.as_deref(),
        };
        let mut response = answer::json(self.status, &wire);
        never_kept(response.headers_mut());
        let challenge = self.challenge.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(challenge)) = challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// `Cache-Control: no-store` and its forerunner, as RFC 6749 section 5.1 wants both.
pub(crate) fn never_kept(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}

/// A description in the characters that RFC 6749 section 5.2 allows (OA-02).
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' | '`' => '\'',
            '\\' => '/',
            ' '..='~' => c,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oa_02_descriptions_are_printable_without_quote_and_backslash() {
        assert_eq!(printable("`a\"\\\u{e9}\n"), "'a'/??");
    }

    #[test]
    fn oa_10_credentials_are_not_taken_from_a_query() {
        let query = |text: &str| Parameters::parse(text.as_bytes()).unwrap();
        assert!(check_query(&query("trace=1")).is_ok());
        assert!(check_query(&query("client_secret=x")).is_err());
        assert!(check_query(&query("a=1&password=")).is_err());
    }
}
