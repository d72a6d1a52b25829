//! What Envoy is told to do with a call.

use super::messages::{
    AppendAction, CheckResponse, DeniedHttpResponse, HeaderValue as Field, HeaderValueOption,
    HttpResponse, HttpStatus, OkHttpResponse, Status,
};
use crate::{
    answer::Body,
    endings,
    enforce::{Admitted, Compiled, Used},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use tonic::Code;

/// The call goes on, with whose key it was and without the key.
pub(super) fn passes(
    policy: &Compiled,
    headers: &HeaderMap,
    query: Option<&str>,
    admitted: Admitted,
    to_client: &HeaderMap,
) -> CheckResponse {
    let Admitted { identity, used, .. } = admitted;
    let mut ok = OkHttpResponse {
        headers: identity.0.iter().map(|(name, value)| instead(name, value)).collect(),
        headers_to_remove: forged(policy, headers),
        response_headers_to_add: to_client.iter().map(|(n, v)| instead(n, v)).collect(),
        query_parameters_to_remove: Vec::new(),
    };
    match used {
        Used::Header(name) => ok.headers_to_remove.push(name.as_str().to_owned()),
        Used::Bearer => ok.headers_to_remove.push(header::AUTHORIZATION.as_str().to_owned()),
        Used::Query(name) => ok.query_parameters_to_remove = as_written(query, &name),
        // Envoy does not change a body for us.
        Used::Form(_) => {}
    }
    CheckResponse {
        status: Some(Status { code: Code::Ok as i32 }),
        http_response: Some(HttpResponse::Ok(ok)),
    }
}

/// The client gets this answer, and the upstream nothing.
pub(super) fn refused(response: Response<Body>) -> CheckResponse {
    let (head, body) = response.into_parts();
    let bytes = match body {
        Body::Whole(Some(bytes)) => bytes,
        Body::Whole(None) | Body::Streamed(_) => Bytes::new(),
    };
    let denied = DeniedHttpResponse {
        status: Some(HttpStatus { code: i32::from(head.status.as_u16()) }),
        headers: head.headers.iter().map(|(name, value)| instead(name, value)).collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    CheckResponse {
        status: Some(Status { code: code(head.status) as i32 }),
        http_response: Some(HttpResponse::Denied(denied)),
    }
}

/// Any but `Ok`: Envoy refuses by it, and shows it in its own statistics.
fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::TOO_MANY_REQUESTS => Code::ResourceExhausted,
        status if status.is_server_error() => Code::Unavailable,
        _ => Code::PermissionDenied,
    }
}

/// What a client sent under names that an upstream may take for those of the identity, or for what we
/// tell clients: most servers write `_` for `-` at some point. The identity's names themselves are overwritten, and Envoy would take them out
/// after that.
fn forged(policy: &Compiled, headers: &HeaderMap) -> Vec<String> {
    let own = policy.identity_names();
    let same = |name: &HeaderName| {
        let dashed = name.as_str().replace('_', "-");
        own.iter().chain(&endings::NAMES).any(|own| own.as_str().replace('_', "-") == dashed)
    };
    let forged = headers.keys().filter(|name| !own.contains(name) && same(name));
    forged.map(|name| name.as_str().to_owned()).collect()
}

/// A parameter's name in every way in which the query writes it; Envoy compares without decoding.
fn as_written(query: Option<&str>, name: &str) -> Vec<String> {
    let names =
        query.unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
    let mut written: Vec<String> = names
        .filter(|own| {
            let spaced = own.replace('+', " ");
            percent_encoding::percent_decode_str(&spaced).decode_utf8().is_ok_and(|own| own == name)
        })
        .map(str::to_owned)
        .collect();
    written.dedup();
    written
}

fn instead(name: &HeaderName, value: &HeaderValue) -> HeaderValueOption {
    let field = Field {
        key: name.as_str().to_owned(),
        // Envoy reads the text alone here, and no field of ours is anything else.
        value: value.to_str().unwrap_or_default().to_owned(),
        raw_value: Bytes::new(),
    };
    // An upstream may vary by other things as well.
    let action = if *name == header::VARY {
        AppendAction::AppendIfExistsOrAdd
    } else {
        AppendAction::OverwriteIfExistsOrAdd
    };
    HeaderValueOption { header: Some(field), append_action: action as i32, keep_empty_value: true }
}
