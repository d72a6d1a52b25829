//! `GET /environment/v3/contact-centers`: without `limit` the whole list, paged inside and streamed; with
//! it one page, a cursor and a `Link` header.

use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::environment_v3::{
        envelope,
        wire::{self, ContactCenterBody},
    },
    whole_list::{self, Listing, Part, Wanted},
};
use axum::extract::State;
use http::Response;
use serde_json::{Value, json};
use service::tenants::{ListTenants, MAX_PAGE};
use std::sync::Arc;

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let wanted = Wanted::of(&mut query)?;
    let limit = wanted.limit;
    let reader = (app.clone(), caller.clone());
    let listing = Listing {
        around: (envelope::BEFORE_DATA, envelope::BEHIND_DATA),
        address: "/environment/v3/contact-centers?".to_owned(),
        reader: Arc::new(move |cursor| {
            let (app, caller) = reader.clone();
            Box::pin(async move { part(&app, &caller, limit, cursor).await })
        }),
    };
    listing.answer(&app, &caller, wanted).await
}

async fn part(
    app: &App,
    caller: &service::Caller,
    limit: u32,
    cursor: Option<String>,
) -> Result<Part, Failure> {
    let list = ListTenants { route: "list_contact_centers", search: None, limit, cursor };
    let page = app.service().list_tenants(caller, list).await?;
    let shown: Vec<ContactCenterBody<'_>> =
        page.tenants.iter().map(ContactCenterBody::of).collect();
    Part::of(&shown, page.next)
}

pub(in super::super) fn doc() -> Operation {
    let shown = Named::of::<ContactCenterBody<'_>>();
    let items = json!({"type": "array", "items": envelope::reference(&shown)});
    operation("List contact centers")
        .about(
            "The published command, oldest first: all of them to callers of the cluster, to anybody else \
             its own. Without `limit` and `cursor` the whole list, read and streamed page by page; with \
             either one page, the next one of which is named in `Link`.",
        )
        .query("limit", "How many at most.", schema::integer(1, MAX_PAGE), 50)
        .query(
            "cursor",
            "Where to go on: as `Link` of the page before has it.",
            schema::text(1, 1000),
            Value::Null,
        )
        .answers_as(
            200,
            "The contact centers.",
            "application/json",
            envelope::success_with("ContactCenters", &items, vec![shown]),
            json!({"status": {"code": 0}, "data": [wire::example()]}),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/environment/v3/contact-centers?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([whole_list::bad_limit()])
}
