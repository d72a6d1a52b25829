//! The issuers of the configuration on their way to whoever believes them.

use crate::failure::{Exit, Failure};
use service::{
    Error, Service,
    issuers::{ConfiguredIssuer, check_configured},
};

/// Refuses issuers that stand in each other's way, while nothing was made yet.
///
/// # Errors
/// Two of them are one, or could be taken for each other.
pub(crate) fn check(issuers: &[ConfiguredIssuer]) -> Result<(), Failure> {
    check_configured(issuers).map_err(|error| refused(&error))
}

/// Hands the issuers over, before anything is served.
///
/// # Errors
/// As [`check`].
pub(crate) fn hand_over(service: &Service, issuers: Vec<ConfiguredIssuer>) -> Result<(), Failure> {
    service.configure_issuers(issuers).map_err(|error| refused(&error))
}

fn refused(error: &Error) -> Failure {
    match error {
        Error::Invalid { detail, .. } | Error::Conflict { detail, .. } => {
            Failure::new(Exit::Usage, format!("the issuers of the configuration: {detail}"))
                .with_hint("`issuers` says them")
        }
        other => Failure::failed(other),
    }
}
