//! `POST /environment/v3/cors`: adds an origin.

use super::{Entry, example, naming, no_origin};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation},
    extract::Caller,
    failure::Failure,
    surfaces::environment_v3::envelope::{self, Data},
};
use axum::extract::State;
use http::Response;
use serde_json::json;
use service::Error;

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Data(entry): Data<Entry>,
) -> Result<Response<Body>, Failure> {
    let (tenant, origin) = entry.read(&caller)?;
    app.service().create_cors_origin(&caller, tenant, &origin).await?;
    Ok(envelope::done())
}

pub(in super::super) fn doc() -> Operation {
    operation("Let pages of an origin call")
        .about(
            "The published command: adds one origin to the list of a contact center. As soon as this list \
             has an entry, the old one among the settings says nothing any more. An origin that is listed \
             already changes nothing. An origin has no path, no user and no `*`, and is not `null`.",
        )
        .takes_as("application/json", naming(), example())
        .answers_as(
            200,
            "The origin is listed.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
        .fails([
            no_origin(),
            Error::NotFound,
            Error::conflict("origins", "there are 500 origins, and no more can be"),
        ])
}
