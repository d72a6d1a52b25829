//! What a key may do, on its form: to tick, to write, or as it stays.

use super::{fields::Choice, names::CHANNELS};
use crate::console::Visitor;
use domain::{
    id::Scope,
    key::Key,
    key_type::{KeyType, Permissions, VERIFY_PERMISSION},
    permission::Permission,
    right::Right,
};

/// Those of keys of the whole installation.
const NEXUS_CLUSTER: (&str, &str) =
    ("All of Digital Channels, in every contact center", "nexus:cluster:*");

/// What a permission is called.
fn name_of(permission: &str) -> Option<&'static str> {
    let known = CHANNELS.iter().chain([&NEXUS_CLUSTER]);
    known.into_iter().find(|(_, value)| *value == permission).map(|(label, _)| *label)
}

/// What it may do, in words, where that stays as it is.
pub(super) fn shown(key: &Key, fixed: Option<String>) -> String {
    let names: Vec<String> = key
        .permissions
        .iter()
        .map(|p| match name_of(p.as_str()) {
            Some(name) => format!("{name} ({p})", p = p.as_str()),
            None => p.as_str().to_owned(),
        })
        .collect();
    match fixed {
        Some(fixed) if names.is_empty() => fixed,
        _ if names.is_empty() => "none".to_owned(),
        _ => names.join(", "),
    }
}

/// Permissions to tick, whether others can be written, and what is said where neither is so.
pub(super) fn permissions(
    visitor: &Visitor,
    of_type: &KeyType,
    scope: Scope,
    key: Option<&Key>,
) -> (Vec<Choice>, bool, Option<String>) {
    let choice =
        |(label, value): (&str, &str)| Choice { value: value.to_owned(), label: label.to_owned() };
    match &of_type.permissions {
        Permissions::Within(_) => {
            let mut choices: Vec<Choice> = CHANNELS.into_iter().map(choice).collect();
            if scope == Scope::Cluster {
                choices.push(choice(NEXUS_CLUSTER));
            }
            choices.extend(key.map(others).unwrap_or_default());
            (choices, false, None)
        }
        Permissions::TenantsOwn => {
            let asks = visitor.holds(Right::KeysVerify);
            let label = "May ask whether other keys are valid";
            let choices = asks.then(|| choice((label, VERIFY_PERMISSION)));
            (choices.into_iter().collect(), true, None)
        }
        Permissions::Fixed(fixed) => {
            let texts: Vec<&str> = fixed.iter().map(Permission::as_str).collect();
            (Vec::new(), false, Some(texts.join(", ")))
        }
        Permissions::OwnersRoles => {
            (Vec::new(), false, Some("what the roles of its owner say".to_owned()))
        }
    }
}

/// Permissions of a key that have no name here, to tick.
pub(super) fn others(key: &Key) -> Vec<Choice> {
    let others = key.permissions.iter().map(Permission::as_str).filter(|p| name_of(p).is_none());
    others.map(|p| Choice { value: p.to_owned(), label: p.to_owned() }).collect()
}
