//! What stands around every page: where one is, who one is, and what else one may open.

use super::{Visitor, assets};
use crate::app::App;
use domain::right::{Deed, Right};
use std::borrow::Cow;

/// The pages of the menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Section {
    Overview,
    Keys,
    Validation,
    Setup,
    Tenants,
    Persons,
    Roles,
    Clients,
    KeyTypes,
    Audit,
    Settings,
}

/// One line of the menu.
pub(super) struct Item {
    pub(super) section: Section,
    pub(super) label: &'static str,
    pub(super) href: &'static str,
    pub(super) icon: &'static str,
}

/// Lines of the menu under one heading.
pub(super) struct Group {
    pub(super) label: &'static str,
    pub(super) items: Vec<Item>,
}

/// Something that was done, said once on the page that follows.
pub(super) struct Notice {
    pub(super) text: &'static str,
}

/// Everything around a page.
pub(super) struct Shell {
    /// The page's heading; the tab's, too.
    pub(super) title: Cow<'static, str>,
    pub(super) section: Section,
    pub(super) menu: Vec<Group>,
    /// Who is signed in.
    pub(super) person: String,
    pub(super) initials: String,
    /// Where they are: their tenant's name, or the whole installation.
    pub(super) place: String,
    pub(super) notice: Option<Notice>,
    /// What each form carries in its field `token`.
    pub(super) token: String,
    /// Whether what shows or replaces a secret asks for the password first.
    pub(super) must_prove: bool,
    pub(super) css: String,
    pub(super) js: String,
    /// When the session ends, in milliseconds, and whether a call puts that off.
    pub(super) ends_at: i64,
    pub(super) extendable: bool,
    /// The server's clock in milliseconds: what the browser's is held against.
    pub(super) now: i64,
    nonce: String,
}

impl Shell {
    /// The surroundings of a page for this visitor.
    pub(super) fn of(
        app: &App,
        visitor: &Visitor,
        section: Section,
        title: impl Into<Cow<'static, str>>,
    ) -> Self {
        let service = app.service();
        let (ends, extendable) = service.session_ends(&visitor.session);
        let name = visitor.caller.principal.name().to_string();
        Self {
            title: title.into(),
            section,
            menu: if visitor.must_change { Vec::new() } else { menu(visitor) },
            initials: initials(&name),
            person: name,
            place: visitor.tenant_name.clone().unwrap_or_else(|| "Whole installation".to_owned()),
            notice: notice(visitor.address.query().unwrap_or_default()),
            token: visitor.form_token(),
            must_prove: !visitor.is_fresh(),
            css: assets::css(),
            js: assets::js(),
            ends_at: ends.as_millis(),
            extendable,
            now: visitor.now.as_millis(),
            nonce: service.random_text().expose().to_owned(),
        }
    }

    /// What scripts and styles of this answer are known by.
    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }
}

/// What was done, by the word in `done` of the address. The texts stand here and nowhere else: an address
/// that somebody made up can say nothing of its own.
fn notice(query: &str) -> Option<Notice> {
    let done = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done")?.1;
    let text = NOTICES.iter().find(|(word, _)| *word == done)?.1;
    Some(Notice { text })
}

/// Sorted by their words.
const NOTICES: &[(&str, &str)] = &[
    ("extended", "Your session goes on."),
    ("key-deleted", "The key is deleted: it is refused from now on."),
    ("key-disabled", "The key is disabled: it is refused until it is enabled again."),
    ("key-enabled", "The key is enabled: it is accepted again."),
    ("key-found", "This is the key that the secret belongs to."),
    ("key-revocation-planned", "The revocation is planned. Until then it can be moved."),
    ("key-revoked", "The key is revoked, for good."),
    ("signed-out", "You are signed out."),
];

fn menu(visitor: &Visitor) -> Vec<Group> {
    let item = |section, label, href, icon| Item { section, label, href, icon };
    let holds = |right| visitor.holds(right);
    let sees_keys = visitor.may_some(Deed::See);
    let mut groups = Vec::with_capacity(5);
    let mut group = |label, items: Vec<(bool, Item)>| {
        let items: Vec<Item> =
            items.into_iter().filter(|(shown, _)| *shown).map(|(_, item)| item).collect();
        if !items.is_empty() {
            groups.push(Group { label, items });
        }
    };
    group("", vec![(sees_keys, item(Section::Overview, "Overview", "/console", "home"))]);
    group(
        "Provisioning",
        vec![(sees_keys, item(Section::Keys, "API keys", "/console/keys", "key"))],
    );
    group(
        "Developer",
        vec![
            (
                sees_keys,
                item(Section::Validation, "API key validation", "/console/validate", "check"),
            ),
            (true, item(Section::Setup, "Setup integration", "/console/setup", "plug")),
        ],
    );
    group(
        "Administration",
        vec![
            (
                holds(Right::TenantsManage),
                item(Section::Tenants, "Contact centers", "/console/tenants", "building"),
            ),
            (
                holds(Right::PersonsManage),
                item(Section::Persons, "Persons", "/console/persons", "person"),
            ),
            (
                holds(Right::PersonsManage),
                item(Section::Roles, "Roles", "/console/roles", "shield"),
            ),
            (
                holds(Right::ClientsManage),
                item(Section::Clients, "Clients", "/console/clients", "app"),
            ),
            (
                holds(Right::KeyTypesManage),
                item(Section::KeyTypes, "Key types", "/console/key-types", "tag"),
            ),
        ],
    );
    group(
        "Records",
        vec![(holds(Right::AuditRead), item(Section::Audit, "Audit", "/console/audit", "list"))],
    );
    groups
}

/// Two letters for whoever it is.
fn initials(name: &str) -> String {
    let user = name.rsplit('\\').next().unwrap_or(name);
    let mut parts = user.split(['.', '_', '-', ' ', '@']).filter(|part| !part.is_empty());
    let mut letters: String = parts.next().into_iter().flat_map(|p| p.chars().next()).collect();
    match parts.next().and_then(|p| p.chars().next()) {
        Some(second) => letters.push(second),
        None => letters.extend(user.chars().nth(1)),
    }
    letters.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_two_letters_where_there_are_two() {
        for (name, wanted) in [("vera", "VE"), ("anna.berg", "AB"), ("x", "X"), ("t\\li-wu", "LW")]
        {
            assert_eq!(initials(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_notice_says_nothing_of_the_addresss_own() {
        assert!(notice("done=<b>x</b>").is_none());
        assert!(notice("a=1&done=signed-out").is_some());
        assert!(NOTICES.is_sorted_by_key(|(word, _)| word));
    }
}
