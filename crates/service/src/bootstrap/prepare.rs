//! Turns the plan into rows: values checked, passwords hashed, secrets sealed.

use super::{Bootstrap, Credential, FirstStart, NewClient, NewPerson, NewTenant, Prepared};
use crate::{Service, error::Error, password};
use domain::{
    allow_list::AllowList,
    client::{Client, Grant, REFRESH_TTL_S},
    id::{ClientId, EnvironmentId, KeyId, PersonId, Scope, TenantId},
    key::Key,
    person::Person,
    right::seeded_roles,
    tenant::{Environment, Tenant},
    time::Timestamp,
};
use store::{StoredSecret, clients::ClientSecret, persons::PasswordRecord};

/// Who made what nobody made by name.
pub(crate) const CREATOR: &str = "keyward";

impl Service {
    pub(super) async fn prepare(
        &self,
        plan: Bootstrap,
        at: Timestamp,
        shown: &mut FirstStart,
    ) -> Result<Prepared, Error> {
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
            prepared.environments.push(Environment {
                id,
                name: e.name,
                details: None,
                created_at: at,
            });
        }
        if let Some(ops) = plan.ops {
            prepared.persons.push(self.prepare_person(ops, Scope::Cluster, None, at, shown).await?);
        }
        for t in plan.tenants {
            let tenant = self.prepare_tenant(&t, at)?;
            for p in t.persons {
                let scope = Scope::Tenant(tenant.id);
                prepared
                    .persons
                    .push(self.prepare_person(p, scope, Some(&tenant), at, shown).await?);
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
        domain::key::check_name(&t.name)
            .map_err(|_| Error::invalid("bootstrap.tenants.name", "1 to 255 characters"))?;
        let domains: Option<Vec<String>> =
            t.domains.iter().map(|d| domain::tenant::fold_domain(d)).collect();
        let domains = domains.ok_or_else(|| {
            Error::invalid(
                "bootstrap.tenants.domains",
                "a domain is 1 to 63 letters, digits, `-` or `_`, without a period",
            )
        })?;
        if t.realm.as_deref().is_some_and(|r| !domain::tenant::is_realm_name(r)) {
            return Err(Error::invalid(
                "bootstrap.tenants.realm",
                "1 to 63 lower-case letters, digits, `-` or `_`",
            ));
        }
        Ok(Tenant {
            id: t.id.unwrap_or_else(|| TenantId(self.entropy.uuid())),
            name: t.name.clone(),
            domains,
            environment: t.environment,
            realm: t.realm.clone(),
            auth: "configServer".to_owned(),
            key_prefix: None,
            enabled: true,
            unacknowledged: domain::tenant::Unacknowledged::Live,
            allow_list_required: false,
            signing_algorithm: domain::signing::Algorithm::default(),
            warning_days: domain::tenant::WarningDays::default(),
            openconnect_route: None,
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
            return Err(Error::invalid(
                "bootstrap.persons.username",
                "1 to 255 characters, no backslash",
            ));
        }
        let generated = p.password.is_none();
        let password = p.password.unwrap_or_else(|| password::generate(&self.entropy));
        if password.expose().chars().count() < password::MIN_CHARS {
            shown.warnings.push(format!(
                "the password given for `{}` is shorter than {} characters",
                p.username,
                password::MIN_CHARS
            ));
        }
        let record = PasswordRecord::new(self.passwords.hash(&password).await?.to_string());
        if generated {
            let part =
                tenant.map(|t| t.domains.first().cloned().unwrap_or_else(|| t.id.to_string()));
            let name =
                part.map_or_else(|| p.username.clone(), |part| format!("{part}\\{}", p.username));
            shown.credentials.push(Credential { kind: "person", name, secret: password });
        }
        let person = Person {
            id: PersonId(self.entropy.uuid()),
            scope,
            username: p.username,
            roles: self.checked_roles(p.roles, scope)?,
            enabled: true,
            must_change_password: generated,
            profile: domain::person::Profile::default(),
            outside: None,
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
                return Err(Error::invalid(
                    "bootstrap.roles",
                    format!("`{name}` is no role that can be given here"),
                ));
            }
        }
        Ok(roles)
    }

    fn prepare_client(
        &self,
        c: NewClient,
        at: Timestamp,
        shown: &mut FirstStart,
    ) -> Result<(Client, Option<ClientSecret>), Error> {
        if !domain::client::is_client_id(&c.client_id) {
            return Err(Error::invalid(
                "bootstrap.clients.client_id",
                "1 to 255 printable ASCII characters",
            ));
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
        let client = Client {
            id,
            name: c.client_id.clone(),
            client_id: c.client_id,
            scope,
            description: None,
            public,
            grants: c.grants,
            scopes,
            optional_scopes: Vec::new(),
            consent_required: false,
            pkce_optional: false,
            rfc9068: false,
            redirect_uris: c.redirect_uris,
            roles: self.checked_roles(c.roles, scope)?,
            rights: c.rights,
            contact_centers: Vec::new(),
            authorities: Vec::new(),
            access_ttl_s: None,
            refresh_ttl_s: REFRESH_TTL_S,
            enabled: true,
            created_at: at,
            version: 1,
        };
        Ok((client, secret))
    }

    fn client_secret(
        &self,
        id: ClientId,
        c: &NewClient,
        shown: &mut FirstStart,
    ) -> Result<ClientSecret, Error> {
        let digest = match &c.secret {
            Some(given) => given.digest(),
            None => {
                let made = domain::secret::random("kwc_", &mut self.entropy.as_fn());
                let digest = made.digest();
                shown.credentials.push(Credential {
                    kind: "client",
                    name: c.client_id.clone(),
                    secret: made,
                });
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
            // Whoever started the server was shown it, and nobody else could acknowledge it.
            acknowledged_at: Some(at),
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: at,
            created_by: CREATOR.to_owned(),
            version: 1,
        };
        let stored = self
            .keyring
            .seal_secret(&key, 0, &secret, false)
            .map_err(|e| Error::Internal(Box::new(e)))?;
        let digest = secret.digest();
        shown.credentials.push(Credential {
            kind: "deployment key",
            name: tenant.name.clone(),
            secret,
        });
        Ok((key, stored, digest))
    }
}
