//! `GET /v1/persons/{id}/consents`

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::native::persons,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, authorization::HeldConsent};
use utoipa::ToSchema;

/// The id of the person in the documentation.
pub(super) const PERSON: &str = "0d3f2c9e-6b0a-4a55-9c1e-5b8f0e7a1c42";

/// What a person agreed to for a client.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Consent)]
struct ConsentBody<'a> {
    /// The client.
    client_id: &'a str,
    /// The scopes that were agreed to.
    scopes: Vec<&'a str>,
    /// When, the last time.
    #[schema(value_type = words::Instant)]
    granted: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    consents: Vec<ConsentBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

impl<'a> ConsentBody<'a> {
    fn of(held: &'a HeldConsent) -> Self {
        Self {
            client_id: &held.client_id,
            scopes: held.scopes.split(' ').collect(),
            granted: held.granted_at.to_string(),
        }
    }
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response<Body>, Failure> {
    query.finish()?;
    let found = app.service().list_consents(&caller, persons::id(&id)?).await?;
    let consents = found.iter().map(ConsentBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { consents, next_cursor: None }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List what a person agreed to")
        .about(
            "The clients that a person let know of them, the youngest consent first, at most 200. \
             Everybody sees their own; others' need `Persons.canManage`.",
        )
        .path("id", "The person's id.", schema::uuid(), PERSON)
        .answers::<Page<'_>>(
            200,
            "What they agreed to.",
            json!({
                "consents": [{
                    "clientId": "my-app",
                    "scopes": ["openid", "profile"],
                    "granted": "2026-11-22T09:30:00.000Z",
                }],
                "nextCursor": null,
            }),
        )
        .fails([Error::NotAllowed { right: Some(domain::right::Right::PersonsManage) }])
}
