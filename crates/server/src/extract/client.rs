//! The credentials of an OAuth client (RFC 6749 section 2.3): by Basic, or in the form.

use super::{caller::misrouted, form::Form};
use crate::{
    credentials::{self, Authorization},
    failure::{Failure, Proof, Scheme},
};
use axum::extract::{FromRequestParts, Request};
use domain::secret::Secret;
use http::request::Parts;
use std::{fmt, sync::Arc};

/// How the client presented itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// `Authorization: Basic`.
    Basic,
    /// `client_id`, and perhaps `client_secret`, in the form.
    Form,
}

/// A client as it presented itself; nothing is proved yet, the use case does that.
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret, which Basic may send empty; `None`: the form had none.
    pub secret: Option<Secret>,
    /// By which method.
    pub method: Method,
    /// `client_id` of the form, which beside Basic is no second method but must agree.
    pub form_client_id: Option<String>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.method)
    }
}

const ABSENT: Failure = Failure::Unauthenticated { scheme: Scheme::Basic, proof: Proof::Absent };

/// Finds the one method that the client used; client and form go into the extensions.
pub(crate) async fn establish(request: &mut Request) -> Result<(), Failure> {
    let basic = match credentials::authorization(request.headers(), false)? {
        Some(Authorization::Basic(pair)) => Some(credentials::form_decoded(&pair)?),
        Some(Authorization::Bearer(_) | Authorization::Other) | None => None,
    };
    let body = std::mem::take(request.body_mut());
    let mut of_form = Request::new(body);
    *of_form.headers_mut() = request.headers().clone();
    *of_form.extensions_mut() = request.extensions().clone();
    let form = match (Form::read(of_form).await, &basic) {
        (Ok(form), _) => form,
        // Whoever presents nothing is told nothing about its body.
        (Err(Failure::UnsupportedMediaType { .. }), None) => return Err(ABSENT),
        (Err(failure), _) => return Err(failure),
    };
    let client = of_parts(basic, form)?;
    request.extensions_mut().insert(Arc::new(client.0));
    request.extensions_mut().insert(Arc::new(client.1));
    Ok(())
}

fn of_parts(
    basic: Option<(String, Secret)>,
    Form(mut form): Form,
) -> Result<(Client, Form), Failure> {
    let form_client_id = form.get("client_id").map(str::to_owned);
    // An empty parameter is an absent one (RFC 6749 section 3.2), so no second method either.
    let client = match (basic, form.take("client_secret")) {
        (Some(_), Some(_)) => return Err(Failure::TwoCredentials),
        (Some((id, secret)), None) => {
            Client { id, secret: Some(secret), method: Method::Basic, form_client_id }
        }
        (None, secret) => {
            let Some(id) = form_client_id.clone() else { return Err(ABSENT) };
            Client { id, secret, method: Method::Form, form_client_id }
        }
    };
    Ok((client, Form(form)))
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let shared = parts.extensions.remove::<Arc<Self>>().ok_or_else(|| misrouted("client"))?;
        Arc::try_unwrap(shared).map_err(|_| misrouted("client"))
    }
}
