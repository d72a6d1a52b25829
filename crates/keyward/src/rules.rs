//! The rules of the configuration on their way to whoever enforces them.

use crate::{
    config::Config,
    failure::{Exit, Failure},
};
use service::{Error, Service, rules::Configured};

/// Refuses rules that stand in each other's way, or one in that of the server itself, while nothing was
/// made yet.
pub(crate) fn check(config: &Config, public_url: &str) -> Result<(), Failure> {
    configured(config).check_ahead(public_url, config.nodes).map_err(|error| refused(&error))
}

/// Hands the rules over, before anything is served.
///
/// # Errors
/// As [`check`].
pub(crate) fn hand_over(service: &Service, config: &Config) -> Result<(), Failure> {
    service.configure_rules(configured(config)).map_err(|error| refused(&error))
}

fn configured(config: &Config) -> Configured {
    let rules = &config.rules;
    Configured {
        routes: rules.routes.clone(),
        policies: rules.policies.clone(),
        upstreams: rules.upstreams.clone(),
        reserved: server::reserved_paths(),
        hosts: config.hosts.clone(),
    }
}

fn refused(error: &Error) -> Failure {
    match error {
        Error::Invalid { detail, .. } | Error::Conflict { detail, .. } => {
            Failure::new(Exit::Usage, format!("the rules of the configuration: {detail}"))
                .with_hint("`gateway.routes`, `gateway.upstreams` and `policies` say them")
        }
        other => Failure::failed(other),
    }
}
