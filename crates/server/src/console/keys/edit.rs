//! `/console/keys/{id}/edit`: what may change of a key, as its type says. What cannot change is shown and
//! stays; a new date brings an expired key back.

use super::{
    KeysView, behind,
    create::Filled,
    delete::found,
    end::End,
    fields::Fields,
    read::faults_of,
    switch::{back, beside},
    typed::{Typed, Values},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page},
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{key::Key, right::Deed, time::Timestamp};
use http::Response;
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, LimitChange, UpdateKey},
};

#[derive(Template)]
#[template(path = "console/keys/edit.html")]
struct Page {
    shell: Shell,
    list: KeysView,
    key: Key,
    filled: Filled,
    end: Option<End>,
    /// Whether it may be given another secret.
    may_rotate: bool,
    /// Where one came from.
    back: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    let (key, _) = found(&app, &visitor, &id, Deed::Update).await?;
    let fields = Fields::of_key(&app, &visitor, &key).await?;
    let typed = Typed::of_key(&key);
    let filled = Filled {
        fields,
        typed,
        faults: Faults::default(),
        once: String::new(),
        version: key.version,
    };
    render(&app, &visitor, key, filled, &back).await
}

/// `POST`.
pub(in crate::console) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let (key, _) = found(&app, &visitor, &id, Deed::Update).await?;
    let fields = Fields::of_key(&app, &visitor, &key).await?;
    let typed = Typed::of_form(&form);
    let faults = match typed.read(&fields, Some(&key), visitor.now) {
        Err(faults) => faults,
        Ok(values) => {
            let update = UpdateKey { if_version: form.version(), ..update(&fields, values) };
            let reference = KeyRef::Id(key.id);
            let service = app.service();
            let agree = |_: &Key| Ok(());
            match service.update_key(&visitor.caller, reference, ALL_TYPES, update, agree).await {
                Ok(changed) => {
                    let now = visitor.now;
                    let ends = has_expired(&changed, now) && !has_expired(&key, now);
                    // Whoever mistyped a date must see what it did.
                    let done = if ends { "key-expired" } else { "key-changed" };
                    return Ok(page::see_other(&app, &back(form.text("back"), done)));
                }
                Err(error) => faults_of(error, &fields)?,
            }
        }
    };
    let shown = form.version().unwrap_or(key.version);
    let filled = Filled { fields, typed, faults, once: String::new(), version: shown };
    render(&app, &visitor, key, filled, form.text("back")).await
}

fn has_expired(key: &Key, now: Timestamp) -> bool {
    key.expires_at.is_some_and(|end| end <= now)
}

/// The change that the fields of this form say; what has no field stays.
fn update(fields: &Fields, values: Values) -> UpdateKey {
    let limit = values.limit.map_or(LimitChange::Remove, |limit| LimitChange::Set {
        capacity: Some(limit.capacity()),
        frequency_s: Some(limit.frequency_s()),
    });
    let permissions = fields.writes_permissions || !fields.choices.is_empty();
    UpdateKey {
        name: fields.name.then_some(values.name),
        description: fields.description.then_some(values.description),
        enabled: fields.enabled.then_some(values.enabled),
        starts_at: fields.expiry.then_some(values.starts_at),
        expires_at: fields.expiry.then_some(values.expires_at),
        limit: fields.limit.then_some(limit),
        rotation: fields.rotation.then_some(values.rotation),
        allow_list: fields.allow_list.then_some(values.allow_list),
        permissions: permissions.then_some(values.permissions),
        ..UpdateKey::default()
    }
}

async fn render(
    app: &App,
    visitor: &Visiting,
    key: Key,
    filled: Filled,
    back: &str,
) -> Result<Response<Body>, Failure> {
    let fields = &filled.fields;
    if !(fields.name || fields.description || fields.expiry || fields.enabled || fields.limit) {
        return Err(Error::NotFound.into());
    }
    let now = visitor.now;
    let back = beside(back);
    let page = Page {
        shell: Shell::of(app, visitor, Section::Keys, "API keys"),
        list: behind(app, visitor, &back).await?,
        end: End::of(&key, now),
        may_rotate: fields.of_type.actions.rotate,
        back,
        key,
        filled,
    };
    Ok(page::show_as(app, page.filled.faults.status(), &page.shell, &page))
}
