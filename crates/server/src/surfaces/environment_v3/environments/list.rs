//! `GET /environment/v3/environments`: without `limit` the whole list, with it one page.

use super::wire::{self, EnvironmentBody};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::environment_v3::envelope,
    whole_list::{self, Listing, Part, Wanted},
};
use axum::extract::State;
use http::Response;
use serde_json::{Value, json};
use service::{environments::ListEnvironments, keys::MAX_PAGE};
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
        address: "/environment/v3/environments?".to_owned(),
        reader: Arc::new(move |cursor| {
            let (app, caller) = reader.clone();
            Box::pin(async move {
                let list = ListEnvironments { limit, cursor };
                let page = app.service().list_environments(&caller, list).await?;
                let shown: Vec<EnvironmentBody> =
                    page.environments.iter().map(EnvironmentBody::of).collect();
                Part::of(&shown, page.next)
            })
        }),
    };
    listing.answer(&app, &caller, wanted).await
}

pub(in super::super) fn doc() -> Operation {
    let shown = Named::of::<EnvironmentBody>();
    let items = json!({"type": "array", "items": envelope::reference(&shown)});
    operation("List environments")
        .about(
            "The published command, oldest first; only callers of the cluster may. Without `limit` and \
             `cursor` the whole list, with either one page, the next one of which is named in `Link`.",
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
            "The environments.",
            "application/json",
            envelope::success_with("Environments", &items, vec![shown]),
            json!({"status": {"code": 0}, "data": [wire::example()]}),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/environment/v3/environments?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([whole_list::bad_limit()])
}
