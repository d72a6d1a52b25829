//! `POST /console/reports`: browsers say what the pages' policy stopped. On a page of ours such a thing is a
//! defect or an attack: it is logged, by its directive alone. Browsers send their cookies along; what comes
//! without a session is not looked at, nor what comes too often, or anybody could fill the log.

use super::cookie;
use crate::{answer::Body, app::App, extract::body, failure::Failure, trace::Trace};
use axum::extract::{Extension, Request, State};
use http::{Response, StatusCode};
use std::sync::Arc;

pub(super) async fn reports(
    State(app): State<App>,
    Extension(trace): Extension<Arc<Trace>>,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let transport = cookie::transport(&app, &trace, request.headers());
    let presented = transport.and_then(|transport| cookie::find(request.headers(), transport));
    if let Some(presented) = presented
        && let Some(found) = app.service().authenticate_session(&presented, trace.context()).await?
        && app.service().takes_page_report(&found.caller)
    {
        note(&body::of_request(request).await?);
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    super::guard(&mut response);
    Ok(response)
}

fn note(bytes: &[u8]) {
    let report: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let said = report.pointer("/csp-report/effective-directive");
    let said = said.or_else(|| report.pointer("/0/body/effectiveDirective"));
    let directive = said.and_then(serde_json::Value::as_str).unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    if !directive.is_empty() && directive.len() < 64 && directive.chars().all(plain) {
        tracing::warn!(directive, "a browser reports that the policy of a page stopped something");
    }
}
