//! The secret of a key on the page that shows it, and what is said of it there.

use super::names;
use crate::{
    answer::Body,
    app::App,
    console::{
        Section, Shell, Visitor, page,
        secret_page::{self, What},
        when::{When, exact},
    },
    failure::Failure,
};
use askama::Template;
use domain::{
    id::KeyId,
    key::Key,
    key_type::{KeyType, Place, Reveal},
    right::Family,
};
use http::{Response, StatusCode};
use service::{
    Error,
    keys::{Created, may_acknowledge},
};

/// The type of the keys that *Setup integration* is about.
const SET_UP: &str = "openconnect";

/// What is said of a secret beside what its key says.
#[derive(Default)]
pub(in crate::console) struct Said<'a> {
    /// What was done.
    pub(in crate::console) heading: &'a str,
    /// Where *Done* leads.
    pub(in crate::console) done: &'a str,
    /// Whether the secret was made just now: nobody can have used it.
    pub(in crate::console) is_new: bool,
    /// When the secret before it ends.
    pub(in crate::console) ends_of_old: Option<When>,
    /// Whether the secret before it has ended.
    pub(in crate::console) old_ended: bool,
}

/// Shows the secret of a key that was made, replaced or revealed just now.
pub(in crate::console) fn show(
    app: &App,
    visitor: &Visitor,
    made: &Created,
    said: Said<'_>,
) -> Result<Response<Body>, Failure> {
    let Created { key, secret } = made;
    let service = app.service();
    let of_type = service.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)?;
    let mut what = What::of(said.heading, &key.name, secret, said.done);
    what.recoverable = of_type.reveal == Reveal::Recoverable;
    if let Some((curl, hint)) = test_call(app, &of_type, key, &what.env_name) {
        what.curl = Some(curl);
        what.curl_hint = hint;
    }
    let warnings = made.warnings().into_iter().chain(service.warning_of_open_key(key));
    what.warnings = warnings.map(crate::console::form::sentence).collect();
    what.facts = facts(key, &of_type);
    if may_acknowledge(&visitor.caller, key, &of_type) {
        what.acknowledge = Some(format!("/console/keys/{}/acknowledge", key.id));
    }
    if of_type.family == Family::ExperienceCloud && what.acknowledge.is_some() {
        let key = if key.key_type == SET_UP { format!("&key={}", key.id) } else { String::new() };
        what.setup_href = Some(format!("/console/setup?type={SET_UP}{key}"));
    }
    what.ends_of_old = said.ends_of_old;
    what.old_ended = said.old_ended;
    what.seen = said.is_new.then_some(key.id);
    Ok(secret_page::show(app, visitor, Section::Keys, what))
}

fn facts(key: &Key, of_type: &KeyType) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Key type", names::of_type(&of_type.name).to_owned()),
        ("Key id", key.id.to_string()),
    ];
    facts.extend(key.ends_at().map(|end| ("Expires", exact(end))));
    if !key.enabled {
        facts.push(("Enabled", "no: it serves once you enable it".to_owned()));
    }
    facts
}

/// A call that shows that the key works, with the variable in the place of the secret.
fn test_call(app: &App, of_type: &KeyType, key: &Key, env: &str) -> Option<(String, &'static str)> {
    let public = &app.config().public_url;
    let origin = key.allow_list.origins.iter().map(ToString::to_string).next();
    let origin = match origin {
        Some(origin) => format!(" \\\n  -H 'Origin: {}'", origin.replace("://*.", "://www.")),
        None => String::new(),
    };
    if of_type.name == SET_UP && of_type.tenant.is_none() {
        let call = format!(
            "curl '{public}/openconnect' \\\n  -H \"Authorization: Bearer ${env}\"{origin} \\\n  \
             -d agentid=4711 -d crmId=crm-1 -d event=screenPop"
        );
        return Some((call, "A test call, which answers {\"status\":\"ok\"}:"));
    }
    let bearer = of_type.presented_in.contains(&Place::Bearer);
    let header = of_type.presented_in.iter().find_map(|place| match place {
        Place::Header(name) if name == "x-api-key" => Some(name),
        Place::Header(_) | Place::Bearer | Place::Parameter(_) => None,
    });
    let presented = match header {
        Some(name) if !bearer => format!("{name}: ${env}"),
        _ => format!("Authorization: Bearer ${env}"),
    };
    let call = format!("curl '{public}/v1/whoami' \\\n  -H \"{presented}\"{origin}");
    Some((call, "A test call, which answers whose key it is:"))
}

#[derive(Template)]
#[template(path = "console/keys/repeated.html")]
struct Repeated {
    shell: Shell,
    /// The key, where it is known.
    id: Option<KeyId>,
    /// Whether the first sending has not ended.
    underway: bool,
}

/// The answer to a form that was sent before.
pub(in crate::console) fn repeated(
    app: &App,
    visitor: &Visitor,
    id: Option<KeyId>,
    underway: bool,
) -> Response<Body> {
    let shell = Shell::of(app, visitor, Section::Keys, "This form was sent before");
    let page = Repeated { shell, id, underway };
    page::show_as(app, StatusCode::CONFLICT, &page.shell, &page)
}
