//! Where keys of a type are taken: addresses of this server, each with a call to copy.

use super::super::Visiting;
use crate::app::App;
use domain::{
    gateway_route::GatewayRoute,
    id::Scope,
    key_type::{KeyType, Place},
    policy::Tokens,
};
use service::tenants::OPENCONNECT_TYPE;
use std::{borrow::Cow, sync::Arc};

/// One address.
pub(super) struct Endpoint {
    /// What the form calls it.
    pub(super) id: String,
    pub(super) address: String,
    /// What it is.
    pub(super) label: String,
    /// A call, with a variable in the place of the key.
    pub(super) curl: String,
    /// Where the key goes in that call.
    pub(super) place: Place,
    pub(super) door: Door,
}

/// What answers there.
pub(super) enum Door {
    /// The wire of `OpenConnect`.
    OpenConnect,
    /// A route of the gateway.
    Route(Arc<GatewayRoute>),
    /// What says whose key it is.
    Whoami,
}

/// The addresses for keys of this type that the visitor may know of, the best one first.
pub(super) fn of(app: &App, visitor: &Visiting, of_type: &KeyType) -> Vec<Endpoint> {
    let public = app.config().public_url.trim_end_matches('/');
    let mut all = Vec::new();
    if of_type.tenant.is_none() && of_type.name == OPENCONNECT_TYPE {
        let address = format!("{public}/openconnect");
        let curl = curl(&address, &Place::Bearer, EVENT);
        all.push(Endpoint {
            id: "openconnect".to_owned(),
            address,
            label: "OpenConnect: events of your contact center".to_owned(),
            curl,
            place: Place::Bearer,
            door: Door::OpenConnect,
        });
    }
    let rules = app.service().rules();
    let routes = rules.routes().iter().filter(|route| takes(visitor, route, of_type));
    all.extend(routes.filter_map(|route| of_route(public, route, of_type)));
    let address = format!("{public}/v1/whoami");
    let place = whoami_place(of_type);
    all.push(Endpoint {
        id: "whoami".to_owned(),
        curl: curl(&address, &place, ""),
        address,
        label: "Says whose key it is, and takes nothing of its limit".to_owned(),
        place,
        door: Door::Whoami,
    });
    all
}

/// What an event has besides its key.
const EVENT: &str = " \\\n  --data-urlencode 'agentid=4711' \\\n  --data-urlencode 'crmId=crm-1' \\\n  \
                     --data-urlencode 'event=screenPop'";

fn takes(visitor: &Visiting, route: &GatewayRoute, of_type: &KeyType) -> bool {
    let policy = &route.policy;
    let of_tenant = policy.tenant.is_none_or(|id| visitor.caller.reaches(Scope::Tenant(id)));
    let types = &policy.key_types;
    of_tenant
        && policy.tokens != Tokens::Only
        && (types.is_empty() || types.contains(&of_type.name))
}

fn of_route(public: &str, route: &Arc<GatewayRoute>, of_type: &KeyType) -> Option<Endpoint> {
    let policy = &route.policy;
    let usual = policy.presented_in.iter().find(|place| of_type.presented_in.contains(place));
    let place = usual.or_else(|| policy.presented_in.first())?.clone();
    let prefix = route.prefix.trim_end_matches('/');
    let address = match &route.host {
        Some(host) => {
            let scheme = public.split_once("://").map_or("https", |(scheme, _)| scheme);
            format!("{scheme}://{host}{prefix}/")
        }
        None => format!("{public}{prefix}/"),
    };
    Some(Endpoint {
        id: format!("route-{}", policy.name),
        curl: curl(&address, &place, ""),
        address,
        label: format!("The gateway's route {}", policy.name),
        place,
        door: Door::Route(Arc::clone(route)),
    })
}

/// Any key may ask as Bearer; a bare header is read there only under this name.
fn whoami_place(of_type: &KeyType) -> Place {
    let api_key = Place::Header(Cow::Borrowed("x-api-key"));
    let takes_bearer = of_type.presented_in.contains(&Place::Bearer);
    if !takes_bearer && of_type.presented_in.contains(&api_key) { api_key } else { Place::Bearer }
}

fn curl(address: &str, place: &Place, more: &str) -> String {
    match place {
        Place::Bearer => {
            format!("curl '{address}' \\\n  --header \"Authorization: Bearer $API_KEY\"{more}")
        }
        Place::Header(name) => {
            format!("curl '{address}' \\\n  --header \"{}: $API_KEY\"{more}", field(name))
        }
        Place::Parameter(name) => {
            format!("curl '{address}' \\\n  --data-urlencode \"{name}=$API_KEY\"{more}")
        }
    }
}

/// A field's name as its system writes it.
pub(super) fn field(name: &str) -> &str {
    match name {
        "authorization-psk" => "Authorization-PSK",
        other => other,
    }
}
