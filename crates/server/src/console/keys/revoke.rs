//! `/console/keys/{id}/revoke`: for good, now or from an instant on; until that has come it is moved or taken
//! back.

use super::{
    KeysView, behind,
    delete::{Use, found, used},
    switch::{back, beside},
    typed::{instant, local},
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
use http::Response;
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, RevokeKey, UpdateKey},
};

const NOT_CHOSEN: &str =
    "There is an instant here, but it is not chosen above: choose it, or clear it.";

/// What was typed, and until then what is planned.
struct Typed {
    /// `now`, `later` or `never`.
    when: String,
    at: String,
    reason: String,
}

impl Typed {
    /// Before anybody typed: now, or as it is planned.
    fn of_key(key: &Key, now: Timestamp) -> Self {
        let planned = planned(key, now);
        Self {
            when: if planned.is_some() { "later" } else { "now" }.to_owned(),
            at: planned.map(local).unwrap_or_default(),
            reason: key.revoke_reason.clone().unwrap_or_default(),
        }
    }

    fn of_form(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self { when: text("when"), at: text("at"), reason: text("reason") }
    }

    fn is(&self, when: &str) -> bool {
        self.when == when
    }

    /// When that is; `Some(None)`: never, `None`: now. What stands as it was shown is kept to the
    /// millisecond.
    fn read(
        &self,
        planned: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Option<Timestamp>>, Faults> {
        let text = self.at.trim();
        let shown = planned.filter(|planned| local(*planned) == text);
        match self.when.as_str() {
            "later" => match shown.or_else(|| instant(text)) {
                Some(at) if at > now => Ok(Some(Some(at))),
                Some(_) => {
                    Err(Faults::one("at", "This has passed. Name a later instant, or revoke now."))
                }
                None => {
                    Err(Faults::one("at", "Enter a date and a time, such as 2027-01-31T00:00."))
                }
            },
            _ if !text.is_empty() && shown.is_none() => Err(Faults::one("at", NOT_CHOSEN)),
            "never" if planned.is_some() => Ok(Some(None)),
            "now" => Ok(None),
            _ => Err(Faults::one("at", "Choose when the key is revoked.")),
        }
    }
}

/// The revocation that is still to come.
fn planned(key: &Key, now: Timestamp) -> Option<Timestamp> {
    key.revoked_at.filter(|at| *at > now)
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
    render(&app, &visitor, (&of, &back), Faults::default(), None).await
}

/// `POST`.
pub(in crate::console) async fn revoke(
    State(app): State<App>,
    visitor: Visiting,
    Path(of): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let (key, _) = found(&app, &visitor, &of, Deed::Update).await?;
    let typed = Typed::of_form(&form);
    let faults = match typed.read(planned(&key, visitor.now), visitor.now) {
        Err(faults) => faults,
        Ok(at) => match write(&app, &visitor, &key, at, &form).await {
            Ok(()) => {
                let done = match at {
                    None => "key-revoked",
                    Some(Some(_)) => "key-revocation-planned",
                    Some(None) => "key-revocation-taken-back",
                };
                return Ok(page::see_other(&app, &back(form.text("back"), done)));
            }
            Err(error) => {
                let known = [("at", "at"), ("revoked", "at"), ("reason", "reason")];
                Faults::of_error(error, &known)?
            }
        },
    };
    render(&app, &visitor, (&of, form.text("back")), faults, Some(typed)).await
}

/// Revokes the key at that instant, or takes back what is planned.
async fn write(
    app: &App,
    visitor: &Visiting,
    key: &Key,
    at: Option<Option<Timestamp>>,
    form: &Form,
) -> Result<(), Error> {
    let (service, caller, if_version) = (app.service(), &visitor.caller, form.version());
    if at == Some(None) {
        let update = UpdateKey { revoked_at: at, if_version, ..UpdateKey::default() };
        let key = KeyRef::Id(key.id);
        return service.update_key(caller, key, ALL_TYPES, update, |_| Ok(())).await.map(drop);
    }
    let revoke = RevokeKey { at: at.flatten(), reason: form.filled("reason"), if_version };
    service.revoke_key(caller, key.id, revoke).await.map(drop)
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (of, back): (&str, &str),
    faults: Faults,
    typed: Option<Typed>,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(app, visitor, of, Deed::Update).await?;
    if of_type.actions.assigned_only {
        return Err(Error::NotFound.into());
    }
    let now = visitor.now;
    let page = Page {
        shell: Shell::of(app, visitor, Section::Keys, format!("Revoke {}", key.name)),
        list: behind(app, visitor, back).await?,
        of: used(app, visitor, &key).await?,
        could_disable: of_type.actions.enable && key.enabled && !key.is_revoked(now),
        planned: When::maybe(planned(&key, now), now),
        revoked: key.is_revoked(now),
        typed: typed.unwrap_or_else(|| Typed::of_key(&key, now)),
        back: beside(back),
        faults,
        key,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
