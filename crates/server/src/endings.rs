//! What a caller is told of the end of what it presented: until when a secret works that was rotated
//! away, or that nobody rotates, and how many days its key has left.

use bytes::Bytes;
use domain::time::Timestamp;
use http::{HeaderMap, HeaderName, HeaderValue};
use verifier::{Found, Warning};

const SECRET_ENDS: HeaderName = HeaderName::from_static("x-keyward-secret-ends");
const DAYS_LEFT: HeaderName = HeaderName::from_static("x-keyward-days-left");

/// The names of both fields.
pub(crate) const NAMES: [HeaderName; 2] = [SECRET_ENDS, DAYS_LEFT];

/// What is said of a key that was let through; nothing, mostly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Endings {
    /// When the presented secret ends.
    pub secret_ends_at: Option<Timestamp>,
    /// That the key ends soon.
    pub warning: Option<Warning>,
}

impl Endings {
    /// Those of a key that was found.
    #[must_use]
    pub const fn of(found: &Found<'_>) -> Self {
        Self { secret_ends_at: found.secret_ends_at, warning: found.warning }
    }

    /// Writes the fields that there is reason for.
    pub fn write(&self, headers: &mut HeaderMap) {
        if let Some(at) = self.secret_ends_at
            && let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(at.to_string()))
        {
            headers.insert(SECRET_ENDS, value);
        }
        if let Some(warning) = self.warning {
            headers.insert(DAYS_LEFT, HeaderValue::from(warning.days_left));
        }
    }

    /// The same in an upstream's answer, in the place of what stands there: only we say these things.
    pub fn write_alone(&self, headers: &mut HeaderMap) {
        for name in NAMES {
            headers.remove(name);
        }
        self.write(headers);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fields(endings: Endings) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        for name in NAMES {
            headers.append(name.clone(), HeaderValue::from_static("forged"));
            headers.append(name, HeaderValue::from_static("twice"));
        }
        endings.write_alone(&mut headers);
        let fields = headers.iter().map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()));
        fields.collect()
    }

    #[test]
    fn an_upstream_s_own_word_never_stands() {
        assert_eq!(fields(Endings::default()), []);
        let secret_ends_at = Some(Timestamp::from_millis(1_800_000_000_000));
        let warning = Some(Warning { days_left: 12, day: 14 });
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            fields(Endings { secret_ends_at, warning }),
            [
                pair("x-keyward-secret-ends", "2027-01-15T08:00:00.000Z"),
                pair("x-keyward-days-left", "12"),
            ]
        );
    }
}
