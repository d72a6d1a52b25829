//! `GET /v1/overview`: how many keys stand where, which of them end soonest, how calls went.

use super::{
    filters,
    keys::usage::{Part, asked, part},
};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::key::Key;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    overview::{KeyCounts, ShowOverview},
};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Overview)]
struct Answer {
    keys: Counts,
    by_type: BTreeMap<String, Counts>,
    /// The ten that are revoked or expire soonest, within 30 days.
    soonest: Vec<Ending>,
    by: &'static str,
    #[schema(value_type = words::Instant)]
    from: String,
    #[schema(value_type = words::Instant)]
    to: String,
    usage: Vec<Part>,
}

/// A key may be counted in several members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyCounts)]
struct Counts {
    total: u64,
    available: u64,
    soon_unavailable: u64,
    expired: u64,
    revoked: u64,
    /// Of the available ones.
    disabled: u64,
    /// Of the available ones: held back, because nobody used them.
    held: u64,
    /// Of the available ones: nobody said that the secret, shown once, was stored.
    unacknowledged: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EndingKey)]
struct Ending {
    #[schema(value_type = words::KeyId)]
    id: String,
    key_type: String,
    #[schema(value_type = words::Scope)]
    tenant: String,
    name: String,
    #[schema(value_type = Option<words::Instant>)]
    unavailable_at: Option<String>,
}

pub(super) async fn overview(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    let (step, by, (from, to)) = asked(&mut query)?;
    query.finish()?;
    let show = ShowOverview { scope, step, from, to };
    let found = app.service().show_overview(&caller, show).await?;
    let body = Answer {
        keys: counts(found.keys),
        by_type: found.by_type.into_iter().map(|(name, of)| (name, counts(of))).collect(),
        soonest: found.soonest.into_iter().map(ending).collect(),
        by,
        from: found.from.to_string(),
        to: found.to.to_string(),
        usage: found.calls.iter().map(part).collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

const fn counts(of: KeyCounts) -> Counts {
    Counts {
        total: of.total,
        available: of.available(),
        soon_unavailable: of.soon_unavailable,
        expired: of.expired,
        revoked: of.revoked,
        disabled: of.disabled,
        held: of.held,
        unacknowledged: of.unacknowledged,
    }
}

fn ending(key: Key) -> Ending {
    Ending {
        id: key.id.to_string(),
        tenant: key.scope.to_string(),
        unavailable_at: key.unavailable_at().map(|at| at.to_string()),
        key_type: key.key_type,
        name: key.name,
    }
}

pub(super) fn doc() -> Operation {
    let counts = json!({"total": 4, "available": 3, "soonUnavailable": 1, "expired": 0, "revoked": 1,
        "disabled": 1, "held": 0, "unacknowledged": 0});
    operation("Show an overview")
        .about(
            "How many of the keys that the caller may see stand where, the ten of them that are revoked \
             or expire soonest, and how calls with all of them together went, hour by hour (kept for 90 \
             days) or day by day (kept for two years). Callers of the whole installation are told of \
             calls with secrets that belong to no key, too.",
        )
        .query("tenant", "One tenant's keys, or `*` for the cluster's.", schema::scope(), "*")
        .query(
            "from",
            "Calls from this instant on; a day, or a month by days, before `to` where it is left out.",
            schema::instant(),
            "2026-11-21T00:00:00Z",
        )
        .query(
            "to",
            "Calls before this instant; now where it is left out.",
            schema::instant(),
            "2026-11-22T00:00:00Z",
        )
        .query("by", "How long the parts are.", schema::word(&["hour", "day"]), "hour")
        .answers::<Answer>(
            200,
            "What there is.",
            json!({
                "keys": counts,
                "byType": {"api": counts},
                "soonest": [{
                    "id": "key_0H7mQXr2vLk9TzB4cWfYpN",
                    "keyType": "api",
                    "tenant": "f2b7c2ac-5c1a-4a55-9a3e-6b1d2f0e9c11",
                    "name": "Stock feed",
                    "unavailableAt": "2026-12-01T00:00:00.000Z",
                }],
                "by": "hour",
                "from": "2026-11-21T00:00:00.000Z",
                "to": "2026-11-22T00:00:00.000Z",
                "usage": [{
                    "start": "2026-11-21T17:00:00.000Z",
                    "total": 12,
                    "verdicts": {"VALID": 11, "RATE_LIMITED": 1},
                }],
            }),
        )
        .fails([
            Error::invalid(
                "from",
                "must lie before `to`, and not so far that too many parts would be shown",
            ),
            Error::NotFound,
        ])
}
