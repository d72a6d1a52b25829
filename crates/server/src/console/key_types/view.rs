//! A key type in words.

use crate::console::{
    Visitor,
    keys::{
        choose::in_link,
        names::{of_permission, of_type},
    },
};
use domain::{
    key_type::{Actions, Format, KeyType, Permissions, Place, Reveal},
    right::{Deed, Right},
};

/// A key type as pages show it.
pub(super) struct TypeView {
    /// What people call it.
    pub(super) title: String,
    /// What programs call it.
    pub(super) name: String,
    pub(super) description: String,
    pub(super) format: String,
    /// Text that a secret begins with.
    pub(super) prefix: Option<String>,
    pub(super) reveal: &'static str,
    pub(super) reveal_icon: &'static str,
    pub(super) places: Vec<String>,
    pub(super) permissions: String,
    pub(super) limit: String,
    pub(super) settings: Vec<&'static str>,
    pub(super) actions: Vec<&'static str>,
    /// Whose it is; `None`: every installation has it.
    pub(super) tenant: Option<String>,
    pub(super) href: String,
    /// Where it is changed, by whoever may.
    pub(super) edit: Option<String>,
    /// Where its keys are listed, and where one is made.
    pub(super) keys: String,
    pub(super) create: Option<String>,
}

impl TypeView {
    pub(super) fn of(key_type: &KeyType, visitor: &Visitor) -> Self {
        let title = of_type(&key_type.name).to_owned();
        let description = key_type.description.clone().unwrap_or_default();
        let tenant = key_type.tenant.map(|id| id.to_string());
        let of_cluster = visitor.caller.is_cluster();
        let query = match &tenant {
            Some(id) if of_cluster => format!("?tenant={id}"),
            _ => String::new(),
        };
        let own = tenant.is_some() && visitor.holds(Right::KeyTypesManage);
        let path = format!("{}/{}", super::LIST, key_type.name);
        let may_create = visitor.may(key_type.family, Deed::Create) && !is_apart(&key_type.name);
        Self {
            format: format(&key_type.format).to_owned(),
            prefix: key_type.format.prefix().map(str::to_owned),
            reveal: reveal(key_type.reveal),
            reveal_icon: if key_type.reveal == Reveal::Recoverable { "eye" } else { "shield" },
            places: key_type.presented_in.iter().map(place).collect(),
            permissions: permissions(&key_type.permissions),
            limit: key_type.default_limit.map_or_else(
                || "none, unless a key says so".to_owned(),
                |l| format!("{} requests per {}\u{a0}s", l.capacity(), l.frequency_s()),
            ),
            settings: key_type.settings.words().map(setting).collect(),
            actions: actions(key_type.actions),
            href: format!("{path}{query}"),
            edit: own.then(|| format!("{path}/edit{query}")),
            keys: format!("/console/keys?type={}", key_type.name),
            create: may_create
                .then(|| format!("/console/keys/new?type={}", in_link(visitor, key_type))),
            name: key_type.name.clone(),
            title,
            description,
            tenant,
        }
    }
}

/// Types whose keys are made elsewhere: in each person's own settings, or by whoever orders data.
fn is_apart(name: &str) -> bool {
    matches!(name, "psk" | "data-psk")
}

const fn format(format: &Format) -> &'static str {
    match format {
        Format::Uuid => "UUID, made here",
        Format::Random { .. } => "32 random characters and a checksum",
        Format::Chosen => "chosen by whoever adds the key",
        Format::Jwt => "signed JWT",
    }
}

/// When a secret is shown.
pub(super) const fn reveal(reveal: Reveal) -> &'static str {
    match reveal {
        Reveal::Recoverable => "can be shown again",
        Reveal::Once => "shown once",
        Reveal::OnceAcknowledged => "shown once, and acknowledged",
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Header(name) => format!("header {name}"),
        Place::Bearer => "Authorization: Bearer".to_owned(),
        Place::Parameter(name) => format!("parameter {name}"),
    }
}

fn permissions(of: &Permissions) -> String {
    match of {
        Permissions::Within(namespace) => format!("some of {namespace}:…"),
        Permissions::Fixed(all) => {
            let names: Vec<&str> =
                all.iter().map(|p| of_permission(p).unwrap_or(p.as_str())).collect();
            format!("always {}", names.join(", "))
        }
        Permissions::OwnersRoles => "those of its owner's roles".to_owned(),
        Permissions::TenantsOwn => "any of your own".to_owned(),
    }
}

/// A setting in words, by its name on the wire.
pub(super) fn setting(word: &'static str) -> &'static str {
    match word {
        "name" => "Name",
        "description" => "Description",
        "expiry" => "Expiration",
        "limit" => "Limit",
        "allowList" => "Allow-list",
        "permissions" => "Permissions",
        other => other,
    }
}

fn actions(of: Actions) -> Vec<&'static str> {
    let all = [
        (of.enable, "enable and disable"),
        (of.rotate, "rotate with an overlap"),
        (of.regenerate, "regenerate, which ends the old secret at once"),
        (true, "revoke"),
        (!of.assigned_only, "delete"),
        (of.assigned_only, "delete (unassign)"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect()
}
