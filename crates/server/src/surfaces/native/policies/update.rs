//! `PATCH /v1/policies/{name}`: what is named changes, the rest stays.

use super::{
    super::{
        key_types::wire::PlaceBody,
        members::{self, given},
    },
    request::policy_request,
    wire::{
        self, CeilingBody, IdentityBody, PermissionBody, PolicyBody, envelope, limited_as, places,
        tokens,
    },
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::{policy::Policy, right::Right};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};
use service::{Error, policies::UpdatePolicy};

policy_request! {
    struct Request {
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = words::Unchanging, required = false)]
        name: Option<Value>,
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = words::Unchanging, required = false)]
        tenant: Option<Value>,
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = words::Unchanging, required = false)]
        source: Option<Value>,
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = words::Unchanging, required = false)]
        created: Option<Value>,
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = words::Unchanging, required = false)]
        version: Option<Value>,
    }
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let update = UpdatePolicy { if_version: etag::if_match(&headers)?, ..request.policy()? };
    let agree = |stored: &Policy| request.agrees_with(stored);
    let after = app.service().update_policy(&caller, &name, update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &after))
}

impl Request {
    fn agrees_with(&self, stored: &Policy) -> Result<(), Error> {
        let sent = [
            ("name", &self.name),
            ("tenant", &self.tenant),
            ("source", &self.source),
            ("created", &self.created),
            ("version", &self.version),
        ];
        members::agree(&PolicyBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a policy")
        .about(
            "What is named changes, the rest stays; the next check goes by it. A policy of the configuration \
             is changed there, and one that the cluster made for a tenant by the cluster alone.",
        )
        .path("name", "The policy's name.", schema::pattern(wire::NAME), "orders")
        .if_match()
        .takes::<Request>(json!({"permission": {"any": ["orders:read", "orders:write"]}}))
        .answers::<PolicyBody<'_>>(200, "The policy as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("presentedIn", "must be 1 to 8 places, each named once"),
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("configuration", "the configuration of the server holds this"),
        ])
}
