//! Forms and queries: parameters that occur once.
//!
//! A repeated parameter is refused, an unknown one is left unread, an empty value counts as absent
//! (RFC 6749 section 3.1, OA-04). Values may be secrets: `Debug` shows names alone.

use super::body;
use crate::failure::Failure;
use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::secret::Secret;
use http::{HeaderMap, header, request::Parts};
use std::{fmt, sync::Arc};

/// The parameters a caller may send at once.
const MAX_PARAMETERS: usize = 100;

const FORM: &str = "application/x-www-form-urlencoded";

/// Parameters by name, each taken once.
#[derive(Default)]
pub struct Parameters(Vec<(String, Secret)>);

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What is wrong with parameters: which one, and how.
pub(crate) type BadParameter = (Option<String>, String);

impl Parameters {
    /// Reads `a=b&c=d`.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, BadParameter> {
        match Self::parse_repeating(text)? {
            (parameters, None) => Ok(parameters),
            (_, Some(name)) => Err((shown(&name), "the parameter is repeated".to_owned())),
        }
    }

    /// Reads `a=b&c=d`, also where a parameter is repeated: then the first one counts, and the name is
    /// handed over for whoever refuses it later.
    pub(crate) fn parse_repeating(text: &[u8]) -> Result<(Self, Option<String>), BadParameter> {
        let mut parameters: Vec<(String, Secret)> = Vec::new();
        let mut repeated = None;
        for pair in text.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            if parameters.len() == MAX_PARAMETERS {
                return Err((None, "there are too many parameters".to_owned()));
            }
            let (name, value) = match pair.iter().position(|b| *b == b'=') {
                Some(at) => {
                    (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default())
                }
                None => (pair, &[][..]),
            };
            let name = decoded(name)
                .ok_or_else(|| (None, "a parameter's name cannot be read".to_owned()))?;
            let Some(value) = decoded(value) else {
                return Err((shown(&name), "the value is not UTF-8, or holds a NUL".to_owned()));
            };
            let value = Secret::new(value);
            if parameters.iter().any(|(known, _)| *known == name) {
                repeated.get_or_insert(name);
                continue;
            }
            parameters.push((name, value));
        }
        Ok((Self(parameters), repeated))
    }

    /// The parameter's value, moved out; an empty one counts as absent.
    pub fn take(&mut self, name: &str) -> Option<Secret> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.0.swap_remove(at);
        (!value.expose().is_empty()).then_some(value)
    }

    /// The parameter's value as ordinary text.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|value| value.expose().to_owned())
    }

    /// The parameter's value, left in place; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value.expose()).filter(|text| !text.is_empty())
    }

    /// Whether the parameter was sent at all, be it empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The names of what was not taken: a surface that refuses unknown parameters asks last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// A name of the caller's, fit for an error: only if it looks like one.
fn shown(name: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    (name.len() <= 40 && name.bytes().all(plain)).then(|| name.to_owned())
}

fn decoded(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let decoded = percent_encoding::percent_decode(&spaced).decode_utf8().ok()?;
    (!decoded.contains('\0')).then(|| decoded.into_owned())
}

/// Whether the one `Content-Type` is this one. Parameters are ignored, but for a charset other than
/// UTF-8.
pub(crate) fn is_type(headers: &HeaderMap, wanted: impl Fn(&str) -> bool) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Ok(text) = value.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset_fits = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    wanted(&essence) && charset_fits
}

/// A form body.
#[derive(Debug)]
pub struct Form(pub Parameters);

impl Form {
    /// Reads the body of a request, whose header fields are left with it.
    pub(super) async fn read(request: Request) -> Result<Self, Failure> {
        if !is_type(request.headers(), |essence| essence == FORM) {
            return Err(Failure::UnsupportedMediaType { wanted: FORM });
        }
        let bytes = body::of_request(request).await?;
        Parameters::parse(&bytes)
            .map(Self)
            .map_err(|(field, detail)| Failure::BadForm { field, detail })
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    /// A form that the access check had to read for a client's credentials is handed on.
    async fn from_request(mut request: Request, _: &S) -> Result<Self, Failure> {
        match request.extensions_mut().remove::<Arc<Form>>().map(Arc::try_unwrap) {
            Some(Ok(form)) => Ok(form),
            Some(Err(_)) => Err(super::caller::misrouted("form")),
            None => Self::read(request).await,
        }
    }
}

/// The parameters of the query.
#[derive(Debug, Default)]
pub struct Query(pub Parameters);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .map(Self)
            .map_err(|(field, detail)| Failure::BadQuery { field, detail })
    }
}

impl Query {
    /// A parameter, read by `FromStr`.
    ///
    /// # Errors
    /// [`Failure::BadQuery`], naming it.
    pub fn parse<T: std::str::FromStr>(
        &mut self,
        name: &'static str,
        wanted: &str,
    ) -> Result<Option<T>, Failure> {
        let Some(text) = self.0.take_text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Failure::BadQuery {
            field: Some(name.to_owned()),
            detail: format!("`{name}` must be {wanted}"),
        })
    }

    /// Refuses what was not taken: our own API knows all its parameters.
    ///
    /// # Errors
    /// [`Failure::BadQuery`], when something is left.
    pub fn finish(self) -> Result<(), Failure> {
        match self.0.names().next() {
            None => Ok(()),
            Some(name) => Err(Failure::BadQuery {
                field: shown(name),
                detail: "unknown parameter".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
