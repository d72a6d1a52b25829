//! A route of the gateway on our own wire.

use super::super::policies::wire::{self as policy, PolicyBody};
use crate::{
    answer::{self, Body},
    etag,
};
use domain::gateway_route::{GatewayRoute, Timeouts, Upstream, normal_prefix};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};
use service::Error;
use utoipa::ToSchema;

/// Which calls go to which upstream, and what they must present.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GatewayRoute)]
pub(super) struct RouteBody<'a> {
    #[serde(flatten)]
    policy: PolicyBody<'a>,
    /// The host of the calls; `null`: any of the server's own.
    host: Option<&'a str>,
    /// The beginning of their path, compared whole segment by whole segment.
    prefix: &'a str,
    /// Where they go.
    #[schema(format = "uri")]
    upstream: String,
    /// Whether the prefix is taken off before the path goes upstream.
    strip_prefix: bool,
    /// Whether the secret goes upstream; else it is taken out of the call.
    forward_secret: bool,
    /// Whether the upstream sees the client's `Host`.
    forward_host: bool,
    timeouts: TimeoutsBody,
    /// The longest body of a call; `null`: any.
    max_body_bytes: Option<u64>,
}

/// How long the upstream may take, in milliseconds; those that are left out are the usual ones.
#[derive(Serialize, Deserialize, Clone, Copy, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Timeouts)]
pub(super) struct TimeoutsBody {
    /// Until the connection stands.
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 3_600_000)]
    connect_ms: Option<u32>,
    /// From the end of the request to the head of the answer.
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 3_600_000)]
    answer_ms: Option<u32>,
    /// Without a byte of a body, or of a tunnel, in either direction.
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 3_600_000)]
    idle_ms: Option<u32>,
}

/// A whole number, also one that is written with a fraction of nothing, as JSON has it: `1e9`, `5.0`.
#[derive(Clone, Deserialize)]
pub(super) struct WholeNumber(Number);

impl WholeNumber {
    pub(super) fn read(&self) -> Result<u64, Error> {
        let rounded = || {
            let written = self.0.as_f64().filter(|n| n.fract() == 0.0)?;
            format!("{written:.0}").parse().ok()
        };
        let why = "must be a whole number, 0 or more";
        self.0.as_u64().or_else(rounded).ok_or_else(|| Error::invalid("maxBodyBytes", why))
    }
}

/// A request with the members that make a route, each of which may be left out, and others; and
/// `route()`, which reads those members.
macro_rules! route_request {
    (struct $name:ident { $($others:tt)* }) => {
        policy_request! {
            struct $name {
                /// The host of the calls; `null`: any of the server's own.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 253)]
                host: Option<Option<String>>,
                /// The beginning of their path, compared whole segment by whole segment.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = words::PathPrefix, required = false)]
                prefix: Option<String>,
                /// Whether the prefix is taken off before the path goes upstream.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = bool, required = false)]
                strip_prefix: Option<bool>,
                /// Whether the secret goes upstream; else it is taken out of the call.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = bool, required = false)]
                forward_secret: Option<bool>,
                /// Whether the upstream sees the client's `Host`.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = bool, required = false)]
                forward_host: Option<bool>,
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = TimeoutsBody, required = false)]
                timeouts: Option<TimeoutsBody>,
                /// The longest body of a call; `null`: any.
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = Option<u64>, required = false, maximum = 1_000_000_000_000_000_u64)]
                max_body_bytes: Option<Option<WholeNumber>>,
                $($others)*
            }
        }

        impl $name {
            fn route(&self, upstream: Option<&str>) -> Result<UpdateGatewayRoute, Error> {
                Ok(UpdateGatewayRoute {
                    policy: self.policy()?,
                    host: self.host.clone().map(|host| host.map(|host| host.to_ascii_lowercase())),
                    prefix: self.prefix.as_deref().map(wire::prefix),
                    upstream: upstream.map(wire::upstream).transpose()?,
                    strip_prefix: self.strip_prefix,
                    forward_secret: self.forward_secret,
                    forward_host: self.forward_host,
                    timeouts: self.timeouts.map(TimeoutsBody::read),
                    max_body_bytes: self
                        .max_body_bytes
                        .as_ref()
                        .map(|most| most.as_ref().map(WholeNumber::read).transpose())
                        .transpose()?,
                })
            }
        }
    };
}
pub(super) use route_request;

impl<'a> RouteBody<'a> {
    pub(super) fn of(route: &'a GatewayRoute) -> Self {
        let Timeouts { connect_ms, answer_ms, idle_ms } = route.timeouts;
        Self {
            policy: PolicyBody::of(&route.policy),
            host: route.host.as_deref(),
            prefix: &route.prefix,
            upstream: route.upstream.to_string(),
            strip_prefix: route.strip_prefix,
            forward_secret: route.forward_secret,
            forward_host: route.forward_host,
            timeouts: TimeoutsBody {
                connect_ms: Some(connect_ms),
                answer_ms: Some(answer_ms),
                idle_ms: Some(idle_ms),
            },
            max_body_bytes: route.max_body_bytes,
        }
    }
}

impl TimeoutsBody {
    pub(super) fn read(self) -> Timeouts {
        let usual = Timeouts::default();
        Timeouts {
            connect_ms: self.connect_ms.unwrap_or(usual.connect_ms),
            answer_ms: self.answer_ms.unwrap_or(usual.answer_ms),
            idle_ms: self.idle_ms.unwrap_or(usual.idle_ms),
        }
    }
}

/// A prefix in its normal form; one that has none is refused where routes are checked.
pub(super) fn prefix(text: &str) -> String {
    normal_prefix(text).unwrap_or_else(|| text.to_owned())
}

pub(super) fn upstream(text: &str) -> Result<Upstream, Error> {
    Upstream::parse(text).map_err(|why| Error::invalid("upstream", why))
}

/// A route as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, route: &GatewayRoute) -> Response<Body> {
    etag::add(answer::json(status, &RouteBody::of(route)), route.policy.source.version())
}

/// The route of the documentation.
pub(super) fn example() -> Value {
    let mut route = policy::example();
    let more = json!({
        "host": null,
        "prefix": "/orders",
        "upstream": "https://orders.internal.example:8443",
        "stripPrefix": true,
        "forwardSecret": false,
        "forwardHost": false,
        "timeouts": {"connectMs": 5000, "answerMs": 60000, "idleMs": 300_000},
        "maxBodyBytes": null,
    });
    if let (Some(members), Value::Object(more)) = (route.as_object_mut(), more) {
        members.extend(more);
    }
    route
}

#[cfg(test)]
mod tests {
    use domain::gateway_route::{MAX_BODY_BYTES, MAX_TIMEOUT_MS};

    #[test]
    fn the_document_names_the_bounds_that_are_checked() {
        assert_eq!((MAX_TIMEOUT_MS, MAX_BODY_BYTES), (3_600_000, 1_000_000_000_000_000));
    }
}
