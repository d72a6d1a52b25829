//! `GET /v1/keys`: keys of every type that the caller may see, newest first.

use super::wire::{self, KeyBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    id::Scope,
    key::{MAX_NAME_CHARS, Standing},
    permission::check_wanted,
};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    keys::{ALL_TYPES, ListKeys, MAX_PAGE, StatusFilter},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    keys: Vec<KeyBody<'a>>,
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListKeys {
        route: "list_keys",
        scope: scope(&mut query)?,
        key_types: ALL_TYPES,
        key_type: query.0.take_text("keyType"),
        search: search(&mut query)?,
        status: availability(&mut query)?,
        standing: standing(&mut query)?,
        permission: permission(&mut query)?,
        acknowledged: query.parse("acknowledged", "`true` or `false`")?,
        held: query.parse("held", "`true` or `false`")?,
        limit: limit(&mut query)?,
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let service = app.service();
    let page = service.list_keys(&caller, list).await?;
    let now = service.now().wall;
    let keys = page.keys.iter().map(|key| KeyBody::of(key, now)).collect();
    Ok(answer::json(StatusCode::OK, &Page { keys, next_cursor: page.next }))
}

fn bad(name: &str, wanted: &str) -> Failure {
    Failure::BadQuery { field: Some(name.to_owned()), detail: format!("`{name}` must be {wanted}") }
}

fn scope(query: &mut Query) -> Result<Option<Scope>, Failure> {
    let Some(text) = query.0.take_text("tenant") else { return Ok(None) };
    Scope::parse(&text).map(Some).map_err(|_| bad("tenant", "a tenant's id or `*`"))
}

fn search(query: &mut Query) -> Result<Option<String>, Failure> {
    let text = query.0.take_text("search");
    if text.as_ref().is_some_and(|t| t.chars().count() > MAX_NAME_CHARS) {
        return Err(bad("search", &format!("at most {MAX_NAME_CHARS} characters long")));
    }
    Ok(text)
}

/// Several states unite.
fn availability(query: &mut Query) -> Result<StatusFilter, Failure> {
    let mut status = StatusFilter::default();
    let Some(text) = query.0.take_text("availability") else { return Ok(status) };
    for word in text.split(',') {
        match word {
            "available" => status.available = true,
            "soonUnavailable" => status.soon_unavailable = true,
            "unavailable" => status.unavailable = true,
            _ => {
                let wanted = "some of `available`, `soonUnavailable`, `unavailable`, with commas";
                return Err(bad("availability", wanted));
            }
        }
    }
    Ok(status)
}

fn standing(query: &mut Query) -> Result<Option<Standing>, Failure> {
    let Some(text) = query.0.take_text("status") else { return Ok(None) };
    match Standing::parse(&text) {
        Some(standing) => Ok(Some(standing)),
        None => {
            let words = Standing::ALL.map(|standing| format!("`{}`", standing.as_str()));
            Err(bad("status", &format!("one of {}", words.join(", "))))
        }
    }
}

fn permission(query: &mut Query) -> Result<Option<String>, Failure> {
    let Some(text) = query.0.take_text("permission") else { return Ok(None) };
    match check_wanted(&text) {
        Ok(()) => Ok(Some(text)),
        Err(_) => Err(bad("permission", "2 to 6 parts joined by `:`, without `*`")),
    }
}

fn limit(query: &mut Query) -> Result<u32, Failure> {
    let wanted = format!("1 to {MAX_PAGE}");
    let limit = query.parse("limit", &wanted)?.unwrap_or(MAX_PAGE);
    if (1..=MAX_PAGE).contains(&limit) { Ok(limit) } else { Err(bad("limit", &wanted)) }
}

pub(in super::super) fn doc() -> Operation {
    operation("List keys")
.about("Keys of every type that the caller may see, newest first. The cursor \
             holds while keys are made and deleted.")
.query("tenant", "One tenant's, or `*` for the cluster's; of callers of the cluster.", schema::scope(), "*")
.query("keyType", "Keys of this type alone.", schema::any_text(), "api")
.query("search", "A part of the name or of its creator's, in any case.", schema::text(0, 255), "orders")
.query("availability", "Some of `available`, `soonUnavailable`, `unavailable`, with commas \
             between them.", schema::pattern("^(available|soonUnavailable|unavailable)(,(available|soonUnavailable|unavailable))*$"), "available,soonUnavailable")
.query("status", "Keys against which this stands and nothing that comes before it: `revoked`, \
             `expired`, `disabled`, `held` (back, because nobody used it), `notYetValid`.", schema::word(&Standing::ALL.map(Standing::as_str)), "expired")
.query("permission", "Keys that hold this permission.", schema::pattern(schema::WANTED), "orders:read")
.query("acknowledged", "Whether the secret was acknowledged.", schema::boolean(), false)
.query("held", "Whether it is held back because nobody used it, whatever else is against it.", schema::boolean(), false)
.paged(MAX_PAGE)
.answers::<Page<'_>>(200, "A page of keys.", json!({"keys": [wire::example()], "nextCursor": null}))
.fails([Error::invalid("keyType", "there is no such key type")])
}
