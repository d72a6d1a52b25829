//! `GET /v1/keys/{id}/usage`: verifications by hour or by day, each by verdict.

use super::wire;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Path, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::{time::Timestamp, verdict::Verdict};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    keys::{UsagePart, UsageStep},
};
use std::collections::BTreeMap;
use utoipa::ToSchema;

type Span = (Option<Timestamp>, Option<Timestamp>);

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyUsage)]
struct Usage {
    by: &'static str,
    #[schema(value_type = words::Instant)]
    from: String,
    #[schema(value_type = words::Instant)]
    to: String,
    #[schema(value_type = Option<words::Instant>)]
    last_used: Option<String>,
    usage: Vec<Part>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KeyUsagePart)]
pub(in super::super) struct Part {
    #[schema(value_type = words::Instant)]
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
    let (step, by, span) = asked(&mut query)?;
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

/// Which parts are asked for: how long they are, the word for that, from when to when.
pub(in super::super) fn asked(
    query: &mut Query,
) -> Result<(UsageStep, &'static str, Span), Failure> {
    let (step, by) = match query.0.take_text("by").as_deref() {
        None | Some("hour") => (UsageStep::Hour, "hour"),
        Some("day") => (UsageStep::Day, "day"),
        Some(_) => {
            let detail = "`by` must be `hour` or `day`".to_owned();
            return Err(Failure::BadQuery { field: Some("by".to_owned()), detail });
        }
    };
    Ok((step, by, (instant(query, "from")?, instant(query, "to")?)))
}

pub(in super::super) fn part(part: &UsagePart) -> Part {
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
    operation("Show how a key was used")
.about("How often the key was verified, hour by hour (kept for 90 days) or day \
             by day (kept for two years), and with which verdicts. Parts without any \
             use are left out.")
.path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
.query("from", "From this instant on; a day, or a month by days, before `to` where it \
             is left out.", schema::instant(), "2026-11-21T00:00:00Z")
.query("to", "Before this instant; now where it is left out.", schema::instant(), "2026-11-22T00:00:00Z")
.query("by", "How long the parts are.", schema::word(&["hour", "day"]), "hour")
.answers::<Usage>(200, "The parts in order.", json!({
    "by": "hour",
    "from": "2026-11-21T00:00:00.000Z",
    "to": "2026-11-22T00:00:00.000Z",
    "lastUsed": "2026-11-21T17:03:11.000Z",
    "usage": [{"start": "2026-11-21T17:00:00.000Z", "total": 12, "verdicts": {"VALID": 11, "RATE_LIMITED": 1}}],
}))
.fails([Error::invalid("from", "must lie before `to`, and not so far that too many parts would be \
             shown")])
}
