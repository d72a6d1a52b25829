//! The second sample tenant: a hospital, so that there is something that the first one must not see.

use super::samples::{
    CHAT, MAIL, SampleClient, SampleKey, SamplePerson, SampleRole, SampleTenant, State,
};

pub(super) const TENANT: SampleTenant = SampleTenant {
    name: "Juniper Health",
    domain: "juniper",
    persons: &[
        SamplePerson {
            username: "tomas",
            roles: &["admin", "nx1_ask", "nx1_engineer"],
            shown: true,
            enabled: true,
            days_old: 399,
        },
        SamplePerson {
            username: "rut",
            roles: &["viewer", "auditor"],
            shown: false,
            enabled: true,
            days_old: 90,
        },
    ],
    role: SampleRole { name: "auditor", rights: &["Audit.canRead"] },
    clients: &[SampleClient {
        client_id: "juniper-portal",
        name: "Patient portal",
        description: "Asks whether keys are good",
        redirects: &[],
        roles: &["service"],
        enabled: true,
    }],
    key_type: None,
    origins: &[],
    keys: &[
        SampleKey::new("nexus", "Patient portal chat", CHAT, 66).called(35),
        SampleKey::new("nexus", "Patient portal chat", CHAT, 6).called(5),
        SampleKey::new("nexus", "Secure mail", MAIL, 64).called(9),
        SampleKey::new("nexus", "Pilot ward", CHAT, 45).that_is(State::RevokedSince(2)).called(1),
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
        SampleKey::new(
            "api",
            "\u{5ea}\u{5d5}\u{5e6}\u{5d0}\u{5d5}\u{5ea} \u{5de}\u{5e2}\u{5d1}\u{5d3}\u{5d4}",
            &["results:read"],
            5,
        )
        .not_acknowledged()
        .called(3),
    ],
};
