//! `GET /v1/rights`: every right there is, and what it means.

use crate::{
    answer::{self, Body},
    document::{Operation, operation},
    extract::{Caller, Query},
    failure::Failure,
};
use domain::right::Right;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = Rights)]
struct All {
    rights: Vec<RightBody>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RightAndMeaning)]
struct RightBody {
    right: &'static str,
    meaning: &'static str,
    /// Whether nobody of a tenant can have it.
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
    operation("List rights")
        .about("Lists every right that a role can give, with what it means.")
        .answers::<All>(
            200,
            "The rights.",
            json!({"rights": [
                {"right": "Audit.canRead", "meaning": "Read the audit log", "clusterOnly": false},
            ]}),
        )
}
