//! The one key of a call, from the places that its policy reads (BT-03). What stands elsewhere is no
//! key, and passes untouched.

use super::{Call, Compiled, parameters};
use crate::failure::Failure;
use domain::secret::Secret;
use http::{HeaderName, HeaderValue, header};
use std::sync::Arc;

/// Where the key of a call was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Used {
    /// In this header field.
    Header(HeaderName),
    /// In `Authorization`, as a Bearer token.
    Bearer,
    /// In this parameter of the query.
    Query(Arc<str>),
    /// In this parameter of the form that the body is.
    Form(Arc<str>),
}

/// A secret that was presented, and where.
pub(super) struct Credential<'a> {
    pub(super) secret: Text<'a>,
    pub(super) used: Used,
}

/// The text of a secret. What no key can be is the empty text: it is judged like any other that is
/// malformed.
pub(super) enum Text<'a> {
    Borrowed(&'a str),
    Decoded(Secret),
}

impl Text<'_> {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Decoded(secret) => secret.expose(),
        }
    }
}

/// Finds it. A place that is there and empty presents nothing.
///
/// # Errors
/// There are two.
pub(super) fn find<'a>(
    policy: &'a Compiled,
    call: &Call<'a>,
) -> Result<Option<Credential<'a>>, Failure> {
    let mut found = None;
    for name in &policy.headers {
        let mut fields = call.headers.get_all(name).iter();
        if let Some(field) = only(&mut fields)?.filter(|field| !field.is_empty()) {
            let secret = Text::Borrowed(field.to_str().unwrap_or_default());
            note(&mut found, Credential { secret, used: Used::Header(name.clone()) })?;
        }
    }
    if policy.bearer {
        let mut fields = call.headers.get_all(header::AUTHORIZATION).iter();
        if let Some(token) = only(&mut fields)?.map_or(Ok(None), bearer)? {
            let secret = Text::Borrowed(token);
            note(&mut found, Credential { secret, used: Used::Bearer })?;
        }
    }
    for name in &policy.parameters {
        let query = call.query.into_iter().flat_map(|text| parameters::values(text, name));
        let form = call.form.into_iter().flat_map(|text| parameters::values(text, name));
        let query = query.map(|written| (written, true));
        let mut both = query.chain(form.map(|written| (written, false)));
        if let Some((written, in_query)) = only(&mut both)?.filter(|(w, _)| !w.is_empty()) {
            let secret = match parameters::secret(written) {
                Some(Ok(text)) => Text::Borrowed(text),
                Some(Err(secret)) => Text::Decoded(secret),
                None => Text::Borrowed(""),
            };
            let name = Arc::clone(name);
            let used = if in_query { Used::Query(name) } else { Used::Form(name) };
            note(&mut found, Credential { secret, used })?;
        }
    }
    Ok(found)
}

/// The only one, where there is one.
fn only<T>(all: &mut impl Iterator<Item = T>) -> Result<Option<T>, Failure> {
    let first = all.next();
    if first.is_some() && all.next().is_some() {
        return Err(Failure::TwoCredentials);
    }
    Ok(first)
}

fn note<'a>(found: &mut Option<Credential<'a>>, credential: Credential<'a>) -> Result<(), Failure> {
    if found.is_some() {
        return Err(Failure::TwoCredentials);
    }
    *found = Some(credential);
    Ok(())
}

/// The token of a Bearer credential, the scheme compared without case (BT-05); `None` for any other.
///
/// # Errors
/// There is a comma in it: somebody on the way joined two fields, or it is no token.
fn bearer(field: &HeaderValue) -> Result<Option<&str>, Failure> {
    let bytes = field.as_bytes();
    if bytes.contains(&b',') {
        return joined(bytes).map(|()| None);
    }
    let Some(rest) = after_scheme(bytes) else { return Ok(None) };
    let token = std::str::from_utf8(rest).unwrap_or_default();
    Ok(Some(token.trim_matches(' ')).filter(|_| !rest.trim_ascii().is_empty()))
}

/// What follows `Bearer`.
fn after_scheme(credential: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = credential.split_at_checked("bearer".len())?;
    let ends = rest.first().is_none_or(|byte| *byte == b' ');
    (ends && scheme.eq_ignore_ascii_case(b"bearer")).then_some(rest)
}

/// A proxy joins fields of one name by commas, and no token holds one (RFC 6750 section 2.1); other schemes
/// have commas of their own.
fn joined(field: &[u8]) -> Result<(), Failure> {
    let mut parts = field.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let is_ours = parts.next().is_some_and(|first| after_scheme(first).is_some());
    let two = |part: &[u8]| after_scheme(part).is_some() || (is_ours && part.contains(&b' '));
    match (parts.any(two), is_ours) {
        (true, _) => Err(Failure::TwoCredentials),
        (false, true) => Err(Failure::MalformedCredentials),
        (false, false) => Ok(()),
    }
}
