//! Who presents a token or a key, on a route where either will do.

use super::caller::misrouted;
use crate::{
    app::App,
    credentials::{self, Authorization},
    enforce,
    failure::{Failure, Proof, Scheme},
    trace::Trace,
};
use axum::extract::{FromRequestParts, Request};
use domain::secret::Secret;
use http::request::Parts;
use service::whoami;
use std::sync::Arc;

/// Whoever it is, as the access check established it.
#[derive(Debug)]
pub struct Identity(pub whoami::Identity);

/// What was presented, owned: the request cannot be borrowed over an await.
enum Presented {
    Bearer(Secret),
    ApiKey(Secret),
}

/// Finds out who presents the one credential of the request, for its extensions.
pub(crate) async fn establish(
    app: &App,
    trace: &Trace,
    request: &mut Request,
) -> Result<(), Failure> {
    let presented = presented(request)?;
    let route = trace.route().ok_or_else(|| misrouted("route"))?;
    let origin = enforce::origin_of(request.headers());
    let call = whoami::Call {
        method: route.method.as_str(),
        path: route.path,
        origin: origin.map(str::to_owned),
    };
    let (service, context) = (app.service(), trace.context());
    let identity = match &presented {
        Presented::Bearer(text) => service.identify(text, &call, context).await,
        Presented::ApiKey(text) => {
            service.identify_key(text, &call, &context).map(whoami::Identity::Key)
        }
    };
    let identity = identity.map_err(|error| match error {
        service::Error::Unauthenticated => {
            Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Refused }
        }
        other => Failure::Service(other),
    })?;
    if let whoami::Identity::Caller(caller) = &identity {
        trace.name_actor(caller);
    }
    request.extensions_mut().insert(Arc::new(identity));
    Ok(())
}

fn presented(request: &Request) -> Result<Presented, Failure> {
    let bearer = match credentials::authorization(request.headers(), false)? {
        Some(Authorization::Bearer(token)) => Some(token.0),
        Some(Authorization::Basic(_) | Authorization::Other) | None => None,
    };
    let key = credentials::api_key(request.headers())?.map(|key| key.0);
    let found = match (bearer, key) {
        (Some(_), Some(_)) => return Err(Failure::TwoCredentials),
        (Some(text), None) => Presented::Bearer(Secret::new(text.to_owned())),
        (None, Some(text)) => Presented::ApiKey(Secret::new(text.to_owned())),
        (None, None) => {
            return Err(Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Absent });
        }
    };
    if credentials::token_in_query(request.uri()) {
        return Err(Failure::TwoCredentials);
    }
    Ok(found)
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // A command on the machine itself is a caller that proved nothing.
        if let Some(caller) = parts.extensions.remove::<service::Caller>() {
            return Ok(Self(whoami::Identity::Caller(caller)));
        }
        let shared = parts
            .extensions
            .remove::<Arc<whoami::Identity>>()
            .ok_or_else(|| misrouted("identity"))?;
        Arc::try_unwrap(shared).map(Self).map_err(|_| misrouted("identity"))
    }
}
