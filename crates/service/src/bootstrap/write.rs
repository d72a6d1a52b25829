//! Writes the rows of the first start, each with its event, in one transaction.

use super::Prepared;
use crate::{Service, error::Error};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Fact, Origin},
    id::Scope,
    time::Timestamp,
};
use std::sync::Arc;

impl Service {
    pub(super) async fn write_prepared(
        &self,
        p: Arc<Prepared>,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.store
            .write(move |tx| {
                let origin = Origin {
                    actor: Actor::system("first start"),
                    address: None,
                    request_id: "first-start".to_owned(),
                    at,
                };
                let event = |action, scope, subject: (&'static str, String)| {
                    AuditEvent::new(action, scope, origin.clone(), subject)
                };
                let mut events = Vec::new();
                for role in &p.roles {
                    store::roles::insert(tx, role)?;
                }
                let roles = p.roles.iter().map(|r| r.name.clone()).collect();
                let seeded = event(
                    "installation.create",
                    Scope::Cluster,
                    ("installation", "keyward".to_owned()),
                );
                events.push(seeded.detail(vec![("roles", Fact::List(roles))]));
                for environment in &p.environments {
                    store::tenants::insert_environment(tx, environment)?;
                    let subject = ("environment", environment.id.to_string());
                    let name = vec![("name", Fact::Text(environment.name.clone()))];
                    events.push(event("environment.create", Scope::Cluster, subject).after(name));
                }
                for tenant in &p.tenants {
                    store::tenants::insert(tx, tenant)?;
                    let subject = ("tenant", tenant.id.to_string());
                    events.push(
                        event("tenant.create", Scope::Tenant(tenant.id), subject)
                            .after(tenant.facts()),
                    );
                }
                for (person, record) in &p.persons {
                    store::persons::insert(tx, person, record)?;
                    let subject = ("person", person.id.to_string());
                    events
                        .push(event("person.create", person.scope, subject).after(person.facts()));
                }
                for (client, secret) in &p.clients {
                    store::clients::insert(tx, client, secret.as_ref())?;
                    let subject = ("client", client.id.to_string());
                    events
                        .push(event("client.create", client.scope, subject).after(client.facts()));
                }
                if let Some((key, stored, digest)) = &p.key {
                    store::keys::insert(tx, key, std::slice::from_ref(stored), &[*digest])?;
                    events.push(
                        event("key.create", key.scope, ("key", key.id.to_string()))
                            .after(key.facts()),
                    );
                }
                tx.commit_all(events, ()).map_err(Error::from)
            })
            .await
    }
}
