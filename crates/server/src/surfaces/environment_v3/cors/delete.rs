//! `DELETE /environment/v3/cors`, which is ours: takes an origin off the list. It is named in the body or
//! in the query, for not every client sends a body with this method.

use super::{Entry, contact_center, example, list::bad_query, naming, no_origin};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, Data},
        wire::CCID,
    },
};
use axum::extract::{FromRequest, Request, State};
use http::Response;
use serde_json::json;
use service::Error;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let named = [query.0.take_text("contactCenterId"), query.0.take_text("origin")];
    let entry = match named {
        [None, None] => Data::<Entry>::from_request(request, &app).await?.0,
        [contact_center_id, origin] => {
            if let Some(text) = &contact_center_id {
                contact_center(text).map_err(|_| bad_query())?;
            }
            Entry { contact_center_id, origin }
        }
    };
    let (tenant, origin) = entry.read(&caller)?;
    app.service().delete_cors_origin(&caller, tenant, &origin).await?;
    Ok(envelope::done())
}

pub(in super::super) fn doc() -> Operation {
    let mut doc = operation("Let pages of an origin call no more")
        .about(
            "Ours: takes one origin off the list of a contact center, from the answer on. It stands in the \
             body or in the query. When the last one is gone, the old list among the settings counts again.",
        )
        .query(
            "contactCenterId",
            "The contact center; the caller's own where it has one and names none.",
            schema::uuid(),
            CCID,
        )
        .query("origin", "The origin.", schema::text(1, 255), "https://ges.example.com")
        .takes_as("application/json", naming(), example())
        .answers_as(
            200,
            "The origin is not listed any more.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
        .fails([no_origin(), Error::NotFound])
        .fails([bad_query()]);
    doc.body_optional = true;
    doc
}
