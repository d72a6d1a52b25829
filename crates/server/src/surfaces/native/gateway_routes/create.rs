//! `POST /v1/gateway/routes`.

use super::{
    super::{
        key_types::wire::PlaceBody,
        members::given,
        policies::request::{demand, policy_request, required},
        policies::wire::{
            self as policy, CeilingBody, IdentityBody, PermissionBody, envelope, limited_as,
            places, tokens,
        },
    },
    wire::{self, RouteBody, TimeoutsBody, WholeNumber, route_request},
};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    gateway_route::{GatewayRoute, preset},
    policy::{Policy, Source},
    right::Right,
};
use http::{Response, StatusCode};
use serde_json::json;
use service::{
    Error,
    gateway_routes::{CreateGatewayRoute, UpdateGatewayRoute},
    policies::UpdatePolicy,
};

route_request! {
    struct Request {
        /// A system whose keys every installation knows: then nothing else but the upstream is needed,
        /// and whatever is said besides takes the place of what the preset says. Without one, what the
        /// route's keys are and where it stands has to be said.
        #[serde(default)]
        #[schema(value_type = words::PresetName, required = false)]
        preset: Option<String>,
        /// The preset's where it is left out.
        #[serde(default)]
        #[schema(value_type = words::RuleName, required = false)]
        name: Option<String>,
        /// Where the calls go.
        #[schema(min_length = 8, max_length = 2048, format = "uri")]
        upstream: String,
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
    let said = request.route(None)?;
    let wanted = CreateGatewayRoute {
        tenant: policy::tenant(request.tenant.as_ref())?,
        route: said.changed(&request.base(&said.policy)?),
    };
    let made = app.service().create_gateway_route(&caller, wanted).await?;
    Ok(wire::shown(StatusCode::CREATED, &made))
}

impl Request {
    /// What the route is but for what is said of it.
    fn base(&self, said: &UpdatePolicy) -> Result<GatewayRoute, Error> {
        let upstream = wire::upstream(&self.upstream)?;
        let needed = "is needed, unless a preset says it";
        let Some(wanted) = &self.preset else {
            let name = self.name.clone().ok_or_else(|| Error::invalid("name", needed))?;
            let prefix = self.prefix.clone().ok_or_else(|| Error::invalid("prefix", needed))?;
            demand(said)?;
            return Ok(GatewayRoute::unsaid(Policy::unsaid(name), prefix, upstream));
        };
        let preset =
            preset(wanted).ok_or_else(|| Error::invalid("preset", "there is no such preset"))?;
        let mut base = preset.route(upstream, Source::Configuration);
        if let Some(name) = &self.name {
            base.policy.name.clone_from(name);
        }
        Ok(base)
    }
}

/// The members, and which of them have to be there: a preset, or what it would have said.
fn form() -> Named {
    let mut form = Named::of::<Request>();
    if let Some(schema) = form.schema.as_object_mut() {
        let either = json!([{"required": ["preset"]}, {"required": required(&["name", "prefix"])}]);
        schema.insert("anyOf".to_owned(), either);
    }
    form
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a route of the gateway")
        .about(
            "Makes a route: calls below its prefix go to its upstream once their key passes. An upstream that \
             the configuration does not name must be `https`, and its addresses must be public ones. A \
             tenant's administrator binds what `gateway.upstreams` in the configuration lists for its tenant, \
             below the host and the prefix reserved there. No route takes calls of the server's own paths, \
             nor of another route.",
        )
        .takes_as(
            "application/json",
            form(),
            json!({
                "name": "orders",
                "prefix": "/orders",
                "upstream": "https://orders.internal.example:8443",
                "stripPrefix": true,
                "keyTypes": ["api"],
                "permission": "orders:read",
                "presentedIn": ["bearer", {"header": "x-api-key"}],
            }),
        )
        .answers::<RouteBody<'_>>(201, "The route.", wire::example())
        .versioned()
        .fails([
            Error::invalid("upstream", "must be an upstream that the configuration lists"),
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("gateway_route", "`/orders` is the place of another route"),
            Error::NotFound,
        ])
}
