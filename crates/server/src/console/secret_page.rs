//! The one page that shows a secret: of a new key, of one that was rotated, regenerated or revealed, of a
//! client, of a person. It is the answer to a form, so that no address leads to it; a repetition of the form
//! makes none again, and shows one again only where it reveals what can be read at any time (WB-06).

use super::{Section, Shell, Visitor, page, when::When};
use crate::{answer::Body, app::App};
use askama::Template;
use domain::{id::KeyId, secret::Secret};
use http::Response;

/// What is shown once.
#[derive(Debug)]
pub(super) struct What<'a> {
    /// What was done: `API key created`.
    pub(super) heading: &'a str,
    /// The name of what the secret belongs to.
    pub(super) thing: &'a str,
    /// What the secret is called: `API key`, `Client secret`.
    pub(super) called: &'a str,
    /// The secret.
    pub(super) secret: &'a Secret,
    /// What else is worth knowing of it, by label.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The name of the variable that holds the secret in `.env` and in `curl`; see [`env_name`].
    pub(super) env_name: String,
    /// A call to paste, with `$<env_name>` within double quotes where the secret goes.
    pub(super) curl: Option<String>,
    /// What that call does.
    pub(super) curl_hint: &'a str,
    /// Where *Done* leads: a path of the console.
    pub(super) done_href: String,
    /// Where *Done* is sent to by POST, with the field `next`; `None`: nothing is noted.
    pub(super) acknowledge: Option<String>,
    /// Whether it can be read again later.
    pub(super) recoverable: bool,
    /// What its maker should know.
    pub(super) warnings: Vec<String>,
    /// When the secret before it ends, if that works on.
    pub(super) ends_of_old: Option<When>,
    /// Whether the secret before it has ended.
    pub(super) old_ended: bool,
    /// Where *Setup integration* leads.
    pub(super) setup_href: Option<String>,
    /// The key whose first request is awaited.
    pub(super) seen: Option<KeyId>,
}

impl<'a> What<'a> {
    /// What is shown of a secret that is shown once, about which nothing else is known.
    pub(super) fn of(heading: &'a str, thing: &'a str, secret: &'a Secret, done: &str) -> Self {
        Self {
            heading,
            thing,
            called: "API key",
            secret,
            facts: Vec::new(),
            env_name: env_name(thing),
            curl: None,
            curl_hint: "",
            done_href: done.to_owned(),
            acknowledge: None,
            recoverable: false,
            warnings: Vec::new(),
            ends_of_old: None,
            old_ended: false,
            setup_href: None,
            seen: None,
        }
    }
}

/// The name of an environment variable for the secret of a thing of this name.
pub(super) fn env_name(thing: &str) -> String {
    const MOST: usize = 40;
    let mut name = String::with_capacity(MOST + 4);
    for c in thing.chars() {
        if name.len() >= MOST {
            break;
        }
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_uppercase()),
            _ if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    let name = name.trim_end_matches('_');
    match name {
        "" => "API_KEY".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("KEY_{name}"),
        name if name.ends_with("KEY") || name.ends_with("SECRET") => name.to_owned(),
        name => format!("{name}_KEY"),
    }
}

#[derive(Template)]
#[template(path = "console/secret.html")]
struct Page<'a> {
    shell: Shell,
    what: What<'a>,
    /// Where *Done* leads, in parts: a form that is sent by GET loses the query of its action.
    done_path: String,
    done_fields: Vec<(String, String)>,
}

/// Shows the secret. Only a handler that made or opened it just now has one to show.
pub(super) fn show(
    app: &App,
    visitor: &Visitor,
    section: Section,
    what: What<'_>,
) -> Response<Body> {
    let shell = Shell::of(app, visitor, section, what.heading.to_owned());
    let (path, query) = what.done_href.split_once('?').unwrap_or((&what.done_href, ""));
    let done_path = path.to_owned();
    let done_fields = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let page = Page { shell, what, done_path, done_fields };
    page::show(app, &page.shell, &page)
}

#[cfg(test)]
mod tests {
    use super::env_name;

    #[test]
    fn a_variable_is_named_after_the_thing() {
        for (thing, wanted) in [
            ("Orders chat", "ORDERS_CHAT_KEY"),
            ("  CRM / pop-ups ", "CRM_POP_UPS_KEY"),
            ("24 hour desk", "KEY_24_HOUR_DESK"),
            ("my api key", "MY_API_KEY"),
            ("заказы", "API_KEY"),
            ("", "API_KEY"),
        ] {
            assert_eq!(env_name(thing), wanted, "{thing}");
        }
        assert!(env_name(&"x".repeat(300)).len() < 50);
    }
}
