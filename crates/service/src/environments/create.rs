//! Making an environment.

use super::require_cluster;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::AuditEvent,
    id::{EnvironmentId, Scope},
    key::check_name,
    tenant::Environment,
};
use store::Tx;

/// An environment to make.
#[derive(Clone, Debug)]
pub struct CreateEnvironment {
    /// Its id, where it is known elsewhere already; `None`: a new one.
    pub id: Option<EnvironmentId>,
    /// The name shown.
    pub name: String,
    /// What its wire says of it besides; holds no credentials.
    pub details: String,
}

impl Service {
    /// Makes an environment.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not act for the cluster, [`Error::Invalid`],
    /// [`Error::Conflict`] when its id is taken.
    pub async fn create_environment(
        &self,
        caller: &Caller,
        wanted: CreateEnvironment,
    ) -> Result<Environment, Error> {
        require_cluster(caller)?;
        let CreateEnvironment { id, name, details } = wanted;
        check_name(&name).map_err(|_| {
            Error::invalid(
                "name",
                "must have 1 to 255 characters, not only spaces, no control characters",
            )
        })?;
        let at = self.now().wall;
        let environment = Environment {
            id: id.unwrap_or_else(|| EnvironmentId(self.entropy.uuid())),
            name,
            details: Some(details),
            created_at: at,
        };
        let origin = caller.origin(at);
        self.store
            .write(move |tx: &mut Tx| {
                store::tenants::insert_environment(tx, &environment)?;
                let subject = ("environment", environment.id.to_string());
                let event =
                    AuditEvent::new("environment.create", Scope::Cluster, origin.clone(), subject)
                        .after(environment.facts());
                tx.commit(event, environment.clone()).map_err(Error::from)
            })
            .await
    }
}
