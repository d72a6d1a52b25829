//! `POST /v1/policies`.

use super::{
    super::{key_types::wire::PlaceBody, members::given},
    request::policy_request,
    wire::{
        self, CeilingBody, IdentityBody, PermissionBody, PolicyBody, envelope, limited_as, places,
        tokens,
    },
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::{Response, StatusCode};
use serde_json::json;
use service::{Error, policies::CreatePolicy};

policy_request! {
    struct Request {
        #[schema(value_type = words::RuleName)]
        name: String,
        /// Whose keys pass, and those of the cluster; `null`: any tenant's. The caller's tenant where it
        /// is left out.
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = Option<words::TenantId>, required = false)]
        tenant: Option<Option<String>>,
    }
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = CreatePolicy {
        tenant: wire::tenant(request.tenant.as_ref())?,
        policy: request.policy()?.changed(&wire::unsaid(request.name)),
    };
    let made = app.service().create_policy(&caller, wanted).await?;
    Ok(wire::shown(StatusCode::CREATED, &made))
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a policy")
        .about(
            "Makes a policy: what calls must present to pass `/check/{name}`, or Envoy's ext_authz. A \
             tenant's administrator makes policies for keys of its own tenant. Names are those of the whole \
             installation.",
        )
        .takes::<Request>(json!({
            "name": "orders",
            "keyTypes": ["api"],
            "permission": "orders:read",
            "limit": {"capacity": 6000, "frequency": 60},
            "limitedAs": 403,
        }))
        .answers::<PolicyBody<'_>>(201, "The policy.", wire::example())
        .versioned()
        .fails([
            Error::invalid("keyTypes", "there is no key type `partner`"),
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("policy", "this policy is already in use"),
            Error::NotFound,
        ])
}
