//! `GET /environment/v3/contact-centers/{ccid}/api-keys`: without `limit` the whole list, paged inside and
//! streamed; with it one page, a cursor and a `Link` header.

use super::wire::SECRET;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::environment_v3::{
        KEY_TYPES, envelope,
        wire::{CCID, ccid},
    },
    whole_list::{self, Listing, Part, Wanted},
};
use axum::extract::State;
use domain::{
    id::{Scope, TenantId},
    secret::Secret,
};
use http::Response;
use serde_json::{Value, json};
use service::{
    Error,
    keys::{ListKeys, MAX_PAGE, StatusFilter},
};
use std::sync::Arc;

/// Those that serve: a revoked or expired key is assigned to nobody.
const SERVING: StatusFilter =
    StatusFilter { available: true, unavailable: false, soon_unavailable: false };

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = ccid(&center)?;
    let wanted = Wanted::of(&mut query)?;
    app.service().admit_revealing_list(&caller, KEY_TYPES)?;
    let limit = wanted.limit;
    let reader = (app.clone(), caller.clone());
    let listing = Listing {
        around: (envelope::BEFORE_DATA, envelope::BEHIND_DATA),
        address: format!("/environment/v3/contact-centers/{tenant}/api-keys?"),
        reader: Arc::new(move |cursor| {
            let (app, caller) = reader.clone();
            Box::pin(async move { part(&app, &caller, tenant, limit, cursor).await })
        }),
    };
    listing.answer(&app, &caller, wanted).await
}

async fn part(
    app: &App,
    caller: &service::Caller,
    tenant: TenantId,
    limit: u32,
    cursor: Option<String>,
) -> Result<Part, Failure> {
    let service = app.service();
    let list = ListKeys {
        route: "list_api_keys",
        scope: Some(Scope::Tenant(tenant)),
        key_types: KEY_TYPES,
        key_type: None,
        search: None,
        status: SERVING,
        standing: None,
        permission: None,
        acknowledged: None,
        held: None,
        limit,
        cursor,
    };
    let page = service.list_keys(caller, list).await?;
    let secrets = service.reveal(caller, &page.keys).await?;
    let ids: Vec<String> = page.keys.iter().map(|key| key.id.to_string()).collect();
    let shown: Vec<&str> = secrets
        .iter()
        .zip(&ids)
        .map(|(secret, id)| secret.as_ref().map_or(id.as_str(), Secret::expose))
        .collect();
    Part::of(&shown, page.next)
}

pub(in super::super) fn doc() -> Operation {
    operation("List the API keys of a contact center")
        .about(
            "The published command, newest first: the keys themselves for callers with \
             `Callback.ApiKeys.canReveal`, each answer audited with their count before it leaves, and the \
             keys' ids for all others. Without `limit` and `cursor` the whole list, read and streamed page \
             by page; with either one page, the next one of which is named in `Link`. Revoked keys are \
             assigned to nobody.",
        )
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .query("limit", "How many at most.", schema::integer(1, MAX_PAGE), 50)
        .query(
            "cursor",
            "Where to go on: as `Link` of the page before has it.",
            schema::text(1, 1000),
            Value::Null,
        )
        .answers_as(
            200,
            "The keys.",
            "application/json",
            envelope::success_with(
                "ApiKeysOfContactCenter",
                &json!({"type": "array", "items": {"type": "string"}}),
                Vec::new(),
            ),
            json!({"status": {"code": 0}, "data": [SECRET]}),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/environment/v3/contact-centers/ed4c03f3-6275-4419-8b2b-11d14af10655/api-keys?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([
            whole_list::bad_limit(),
            Failure::Service(Error::NotAllowed { right: None }),
            Failure::Service(Error::Limited { retry_after_s: 60 }),
        ])
}
