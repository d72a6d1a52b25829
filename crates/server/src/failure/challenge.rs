//! `WWW-Authenticate`: how to authenticate, and what was wrong with what was presented.

use super::Failure;
use http::HeaderValue;

/// How a route, or a policy, wants identity proved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 7617, for clients and for the cluster's persons.
    Basic,
    /// A key in a header or a parameter of its own. No RFC names this scheme, but RFC 9110 section 15.5.2
    /// wants one of every 401.
    ApiKey,
}

/// What there was of a proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// Nothing was presented.
    Absent,
    /// Something was, and it does not hold.
    Refused,
}

impl Failure {
    /// `WWW-Authenticate` as RFC 6750 section 3 wants it: bare when nothing was presented (BT-01),
    /// `invalid_token`, `insufficient_scope` with the right, `invalid_request` (BT-02).
    #[must_use]
    pub fn challenge(&self, realm: &str) -> Option<HeaderValue> {
        let (scheme, error) = match self {
            Self::Unauthenticated { scheme, proof: Proof::Absent } => (*scheme, String::new()),
            Self::Unauthenticated { scheme, proof: Proof::Refused }
            | Self::InvalidKey { scheme } => (*scheme, ", error=\"invalid_token\"".to_owned()),
            Self::Service(service::Error::NotAllowed { right }) => {
                let scope = right.map(|right| format!(", scope=\"{right}\"")).unwrap_or_default();
                (Scheme::Bearer, format!(", error=\"insufficient_scope\"{scope}"))
            }
            Self::Service(service::Error::Unauthenticated) => {
                (Scheme::Bearer, ", error=\"invalid_token\"".to_owned())
            }
            Self::MalformedCredentials | Self::TwoCredentials => {
                (Scheme::Bearer, ", error=\"invalid_request\"".to_owned())
            }
            _ => return None,
        };
        let text = match scheme {
            Scheme::Bearer => format!("Bearer realm=\"{realm}\"{error}"),
            Scheme::Basic => format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
            Scheme::ApiKey => format!("ApiKey realm=\"{realm}\""),
        };
        HeaderValue::try_from(text).ok()
    }
}
