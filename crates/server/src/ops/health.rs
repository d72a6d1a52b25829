//! Whether the process lives, and whether it can say who may pass.

use crate::{
    answer,
    app::App,
    document::{Named, Operation, operation},
    failure::Failure,
};
use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use std::sync::atomic::Ordering;
use verifier::Unavailable;

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

/// The process answers. It does not look at the database: a restart would not mend that.
pub(super) async fn live() -> impl IntoResponse {
    answer::json(StatusCode::OK, &Status { status: "live" })
}

pub(super) fn live_doc() -> Operation {
    operation("Ask whether the process lives")
        .about(
            "For the probe that restarts a process. It looks at nothing but the process itself: a \
             database that is away would not come back by a restart. Answers under any host.",
        )
        .answers_as(200, "It lives.", "application/json", state("live"), json!({"status": "live"}))
}

/// Every key is in memory, and memory is known to agree with the database.
pub(super) async fn ready(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    readiness(&app)?;
    Ok(answer::json(StatusCode::OK, &Status { status: "ready" }))
}

/// Whether it is, and if not, why.
///
/// # Errors
/// It is not.
pub(super) fn readiness(app: &App) -> Result<(), Failure> {
    // Before anything closes: what stands in front sends its requests elsewhere.
    if app.frame().stopping.load(Ordering::Relaxed) {
        return Err(Failure::Service(service::Error::Unavailable { retry_after_s: 1 }));
    }
    let service = app.service();
    let (loaded, confirmed_ns) = service.verifier().freshness();
    if !loaded {
        return Err(Failure::Loading(Unavailable::Loading));
    }
    let stale_after_ns = service.settings().stale_after_ms.saturating_mul(1_000_000);
    if service.now().mono_ns.saturating_sub(confirmed_ns) > stale_after_ns {
        return Err(Failure::Loading(Unavailable::Stale));
    }
    Ok(())
}

pub(super) fn ready_doc() -> Operation {
    operation("Ask whether this node can verify")
        .about(
            "For the probe that sends requests here or elsewhere. The node is ready when every key is \
             in memory and memory is known to agree with the database; while it loads, when it has \
             lost the database for too long, and from the first moment of a stop the answer is 503. \
             Answers under any host.",
        )
        .answers_as(
            200,
            "It can verify.",
            "application/json",
            state("ready"),
            json!({"status": "ready"}),
        )
        .fails([Failure::Loading(Unavailable::Loading)])
}

/// The form of an answer that says one word.
fn state(word: &'static str) -> Named {
    let properties = json!({"status": {"type": "string", "const": word}});
    let name = if word == "live" { "Live" } else { "Ready" };
    Named::new(name, json!({"type": "object", "required": ["status"], "properties": properties}))
}
