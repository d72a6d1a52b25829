//! What the first start makes: roles, tenants, persons, clients, the first deployment key.
//!
//! All of it commits in one transaction, so that a start that was cut off begins anew.

use crate::{Service, error::Error, password};
use domain::{
    actor::Actor,
    allow_list::AllowList,
    audit::{AuditEvent, Fact, Origin},
    client::{ACCESS_TTL_S, Client, Grant, REALM_ACCESS_TTL_S, REFRESH_TTL_S},
    id::{ClientId, EnvironmentId, KeyId, PersonId, Scope, TenantId},
    key::Key,
    person::Person,
    right::{Rights, Role, seeded_roles},
    secret::Secret,
    tenant::{Environment, Tenant},
    time::Timestamp,
};
use std::sync::Arc;
use store::{StoredSecret, clients::ClientSecret, persons::PasswordRecord};

/// What the operator wants the first start to make. Whatever is left out is made as documented.
#[derive(Debug, Default)]
pub struct Bootstrap {
    /// The cluster person; left out: `ops` with a generated password.
    pub ops: Option<NewPerson>,
    /// Environments.
    pub environments: Vec<NewEnvironment>,
    /// Tenants; left out: one named `default` with a person `admin`.
    pub tenants: Vec<NewTenant>,
    /// Clients; left out: `nexus_client` and a confidential client of the first tenant.
    pub clients: Vec<NewClient>,
}

/// A person to make.
#[derive(Debug)]
pub struct NewPerson {
    /// The user name.
    pub username: String,
    /// The password, used as given; `None`: generated and shown once.
    pub password: Option<Secret>,
    /// Role names.
    pub roles: Vec<String>,
}

/// An environment to make.
#[derive(Debug)]
pub struct NewEnvironment {
    /// Its id; `None`: random.
    pub id: Option<EnvironmentId>,
    /// The name shown.
    pub name: String,
}

/// A tenant to make.
#[derive(Debug)]
pub struct NewTenant {
    /// Its id; `None`: random.
    pub id: Option<TenantId>,
    /// The environment it belongs to.
    pub environment: Option<EnvironmentId>,
    /// The name shown.
    pub name: String,
    /// Its domains.
    pub domains: Vec<String>,
    /// Its realm.
    pub realm: Option<String>,
    /// Its persons.
    pub persons: Vec<NewPerson>,
}

/// A client to make.
#[derive(Debug)]
pub struct NewClient {
    /// The id that callers present.
    pub client_id: String,
    /// The secret, used as given; empty: a public client; `None`: generated and shown once.
    pub secret: Option<Secret>,
    /// The tenant it is bound to; `None`: the cluster's.
    pub tenant: Option<TenantId>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Scopes; empty: `*`.
    pub scopes: Vec<String>,
    /// Registered redirect addresses.
    pub redirect_uris: Vec<String>,
    /// Roles of the service account.
    pub roles: Vec<String>,
    /// Rights of the service account.
    pub rights: Rights,
}

/// What to show once, after the first start.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// Generated credentials, in the order in which they were made.
    pub credentials: Vec<Credential>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// The first tenant.
    pub tenant: Option<Tenant>,
}

/// A generated credential.
#[derive(Debug)]
pub struct Credential {
    /// What it is: `person`, `client` or `deployment key`.
    pub kind: &'static str,
    /// Whose it is; a person's with its tenant part.
    pub name: String,
    /// The text; shown once.
    pub secret: Secret,
}

/// Rows ready to be written, with the secrets already sealed and the passwords hashed.
struct Prepared {
    roles: Vec<Role>,
    environments: Vec<Environment>,
    tenants: Vec<Tenant>,
    persons: Vec<(Person, PasswordRecord)>,
    clients: Vec<(Client, Option<ClientSecret>)>,
    key: Option<(Key, StoredSecret, domain::secret::SecretDigest)>,
}

impl Service {
    /// Makes what the first start makes, unless it was made before.
    ///
    /// # Errors
    /// A value of the bootstrap configuration cannot be used, or the store is unavailable.
    pub(crate) async fn bootstrap(&self, mut plan: Bootstrap) -> Result<Option<FirstStart>, Error> {
        let made = self.store.read(|r| store::roles::list(r, Scope::Cluster).map(|roles| !roles.is_empty())).await?;
        if made {
            return Ok(None);
        }
        let at = self.now().wall;
        let mut shown = FirstStart::default();
        complete(&mut plan, self);
        let prepared = self.prepare(plan, at, &mut shown).await?;
        shown.tenant = prepared.tenants.first().cloned();
        self.write_prepared(Arc::new(prepared), at).await?;
        Ok(Some(shown))
    }

    async fn prepare(&self, plan: Bootstrap, at: Timestamp, shown: &mut FirstStart) -> Result<Prepared, Error> {
        let mut prepared = Prepared {
            roles: seeded_roles(),
            environments: Vec::new(),
            tenants: Vec::new(),
            persons: Vec::new(),
            clients: Vec::new(),
            key: None,
        };
        for e in plan.environments {
            let id = e.id.unwrap_or_else(|| EnvironmentId(self.entropy.uuid()));
            prepared.environments.push(Environment { id, name: e.name, created_at: at });
        }
        if let Some(ops) = plan.ops {
            prepared.persons.push(self.prepare_person(ops, Scope::Cluster, None, at, shown).await?);
        }
        for t in plan.tenants {
            let tenant = self.prepare_tenant(&t, at)?;
            for p in t.persons {
                let scope = Scope::Tenant(tenant.id);
                prepared.persons.push(self.prepare_person(p, scope, Some(&tenant), at, shown).await?);
            }
            prepared.tenants.push(tenant);
        }
        for c in plan.clients {
            prepared.clients.push(self.prepare_client(c, at, shown)?);
        }
        if let Some(first) = prepared.tenants.first() {
            prepared.key = Some(self.prepare_deployment_key(first, at, shown)?);
        }
        Ok(prepared)
    }

    fn prepare_tenant(&self, t: &NewTenant, at: Timestamp) -> Result<Tenant, Error> {
        domain::key::check_name(&t.name).map_err(|_| Error::invalid("bootstrap.tenants.name", "1 to 255 characters"))?;
        let domains: Option<Vec<String>> = t.domains.iter().map(|d| domain::tenant::fold_domain(d)).collect();
        let domains = domains.ok_or_else(|| {
            Error::invalid("bootstrap.tenants.domains", "a domain is 1 to 63 letters, digits, `-` or `_`, without a period")
        })?;
        if t.realm.as_deref().is_some_and(|r| !domain::tenant::is_realm_name(r)) {
            return Err(Error::invalid("bootstrap.tenants.realm", "1 to 63 lower-case letters, digits, `-` or `_`"));
        }
        Ok(Tenant {
            id: t.id.unwrap_or_else(|| TenantId(self.entropy.uuid())),
            name: t.name.clone(),
            domains,
            environment: t.environment,
            realm: t.realm.clone(),
            auth: "configServer".to_owned(),
            enabled: true,
            created_at: at,
            version: 1,
        })
    }

    async fn prepare_person(
        &self,
        p: NewPerson,
        scope: Scope,
        tenant: Option<&Tenant>,
        at: Timestamp,
        shown: &mut FirstStart,
    ) -> Result<(Person, PasswordRecord), Error> {
        if !domain::person::is_username(&p.username) {
            return Err(Error::invalid("bootstrap.persons.username", "1 to 255 characters, no backslash"));
        }
        let generated = p.password.is_none();
        let password = p.password.unwrap_or_else(|| password::generate(&self.entropy));
        if password.expose().chars().count() < password::MIN_CHARS {
            shown.warnings.push(format!("the password given for `{}` is shorter than {} characters", p.username, password::MIN_CHARS));
        }
        let record = PasswordRecord::new(self.passwords.hash(&password).await?.to_string());
        if generated {
            let part = tenant.map(|t| t.domains.first().cloned().unwrap_or_else(|| t.id.to_string()));
            let name = part.map_or_else(|| p.username.clone(), |part| format!("{part}\\{}", p.username));
            shown.credentials.push(Credential { kind: "person", name, secret: password });
        }
        let person = Person {
            id: PersonId(self.entropy.uuid()),
            scope,
            username: p.username,
            roles: self.checked_roles(p.roles, scope)?,
            enabled: true,
            must_change_password: generated,
            created_at: at,
            version: 1,
        };
        Ok((person, record))
    }

    fn checked_roles(&self, roles: Vec<String>, scope: Scope) -> Result<Vec<String>, Error> {
        let seeded = seeded_roles();
        for name in &roles {
            let known = seeded.iter().find(|r| r.name == *name);
            if known.is_none_or(|r| r.cluster_only && scope != Scope::Cluster) {
                return Err(Error::invalid("bootstrap.roles", format!("`{name}` is no role that can be given here")));
            }
        }
        Ok(roles)
    }

    fn prepare_client(&self, c: NewClient, at: Timestamp, shown: &mut FirstStart) -> Result<(Client, Option<ClientSecret>), Error> {
        if !domain::client::is_client_id(&c.client_id) {
            return Err(Error::invalid("bootstrap.clients.client_id", "1 to 255 printable ASCII characters"));
        }
        let public = c.secret.as_ref().is_some_and(|s| s.expose().is_empty());
        if public && c.grants.contains(&Grant::ClientCredentials) {
            return Err(Error::invalid(
                "bootstrap.clients.grants",
                "a client with an empty secret proves nothing and cannot use `client_credentials`",
            ));
        }
        let scope = c.tenant.map_or(Scope::Cluster, Scope::Tenant);
        let id = ClientId(self.entropy.uuid());
        let secret = if public { None } else { Some(self.client_secret(id, &c, shown)?) };
        let scopes = if c.scopes.is_empty() { vec!["*".to_owned()] } else { c.scopes };
        let realm = scopes.iter().any(|s| s == "openid");
        let client = Client {
            id,
            name: c.client_id.clone(),
            client_id: c.client_id,
            scope,
            description: None,
            public,
            grants: c.grants,
            scopes,
            redirect_uris: c.redirect_uris,
            roles: self.checked_roles(c.roles, scope)?,
            rights: c.rights,
            contact_centers: Vec::new(),
            authorities: Vec::new(),
            access_ttl_s: if realm { REALM_ACCESS_TTL_S } else { ACCESS_TTL_S },
            refresh_ttl_s: REFRESH_TTL_S,
            enabled: true,
            created_at: at,
            version: 1,
        };
        Ok((client, secret))
    }

    fn client_secret(&self, id: ClientId, c: &NewClient, shown: &mut FirstStart) -> Result<ClientSecret, Error> {
        let digest = match &c.secret {
            Some(given) => given.digest(),
            None => {
                let made = domain::secret::random("kwc_", &mut self.entropy.as_fn());
                let digest = made.digest();
                shown.credentials.push(Credential { kind: "client", name: c.client_id.clone(), secret: made });
                digest
            }
        };
        let sealed = self.keyring.seal_client_digest(id, &digest);
        let (generation, sealed_digest) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(ClientSecret { generation, sealed_digest })
    }

    fn prepare_deployment_key(
        &self,
        tenant: &Tenant,
        at: Timestamp,
        shown: &mut FirstStart,
    ) -> Result<(Key, StoredSecret, domain::secret::SecretDigest), Error> {
        let scope = Scope::Tenant(tenant.id);
        let of_type = self.key_type(scope, "deployment").ok_or(Error::NotFound)?;
        let secret = domain::secret::random("psk_", &mut self.entropy.as_fn());
        let key = Key {
            id: KeyId::from_bytes(self.entropy.bytes()),
            scope,
            key_type: of_type.name.clone(),
            name: "Deployment key".to_owned(),
            description: Some("Made at the first start".to_owned()),
            owner: None,
            permissions: of_type.grant(scope, &[]).map_err(|_| Error::NotFound)?,
            enabled: true,
            starts_at: None,
            expires_at: None,
            revoked_at: None,
            revoke_reason: None,
            limit: None,
            allow_list: AllowList::default(),
            hint: domain::secret::hint(&secret),
            acknowledged_at: None,
            created_at: at,
            created_by: "keyward".to_owned(),
            version: 1,
        };
        let stored = self.keyring.seal_secret(&key, 0, &secret, false).map_err(|e| Error::Internal(Box::new(e)))?;
        let digest = secret.digest();
        shown.credentials.push(Credential { kind: "deployment key", name: tenant.name.clone(), secret });
        Ok((key, stored, digest))
    }

    async fn write_prepared(&self, p: Arc<Prepared>, at: Timestamp) -> Result<(), Error> {
        self.store
            .write(move |tx| {
                let origin = Origin {
                    actor: Actor::system("first start"),
                    address: None,
                    request_id: "first-start".to_owned(),
                    at,
                };
                let event = |action, scope, subject: (&'static str, String)| AuditEvent::new(action, scope, origin.clone(), subject);
                let mut events = Vec::new();
                for role in &p.roles {
                    store::roles::insert(tx, role)?;
                }
                let roles = p.roles.iter().map(|r| r.name.clone()).collect();
                let seeded = event("installation.create", Scope::Cluster, ("installation", "keyward".to_owned()));
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
                    events.push(event("tenant.create", Scope::Tenant(tenant.id), subject).after(tenant.facts()));
                }
                for (person, record) in &p.persons {
                    store::persons::insert(tx, person, record)?;
                    let subject = ("person", person.id.to_string());
                    events.push(event("person.create", person.scope, subject).after(person.facts()));
                }
                for (client, secret) in &p.clients {
                    store::clients::insert(tx, client, secret.as_ref())?;
                    let subject = ("client", client.id.to_string());
                    events.push(event("client.create", client.scope, subject).after(client.facts()));
                }
                if let Some((key, stored, digest)) = &p.key {
                    store::keys::insert(tx, key, std::slice::from_ref(stored), &[*digest])?;
                    events.push(event("key.create", key.scope, ("key", key.id.to_string())).after(key.facts()));
                }
                tx.commit_all(events, ()).map_err(Error::from)
            })
            .await
    }
}

/// Fills in what the operator left out.
fn complete(plan: &mut Bootstrap, service: &Service) {
    if plan.ops.is_none() {
        plan.ops = Some(NewPerson { username: "ops".to_owned(), password: None, roles: Vec::new() });
    }
    if let Some(ops) = &mut plan.ops
        && ops.roles.is_empty()
    {
        ops.roles = vec!["ops".to_owned()];
    }
    if plan.tenants.is_empty() {
        plan.tenants.push(NewTenant {
            id: Some(TenantId(service.entropy.uuid())),
            environment: None,
            name: "default".to_owned(),
            domains: vec!["default".to_owned()],
            realm: Some("default".to_owned()),
            persons: vec![NewPerson { username: "admin".to_owned(), password: None, roles: vec!["admin".to_owned()] }],
        });
    }
    for tenant in &mut plan.tenants {
        tenant.id.get_or_insert_with(|| TenantId(service.entropy.uuid()));
    }
    if plan.clients.is_empty() {
        let first = plan.tenants.first();
        plan.clients = vec![public_client(), service_client(first)];
    }
}

/// The client of the published Digital Channels commands: an empty secret on purpose.
fn public_client() -> NewClient {
    NewClient {
        client_id: "nexus_client".to_owned(),
        secret: Some(Secret::new(String::new())),
        tenant: None,
        grants: vec![Grant::Password, Grant::RefreshToken],
        scopes: vec!["*".to_owned()],
        redirect_uris: Vec::new(),
        roles: Vec::new(),
        rights: Rights::NONE,
    }
}

/// The client that a NexusOne deployment gets, with its service account's default roles.
fn service_client(tenant: Option<&NewTenant>) -> NewClient {
    NewClient {
        client_id: tenant.map_or_else(|| "nx1".to_owned(), |t| format!("{}-service", t.name)),
        secret: None,
        tenant: tenant.and_then(|t| t.id),
        grants: vec![Grant::ClientCredentials],
        scopes: ["email", "openid", "profile"].map(str::to_owned).to_vec(),
        redirect_uris: Vec::new(),
        roles: ["nx1_ask", "nx1_engineer", "nx1_monitor"].map(str::to_owned).to_vec(),
        rights: Rights::NONE,
    }
}
