//! `POST /console/reports`: browsers say what the pages' policy stopped. On a page of
//! ours such a thing is a defect or an attack: it is logged, by its directive alone.

use crate::{answer::Body, extract::body, failure::Failure};
use axum::extract::Request;
use http::{Response, StatusCode};

pub(super) async fn reports(request: Request) -> Result<Response<Body>, Failure> {
    let bytes = body::of_request(request).await?;
    let report: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let said = report.pointer("/csp-report/effective-directive");
    let said = said.or_else(|| report.pointer("/0/body/effectiveDirective"));
    let directive = said.and_then(serde_json::Value::as_str).unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    if !directive.is_empty() && directive.chars().all(plain) {
        tracing::warn!(directive, "a browser reports that the policy of a page stopped something");
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    super::guard(&mut response);
    Ok(response)
}
