//! The sample tenants and their keys.

use domain::{id::Scope, key_policy::KeyPolicy, rate_limit::Limit, time::Timestamp};

/// A tenant.
pub(super) struct SampleTenant {
    pub(super) name: &'static str,
    pub(super) domain: &'static str,
    /// Its administrator's user name.
    pub(super) person: &'static str,
    /// From where browsers may call.
    pub(super) origins: &'static [&'static str],
    pub(super) keys: &'static [SampleKey],
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
}

/// Where a key stands in its life.
#[derive(Clone, Copy)]
pub(super) enum State {
    Available,
    Disabled,
    /// In so many days; a negative number is over already.
    ExpiresIn(i64),
    /// For so many days.
    RevokedSince(i64),
}

impl SampleKey {
    const fn new(
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
        }
    }

    const fn that_is(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    const fn about(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    const fn called(mut self, times_an_hour: u32) -> Self {
        self.calls_an_hour = times_an_hour;
        self
    }

    const fn limited_to(mut self, capacity: u32) -> Self {
        self.capacity = Some(capacity);
        self
    }

    /// So many calls a minute, where the sample says.
    pub(super) fn limit(&self) -> Option<Limit> {
        self.capacity.and_then(|capacity| Limit::new(capacity, 60).ok())
    }
}

const CHAT: &[&str] = &["nexus:consumer:chat"];
const MAIL: &[&str] = &["nexus:consumer:securemail"];
const DESIGNER: &[&str] = &["nexus:designer:chat"];
const VERIFY: &[&str] = &["keyward:keys:verify"];

pub(super) const CLUSTER_KEYS: &[SampleKey] =
    &[SampleKey::new("nexus", "Cluster API key", &["nexus:cluster:*"], 88).called(25)];

pub(super) const TENANTS: &[SampleTenant] = &[
    SampleTenant {
        name: "Harbor Outfitters",
        domain: "harbor",
        person: "maren",
        origins: &["https://shop.harbor.example", "http://localhost:3000"],
        keys: &[
            SampleKey::new("nexus", "Shop chat widget", CHAT, 80).called(60),
            SampleKey::new("nexus", "Order status mail", MAIL, 75)
                .called(12)
                .that_is(State::ExpiresIn(12)),
            SampleKey::new("nexus", "Chat flow designer", DESIGNER, 60).called(2),
            SampleKey::new("nexus", "Kiosk chat", CHAT, 58).that_is(State::Disabled).called(1),
            SampleKey::new("nexus", "Winter campaign chat", CHAT, 57)
                .that_is(State::ExpiresIn(-5))
                .called(3),
            SampleKey::new("nexus", "Old shop chat", CHAT, 85).that_is(State::RevokedSince(20)),
            SampleKey::new("ges", "Callback on the contact page", &[], 40).called(8),
            SampleKey::new("openconnect", "CRM screen pops", &[], 44)
                .about("Events of the contact center to the CRM")
                .called(30),
            SampleKey::new("client", "Agent workspace", &[], 43).called(14),
            SampleKey::new("queueadapter", "Queue statistics", &[], 42).called(6),
            SampleKey::new("telephony", "Media bar", &[], 41).that_is(State::RevokedSince(11)),
            SampleKey::new("deployment", "Reporting jobs", &[], 70)
                .about("Nightly export of conversations")
                .called(4),
            SampleKey::new("data-psk", "conversations_by_hour", &[], 21)
                .about("Quarterly report")
                .that_is(State::ExpiresIn(60))
                .called(3),
            SampleKey::new("psk", "Personal key", &[], 15).about("Maren's notebook"),
            SampleKey::new("api", "Order service", &["orders:read", "orders:write"], 50)
                .about("Reads and writes orders")
                .limited_to(600)
                .called(140),
            SampleKey::new("api", "Stock feed", &["stock:read"], 33)
                .limited_to(60)
                .that_is(State::ExpiresIn(25))
                .called(20),
            SampleKey::new("api", "Gateway", VERIFY, 89).about("Asks for verifications").called(90),
        ],
    },
    SampleTenant {
        name: "Juniper Health",
        domain: "juniper",
        person: "tomas",
        origins: &[],
        keys: &[
            SampleKey::new("nexus", "Patient portal chat", CHAT, 66).called(35),
            SampleKey::new("nexus", "Patient portal chat", CHAT, 6).called(5),
            SampleKey::new("nexus", "Secure mail", MAIL, 64).called(9),
            SampleKey::new("nexus", "Pilot ward", CHAT, 45)
                .that_is(State::RevokedSince(2))
                .called(1),
            SampleKey::new("ges", "Appointment callbacks", &[], 30).called(6),
            SampleKey::new("openconnect", "Case management", &[], 36).called(11),
            SampleKey::new("client", "Reception", &[], 35).called(4),
            SampleKey::new("queueadapter", "Triage queue", &[], 34).called(2),
            SampleKey::new("telephony", "Softphone", &[], 31).called(1),
            SampleKey::new("deployment", "Data platform", &[], 62).called(3),
            SampleKey::new("data-psk", "waiting_times", &[], 12)
                .that_is(State::ExpiresIn(18))
                .called(2),
            SampleKey::new("psk", "Personal key", &[], 9).about("Query tool"),
            SampleKey::new("api", "Lab results", &["results:read"], 28).limited_to(300).called(55),
            SampleKey::new("api", "Lab results, test", &["results:*"], 27).that_is(State::Disabled),
        ],
    },
];

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
