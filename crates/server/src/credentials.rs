//! Reads the `Authorization` header: which credential, if any, and whether there is only one.
//!
//! Nothing here knows whether a credential holds. The scheme is compared without case, the charset
//! and the length are checked before anything is hashed (BT-05), and a second credential in a place
//! that the route reads is refused (BT-03).

use crate::failure::Failure;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::secret::Secret;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use std::borrow::Cow;

/// The longest credential that is looked at.
pub const MAX_CREDENTIAL_BYTES: usize = 8_192;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What `Authorization` holds.
#[derive(Debug)]
pub enum Authorization<'a> {
    /// `Bearer <token>`, or on routes that take it, the bare token.
    Bearer(Token<'a>),
    /// `Basic …`, decoded but not yet split by anybody's rules.
    Basic(UserPass),
    /// Another scheme: no credential for us, so as good as none.
    Other,
}

/// A token's text, silent in `Debug`.
#[derive(Clone, Copy)]
pub struct Token<'a>(pub &'a str);

impl std::fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// User and password of RFC 7617, as they came: OAuth clients form-encode them, persons do not.
#[derive(Debug)]
pub struct UserPass {
    /// Before the first colon.
    pub user: String,
    /// After it.
    pub password: Secret,
}

/// Reads the one `Authorization` header. `bare_token`: text without a scheme is a token (CW-08).
///
/// # Errors
/// Two headers, or one that cannot be read.
pub fn authorization(
    headers: &HeaderMap,
    bare_token: bool,
) -> Result<Option<Authorization<'_>>, Failure> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Failure::TwoCredentials);
    }
    if value.len() > MAX_CREDENTIAL_BYTES + "Bearer ".len() {
        return Err(Failure::MalformedCredentials);
    }
    let text = value.to_str().map_err(|_| Failure::MalformedCredentials)?.trim_matches(' ');
    let Some((scheme, rest)) = text.split_once(' ') else {
        return without_scheme(text, bare_token);
    };
    let rest = rest.trim_start_matches(' ');
    if scheme.eq_ignore_ascii_case("bearer") {
        return token(rest).map(|t| Some(Authorization::Bearer(t)));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        return user_and_password(rest).map(|pair| Some(Authorization::Basic(pair)));
    }
    if bare_token && !is_token(scheme) {
        return Err(Failure::MalformedCredentials);
    }
    Ok(Some(Authorization::Other))
}

/// The token of a field that holds a Bearer credential, and nothing else.
#[must_use]
pub fn bearer(field: &HeaderValue) -> Option<Token<'_>> {
    let (scheme, rest) = field.to_str().ok()?.trim_matches(' ').split_once(' ')?;
    let token = token(rest.trim_start_matches(' ')).ok()?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn without_scheme(text: &str, bare_token: bool) -> Result<Option<Authorization<'_>>, Failure> {
    let is_scheme = text.eq_ignore_ascii_case("bearer") || text.eq_ignore_ascii_case("basic");
    if text.is_empty() || is_scheme || !bare_token {
        return Err(Failure::MalformedCredentials);
    }
    token(text).map(|t| Some(Authorization::Bearer(t)))
}

/// RFC 6750 section 2.1: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })
}

fn token(text: &str) -> Result<Token<'_>, Failure> {
    if text.len() <= MAX_CREDENTIAL_BYTES && is_token(text) {
        Ok(Token(text))
    } else {
        Err(Failure::MalformedCredentials)
    }
}

fn user_and_password(encoded: &str) -> Result<UserPass, Failure> {
    let bytes = STANDARD.decode(encoded).map_err(|_| Failure::MalformedCredentials)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => Secret::new(text),
        Err(error) => {
            drop(Secret::new(String::from_utf8_lossy(error.as_bytes()).into_owned()));
            return Err(Failure::MalformedCredentials);
        }
    };
    let (user, password) = text.expose().split_once(':').ok_or(Failure::MalformedCredentials)?;
    if text.expose().contains(char::is_control) {
        return Err(Failure::MalformedCredentials);
    }
    Ok(UserPass { user: user.to_owned(), password: Secret::new(password.to_owned()) })
}

/// Undoes the form encoding that RFC 6749 section 2.3.1 puts on a client's id and secret (OA-05).
///
/// # Errors
/// The escapes are not UTF-8.
pub fn form_decoded(pair: &UserPass) -> Result<(String, Secret), Failure> {
    Ok((form_decode(&pair.user)?, Secret::new(form_decode(pair.password.expose())?)))
}

fn form_decode(text: &str) -> Result<String, Failure> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| Failure::MalformedCredentials)
}

/// The one `x-api-key` header.
///
/// # Errors
/// Two of them, or one that is not text.
pub fn api_key(headers: &HeaderMap) -> Result<Option<Token<'_>>, Failure> {
    let mut values = headers.get_all(&API_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Failure::TwoCredentials);
    }
    let text = value.to_str().map_err(|_| Failure::MalformedCredentials)?;
    if text.is_empty() || text.len() > MAX_CREDENTIAL_BYTES {
        return Err(Failure::MalformedCredentials);
    }
    Ok(Some(Token(text)))
}

/// Whether the query tries to carry a token (RFC 6750 section 2.3). Nobody reads it there (BT-04);
/// beside a header it is a second credential.
#[must_use]
pub fn token_in_query(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| {
        query.split('&').any(|pair| {
            let name = pair.split_once('=').map_or(pair, |(name, _)| name);
            percent_encoding::percent_decode_str(name).eq(b"access_token".iter().copied())
        })
    })
}

#[cfg(test)]
mod tests;
