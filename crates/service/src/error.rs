//! What can go wrong in a use case. Knows no HTTP; each surface renders it in its own envelope.

use domain::right::Right;

/// A use case that did not happen. Nothing was changed.
///
/// `Display` is safe for strangers; the source chain is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value of the request cannot be used.
    #[error("`{field}`: {detail}")]
    Invalid {
        /// The member of the request, as the native API names it.
        field: &'static str,
        /// What is wrong with it and what would be right.
        detail: String,
    },
    /// The caller proved nothing, or what it proved is no longer good.
    #[error("authentication is required")]
    Unauthenticated,
    /// The caller may know of the thing but not do this to it.
    #[error("the caller lacks a right that this needs")]
    NotAllowed {
        /// The missing right, where one right would have been enough.
        right: Option<Right>,
    },
    /// There is no such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The thing's state, or another thing, stands against it.
    #[error("{detail}")]
    Conflict {
        /// A stable word for what conflicts.
        what: &'static str,
        /// Says why, and what would be possible instead.
        detail: String,
    },
    /// There are as many keys as there may be.
    #[error("{detail}")]
    TooManyKeys {
        /// Says how many there may be, and what would make room.
        detail: String,
    },
    /// The thing changed since the caller read it.
    #[error("the resource has changed since it was read")]
    PreconditionFailed,
    /// The caller must wait.
    #[error("too many requests")]
    Limited {
        /// Seconds until another try makes sense.
        retry_after_s: u32,
    },
    /// More keys than the policy for their type lets be made within a minute.
    #[error("{detail}")]
    TooManyNewKeys {
        /// Says how many may be made.
        detail: String,
        /// Seconds until there is room for another one.
        retry_after_s: u32,
    },
    /// The store, or the memory that answers for it, does not serve just now.
    #[error("the service is temporarily unavailable")]
    Unavailable {
        /// Seconds until another try makes sense.
        retry_after_s: u32,
    },
    /// A defect or a broken machine.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The stable word that programs branch on; docs/errors.md lists each with cause and cure.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::NotAllowed { .. } => "not_allowed",
            Self::NotFound => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::PreconditionFailed => "precondition_failed",
            Self::Limited { .. } | Self::TooManyNewKeys { .. } => "limited",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// A value that cannot be used.
    #[must_use]
    pub fn invalid(field: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { field, detail: detail.into() }
    }

    /// No room for another key.
    #[must_use]
    pub fn too_many_keys(detail: impl Into<String>) -> Self {
        Self::TooManyKeys { detail: detail.into() }
    }

    /// A state that stands against it.
    #[must_use]
    pub fn conflict(what: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { what, detail: detail.into() }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(what) => Self::Conflict {
                what,
                detail: format!("this {} is already in use", what.replace('_', " ")),
            },
            store::Error::Unavailable(ref source) => {
                tracing::warn!(%source, "the store is unavailable");
                Self::Unavailable { retry_after_s: 1 }
            }
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<verifier::Unavailable> for Error {
    fn from(_: verifier::Unavailable) -> Self {
        Self::Unavailable { retry_after_s: 1 }
    }
}
