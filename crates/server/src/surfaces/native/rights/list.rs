//! `GET /v1/rights`: every right there is, and what it means.

use crate::{
    answer::{self, Body},
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
};
use domain::right::Right;
use http::{Response, StatusCode};
use serde::Serialize;

#[derive(Serialize)]
struct All {
    rights: Vec<RightBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RightBody {
    right: &'static str,
    meaning: &'static str,
    cluster_only: bool,
}

pub(in super::super) async fn list(_: Caller, query: Query) -> Result<Response<Body>, Failure> {
    query.finish()?;
    let body = |right: &Right| RightBody {
        right: right.as_str(),
        meaning: right.meaning(),
        cluster_only: right.is_cluster_only(),
    };
    let rights = Right::ALL.iter().map(body).collect();
    Ok(answer::json(StatusCode::OK, &All { rights }))
}

pub(in super::super) fn doc() -> Operation {
    documented("List rights")
}
