//! Sample persons, roles, clients and key types.

use super::{
    Prepared,
    samples::{SampleClient, SamplePerson, SampleTenant},
};
use crate::{Service, bootstrap::Credential, error::Error, password};
use domain::{
    client::{Client, Grant, REFRESH_TTL_S},
    cors::{Cors, WebOrigin},
    id::{ClientId, PersonId, Scope, TenantId},
    key_type::{Actions, Format, KeyType, Permissions, Place, Reveal, Settings},
    person::{Person, Profile},
    rate_limit::Limit,
    right::{Family, Right, Rights, Role},
    tenant::{Tenant, Unacknowledged, WarningDays},
    time::Timestamp,
};
use store::{clients::ClientSecret, persons::PasswordRecord};

const DAY_S: i64 = 86_400;
/// How old the tenants are.
const TENANT_DAYS: i64 = 400;

impl Service {
    /// A tenant with everything but its keys.
    pub(super) async fn sample_tenant(
        &self,
        sample: &SampleTenant,
        at: Timestamp,
        prepared: &mut Prepared,
    ) -> Result<Scope, Error> {
        let tenant = tenant(sample, TenantId(self.entropy.uuid()), at);
        let scope = Scope::Tenant(tenant.id);
        for person in sample.persons {
            self.sample_person(sample, person, scope, at, prepared).await?;
        }
        let rights: Rights =
            sample.role.rights.iter().filter_map(|text| Right::parse(text)).collect();
        let name = sample.role.name.to_owned();
        prepared.roles.push(Role { name, scope, cluster_only: false, rights, version: 1 });
        for of in sample.clients {
            let id = ClientId(self.entropy.uuid());
            let secret = match of.redirects {
                [] => Some(self.unknown_secret(id)?),
                _ => None,
            };
            prepared.clients.push((client(of, id, scope, at), secret));
        }
        let own = sample.key_type.map(|text| (tenant.id, key_type(tenant.id, text)));
        prepared.key_types.extend(own);
        prepared.policies.push(super::samples::key_policy(scope, at.plus_seconds(-12 * DAY_S)));
        let origins: std::collections::BTreeSet<WebOrigin> =
            sample.origins.iter().filter_map(|text| WebOrigin::parse(text).ok()).collect();
        if !origins.is_empty() {
            prepared.cors.push(Cors { origins, version: 1, ..Cors::none(tenant.id) });
        }
        prepared.tenants.push(tenant);
        Ok(scope)
    }

    /// Whoever is shown can sign in with what is told; nobody knows the others' passwords.
    async fn sample_person(
        &self,
        tenant: &SampleTenant,
        sample: &SamplePerson,
        scope: Scope,
        at: Timestamp,
        prepared: &mut Prepared,
    ) -> Result<(), Error> {
        let password = password::generate(&self.entropy);
        let record = match &prepared.unknown {
            Some(hash) if !sample.shown => hash.clone(),
            _ => self.passwords.hash(&password).await?.to_string(),
        };
        if sample.shown {
            let name = format!("{}\\{}", tenant.domain, sample.username);
            prepared.credentials.push(Credential { kind: "person", name, secret: password });
        } else {
            prepared.unknown = Some(record.clone());
        }
        let person = Person {
            id: PersonId(self.entropy.uuid()),
            scope,
            username: sample.username.to_owned(),
            roles: sample.roles.iter().map(|&role| role.to_owned()).collect(),
            enabled: sample.enabled,
            // Made for this database and told once, as what a person would choose instead.
            must_change_password: false,
            profile: Profile::default(),
            outside: None,
            created_at: at.plus_seconds(-sample.days_old * DAY_S),
            version: 1,
        };
        prepared.persons.push((person, PasswordRecord::new(record)));
        Ok(())
    }

    fn unknown_secret(&self, id: ClientId) -> Result<ClientSecret, Error> {
        let digest = password::generate(&self.entropy).digest();
        let sealed = self.keyring.seal_client_digest(id, &digest);
        let (generation, sealed_digest) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(ClientSecret { generation, sealed_digest })
    }
}

fn tenant(sample: &SampleTenant, id: TenantId, at: Timestamp) -> Tenant {
    Tenant {
        id,
        name: sample.name.to_owned(),
        domains: vec![sample.domain.to_owned()],
        environment: None,
        realm: Some(sample.domain.to_owned()),
        auth: "configServer".to_owned(),
        key_prefix: None,
        enabled: true,
        unacknowledged: Unacknowledged::Live,
        allow_list_required: false,
        signing_algorithm: domain::signing::Algorithm::default(),
        warning_days: WarningDays::default(),
        openconnect_route: None,
        created_at: at.plus_seconds(-TENANT_DAYS * DAY_S),
        version: 1,
    }
}

fn client(sample: &SampleClient, id: ClientId, scope: Scope, at: Timestamp) -> Client {
    let public = !sample.redirects.is_empty();
    let grants = match public {
        true => vec![Grant::AuthorizationCode, Grant::RefreshToken],
        false => vec![Grant::ClientCredentials],
    };
    Client {
        id,
        client_id: sample.client_id.to_owned(),
        scope,
        name: sample.name.to_owned(),
        description: Some(sample.description.to_owned()),
        public,
        grants,
        scopes: Vec::new(),
        optional_scopes: Vec::new(),
        consent_required: false,
        pkce_optional: false,
        rfc9068: false,
        redirect_uris: sample.redirects.iter().map(|&uri| uri.to_owned()).collect(),
        roles: sample.roles.iter().map(|&role| role.to_owned()).collect(),
        rights: Rights::NONE,
        contact_centers: Vec::new(),
        authorities: Vec::new(),
        access_ttl_s: None,
        refresh_ttl_s: REFRESH_TTL_S,
        enabled: sample.enabled,
        created_at: at.plus_seconds(-48 * DAY_S),
        version: 1,
    }
}

fn key_type(tenant: TenantId, (name, prefix, about): (&str, &str, &str)) -> KeyType {
    let header = Place::Header(std::borrow::Cow::Borrowed("x-api-key"));
    KeyType {
        name: name.to_owned(),
        tenant: Some(tenant),
        family: Family::Native,
        format: Format::Random { prefix: prefix.to_owned() },
        reveal: Reveal::OnceAcknowledged,
        presented_in: vec![header, Place::Bearer],
        permissions: Permissions::TenantsOwn,
        default_limit: Limit::new(120, 60).ok(),
        settings: Settings {
            name: true,
            description: true,
            expiry: true,
            limit: true,
            ..Settings::default()
        },
        actions: Actions { enable: true, rotate: true, ..Actions::default() },
        cluster_keys: false,
        tenant_prefix: false,
        description: Some(about.to_owned()),
        version: 1,
    }
}
