//! `serve --demo`: two sample tenants with keys in every state and a week of usage, so that lists and
//! filters have something to show. What there is stands in `demo/samples.rs`.

mod samples;

use crate::{Service, bootstrap::Credential, error::Error, password};
use domain::{
    actor::Actor,
    allow_list::AllowList,
    audit::{AuditEvent, Fact, Origin},
    cors::{Cors, WebOrigin},
    id::{KeyId, PersonId, Scope, TenantId},
    key::Key,
    key_type::{Format, Permissions, Reveal},
    permission::Permission,
    person::Person,
    secret::{self, Secret, SecretDigest},
    tenant::Tenant,
    time::Timestamp,
    verdict::Verdict,
};
use samples::{SampleKey, SampleTenant, State};
use std::{collections::BTreeSet, sync::Arc};
use store::{Bookkeeping, Read, StoredSecret, Tx, keys::KeyFilter, persons::PasswordRecord};
use verifier::{Drained, KeyUsage};

const DAY_S: i64 = 86_400;
/// Days of usage.
const USAGE_DAYS: i64 = 7;

/// Everything of the demo, ready to be written.
struct Prepared {
    tenants: Vec<Tenant>,
    cors: Vec<Cors>,
    persons: Vec<(Person, PasswordRecord)>,
    keys: Vec<(Key, StoredSecret, SecretDigest, u32)>,
}

impl Service {
    /// Fills a database that holds no more than the first start made. Returns the passwords of the
    /// sample persons, to be shown once.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is more already; the store is unavailable.
    pub async fn fill_demo(&self) -> Result<Vec<Credential>, Error> {
        let at = self.now().wall;
        let filter = KeyFilter { now: at, limit: 2, ..KeyFilter::default() };
        let keys = self.store.read(move |r: &mut Read| store::keys::list(r, &filter)).await?;
        if keys.items.len() > 1 {
            return Err(Error::conflict(
                "demo",
                "sample data goes into a new, empty database only",
            ));
        }
        let mut credentials = Vec::new();
        let mut prepared = Prepared {
            tenants: Vec::new(),
            cors: Vec::new(),
            persons: Vec::new(),
            keys: Vec::new(),
        };
        for sample in samples::TENANTS {
            self.prepare_sample(sample, at, &mut prepared, &mut credentials).await?;
        }
        for key in samples::CLUSTER_KEYS {
            prepared.keys.push(self.sample_key(key, Scope::Cluster, None, at).await?);
        }
        let prepared = Arc::new(prepared);
        self.write_samples(Arc::clone(&prepared), at).await?;
        self.write_sample_usage(&prepared, at).await?;
        Ok(credentials)
    }

    async fn prepare_sample(
        &self,
        sample: &SampleTenant,
        at: Timestamp,
        prepared: &mut Prepared,
        credentials: &mut Vec<Credential>,
    ) -> Result<(), Error> {
        let tenant = Tenant {
            id: TenantId(self.entropy.uuid()),
            name: sample.name.to_owned(),
            domains: vec![sample.domain.to_owned()],
            environment: None,
            realm: Some(sample.domain.to_owned()),
            auth: "configServer".to_owned(),
            key_prefix: None,
            enabled: true,
            unacknowledged: domain::tenant::Unacknowledged::Live,
            allow_list_required: false,
            signing_algorithm: domain::signing::Algorithm::default(),
            warning_days: domain::tenant::WarningDays::default(),
            openconnect_route: None,
            created_at: at.plus_seconds(-90 * DAY_S),
            version: 1,
        };
        let scope = Scope::Tenant(tenant.id);
        let password = password::generate(&self.entropy);
        let record = PasswordRecord::new(self.passwords.hash(&password).await?.to_string());
        let person = Person {
            id: PersonId(self.entropy.uuid()),
            scope,
            username: sample.person.to_owned(),
            roles: ["admin", "nx1_ask", "nx1_engineer"].map(str::to_owned).to_vec(),
            enabled: true,
            must_change_password: true,
            profile: domain::person::Profile::default(),
            outside: None,
            created_at: tenant.created_at,
            version: 1,
        };
        for key in sample.keys {
            prepared.keys.push(self.sample_key(key, scope, Some(&person), at).await?);
        }
        let name = format!("{}\\{}", sample.domain, sample.person);
        credentials.push(Credential { kind: "person", name, secret: password });
        let origins: BTreeSet<WebOrigin> =
            sample.origins.iter().filter_map(|text| WebOrigin::parse(text).ok()).collect();
        if !origins.is_empty() {
            prepared.cors.push(Cors { origins, version: 1, ..Cors::none(tenant.id) });
        }
        prepared.tenants.push(tenant);
        prepared.persons.push((person, record));
        Ok(())
    }

    async fn sample_key(
        &self,
        sample: &SampleKey,
        scope: Scope,
        owner: Option<&Person>,
        at: Timestamp,
    ) -> Result<(Key, StoredSecret, SecretDigest, u32), Error> {
        let of_type = self.key_type(scope, sample.key_type).ok_or(Error::NotFound)?;
        let personal = of_type.permissions == Permissions::OwnersRoles;
        let asked: Vec<Permission> =
            sample.permissions.iter().filter_map(|p| Permission::parse(p).ok()).collect();
        let permissions = of_type.grant(scope, &asked).map_err(|_| Error::NotFound)?;
        let id = KeyId::from_bytes(self.entropy.bytes());
        let mut entropy = self.entropy.as_fn();
        // A caller-chosen secret is most often a UUID, too.
        let secret: Secret = match &of_type.format {
            Format::Random { prefix } => secret::random(prefix, &mut entropy),
            Format::Uuid | Format::Chosen => secret::random_uuid(&mut entropy),
            Format::Jwt => self.key_jwt(id).await?,
        };
        let in_days = |days: i64| Some(at.plus_seconds(days * DAY_S));
        let (enabled, expires_at, revoked_at) = match sample.state {
            State::Available => (true, None, None),
            State::Disabled => (false, None, None),
            State::ExpiresIn(days) => (true, in_days(days), None),
            State::RevokedSince(days) => (true, None, in_days(-days)),
        };
        let key = Key {
            id,
            scope,
            key_type: of_type.name.clone(),
            name: sample.name.to_owned(),
            description: sample.description.map(str::to_owned),
            owner: owner.filter(|_| personal).map(|p| p.id),
            permissions,
            enabled,
            starts_at: None,
            expires_at,
            revoked_at,
            revoke_reason: revoked_at.map(|_| "Replaced".to_owned()),
            limit: sample.limit().or(of_type.default_limit),
            allow_list: AllowList::default(),
            hint: secret::hint(&secret),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: at.plus_seconds(-sample.days_old * DAY_S),
            created_by: owner.map_or_else(|| "ops".to_owned(), |p| p.username.clone()),
            version: 1,
        };
        let keep_text = of_type.reveal == Reveal::Recoverable;
        let stored = self
            .keyring
            .seal_secret(&key, 0, &secret, keep_text)
            .map_err(|e| Error::Internal(Box::new(e)))?;
        Ok((key, stored, secret.digest(), sample.calls_an_hour))
    }

    async fn write_samples(&self, p: Arc<Prepared>, at: Timestamp) -> Result<(), Error> {
        let origin = Origin {
            actor: Actor::system("demo"),
            address: None,
            request_id: "demo".to_owned(),
            at,
        };
        self.store
            .write(move |tx: &mut Tx| {
                let mut events = Vec::new();
                let event = |action, scope, subject: (&'static str, String)| {
                    AuditEvent::new(action, scope, origin.clone(), subject)
                        .detail(vec![("sample", Fact::Bool(true))])
                };
                for tenant in &p.tenants {
                    store::tenants::insert(tx, tenant)?;
                    let subject = ("tenant", tenant.id.to_string());
                    let made = event("tenant.create", Scope::Tenant(tenant.id), subject);
                    events.push(made.after(tenant.facts()));
                    let policy = samples::key_policy(Scope::Tenant(tenant.id), at);
                    store::key_policies::insert(tx, &policy)?;
                    let set = event("key_policy.set", policy.scope, ("key_policy", policy.id()));
                    events.push(set.after(policy.facts()));
                }
                for cors in &p.cors {
                    store::cors::save(tx, cors)?;
                    let (scope, subject) =
                        (Scope::Tenant(cors.tenant), ("cors", cors.tenant.to_string()));
                    events.push(event("cors_origin.create", scope, subject).after(cors.facts()));
                }
                for (person, record) in &p.persons {
                    store::persons::insert(tx, person, record)?;
                    let subject = ("person", person.id.to_string());
                    events
                        .push(event("person.create", person.scope, subject).after(person.facts()));
                }
                for (key, stored, digest, _) in &p.keys {
                    store::keys::insert(tx, key, std::slice::from_ref(stored), &[*digest])?;
                    let subject = ("key", key.id.to_string());
                    events.push(event("key.create", key.scope, subject).after(key.facts()));
                }
                tx.commit_all(events, ()).map_err(Error::from)
            })
            .await
    }

    /// One flush for each hour of the week before `at`, then all of it rolled up.
    async fn write_sample_usage(
        &self,
        prepared: &Arc<Prepared>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let prepared = Arc::clone(prepared);
        self.store
            .record(move |b: &mut Bookkeeping| {
                let hours = USAGE_DAYS * 24;
                for ago in (1..=hours).rev() {
                    let hour = at.plus_seconds(-ago * 3_600);
                    let keys = prepared
                        .keys
                        .iter()
                        .filter_map(|(key, _, _, calls)| sample_usage(key, *calls, hour))
                        .collect();
                    let strangers = u64::try_from(ago % 5).unwrap_or_default();
                    store::usage::flush(b, hour, &Drained { keys, not_found: strangers })?;
                }
                let rows = u32::try_from(hours).unwrap_or(u32::MAX);
                store::usage::roll_up(b, at, rows).map(|_| ())
            })
            .await
            .map_err(|e: store::Error| e.into())
    }
}

/// What a key would have been asked in that hour: more by day than by night, by the verdict that its
/// state then gave.
fn sample_usage(key: &Key, calls_an_hour: u32, hour: Timestamp) -> Option<KeyUsage> {
    if calls_an_hour == 0 || hour < key.created_at {
        return None;
    }
    let of_day = u32::try_from(hour.as_seconds() / 3_600 % 24).unwrap_or_default();
    let weight = if (8..20).contains(&of_day) { 4 } else { 1 };
    let calls = calls_an_hour * weight + of_day;
    let verdict = if key.is_revoked(hour) {
        Verdict::Revoked
    } else if !key.enabled {
        Verdict::Disabled
    } else if key.expires_at.is_some_and(|end| end <= hour) {
        Verdict::Expired
    } else {
        Verdict::Valid
    };
    let limited = if verdict == Verdict::Valid { calls / 50 } else { 0 };
    let counts = Verdict::ALL.map(|v| match v {
        _ if v == verdict => calls,
        Verdict::RateLimited => limited,
        _ => 0,
    });
    let last_used = (verdict == Verdict::Valid).then_some(hour);
    Some(KeyUsage { id: key.id, counts, last_used, secrets_used: [last_used, None] })
}
