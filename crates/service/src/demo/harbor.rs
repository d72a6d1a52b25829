//! The first sample tenant: a shop with keys in every state.

use super::samples::{
    CHAT, DESIGNER, MAIL, SampleClient, SampleKey, SamplePerson, SampleRole, SampleTenant, State,
    VERIFY,
};

pub(super) const TENANT: SampleTenant = SampleTenant {
    name: "Harbor Outfitters",
    domain: "harbor",
    persons: &[
        SamplePerson {
            username: "maren",
            roles: &["admin", "nx1_ask", "nx1_engineer"],
            shown: true,
            enabled: true,
            days_old: 399,
        },
        SamplePerson {
            username: "jonas",
            roles: &["viewer"],
            shown: true,
            enabled: true,
            days_old: 210,
        },
        SamplePerson {
            username: "li.wei",
            roles: &["integrator", "nx1_monitor"],
            shown: false,
            enabled: true,
            days_old: 160,
        },
        SamplePerson {
            username: "am\u{e9}lie.o\u{2019}brien",
            roles: &["viewer"],
            shown: false,
            enabled: false,
            days_old: 120,
        },
    ],
    role: SampleRole {
        name: "integrator",
        rights: &[
            "Nexus.ApiKeys.canView",
            "Nexus.ApiKeys.canRead",
            "Nexus.ApiKeys.canCreate",
            "Nexus.ApiKeys.canUpdate",
            "Native.ApiKeys.canView",
            "Native.ApiKeys.canRead",
            "Native.ApiKeys.canCreate",
            "Native.ApiKeys.canUpdate",
            "ExperienceCloud.ApiKeys.canView",
            "ExperienceCloud.ApiKeys.canRead",
            "PersonalKeys.canUse",
        ],
    },
    clients: &[
        SampleClient {
            client_id: "harbor-crm",
            name: "CRM connector",
            description: "Checks keys on behalf of the CRM",
            redirects: &[],
            roles: &["service"],
            enabled: true,
        },
        SampleClient {
            client_id: "harbor-desktop",
            name: "Agent desktop",
            description: "Signs agents in, in their browsers",
            redirects: &["https://desktop.harbor.example/signed-in"],
            roles: &[],
            enabled: true,
        },
        SampleClient {
            client_id: "harbor-migration",
            name: "Migration of 2025",
            description: "Not used any more",
            redirects: &[],
            roles: &["service"],
            enabled: false,
        },
    ],
    key_type: Some(("till", "till_", "A till in one of the shops")),
    origins: &["https://shop.harbor.example", "https://*.harbor.example", "http://localhost:3000"],
    keys: KEYS,
};

const KEYS: &[SampleKey] = &[
    SampleKey::new("nexus", "Shop chat widget", CHAT, 80)
        .called(60)
        .only_from(&["origin https://shop.harbor.example", "origin https://*.harbor.example"]),
    SampleKey::new("nexus", "Order status mail", MAIL, 75)
        .called(12)
        .made_by("li.wei")
        .that_is(State::ExpiresIn(12)),
    SampleKey::new("nexus", "Chat flow designer", DESIGNER, 60).called(2),
    SampleKey::new("nexus", "Test chat", CHAT, 58).that_is(State::Disabled).called(1),
    SampleKey::new("nexus", "Winter campaign chat", CHAT, 57)
        .that_is(State::ExpiresIn(-5))
        .called(3),
    SampleKey::new("nexus", "Old shop chat", CHAT, 85).that_is(State::RevokedSince(20)),
    SampleKey::new(
        "nexus",
        "Chat on the campaign pages for the spring, summer and autumn collections of the northern, \
         western and overseas shops, with returns, repairs and gift cards",
        CHAT,
        24,
    )
    .about("One name as long as some people make them, so that every page has to cope with it")
    .made_by("li.wei")
    .called(9),
    SampleKey::new("nexus", "\u{62f}\u{631}\u{62f}\u{634}\u{629} \u{627}\u{644}\u{645}\u{62a}\u{62c}\u{631}", CHAT, 19)
        .about("\u{646}\u{627}\u{641}\u{630}\u{629} \u{627}\u{644}\u{645}\u{62d}\u{627}\u{62f}\u{62b}\u{629} \u{641}\u{64a} \u{627}\u{644}\u{645}\u{62a}\u{62c}\u{631}")
        .called(7),
    SampleKey::new("nexus", "Returns mail", MAIL, 14).made_by("li.wei").that_is(State::Rotating).called(11),
    SampleKey::new("ges", "Callback on the contact page", &[], 40).called(8),
    SampleKey::new("openconnect", "CRM screen pops", &[], 44)
        .about("Events of the contact center to the CRM")
        .called(30),
    SampleKey::new("client", "Agent workspace", &[], 43).called(14),
    SampleKey::new("queueadapter", "Queue statistics", &[], 42).called(6),
    SampleKey::new("telephony", "Media bar", &[], 41).that_is(State::RevokedSince(11)),
    SampleKey::new("openconnect", "New CRM, not handed over yet", &[], 1).not_acknowledged(),
    SampleKey::new("deployment", "Reporting jobs", &[], 70)
        .about("Nightly export of conversations")
        .called(4),
    SampleKey::new("data-psk", "conversations_by_hour", &[], 21)
        .about("Quarterly report")
        .that_is(State::ExpiresIn(60))
        .called(3),
    SampleKey::new("psk", "Personal key", &[], 15).about("Maren's notebook").called(1),
    SampleKey::new("psk", "Personal key", &[], 8).about("Command line").made_by("li.wei").called(2),
    SampleKey::new("api", "Order service", &["orders:read", "orders:write"], 50)
        .about("Reads and writes orders")
        .limited_to(600)
        .only_from(&["address 10.20.0.0/16", "method GET", "method POST", "path /orders"])
        .called(140),
    SampleKey::new("api", "Stock feed", &["stock:read"], 33)
        .limited_to(60)
        .made_by("li.wei")
        .that_is(State::ExpiresIn(25))
        .called(20),
    SampleKey::new("api", "Gateway", VERIFY, 89).about("Asks for verifications").called(90),
    SampleKey::new("api", "Warehouse scanner", &["stock:read", "stock:count"], 66)
        .limited_to(120)
        .that_is(State::Rotating)
        .called(45),
    SampleKey::new("api", "Old price list", &["prices:read"], 380)
        .about("Nobody has asked for it in months")
        .that_is(State::Held),
    SampleKey::new("api", "Carrier hand-over", &["orders:read"], 30)
        .about("Ends with the contract")
        .that_is(State::RevokedSince(-6))
        .called(5),
    SampleKey::new("api", "Loyalty programme", &["customers:read"], 2)
        .about("From the launch on")
        .that_is(State::StartsIn(10)),
    SampleKey::new("till", "Till 4, quay shop", &["orders:write"], 55).limited_to(300).called(16),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_a_sample_key_is_for_can_be_an_entry() {
        let entries = KEYS.iter().flat_map(|key| key.allow_list.iter());
        let paths: Vec<&str> = entries.filter_map(|entry| entry.strip_prefix("path ")).collect();
        assert!(!paths.is_empty());
        assert!(paths.iter().all(|path| domain::allow_list::is_prefix(path)), "{paths:?}");
    }
}
