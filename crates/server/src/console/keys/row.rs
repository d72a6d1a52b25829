//! One key in the list.

use super::names;
use crate::console::{
    Visitor, places,
    status::{self, Chip},
    when::When,
};
use domain::{
    id::TenantId,
    key::Key,
    key_type::{KeyType, Permissions, Reveal},
    right::{Deed, Right},
    time::Timestamp,
};
use service::keys::KeyNote;
use std::collections::BTreeMap;

/// Permissions that a row names; how many more there are is a number.
const PERMISSIONS: usize = 2;

/// A permission as the list shows it.
pub(super) struct Shown {
    pub(super) text: String,
    /// Whether it is the permission's own text.
    pub(super) code: bool,
}

/// What the visitor may do to a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a row of buttons, read as a table")]
pub(super) struct Acts {
    pub(super) edit: bool,
    pub(super) copy: bool,
    pub(super) rotate: bool,
    pub(super) regenerate: bool,
    pub(super) audit: bool,
    pub(super) revoke: bool,
    pub(super) delete: bool,
}

/// A row.
pub(super) struct Row {
    /// Its place on the page: what labels point to.
    pub(super) n: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) unacknowledged: bool,
    pub(super) key_type: String,
    pub(super) tenant: String,
    pub(super) permissions: Vec<Shown>,
    pub(super) more_permissions: usize,
    pub(super) hint: String,
    pub(super) chip: Chip,
    pub(super) last_used: Option<When>,
    pub(super) created: String,
    pub(super) created_by: String,
    /// Whether its switch is on, where the visitor may move it.
    pub(super) switch: Option<bool>,
    /// What is said in the place of a switch.
    pub(super) stands: &'static str,
    pub(super) acts: Acts,
}

impl Row {
    pub(super) fn of(
        n: usize,
        key: Key,
        (of_type, note): (&KeyType, KeyNote),
        tenants: &BTreeMap<TenantId, String>,
        visitor: &Visitor,
    ) -> Self {
        let now = visitor.now;
        let chip = status::of(&key, note.rotating, now);
        let acts = Acts::of(&key, of_type, visitor);
        let (switch, stands) = switch(&key, of_type, visitor);
        let shown = |p: &domain::permission::Permission| match names::of_permission(p) {
            Some(name) => Shown { text: name.to_owned(), code: false },
            None => Shown { text: p.as_str().to_owned(), code: true },
        };
        let permissions = match of_type.permissions {
            Permissions::OwnersRoles => {
                vec![Shown { text: "Its owner's roles".to_owned(), code: false }]
            }
            Permissions::Within(_) | Permissions::Fixed(_) | Permissions::TenantsOwn => {
                key.permissions.iter().take(PERMISSIONS).map(shown).collect()
            }
        };
        let tenant = match key.scope.tenant() {
            Some(id) => tenants.get(&id).cloned().unwrap_or_else(|| id.to_string()),
            None => places::WHOLE.to_owned(),
        };
        Self {
            n,
            id: key.id.to_string(),
            unacknowledged: of_type.reveal != Reveal::Recoverable && key.acknowledged_at.is_none(),
            key_type: names::of_type(&key.key_type).to_owned(),
            tenant,
            permissions,
            more_permissions: key.permissions.len().saturating_sub(PERMISSIONS),
            chip,
            last_used: When::maybe(note.last_used, now),
            created: day(key.created_at, now),
            switch,
            stands,
            acts,
            name: key.name,
            description: key.description,
            hint: key.hint,
            created_by: key.created_by,
        }
    }
}

impl Acts {
    /// What may be done to the key, by this visitor, as it is now.
    pub(super) fn of(key: &Key, of_type: &KeyType, visitor: &Visitor) -> Self {
        let may = |deed| visitor.may(of_type.family, deed);
        let change = may(Deed::Update);
        let revoked = key.is_revoked(visitor.now);
        let assigned = of_type.actions.assigned_only;
        let settings = of_type.settings;
        Self {
            edit: change && (settings.name || settings.description || settings.expiry),
            copy: may(Deed::Create),
            rotate: change && of_type.actions.rotate && !revoked,
            regenerate: change && of_type.actions.regenerate && !revoked,
            audit: visitor.holds(Right::AuditRead),
            revoke: change && !assigned && !revoked,
            delete: may(Deed::Delete),
        }
    }
}

/// The switch of a key, or what stands in its place. One that is held back counts as off: switched on, it
/// serves again.
pub(super) fn switch(
    key: &Key,
    of_type: &KeyType,
    visitor: &Visitor,
) -> (Option<bool>, &'static str) {
    let on = key.enabled && key.held_at.is_none();
    if key.is_revoked(visitor.now) {
        return (None, "Never again");
    }
    let movable = of_type.actions.enable || key.held_at.is_some();
    if movable && visitor.may(of_type.family, Deed::Update) {
        return (Some(on), "");
    }
    let word = match (of_type.actions.enable, on) {
        (false, true) => "Always",
        (true, true) => "On",
        (_, false) => "Off",
    };
    (None, word)
}

/// The day of an instant.
fn day(at: Timestamp, now: Timestamp) -> String {
    let exact = When::of(at, now).exact;
    exact.split(", ").next().unwrap_or_default().to_owned()
}
