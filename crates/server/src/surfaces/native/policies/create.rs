//! `POST /v1/policies`.

use super::{
    super::{key_types::wire::PlaceBody, members::given},
    request::{demand, policy_request, required},
    wire::{
        self, CeilingBody, IdentityBody, PermissionBody, PolicyBody, envelope, limited_as, places,
        tokens,
    },
};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{policy::Policy, right::Right};
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
    let said = request.policy()?;
    demand(&said)?;
    let wanted = CreatePolicy {
        tenant: wire::tenant(request.tenant.as_ref())?,
        policy: said.changed(&Policy::unsaid(request.name)),
    };
    let made = app.service().create_policy(&caller, wanted).await?;
    Ok(wire::shown(StatusCode::CREATED, &made))
}

/// The members, and which of them have to be there.
fn form() -> Named {
    let mut form = Named::of::<Request>();
    if let Some(schema) = form.schema.as_object_mut() {
        schema.insert("required".to_owned(), required(&["name"]));
    }
    form
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a policy")
        .about(
            "Makes a policy: what calls must present to pass `/check/{name}`, or Envoy's ext_authz. A \
             tenant's administrator makes policies for keys of its own tenant. Names are those of the whole \
             installation. What keys pass is always said: `\"keyTypes\": []` and `\"permission\": null` let \
             any pass.",
        )
        .takes_as(
            "application/json",
            form(),
            json!({
                "name": "orders",
                "keyTypes": ["api"],
                "permission": "orders:read",
                "presentedIn": ["bearer", {"header": "x-api-key"}],
                "limit": {"capacity": 6000, "frequency": 60},
                "limitedAs": 403,
            }),
        )
        .answers::<PolicyBody<'_>>(201, "The policy.", wire::example())
        .versioned()
        .fails([
            Error::invalid("keyTypes", "there is no key type `partner`"),
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("policy", "this policy is already in use"),
            Error::NotFound,
        ])
}
