//! `GET /v1/master-keys`: few, so all of them.

use super::wire::{self, MasterKeysBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response<Body>, Failure> {
    query.finish()?;
    let found = app.service().list_master_keys(&caller).await?;
    Ok(answer::json(StatusCode::OK, &MasterKeysBody::of(found)))
}

pub(in super::super) fn doc() -> Operation {
    operation("List master keys")
        .about(
            "Says which master keys there are, which one writes, which nodes have it, and, while one is \
             being replaced, what still lies under the old one. No answer holds a master key.",
        )
        .answers::<MasterKeysBody>(200, "The master keys.", wire::example())
}
