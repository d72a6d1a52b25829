//! Why nobody is signed in by an issuer outside, in words.

use crate::failure::Failure;
use http::StatusCode;
use service::{Error, issuers::SignInRefused};

/// Why nobody is signed in.
#[derive(Clone, Copy)]
pub(super) enum Why {
    Gone,
    Denied,
    NotBelieved,
    NoAnswer,
    SomebodyElse,
    OutOfService,
}

impl Why {
    pub(super) fn of(why: SignInRefused) -> Result<Self, Failure> {
        match why {
            SignInRefused::NoIssuer => Err(Error::NotFound.into()),
            SignInRefused::NotBegun => Ok(Self::Gone),
            SignInRefused::Denied => Ok(Self::Denied),
            SignInRefused::NoAnswer => Ok(Self::NoAnswer),
            SignInRefused::NotBelieved => Ok(Self::NotBelieved),
            SignInRefused::Failed(error) => Err(error.into()),
        }
    }

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Gone => "This sign-in took too long, or began in another browser. Try again.",
            Self::Denied => {
                "The other sign-in did not let you in. Try again, or ask whoever runs it."
            }
            Self::NotBelieved => {
                "What the other sign-in says of you does not hold. Ask whoever runs it."
            }
            Self::NoAnswer => "The other sign-in does not answer. Try again in a moment.",
            Self::SomebodyElse => "Somebody else signed in there. Try again as yourself.",
            Self::OutOfService => {
                "Your account here is out of service. Ask whoever manages persons."
            }
        }
    }

    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::NoAnswer => StatusCode::BAD_GATEWAY,
            Self::Gone
            | Self::Denied
            | Self::NotBelieved
            | Self::SomebodyElse
            | Self::OutOfService => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}
