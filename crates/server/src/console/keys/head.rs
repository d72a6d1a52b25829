//! What stands above every tab of a key's page: its name, where it stands, and what may be done to it.

use super::{
    LIST,
    row::{Acts, switch},
    switch::{carrying, list_of},
};
use crate::{
    app::App,
    console::{
        Visitor,
        status::{self, Chip},
        when::When,
    },
    failure::Failure,
};
use domain::{
    id::KeyId,
    key::Key,
    key_type::{KeyType, Reveal},
    right::{Deed, Right},
};
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef},
};

/// The tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tab {
    Details,
    Secrets,
    Usage,
    Audit,
}

/// A key and its type, as the visitor may see them.
pub(super) struct Found {
    pub(super) key: Key,
    pub(super) of_type: KeyType,
    pub(super) last_used: Option<When>,
    pub(super) rotating: bool,
}

/// The head of the page.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) key_type: String,
    pub(super) version: u32,
    pub(super) chip: Chip,
    pub(super) unacknowledged: bool,
    pub(super) tab: Tab,
    pub(super) acts: Acts,
    /// Whether the switch would go on; `None`: it cannot be moved.
    pub(super) switch: Option<bool>,
    pub(super) reveal: bool,
    pub(super) audit: bool,
    /// The page itself.
    pub(super) here: String,
    /// The list as it was found before.
    pub(super) list: String,
    /// What the links between the tabs carry, so that the list stays known.
    pub(super) carry: String,
    /// What a link carries that comes back here.
    pub(super) back: String,
}

/// The key that a path names.
pub(super) async fn find(app: &App, visitor: &Visitor, id: KeyId) -> Result<Found, Failure> {
    let service = app.service();
    let key = service.show_key(&visitor.caller, KeyRef::Id(id), ALL_TYPES).await?;
    let of_type = service.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)?;
    let notes = service.note_keys(&visitor.caller, std::slice::from_ref(&key)).await?;
    let note = notes.first().copied().unwrap_or_default();
    let last_used = When::maybe(note.last_used, visitor.now);
    Ok(Found { key, of_type, last_used, rotating: note.rotating })
}

impl Head {
    /// The head of this key's page.
    pub(super) fn of(found: &Found, tab: Tab, visitor: &Visitor) -> Self {
        let Found { key, of_type, rotating, .. } = found;
        let may = |deed| visitor.may(of_type.family, deed);
        let here = format!("/console/keys/{}{}", key.id, tab.path());
        let list = list_of(visitor.here());
        let carry = if list == LIST { String::new() } else { carrying(&list) };
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            description: key.description.clone(),
            key_type: super::names::of_type(&key.key_type).to_owned(),
            version: key.version,
            chip: status::of(key, *rotating, visitor.now),
            unacknowledged: is_unacknowledged(key, of_type),
            tab,
            acts: Acts::of(key, of_type, visitor),
            switch: switch(key, of_type, visitor).0.map(|on| !on),
            reveal: of_type.reveal == Reveal::Recoverable && may(Deed::Reveal),
            audit: visitor.holds(Right::AuditRead),
            back: carrying(&format!("{here}{carry}")),
            here,
            list,
            carry,
        }
    }

    /// Where a switch comes back to.
    pub(super) fn there(&self) -> String {
        format!("{}{}", self.here, self.carry)
    }

    /// The same behind a query.
    pub(super) fn more(&self) -> String {
        self.carry.replacen('?', "&", 1)
    }

    /// `page` where the tab is the one that is shown.
    pub(super) fn is(&self, tab: Tab) -> bool {
        self.tab == tab
    }
}

impl Tab {
    const fn path(self) -> &'static str {
        match self {
            Self::Details => "",
            Self::Secrets => "/secrets",
            Self::Usage => "/usage",
            Self::Audit => "/audit",
        }
    }
}

/// Whether nobody said yet that the secret, which was shown once, is stored.
pub(super) fn is_unacknowledged(key: &Key, of_type: &KeyType) -> bool {
    of_type.reveal != Reveal::Recoverable && key.acknowledged_at.is_none()
}
