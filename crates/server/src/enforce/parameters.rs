//! Parameters of a query or a form (`application/x-www-form-urlencoded`): percent-decoded once, and `+`
//! is a space.

use domain::secret::Secret;
use std::borrow::Cow;

/// The values of the parameter of this name, as they are written.
pub(crate) fn values<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_parameter_is_found_under_every_spelling_of_its_name() {
        let text = "a=1&jwt=2&j%77t=3&JWT=4&jwt&x+y=5&=6&jwt%3D=7";
        assert_eq!(values(text, "jwt").collect::<Vec<_>>(), ["2", "3", ""]);
        assert_eq!(values(text, "x y").collect::<Vec<_>>(), ["5"]);
        assert_eq!(without(text, "jwt"), "a=1&JWT=4&x+y=5&=6&jwt%3D=7");
        assert_eq!(without("jwt=1", "jwt"), "");
        assert_eq!(without("a&&b=%zz&c=%ff", "jwt"), "a&&b=%zz&c=%ff", "byte for byte");
    }

    #[test]
    fn a_secret_is_decoded_once() {
        let text = |written| match secret(written) {
            Some(Ok(text)) => Some(text.to_owned()),
            Some(Err(secret)) => Some(secret.expose().to_owned()),
            None => None,
        };
        assert_eq!(text("plain").unwrap(), "plain");
        assert_eq!(text("a%2Bb+c%25d%2525").unwrap(), "a+b c%d%25");
        assert_eq!(text("%zz").unwrap(), "%zz");
        assert_eq!(text("%ff"), None);
    }

    #[test]
    fn what_was_taken_out_is_not_there_and_the_rest_is() {
        for text in
            ["a", "a=&a", "&a&", "b=1&a=2&%61=3&c=4", "=a&a=b&b=a", "a%=1&a=2", "c&b=%61=1&a"]
        {
            let rest = without(text, "a");
            assert_eq!(values(&rest, "a").count(), 0, "{text}");
            for other in ["b", "c"] {
                let before: Vec<&str> = values(text, other).collect();
                assert_eq!(values(&rest, other).collect::<Vec<_>>(), before, "{text}");
            }
        }
    }
}
