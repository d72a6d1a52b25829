//! The page and its parts as the template shows them.

use super::super::{Faults, Shell, Visiting, roles::about, when::When};
use askama::Template;
use domain::{key::Key, person::Person, right::Right, session::Session, time::Timestamp};
use service::personal_keys::PersonalKey;

/// The page, and what stands in the panel beside it.
#[derive(Template)]
#[template(path = "console/settings/page.html")]
pub(super) struct Settings {
    pub(super) shell: Shell,
    pub(super) person: Person,
    /// Names, as one reads them.
    pub(super) full_name: String,
    pub(super) created: When,
    pub(super) roles: Vec<String>,
    pub(super) rights: Vec<Right>,
    /// Where whoever manages persons changes them.
    pub(super) managed_at: Option<String>,
    pub(super) psk: Psk,
    pub(super) sessions: Vec<SessionLine>,
    pub(super) panel: Panel,
}

/// The section of the personal PSK.
pub(super) enum Psk {
    /// The person may have none.
    NotTheirs,
    /// There is none.
    None,
    /// The one that there is.
    One(Box<OwnKey>),
}

/// A person's PSK.
pub(super) struct OwnKey {
    pub(super) hint: String,
    pub(super) description: String,
    pub(super) created: When,
    pub(super) last_used: Option<When>,
    /// The one that was revoked stays listed until there is another.
    pub(super) revoked: bool,
    pub(super) disabled: bool,
}

impl OwnKey {
    pub(super) fn of(found: PersonalKey, now: Timestamp) -> Self {
        let PersonalKey { key, last_used_at, is_active, .. } = found;
        let revoked = key.is_revoked(now);
        let Key { hint, description, created_at, .. } = key;
        Self {
            hint,
            description: description.unwrap_or_default(),
            created: When::of(created_at, now),
            last_used: When::maybe(last_used_at, now),
            revoked,
            disabled: !is_active && !revoked,
        }
    }
}

/// What stands in the panel.
pub(super) enum Panel {
    /// There is none.
    Closed,
    /// A PSK is made.
    Create(Wanted),
    /// The PSK that there is.
    Show(Wanted),
    /// Whether it is to get another secret.
    Regenerate(Wanted),
    /// Whether it is to end.
    Delete(Wanted),
}

/// What the panel is about.
pub(super) struct Wanted {
    /// The description as it was typed.
    pub(super) description: String,
    pub(super) faults: Faults,
    /// What such a key may do now: permissions, by the roles of its owner.
    pub(super) permissions: Vec<String>,
    /// What names this filling of the form.
    pub(super) once: String,
    /// The key that there is; of one that was revoked that it was.
    pub(super) key: Option<OwnKey>,
}

/// A browser that is signed in.
pub(super) struct SessionLine {
    pub(super) id: String,
    pub(super) browser: String,
    /// What it calls itself, whole.
    pub(super) agent: String,
    pub(super) address: String,
    pub(super) signed_in: When,
    pub(super) seen: When,
    /// The one that asks.
    pub(super) is_this: bool,
}

impl SessionLine {
    pub(super) fn of(session: Session, visitor: &Visiting) -> Self {
        let agent = session.agent.unwrap_or_default();
        let now = visitor.now;
        let is_this = session.id == visitor.session.id;
        Self {
            id: session.id.to_string(),
            browser: browser(&agent),
            agent,
            address: session.address.unwrap_or_default(),
            signed_in: When::of(session.authenticated_at, now),
            seen: When::of(if is_this { now } else { session.last_seen_at }, now),
            is_this,
        }
    }
}

/// What a browser is called by people, as far as its own long name tells. Names that others hide behind come
/// last: every browser says that it is like some other one.
fn browser(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) if agent.is_empty() => "Unknown browser".to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        for (agent, wanted) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser(agent), wanted);
        }
    }
}
