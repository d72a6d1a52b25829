//! `/console/keys/{id}/delete`: says what would do instead and how the key is used, and asks once.

use super::{
    KeysView, behind,
    switch::{back, beside, carrying, id, list_of},
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
use domain::{key::Key, key_type::KeyType, right::Deed};
use http::Response;
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, UsageStep},
};

/// What is said of a key before it ends.
pub(super) struct Use {
    pub(super) last_used: Option<When>,
    /// Calls of the last day.
    pub(super) calls: u64,
}

#[derive(Template)]
#[template(path = "console/keys/delete.html")]
struct Page {
    shell: Shell,
    list: KeysView,
    faults: Faults,
    key: Key,
    of: Use,
    /// Whether it could be switched off instead.
    could_disable: bool,
    could_revoke: bool,
    /// Where one came from.
    back: String,
    /// What a link carries that comes back there, too.
    carry: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(of): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    render(&app, &visitor, (&of, &back), Faults::default()).await
}

/// `POST`.
pub(in crate::console) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path(of): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let key = KeyRef::Id(id(&of)?);
    let deleted = app.service().delete_key(&visitor.caller, key, ALL_TYPES, form.version()).await;
    match deleted {
        // The key's own page is gone: from there, too, one comes back to the list.
        Ok(()) => {
            let list = list_of(form.text("back"));
            Ok(page::see_other(&app, &back(&list, "key-deleted")))
        }
        Err(error) => {
            let faults = Faults::of_error(error, &[])?;
            render(&app, &visitor, (&of, form.text("back")), faults).await
        }
    }
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (of, back): (&str, &str),
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(app, visitor, of, Deed::Delete).await?;
    let of = used(app, visitor, &key).await?;
    let could_disable = of_type.actions.enable
        && key.enabled
        && !key.is_revoked(visitor.now)
        && visitor.may(of_type.family, Deed::Update);
    let could_revoke = !of_type.actions.assigned_only
        && !key.is_revoked(visitor.now)
        && visitor.may(of_type.family, Deed::Update);
    let list = behind(app, visitor, &list_of(back)).await?;
    let shell = Shell::of(app, visitor, Section::Keys, format!("Delete {}", key.name));
    let back = beside(back);
    let carry = carrying(&back);
    let page = Page { shell, list, faults, key, of, could_disable, could_revoke, back, carry };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}

/// The key of a path, with its type, for whoever may do this to it.
pub(super) async fn found(
    app: &App,
    visitor: &Visiting,
    of: &str,
    deed: Deed,
) -> Result<(Key, KeyType), Failure> {
    let service = app.service();
    let key = service.show_key(&visitor.caller, KeyRef::Id(id(of)?), ALL_TYPES).await?;
    let of_type = service.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)?;
    visitor.caller.require_rights(of_type.family.rights_for(deed))?;
    Ok((key, of_type))
}

/// How the key is used.
pub(super) async fn used(app: &App, visitor: &Visiting, key: &Key) -> Result<Use, Failure> {
    let span = (None, None);
    let usage =
        app.service().show_key_usage(&visitor.caller, key.id, UsageStep::Hour, span).await?;
    Ok(Use {
        last_used: When::maybe(usage.last_used, visitor.now),
        calls: usage.parts.iter().map(|part| part.counts.iter().sum::<u64>()).sum(),
    })
}
