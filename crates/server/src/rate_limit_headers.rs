//! The rate-limit header fields, in the shape of the draft's revision 11 (May 2026). The draft has
//! changed shape between revisions, so it is written here and nowhere else (RL-01).

use crate::decimal;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use verifier::LimitState;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Whole seconds, rounded up, at least one: a caller that waits so long is never early (RL-02).
#[must_use]
pub fn seconds(ms: u64) -> u64 {
    ms.div_ceil(1000).max(1)
}

/// Two limits fit, so that no value grows as it is written.
const ROOM: usize = 80;

/// The limits that a call of a gateway counts against.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Its key's.
    pub key: Option<LimitState>,
    /// That of all calls of the policy together.
    pub policy: Option<LimitState>,
}

impl Limits {
    /// Writes both fields, where there is a limit.
    pub fn write(&self, headers: &mut HeaderMap) {
        let named = [("key", &self.key), ("policy", &self.policy)];
        write(headers, named.iter().filter_map(|(name, state)| Some((*name, state.as_ref()?))));
    }

    /// Whether there is a limit at all.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.key.is_some() || self.policy.is_some()
    }
}

/// Adds `RateLimit-Policy` and `RateLimit`. `name` is the policy's name, a constant of the surface:
/// never a part of a secret, and no quote or backslash in it.
pub fn add(headers: &mut HeaderMap, name: &'static str, state: &LimitState) {
    write(headers, [(name, state)].into_iter());
}

fn write<'a>(
    headers: &mut HeaderMap,
    limits: impl Iterator<Item = (&'static str, &'a LimitState)>,
) {
    let (mut policies, mut states) = (Vec::with_capacity(ROOM), Vec::with_capacity(ROOM));
    for (name, state) in limits {
        debug_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        if !policies.is_empty() {
            policies.extend_from_slice(b", ");
            states.extend_from_slice(b", ");
        }
        let (quota, window) = (state.limit.capacity(), state.limit.frequency_s());
        member(&mut policies, name, (b";q=", quota.into()), (b";w=", window.into()));
        let (left, until) = (state.remaining, state.reset_after_ms.div_ceil(1000));
        member(&mut states, name, (b";r=", left.into()), (b";t=", until));
    }
    if policies.is_empty() {
        return;
    }
    if let (Ok(policies), Ok(states)) = (
        HeaderValue::from_maybe_shared(Bytes::from(policies)),
        HeaderValue::from_maybe_shared(Bytes::from(states)),
    ) {
        headers.insert(POLICY, policies);
        headers.insert(STATE, states);
    }
}

/// One member of a list, with its two parameters.
fn member(out: &mut Vec<u8>, name: &str, first: (&[u8], u64), second: (&[u8], u64)) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.push(b'"');
    for (parameter, value) in [first, second] {
        out.extend_from_slice(parameter);
        decimal::number(out, value);
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
    fn rl_01_two_limits_are_two_members_of_each_list() {
        let state = |remaining| {
            let limit = Limit::new(10, 1).unwrap();
            Some(LimitState { limit, remaining, reset_after_ms: 400 })
        };
        let mut headers = HeaderMap::new();
        Limits { key: state(3), policy: state(0) }.write(&mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"key\";q=10;w=1, \"policy\";q=10;w=1");
        assert_eq!(headers["ratelimit"], "\"key\";r=3;t=1, \"policy\";r=0;t=1");
        let mut headers = HeaderMap::new();
        Limits::default().write(&mut headers);
        assert!(headers.is_empty());
    }

    #[test]
    fn rl_05_no_older_field_is_written_beside_them() {
        let limit = Limit::new(120, 60).unwrap();
        let state = Some(LimitState { limit, remaining: 0, reset_after_ms: 1 });
        let mut headers = HeaderMap::new();
        Limits { key: state, policy: state }.write(&mut headers);
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["ratelimit", "ratelimit-policy"]);
    }

    #[test]
    fn rl_02_waiting_is_never_told_too_short() {
        assert_eq!([0, 1, 999, 1000, 1001].map(seconds), [1, 1, 1, 1, 2]);
    }
}
