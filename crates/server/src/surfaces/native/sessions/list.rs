//! `GET /v1/persons/{id}/sessions`

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::native::persons,
};
use axum::extract::State;
use domain::session::Session;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

/// The id of the person in the documentation.
pub(super) const PERSON: &str = "0d3f2c9e-6b0a-4a55-9c1e-5b8f0e7a1c42";
/// The id of the session in the documentation.
pub(super) const ID: &str = "8f14e45f-ceea-467f-9575-6c3b6f0d2c11";

/// A browser that is signed in to the person's realm.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
struct SessionBody<'a> {
    /// Clients know it as `sid`.
    #[schema(format = "uuid")]
    id: String,
    /// When the person proved who they are, the last time.
    #[schema(value_type = words::Instant)]
    authenticated: String,
    /// When the browser was seen last, to the minute.
    #[schema(value_type = words::Instant)]
    last_seen: String,
    /// When it ends, whatever happens until then.
    #[schema(value_type = words::Instant)]
    expires: String,
    /// Where the browser was.
    address: Option<&'a str>,
    /// What the browser called itself.
    agent: Option<&'a str>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    sessions: Vec<SessionBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

impl<'a> SessionBody<'a> {
    fn of(session: &'a Session) -> Self {
        Self {
            id: session.id.to_string(),
            authenticated: session.authenticated_at.to_string(),
            last_seen: session.last_seen_at.to_string(),
            expires: session.expires_at.to_string(),
            address: session.address.as_deref(),
            agent: session.agent.as_deref(),
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
    let found = app.service().list_sessions(&caller, persons::id(&id)?).await?;
    let sessions = found.iter().map(SessionBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { sessions, next_cursor: None }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List a person's sessions")
        .about(
            "The browsers in which a person is signed in to their realm, the youngest sign-in first, at \
             most 200. Everybody sees their own; others' need `Persons.canManage`.",
        )
        .path("id", "The person's id.", schema::uuid(), PERSON)
        .answers::<Page<'_>>(
            200,
            "The sessions that have not ended.",
            json!({
                "sessions": [{
                    "id": ID,
                    "authenticated": "2026-11-22T09:30:00.000Z",
                    "lastSeen": "2026-11-22T09:41:00.000Z",
                    "expires": "2026-11-23T09:30:00.000Z",
                    "address": "192.0.2.7",
                    "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                }],
                "nextCursor": null,
            }),
        )
        .fails([Error::NotAllowed { right: Some(domain::right::Right::PersonsManage) }])
}
