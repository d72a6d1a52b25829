//! The rules of the configuration on their way to whoever enforces them.

use crate::{
    config::Config,
    failure::{Exit, Failure},
};
use service::{Error, Service, rules::Configured};

/// Hands the rules over, before anything is served.
///
/// # Errors
/// Two of them stand in each other's way, or one in that of the server itself.
pub(crate) fn hand_over(service: &Service, config: &Config) -> Result<(), Failure> {
    let rules = &config.rules;
    let configured = Configured {
        routes: rules.routes.clone(),
        policies: rules.policies.clone(),
        upstreams: rules.upstreams.clone(),
        reserved: server::reserved_paths(),
        hosts: config.hosts.clone(),
    };
    service.configure_rules(configured).map_err(|error| match error {
        Error::Invalid { detail, .. } | Error::Conflict { detail, .. } => {
            Failure::new(Exit::Usage, format!("the rules of the configuration: {detail}"))
                .with_hint("`gateway.routes`, `gateway.upstreams` and `policies` say them")
        }
        other => Failure::failed(other),
    })
}
