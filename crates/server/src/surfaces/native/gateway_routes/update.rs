//! `PATCH /v1/gateway/routes/{name}`: what is named changes, the rest stays.

use super::{
    super::{
        key_types::wire::PlaceBody,
        members::{self, given},
        policies::request::policy_request,
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
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::{gateway_route::GatewayRoute, right::Right};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};
use service::{Error, gateway_routes::UpdateGatewayRoute};

route_request! {
    struct Request {
        /// Where the calls go.
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = String, required = false, min_length = 8, max_length = 2048, format = "uri")]
        upstream: Option<String>,
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
    let mut update = request.route(request.upstream.as_deref())?;
    update.policy.if_version = etag::if_match(&headers)?;
    let agree = |stored: &GatewayRoute| request.agrees_with(stored);
    let after = app.service().update_gateway_route(&caller, &name, update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &after))
}

impl Request {
    fn agrees_with(&self, stored: &GatewayRoute) -> Result<(), Error> {
        let sent = [
            ("name", &self.name),
            ("tenant", &self.tenant),
            ("source", &self.source),
            ("created", &self.created),
            ("version", &self.version),
        ];
        members::agree(&RouteBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a route of the gateway")
        .about(
            "What is named changes, the rest stays; the next call goes by it, those under way end as they \
             began, but for tunnels (WebSockets) that would not pass any more. A route of the configuration is changed there, and one that the cluster made for a tenant \
             by the cluster alone.",
        )
        .path("name", "The route's name.", schema::pattern(policy::NAME), "orders")
        .if_match()
        .takes::<Request>(json!({"upstream": "https://orders.internal.example:8443"}))
        .answers::<RouteBody<'_>>(200, "The route as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("upstream", "must be an upstream that the configuration lists"),
            Error::NotAllowed { right: Some(Right::GatewayManage) },
            Error::conflict("gateway_route", "`/orders` is the place of another route"),
        ])
}
