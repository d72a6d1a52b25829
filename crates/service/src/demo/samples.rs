//! What a sample tenant and a sample key are, and what the cluster has.

use domain::{id::Scope, key_policy::KeyPolicy, rate_limit::Limit, time::Timestamp};

/// A tenant.
pub(super) struct SampleTenant {
    pub(super) name: &'static str,
    pub(super) domain: &'static str,
    /// The first one administers it, and makes what names nobody else.
    pub(super) persons: &'static [SamplePerson],
    pub(super) role: SampleRole,
    pub(super) clients: &'static [SampleClient],
    /// A key type of its own: name, prefix and what it is for.
    pub(super) key_type: Option<(&'static str, &'static str, &'static str)>,
    /// From where browsers may call.
    pub(super) origins: &'static [&'static str],
    pub(super) keys: &'static [SampleKey],
}

/// A person.
pub(super) struct SamplePerson {
    pub(super) username: &'static str,
    pub(super) roles: &'static [&'static str],
    /// Whether the password is told, so that one can be this person.
    pub(super) shown: bool,
    pub(super) enabled: bool,
    /// Days since they were added.
    pub(super) days_old: i64,
}

/// A role of the tenant's own.
pub(super) struct SampleRole {
    pub(super) name: &'static str,
    pub(super) rights: &'static [&'static str],
}

/// A client.
pub(super) struct SampleClient {
    pub(super) client_id: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// A program in a browser: it signs people in and has no secret.
    pub(super) redirects: &'static [&'static str],
    pub(super) roles: &'static [&'static str],
    pub(super) enabled: bool,
}

/// A key.
pub(super) struct SampleKey {
    pub(super) key_type: &'static str,
    pub(super) name: &'static str,
    pub(super) description: Option<&'static str>,
    pub(super) permissions: &'static [&'static str],
    pub(super) state: State,
    pub(super) days_old: i64,
    pub(super) calls_an_hour: u32,
    capacity: Option<u32>,
    /// Who made it; the first person where nobody is named.
    pub(super) by: Option<&'static str>,
    /// Whether its creator said that the secret is stored.
    pub(super) acknowledged: bool,
    pub(super) allow_list: &'static [&'static str],
}

/// Where a key stands in its life.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Available,
    Disabled,
    /// Good from in so many days on.
    StartsIn(i64),
    /// In so many days; a negative number is over already.
    ExpiresIn(i64),
    /// For so many days; a negative number lies ahead.
    RevokedSince(i64),
    /// Held back, because nobody used it.
    Held,
    /// Two of its secrets are good.
    Rotating,
}

impl SampleKey {
    pub(super) const fn new(
        key_type: &'static str,
        name: &'static str,
        permissions: &'static [&'static str],
        days_old: i64,
    ) -> Self {
        Self {
            key_type,
            name,
            description: None,
            permissions,
            state: State::Available,
            days_old,
            calls_an_hour: 0,
            capacity: None,
            by: None,
            acknowledged: true,
            allow_list: &[],
        }
    }

    pub(super) const fn that_is(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    pub(super) const fn about(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    pub(super) const fn called(mut self, times_an_hour: u32) -> Self {
        self.calls_an_hour = times_an_hour;
        self
    }

    pub(super) const fn limited_to(mut self, capacity: u32) -> Self {
        self.capacity = Some(capacity);
        self
    }

    pub(super) const fn made_by(mut self, username: &'static str) -> Self {
        self.by = Some(username);
        self
    }

    pub(super) const fn not_acknowledged(mut self) -> Self {
        self.acknowledged = false;
        self
    }

    pub(super) const fn only_from(mut self, entries: &'static [&'static str]) -> Self {
        self.allow_list = entries;
        self
    }

    /// So many calls a minute, where the sample says.
    pub(super) fn limit(&self) -> Option<Limit> {
        self.capacity.and_then(|capacity| Limit::new(capacity, 60).ok())
    }
}

pub(super) const CHAT: &[&str] = &["nexus:consumer:chat"];
pub(super) const MAIL: &[&str] = &["nexus:consumer:securemail"];
pub(super) const DESIGNER: &[&str] = &["nexus:designer:chat"];
pub(super) const VERIFY: &[&str] = &["keyward:keys:verify"];

pub(super) const CLUSTER_KEYS: &[SampleKey] =
    &[SampleKey::new("nexus", "Cluster API key", &["nexus:cluster:*"], 88).called(25)];

pub(super) const TENANTS: &[SampleTenant] = &[super::harbor::TENANT, super::juniper::TENANT];

/// What each sample tenant says of its keys of type `api`.
pub(super) fn key_policy(scope: Scope, at: Timestamp) -> KeyPolicy {
    KeyPolicy {
        scope,
        key_type: "api".to_owned(),
        default_life_days: Some(90),
        longest_life_days: Some(365),
        description_required: false,
        most_keys: Some(200),
        most_keys_per_person: Some(50),
        most_new_per_minute: Some(60),
        unused_days: Some(180),
        created_at: at,
        version: 1,
    }
}
