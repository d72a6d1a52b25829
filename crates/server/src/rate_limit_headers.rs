//! The rate-limit header fields, in the shape of the draft's revision 11 (May 2026). The draft has
//! changed shape between revisions, so it is written here and nowhere else (RL-01).

use http::{HeaderMap, HeaderName, HeaderValue, header};
use verifier::LimitState;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Whole seconds, rounded up, at least one: a caller that waits so long is never early (RL-02).
#[must_use]
pub fn seconds(ms: u64) -> u64 {
    ms.div_ceil(1000).max(1)
}

/// Adds `RateLimit-Policy` and `RateLimit`. `name` is the policy's name, a constant of the surface:
/// never a part of a secret, and no quote or backslash in it.
pub fn add(headers: &mut HeaderMap, name: &'static str, state: &LimitState) {
    debug_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    let quota = state.limit.capacity();
    let window = state.limit.frequency_s();
    let left = state.remaining;
    let until = state.reset_after_ms.div_ceil(1000);
    if let Ok(value) = HeaderValue::try_from(format!("\"{name}\";q={quota};w={window}")) {
        headers.insert(POLICY, value);
    }
    if let Ok(value) = HeaderValue::try_from(format!("\"{name}\";r={left};t={until}")) {
        headers.insert(STATE, value);
    }
}

/// Adds `Retry-After`, unless it is there.
pub fn add_retry_after(headers: &mut HeaderMap, seconds: u64) {
    headers.entry(header::RETRY_AFTER).or_insert_with(|| HeaderValue::from(seconds));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use domain::rate_limit::Limit;

    #[test]
    fn rl_01_both_fields_are_lists_of_strings_with_parameters() {
        let mut headers = HeaderMap::new();
        let limit = Limit::new(120, 60).unwrap();
        add(&mut headers, "key", &LimitState { limit, remaining: 7, reset_after_ms: 1_001 });
        assert_eq!(headers["ratelimit-policy"], "\"key\";q=120;w=60");
        assert_eq!(headers["ratelimit"], "\"key\";r=7;t=2");
    }

    #[test]
    fn rl_02_waiting_is_never_told_too_short() {
        assert_eq!([0, 1, 999, 1000, 1001].map(seconds), [1, 1, 1, 1, 2]);
    }
}
