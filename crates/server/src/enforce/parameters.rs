//! Parameters of a query or a form (`application/x-www-form-urlencoded`): percent-decoded once, and `+`
//! is a space.

use domain::secret::Secret;
use std::borrow::Cow;

/// The values of the parameter of this name, as they are written.
pub(super) fn values<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.split('&').filter_map(move |pair| {
        let (own, value) = pair.split_once('=').unwrap_or((pair, ""));
        is(own, name).then_some(value)
    })
}

/// Whether a written name is this one.
fn is(written: &str, name: &str) -> bool {
    written == name
        || (written.contains(['%', '+']) && decode(written).is_some_and(|own| own == name))
}

/// The decoded text; `None` where it is none.
fn decode(written: &str) -> Option<Cow<'_, str>> {
    if !written.contains(['%', '+']) {
        return Some(Cow::Borrowed(written));
    }
    let spaced = written.replace('+', " ");
    let text = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(text.into_owned()))
}

/// A secret that was written into a parameter.
pub(super) fn secret(written: &str) -> Option<Result<&str, Secret>> {
    match decode(written)? {
        Cow::Borrowed(text) => Some(Ok(text)),
        Cow::Owned(text) => Some(Err(Secret::new(text))),
    }
}

/// The query or form without this parameter, the rest byte for byte as it was.
#[must_use]
pub fn without(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let others = text.split('&').filter(|pair| !is(pair.split('=').next().unwrap_or(pair), name));
    for (place, pair) in others.enumerate() {
        if place > 0 {
            out.push('&');
        }
        out.push_str(pair);
    }
    out
}
