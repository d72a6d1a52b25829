//! The server's token endpoint (RFC 6749) and its revocation (RFC 7009), as a client of them.

use super::{Call, http::Server, login::Login, problem, whole};
use crate::{
    failure::{Exit, Failure},
    output::plain,
};
use ::http::{Request, StatusCode};
use domain::secret::Secret;
use http_body_util::BodyExt as _;
use serde::{Deserialize, Deserializer, Serializer};
use zeroize::Zeroizing;

const FORM: &str = "application/x-www-form-urlencoded";

/// What the token endpoint answers.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    #[serde(with = "text")]
    pub(crate) access_token: Secret,
    #[serde(default, with = "optional_text")]
    pub(crate) refresh_token: Option<Secret>,
}

/// RFC 6749 section 5.2.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Asks the token endpoint; the answer's bytes hold tokens.
///
/// # Errors
/// The grant was refused, in the server's words.
pub(crate) async fn ask(
    server: &mut Server,
    form: &[(&str, &str)],
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let path = ["auth", "v3", "oauth", "token"];
    let (status, bytes) = post_form(server, &path, form).await?;
    if status.is_success() {
        return Ok(bytes);
    }
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&bytes) else {
        return Err(problem::failure(status, &bytes, problem::AskedAs::Nobody));
    };
    let words = match refusal.error_description.as_str() {
        "" => refusal.error.as_str(),
        words => words,
    };
    let failure = Failure::new(Exit::Refused, format!("no token: {}", plain(words)));
    Err(match refusal.error.as_str() {
        "invalid_grant" => failure.with_hint(
            "check user name and password; a person of a tenant is written `domain\\name`",
        ),
        "invalid_client" | "unauthorized_client" => {
            failure.with_hint("check the client's id and secret, and that it may use this grant")
        }
        _ => failure,
    })
}

/// Ends the sign-in at the server.
///
/// # Errors
/// The server was not reached or refused.
pub(crate) async fn revoke(server: &mut Server, login: &Login) -> Result<(), Failure> {
    let token = login.refresh_token.as_ref().unwrap_or(&login.access_token);
    let form =
        [("client_id", login.client_id.as_str()), ("client_secret", ""), ("token", token.expose())];
    let (status, bytes) = post_form(server, &["oauth2", "revoke"], &form).await?;
    if status.is_success() {
        return Ok(());
    }
    Err(problem::failure(status, &bytes, problem::AskedAs::Login))
}

async fn post_form(
    server: &mut Server,
    path: &[&str],
    form: &[(&str, &str)],
) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Failure> {
    let encoded =
        Zeroizing::new(form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish());
    let body = whole(encoded.as_bytes().to_vec());
    let request: Request<_> = Call::post(path).of_type(FORM).request(body);
    let (parts, body) = server.send(request).await?.into_parts();
    let bytes = body.collect().await.map_err(|e| super::broken(&e))?.to_bytes();
    Ok((parts.status, Zeroizing::new(bytes.to_vec())))
}

/// The tokens of an answer.
///
/// # Errors
/// It is none of Keyward's.
pub(crate) fn read(answer: &[u8]) -> Result<Tokens, Failure> {
    serde_json::from_slice(answer).map_err(|_| super::not_keyward())
}

/// A secret as the text that it is; in this file and in the answers of the token endpoint alone.
pub(super) mod text {
    use super::{Deserialize, Deserializer, Secret, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        secret: &Secret,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Secret, D::Error> {
        String::deserialize(from).map(Secret::new)
    }
}

pub(super) mod optional_text {
    use super::{Deserialize, Deserializer, Secret, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        secret: &Option<Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Secret>, D::Error> {
        Option::<String>::deserialize(from).map(|text| text.map(Secret::new))
    }
}
