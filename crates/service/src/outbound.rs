//! How use cases call others: by whatever the process handed over. This crate knows no HTTP; whoever
//! knows it keeps addresses within out of reach, follows no redirect and ends what lasts or grows too
//! long (SS-01, SS-02, AP-10).

use domain::secret::Secret;
use std::{fmt, future::Future, pin::Pin, sync::Arc};

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// How long a call may take from its beginning to the last byte of its answer.
pub const PATIENCE_MS: u64 = 5_000;

/// A call under way.
pub type Calling = Pin<Box<dyn Future<Output = Result<Answer, CallFailed>> + Send>>;

/// Calls others. Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<dyn Fn(Call) -> Calling + Send + Sync>);

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbound")
    }
}

impl Outbound {
    /// Calls by `call`.
    pub fn new(call: impl Fn(Call) -> Calling + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    /// Calls.
    pub fn call(&self, call: Call) -> Calling {
        (self.0)(call)
    }
}

/// A call: `GET`, or with a form `POST`. Its answer is JSON.
pub struct Call {
    /// Where to: all of the address.
    pub url: String,
    /// Whether the address is the operator's word. Any other is https at a usual port and of the public
    /// Internet.
    pub trusted: bool,
    /// The form, encoded.
    pub form: Option<Secret>,
    /// The value of `Authorization`.
    pub authorization: Option<Secret>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.url)
    }
}

impl Call {
    /// Asks for what lies at `url`.
    #[must_use]
    pub const fn get(url: String, trusted: bool) -> Self {
        Self { url, trusted, form: None, authorization: None }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, JSON by its own account.
    pub body: Vec<u8>,
    /// For how many seconds it may be kept, where it says so.
    pub max_age_s: Option<u32>,
}

/// Why nothing came back. Holds nothing that the other side said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallFailed {
    /// The address is none that may be called.
    #[error("the address may not be called")]
    NotAllowed,
    /// No connection, or it broke.
    #[error("there is no answer")]
    NoAnswer,
    /// It lasted too long.
    #[error("the answer took too long")]
    TooLate,
    /// It is too long.
    #[error("the answer is too long")]
    TooLong,
    /// It is no JSON by its own account.
    #[error("the answer is not JSON")]
    NotJson,
}
