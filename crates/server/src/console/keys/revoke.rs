//! `/console/keys/{id}/revoke`: for good, now or from an instant on.

use super::{
    KeysView, behind,
    delete::{Use, found, used},
    switch::{back, beside, id},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page, when::When},
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{key::Key, right::Deed, time::Timestamp};
use http::{Response, StatusCode};
use service::{Error, keys::RevokeKey};

#[derive(Default)]
struct Typed {
    /// Whether an instant is named.
    later: bool,
    at: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "console/keys/revoke.html")]
struct Page {
    shell: Shell,
    list: KeysView,
    faults: Faults,
    key: Key,
    of: Use,
    /// Whether it is already, for good.
    revoked: bool,
    /// When it is to be, if that is planned.
    planned: Option<When>,
    could_disable: bool,
    typed: Typed,
    /// Where one came from.
    back: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(of): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    render(&app, &visitor, (&of, &back), (Faults::default(), Typed::default())).await
}

/// `POST`.
pub(in crate::console) async fn revoke(
    State(app): State<App>,
    visitor: Visiting,
    Path(of): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let typed = Typed {
        later: form.text("when") == "later",
        at: form.text("at").to_owned(),
        reason: form.text("reason").to_owned(),
    };
    let place = (of.as_str(), form.text("back"));
    let at = match (typed.later, instant(&typed.at)) {
        (false, _) => None,
        (true, Some(at)) if at > visitor.now => Some(at),
        (true, Some(_)) => {
            let faults = Faults::one("at", "This has passed. Name a later instant, or revoke now.");
            return render(&app, &visitor, place, (faults, typed)).await;
        }
        (true, None) => {
            let faults = Faults::one("at", "Enter a date and a time, such as 2027-01-31T00:00.");
            return render(&app, &visitor, place, (faults, typed)).await;
        }
    };
    let planned = at.is_some();
    let revoke = RevokeKey { at, reason: form.filled("reason"), if_version: form.version() };
    match app.service().revoke_key(&visitor.caller, id(&of)?, revoke).await {
        Ok(_) => {
            let done = if planned { "key-revocation-planned" } else { "key-revoked" };
            Ok(page::see_other(&app, &back(form.text("back"), done)))
        }
        Err(error) => {
            let known = [("at", "at"), ("revoked", "at"), ("reason", "reason")];
            render(&app, &visitor, place, (Faults::of_error(error, &known)?, typed)).await
        }
    }
}

/// What `datetime-local` sends, in UTC; or an instant as programs write them.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let whole = match text.len() {
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text.to_owned(),
    };
    Timestamp::parse(&whole).ok()
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (of, back): (&str, &str),
    (faults, typed): (Faults, Typed),
) -> Result<Response<Body>, Failure> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (key, of_type) = found(app, visitor, of, Deed::Update).await?;
    if of_type.actions.assigned_only {
        return Err(Error::NotFound.into());
    }
    let of = used(app, visitor, &key).await?;
    let could_disable = of_type.actions.enable && key.enabled && !key.is_revoked(visitor.now);
    let list = behind(app, visitor, back).await?;
    let shell = Shell::of(app, visitor, Section::Keys, format!("Revoke {}", key.name));
    let planned = When::maybe(key.revoked_at, visitor.now);
    let revoked = key.is_revoked(visitor.now);
    let back = beside(back);
    let page = Page { shell, list, faults, key, of, revoked, planned, could_disable, typed, back };
    Ok(page::show_as(app, status, &page.shell, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_browsers_and_programs_write_it() {
        let wanted = Timestamp::parse("2027-01-31T08:30:00Z").ok();
        assert!(wanted.is_some());
        for text in ["2027-01-31T08:30", "2027-01-31T08:30:00", " 2027-01-31T09:30:00+01:00 "] {
            assert_eq!(instant(text), wanted, "{text}");
        }
        assert_eq!(instant("tomorrow"), None);
        assert_eq!(instant(""), None);
    }
}
