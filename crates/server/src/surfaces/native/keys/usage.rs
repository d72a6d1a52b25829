//! `GET /v1/keys/{id}/usage`: verifications by hour or by day, each by verdict.

use super::wire;
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Caller, Path, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{time::Timestamp, verdict::Verdict};
use http::{Response, StatusCode};
use serde::Serialize;
use service::keys::{UsagePart, UsageStep};
use std::collections::BTreeMap;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    by: &'static str,
    from: String,
    to: String,
    last_used: Option<String>,
    usage: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    start: String,
    total: u64,
    verdicts: BTreeMap<&'static str, u64>,
}

pub(in super::super) async fn usage(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let id = wire::id(&id)?;
    let (step, by) = match query.0.take_text("by").as_deref() {
        None | Some("hour") => (UsageStep::Hour, "hour"),
        Some("day") => (UsageStep::Day, "day"),
        Some(_) => {
            let detail = "`by` must be `hour` or `day`".to_owned();
            return Err(Failure::BadQuery { field: Some("by".to_owned()), detail });
        }
    };
    let span = (instant(&mut query, "from")?, instant(&mut query, "to")?);
    query.finish()?;
    let found = app.service().show_key_usage(&caller, id, step, span).await?;
    let body = Usage {
        by,
        from: found.from.to_string(),
        to: found.to.to_string(),
        last_used: found.last_used.map(|at| at.to_string()),
        usage: found.parts.iter().map(part).collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

fn part(part: &UsagePart) -> Part {
    let counted = Verdict::ALL.iter().zip(part.counts).filter(|(_, count)| *count > 0);
    Part {
        start: part.start.to_string(),
        total: part.counts.iter().sum(),
        verdicts: counted.map(|(verdict, count)| (verdict.as_str(), count)).collect(),
    }
}

fn instant(query: &mut Query, name: &'static str) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = query.0.take_text(name) else { return Ok(None) };
    Timestamp::parse(&text).map(Some).map_err(|_| Failure::BadQuery {
        field: Some(name.to_owned()),
        detail: format!("`{name}` must be an RFC 3339 instant such as 2026-12-31T23:59:59Z"),
    })
}

pub(in super::super) fn doc() -> Operation {
    documented("Show how a key was used")
}
