//! What stands around every page: where one is, who one is, and what else one may open.

use super::{Visitor, assets, places::WHOLE};
use crate::{app::App, browser};
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
#[derive(Clone, Copy)]
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
    /// Where they prove themselves instead, if they have no password here: where that begins, and what it is called.
    pub(super) prove_at: Option<(String, String)>,
    pub(super) css: String,
    /// The style sheet of what the list of keys does without.
    pub(super) more: String,
    pub(super) js: String,
    /// The file of the script that some pages ask for besides.
    pub(super) later: String,
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
            place: visitor.tenant_name.clone().unwrap_or_else(|| WHOLE.to_owned()),
            notice: notice(visitor.address.query().unwrap_or_default()),
            token: visitor.form_token(),
            must_prove: !visitor.is_fresh(),
            prove_at: prove_at(visitor),
            css: assets::css(),
            more: assets::more(),
            js: assets::js(),
            later: assets::later(),
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

/// Where somebody without a password proves themself once more, and comes back to this page.
fn prove_at(visitor: &Visitor) -> Option<(String, String)> {
    let (_, label) = visitor.outside.as_ref().filter(|_| !visitor.is_fresh())?;
    let href = browser::with_query("/console/prove", &[("next", visitor.here())]);
    Some((href, label.clone()))
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
    ("client-changed", "The client is changed."),
    ("client-created", "The client is created."),
    ("client-deleted", "The client is deleted: its tokens are refused from now on."),
    ("client-disabled", "The client is disabled, and its tokens have ended."),
    ("client-enabled", "The client is enabled: it gets tokens again."),
    ("client-secret-set", "The client has its new secret. What it had before is refused."),
    ("key-acknowledged", "It is noted that you stored the key."),
    ("key-changed", "The key is changed."),
    ("key-copied", "The copy is made, with a secret of its own."),
    ("key-created", "The key is made."),
    ("key-deleted", "The key is deleted: it is refused from now on."),
    ("key-disabled", "The key is disabled: it is refused until it is enabled again."),
    ("key-enabled", "The key is enabled: it is accepted again."),
    (
        "key-expired",
        "The key is changed. Its expiration date has passed: it is refused until it gets a later one.",
    ),
    ("key-found", "This is the key that the secret belongs to."),
    ("key-regenerated", "The key has another secret; the old one no longer works."),
    (
        "key-revocation-planned",
        "The revocation is planned. Until then it can be moved or taken back.",
    ),
    ("key-revocation-taken-back", "The planned revocation is taken back."),
    ("key-revoked", "The key is revoked, for good."),
    ("key-rotated", "The key has another secret."),
    ("key-type-changed", "The key type is changed."),
    ("key-type-created", "The key type is created."),
    ("origin-added", "The origin is added: pages of it may call from now on."),
    ("origin-removed", "The origin is removed: pages of it may call no more."),
    ("origins-replaced", "The old list is replaced."),
    ("overlap-extended", "The old secret works for longer."),
    ("password-changed", "Your password is changed. You are signed out everywhere else."),
    ("password-set", "The person has another password, and is signed out everywhere."),
    ("person-changed", "The person is changed."),
    ("person-created", "The person is made."),
    ("person-deleted", "The person is deleted: no sign-in, no token and no personal key any more."),
    ("person-disabled", "The person is disabled, and signed out everywhere."),
    ("person-enabled", "The person is enabled: they may sign in again."),
    ("person-signed-out", "The person is signed out there."),
    ("person-unlocked", "The person may try again at once."),
    ("policy-deleted", "The policy is deleted."),
    ("policy-set", "The policy is set."),
    ("psk-deleted", "Your personal PSK is deleted: it no longer works."),
    ("psk-stored", "It is noted that you stored your personal PSK."),
    ("role-changed", "The role is changed: every holder has it so from now on."),
    ("role-created", "The role is made."),
    ("role-deleted", "The role is deleted."),
    ("secret-retired", "The old secret is retired. Only the current one works now."),
    ("session-ended", "That browser is signed out."),
    ("sessions-ended", "You are signed out everywhere else."),
    ("tenant-changed", "The contact center is changed."),
    ("tenant-created", "The contact center is made. Its persons and keys come next."),
    ("tenant-deleted", "The contact center is deleted: all that belongs to it is refused."),
    (
        "tenant-disabled",
        "The contact center is disabled: all that belongs to it is refused until it is enabled again.",
    ),
    ("tenant-enabled", "The contact center is enabled: all that belongs to it works again."),
];

/// A line that stands in the menu of whoever may open it.
type Line = (fn(&Visitor) -> bool, Item);

const fn line(
    shown: fn(&Visitor) -> bool,
    section: Section,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
) -> Line {
    (shown, Item { section, label, href, icon })
}

fn sees_keys(visitor: &Visitor) -> bool {
    visitor.may_some(Deed::See)
}

#[rustfmt::skip]
const MENU: &[(&str, &[Line])] = &[
    ("", &[
        line(Visitor::has_overview, Section::Overview, "Overview", "/console", "home"),
        // Where they begin; everybody else finds it at their initials.
        line(|v| !v.has_overview(), Section::Settings, "Your settings", "/console/settings", "gear"),
    ]),
    ("Provisioning", &[
        line(sees_keys, Section::Keys, "API keys", "/console/keys", "key"),
    ]),
    ("Developer", &[
        line(|_| true, Section::Validation, "API key validation", "/console/validate", "check"),
        line(|_| true, Section::Setup, "Setup integration", "/console/setup", "plug"),
    ]),
    ("Administration", &[
        line(|v| v.holds(Right::TenantsManage), Section::Tenants, "Contact centers", "/console/tenants", "building"),
        line(|v| v.holds(Right::PersonsManage), Section::Persons, "Persons", "/console/persons", "person"),
        line(|v| v.holds(Right::PersonsManage), Section::Roles, "Roles", "/console/roles", "shield"),
        line(|v| v.holds(Right::ClientsManage), Section::Clients, "Clients", "/console/clients", "app"),
        line(sees_keys, Section::KeyTypes, "Key types", "/console/key-types", "tag"),
    ]),
    ("Records", &[
        line(|v| v.holds(Right::AuditRead), Section::Audit, "Audit", "/console/audit", "list"),
    ]),
];

fn menu(visitor: &Visitor) -> Vec<Group> {
    let of_visitor = |lines: &[Line]| -> Vec<Item> {
        lines.iter().filter(|(shown, _)| shown(visitor)).map(|(_, item)| *item).collect()
    };
    let groups = MENU.iter().map(|(label, lines)| Group { label, items: of_visitor(lines) });
    groups.filter(|group| !group.items.is_empty()).collect()
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
        assert!(notice("a=1&done=key-changed").is_some());
        assert!(NOTICES.is_sorted_by_key(|(word, _)| word));
    }
}
