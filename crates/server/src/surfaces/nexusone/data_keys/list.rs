//! `GET /api/dataproduct/psk`: without `limit` the whole list, paged inside and streamed; with it one page,
//! a cursor and a `Link` header.

use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::nexusone::{error, wire},
    whole_list::{self, Listing, Part, Wanted},
};
use axum::extract::State;
use http::Response;
use serde::Serialize;
use serde_json::{Value, json};
use service::{
    data_keys::{DataKey, ListDataKeys},
    keys::MAX_PAGE,
};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = DataKey)]
struct KeyBody<'a> {
    /// The data product.
    view_id: &'a str,
    /// The key's id as a UUID: the 128 bits of its `key_…`.
    #[schema(format = "uuid")]
    id: String,
    description: Option<&'a str>,
    #[schema(value_type = words::Instant)]
    created_at: String,
    #[schema(value_type = Option<words::Instant>)]
    valid_until: Option<String>,
    is_deleted: bool,
    #[schema(value_type = Option<words::Instant>)]
    deleted_at: Option<String>,
}

impl<'a> KeyBody<'a> {
    fn of(DataKey { key, deleted_at }: &'a DataKey) -> Self {
        Self {
            view_id: &key.name,
            id: wire::uuid_of(key.id),
            description: key.description.as_deref(),
            created_at: key.created_at.to_string(),
            valid_until: wire::instant(key.unavailable_at()),
            is_deleted: deleted_at.is_some(),
            deleted_at: wire::instant(*deleted_at),
        }
    }
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let with_deleted = with_deleted(&mut query)?;
    let wanted = Wanted::of(&mut query)?;
    let limit = wanted.limit;
    let reader = (app.clone(), caller.clone());
    let listing = Listing {
        around: ("", ""),
        address: format!("/api/dataproduct/psk?include_deleted={with_deleted}&"),
        reader: Arc::new(move |cursor| {
            let (app, caller) = reader.clone();
            let list = ListDataKeys { with_deleted, limit, cursor };
            Box::pin(async move {
                let page = app.service().list_data_keys(&caller, list).await?;
                let shown: Vec<KeyBody<'_>> = page.keys.iter().map(KeyBody::of).collect();
                Part::of(&shown, page.next)
            })
        }),
    };
    listing.answer(&app, &caller, wanted).await
}

/// As the framework reads it.
fn with_deleted(query: &mut Query) -> Result<bool, Failure> {
    const NAME: &str = "include_deleted";
    let Some(text) = query.0.take_text(NAME) else { return Ok(false) };
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
        _ => Err(no_bool()),
    }
}

fn no_bool() -> Failure {
    Failure::BadQuery {
        field: Some("include_deleted".to_owned()),
        detail: error::NO_BOOL.to_owned(),
    }
}

pub(in super::super) fn doc() -> Operation {
    let shown = Named::of::<KeyBody<'_>>();
    let items = json!({"$ref": format!("#/components/schemas/{}", shown.name)});
    let mut list = Named::new("DataKeys", json!({"type": "array", "items": items}));
    list.refers_to.push((shown.name.to_string(), shown.schema.clone()));
    list.refers_to.extend(shown.refers_to);
    operation("List the keys of data products")
        .about(
            "Those of the caller's tenant, newest first, never their secrets. Without `limit` and `cursor` \
             the whole list, read and streamed page by page; with either one page, the next one of which is \
             named in `Link`.",
        )
        .query("include_deleted", "Whether those that were deleted are among them.", schema::boolean(), false)
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
            list,
            json!([{
                "view_id": "sales_by_region",
                "id": wire::EXAMPLE_ID,
                "description": "quarterly report",
                "created_at": "2026-11-22T09:30:00.000Z",
                "valid_until": "2026-12-22T09:30:00.000Z",
                "is_deleted": false,
                "deleted_at": null,
            }]),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/api/dataproduct/psk?include_deleted=false&limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([whole_list::bad_limit(), no_bool()])
}
