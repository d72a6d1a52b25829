//! `GET /environment/v3/contact-centers/{ccid}`.

use super::answer;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        envelope,
        wire::{self, CCID, ContactCenterBody, ccid},
    },
};
use axum::extract::State;
use http::Response;
use serde_json::json;

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&caller, ccid(&center)?).await?;
    Ok(etag::add(envelope::with_data(&ContactCenterBody::of(&tenant)), tenant.version))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a contact center")
        .about("Its domains, its environment, and what is known of its authentication.")
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .answers_as(
            200,
            "The contact center.",
            "application/json",
            answer(),
            json!({"status": {"code": 0}, "data": wire::example()}),
        )
        .versioned()
}
