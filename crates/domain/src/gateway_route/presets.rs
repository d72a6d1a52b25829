//! Presets: the routes of the systems whose keys are seeded, so that a preset and an upstream are all
//! that needs saying.

use super::{GatewayRoute, Upstream};
use crate::{
    key_type::Place,
    policy::{Envelope, Policy, Source, Tokens, Wanted},
};
use std::borrow::Cow;

/// What a route is when only its upstream was named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preset {
    /// Its own name, and the route's unless that has another.
    pub name: &'static str,
    /// The beginning of the paths.
    pub prefix: &'static str,
    /// The key types that pass.
    pub key_types: &'static [&'static str],
    /// The key must hold one of these.
    pub any_of: &'static [&'static str],
    /// Where a key may be presented.
    pub presented_in: &'static [Place],
    /// Whether access tokens pass, too.
    pub tokens: Tokens,
    /// In whose words a refusal is said.
    pub envelope: Envelope,
}

const X_API_KEY: &[Place] = &[Place::Header(Cow::Borrowed("x-api-key"))];
const JWT: &[Place] = &[Place::Bearer, Place::Parameter(Cow::Borrowed("jwt"))];
const PSK: &[Place] = &[Place::Header(Cow::Borrowed("authorization-psk"))];

/// All of them.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "engagement",
        prefix: "/engagement/v3",
        key_types: &["ges"],
        // Every such key holds `engagement:*`; a wanted permission is exact.
        any_of: &["engagement:callback"],
        presented_in: X_API_KEY,
        tokens: Tokens::Refused,
        envelope: Envelope::Ges,
    },
    nexus("nexus-chat", "/nexus/v3/chat", &["nexus:consumer:chat", "nexus:cluster:chat"]),
    nexus(
        "nexus-securemail",
        "/nexus/v3/securemail",
        &["nexus:consumer:securemail", "nexus:cluster:securemail"],
    ),
    nexus(
        "nexus-designer",
        "/nexus/v3/designer",
        &["nexus:designer:chat", "nexus:cluster:designer"],
    ),
    experience("client", "/experience/client", &["client"], &["experience:client"]),
    experience(
        "queueadapter",
        "/experience/queueadapter",
        &["queueadapter"],
        &["experience:queueadapter"],
    ),
    experience("telephony", "/experience/telephony", &["telephony"], &["experience:telephony"]),
    experience(
        "openconnect",
        "/experience/openconnect",
        &["openconnect"],
        &["experience:openconnect"],
    ),
    Preset {
        name: "nexusone",
        prefix: "/api/data",
        key_types: &["psk", "deployment", "data-psk"],
        // A personal key carries its owner's roles as they are now: without any of them it opens nothing.
        any_of: &[
            "nx1:app_manager",
            "nx1:ask",
            // Of the keys of data products.
            "nx1:data",
            "nx1:engineer",
            "nx1:ingest",
            "nx1:monitor",
            "nx1:monitor_admin",
        ],
        presented_in: PSK,
        // As published: `/api/data` takes a key. A route for the rest of the API says otherwise.
        tokens: Tokens::Refused,
        envelope: Envelope::Nexusone,
    },
];

const fn nexus(
    name: &'static str,
    prefix: &'static str,
    any_of: &'static [&'static str],
) -> Preset {
    Preset {
        name,
        prefix,
        key_types: &["nexus"],
        any_of,
        presented_in: X_API_KEY,
        tokens: Tokens::Refused,
        envelope: Envelope::Nexus,
    }
}

const fn experience(
    name: &'static str,
    prefix: &'static str,
    key_types: &'static [&'static str],
    any_of: &'static [&'static str],
) -> Preset {
    Preset {
        name,
        prefix,
        key_types,
        any_of,
        presented_in: JWT,
        tokens: Tokens::Refused,
        envelope: Envelope::Experience,
    }
}

/// The preset of this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// The permissions that a key must hold.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Wanted {
            any: self.any_of.len() > 1,
            permissions: self.any_of.iter().map(|&p| p.to_owned()).collect(),
        }
    }

    /// The whole route, every field of which may be said otherwise afterwards.
    #[must_use]
    pub fn route(&self, upstream: Upstream, source: Source) -> GatewayRoute {
        let policy = Policy {
            key_types: self.key_types.iter().map(|&t| t.to_owned()).collect(),
            wanted: self.wanted(),
            presented_in: self.presented_in.to_vec(),
            tokens: self.tokens,
            envelope: self.envelope,
            source,
            ..Policy::unsaid(self.name.to_owned())
        };
        GatewayRoute::unsaid(policy, self.prefix.to_owned(), upstream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key_type::seeded, permission::check_wanted};
    use std::collections::BTreeSet;

    #[test]
    fn presets_have_names_and_prefixes_of_their_own() {
        let names: BTreeSet<_> = PRESETS.iter().map(|p| p.name).collect();
        let prefixes: BTreeSet<_> = PRESETS.iter().map(|p| p.prefix).collect();
        assert_eq!((names.len(), prefixes.len()), (PRESETS.len(), PRESETS.len()));
        assert!(PRESETS.iter().all(|p| preset(p.name) == Some(p)));
        assert_eq!(preset("nexus"), None);
    }

    #[test]
    fn a_preset_takes_keys_where_their_types_are_presented() {
        let types = seeded();
        for preset in PRESETS {
            for name in preset.key_types {
                let key_type = types.iter().find(|t| t.name == *name).unwrap();
                for place in preset.presented_in {
                    assert!(key_type.presented_in.contains(place), "{}: {place:?}", preset.name);
                }
            }
        }
    }

    #[test]
    fn what_a_preset_wants_can_be_held() {
        use crate::key_type::Permissions;
        let types = seeded();
        for preset in PRESETS {
            let wanted = preset.wanted();
            assert!(!wanted.permissions.is_empty(), "{}", preset.name);
            for permission in &wanted.permissions {
                assert_eq!(check_wanted(permission), Ok(()), "{permission}");
            }
            for name in preset.key_types {
                let key_type = types.iter().find(|t| t.name == *name).unwrap();
                let held = wanted.permissions.iter().any(|w| match &key_type.permissions {
                    Permissions::Fixed(held) => held.iter().any(|p| p.covers(w)),
                    Permissions::Within(namespace) => {
                        w.split(':').next() == Some(namespace.trim_end_matches(":*"))
                    }
                    Permissions::OwnersRoles => w.starts_with("nx1:"),
                    Permissions::TenantsOwn => false,
                });
                assert!(held, "{}: {name}", preset.name);
            }
        }
    }
}
