//! The key types that every installation has, written out: this is the table of the documentation.

use super::{Actions, Format, KeyType, Permissions, Place, Reveal, Settings};
use crate::{permission::Permission, rate_limit::Limit, right::Family};

/// The types that every installation has from its first start.
#[must_use]
pub fn seeded() -> Vec<KeyType> {
    let mut types = vec![nexus(), ges(), psk(), deployment(), data_psk(), api()];
    types.extend(["client", "openconnect", "queueadapter", "telephony"].map(experience));
    types
}

fn fixed(text: &str) -> Permissions {
    Permissions::Fixed(Permission::parse(text).into_iter().collect())
}

fn plain(name: &str, family: Family, format: Format) -> KeyType {
    KeyType {
        name: name.to_owned(),
        tenant: None,
        family,
        format,
        reveal: Reveal::Once,
        presented_in: Vec::new(),
        permissions: Permissions::TenantsOwn,
        default_limit: None,
        settings: Settings::default(),
        actions: Actions::default(),
        cluster_keys: false,
        tenant_prefix: false,
        description: None,
        version: 1,
    }
}

fn about(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn nexus() -> KeyType {
    KeyType {
        reveal: Reveal::Recoverable,
        presented_in: vec![Place::Header("x-api-key".into())],
        permissions: Permissions::Within("nexus"),
        default_limit: Limit::new(120, 60).ok(),
        settings: Settings { name: true, expiry: true, limit: true, ..Settings::default() },
        actions: Actions { enable: true, rotate: true, ..Actions::default() },
        cluster_keys: true,
        description: about("Digital Channels: chat, secure mail, Designer"),
        ..plain("nexus", Family::Nexus, Format::Uuid)
    }
}

fn ges() -> KeyType {
    KeyType {
        reveal: Reveal::Recoverable,
        presented_in: vec![Place::Header("x-api-key".into())],
        permissions: fixed("engagement:*"),
        actions: Actions { assigned_only: true, ..Actions::default() },
        description: about("Callback: a secret of the caller's choosing, assigned to a tenant"),
        ..plain("ges", Family::Callback, Format::Chosen)
    }
}

fn experience(name: &str) -> KeyType {
    KeyType {
        reveal: Reveal::OnceAcknowledged,
        presented_in: vec![Place::Parameter("jwt".into()), Place::Bearer],
        permissions: fixed(&format!("experience:{name}")),
        settings: Settings { name: true, description: true, ..Settings::default() },
        actions: Actions { rotate: true, ..Actions::default() },
        description: about("Experience Cloud"),
        ..plain(name, Family::ExperienceCloud, Format::Jwt)
    }
}

fn psk() -> KeyType {
    KeyType {
        presented_in: vec![Place::Header("authorization-psk".into())],
        permissions: Permissions::OwnersRoles,
        settings: Settings { description: true, ..Settings::default() },
        actions: Actions { regenerate: true, ..Actions::default() },
        description: about("One person's own key, which may do what its owner's roles say"),
        ..plain("psk", Family::Personal, Format::Random { prefix: "psk_".to_owned() })
    }
}

fn deployment() -> KeyType {
    KeyType {
        presented_in: vec![Place::Header("authorization-psk".into())],
        permissions: fixed("nx1:*"),
        settings: Settings { description: true, ..Settings::default() },
        actions: Actions { regenerate: true, ..Actions::default() },
        description: about("A deployment's key for all of its tenant"),
        ..plain("deployment", Family::Native, Format::Random { prefix: "psk_".to_owned() })
    }
}

/// The name of such a key is its data product, and so it never changes.
fn data_psk() -> KeyType {
    KeyType {
        presented_in: vec![Place::Header("authorization-psk".into())],
        permissions: fixed("nx1:data"),
        settings: Settings { description: true, expiry: true, ..Settings::default() },
        description: about("NexusOne: the key of a data product, which its name says"),
        ..plain(super::DATA_TYPE, Family::Native, Format::Random { prefix: "psk_".to_owned() })
    }
}

pub(super) fn api() -> KeyType {
    KeyType {
        presented_in: vec![Place::Bearer, Place::Header("x-api-key".into())],
        settings: Settings {
            name: true,
            description: true,
            expiry: true,
            limit: true,
            allow_list: true,
            permissions: true,
        },
        actions: Actions { enable: true, rotate: true, ..Actions::default() },
        tenant_prefix: true,
        description: about("Any API: its permissions are the tenant's own"),
        ..plain("api", Family::Native, Format::Random { prefix: "kw_".to_owned() })
    }
}
