//! What is read of an event: its parameters, of which four are ours, in the query, a form or a JSON object.
//! Names are told apart by case; each stands once, in one place.

pub(super) mod doc;
mod document;

use crate::{
    enforce::{Used, parameters},
    extract::form::is_type,
    failure::Failure,
};
use bytes::Bytes;
use document::Document;
use domain::secret::Secret;
use http::HeaderMap;

/// Where the key may stand.
pub(super) const JWT: &str = "jwt";
/// What every event has, under its names; the first one is OpenConnect's own.
const WANTED: [(&str, &[&str]); 3] =
    [("agentid", &["agentid", "agentId"]), ("crmId", &["crmId"]), ("event", &["event"])];
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a call.
pub(super) enum Sent {
    /// There is none.
    Nothing,
    /// A form.
    Form(String),
    /// A JSON object.
    Document(Document),
}

impl Sent {
    /// Reads the body.
    ///
    /// # Errors
    /// It is neither a form nor a JSON object.
    pub(super) fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, Failure> {
        if body.is_empty() {
            return Ok(Self::Nothing);
        }
        if is_type(headers, |kind| kind == FORM) {
            return String::from_utf8(body.into()).map(Self::Form).map_err(|_| Failure::BadForm {
                field: None,
                detail: "the form is no UTF-8 text".to_owned(),
            });
        }
        if is_type(headers, |kind| kind == JSON) {
            return Document::read(body).map(Self::Document);
        }
        Err(Failure::UnsupportedMediaType {
            wanted: "application/json or application/x-www-form-urlencoded",
        })
    }

    /// The body as a policy reads it: a form. Of a JSON object it holds the key, and nothing else.
    ///
    /// # Errors
    /// The key is no text.
    pub(super) fn form(&self) -> Result<Option<Secret>, Failure> {
        match self {
            Self::Nothing => Ok(None),
            Self::Form(form) => Ok(Some(Secret::new(form.clone()))),
            Self::Document(document) => document.jwt().map(|jwt| jwt.map(|jwt| as_form(&jwt))),
        }
    }

    /// The body for whoever the call is handed to; `without`: the key, where it stood there.
    pub(super) fn into_body(self, without: Option<&Used>) -> Option<Bytes> {
        let taken = matches!(without, Some(Used::Form(_)));
        match self {
            Self::Nothing => None,
            Self::Form(form) if taken => Some(parameters::without(&form, JWT).into()),
            Self::Form(form) => Some(form.into()),
            Self::Document(document) => Some(document.into_bytes(taken)),
        }
    }

    /// Checks that whatever every event has is there, once.
    ///
    /// # Errors
    /// Names the first parameter that is missing, empty or repeated.
    pub(super) fn check(&self, query: Option<&str>) -> Result<(), Failure> {
        WANTED.iter().try_for_each(|(name, spellings)| self.check_one(query, name, spellings))
    }

    fn check_one(
        &self,
        query: Option<&str>,
        name: &'static str,
        spellings: &[&'static str],
    ) -> Result<(), Failure> {
        let query = query.unwrap_or_default();
        let form = if let Self::Form(form) = self { form.as_str() } else { "" };
        let mut found = Vec::new();
        for spelling in spellings {
            for text in [query, form] {
                found.extend(parameters::values(text, spelling).map(|value| !value.is_empty()));
            }
            if let Self::Document(document) = self {
                found.extend(document.says(spelling)?);
            }
        }
        let bad = |detail: &str| Err(service::Error::invalid(name, detail).into());
        match found.as_slice() {
            [true] => Ok(()),
            [] => bad("is missing"),
            [false] => bad("must not be empty"),
            _ => bad("must be given once"),
        }
    }
}

/// Whether a key may stand in a body that cannot be read.
pub(super) fn names_key(body: &[u8]) -> bool {
    body.windows(JWT.len()).any(|piece| piece == JWT.as_bytes())
}

/// The one parameter of a form.
fn as_form(jwt: &str) -> Secret {
    let written = percent_encoding::utf8_percent_encode(jwt, percent_encoding::NON_ALPHANUMERIC);
    Secret::new(format!("{JWT}={written}"))
}

#[cfg(test)]
mod tests;
