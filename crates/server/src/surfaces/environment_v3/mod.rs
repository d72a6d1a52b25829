//! The Environment Service (`/environment/v3`): environments, contact centers, their API keys, CORS.
//!
//! A contact center is a tenant. docs/surfaces/environment.md says what was chosen where nothing is
//! published.

mod api_keys;
mod envelope;
mod error;
mod wire;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::Deed;
use error::STYLE;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "environment_v3",
    about: "The Environment Service: environments, contact centers, their API keys, CORS.",
    prefixes: &[("/environment/v3", STYLE)],
    routes: ROUTES,
};

/// The one type of keys on this wire.
const KEY_TYPES: &[&str] = &["ges"];

const KEYS: &str = "/environment/v3/contact-centers/{ccid}/api-keys";
const KEY: &str = "/environment/v3/contact-centers/{ccid}/api-keys/{apiKey}";
const UNASSIGN: &str = "/environment/v3/contact-centers/{ccid}/api-keys/unassign";
const BY_KEY: &str = "/environment/v3/contact-centers/api-key/{apiKey}";
const LOOK_UP: &str = "/environment/v3/contact-centers/api-key";

/// Right over keys of some family; that they are Callback's is judged in the use case.
const fn keys(deed: Deed) -> Access {
    Access::BearerOrBasic(Need::SomeFamily(deed))
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("assign_api_key", Method::POST, KEYS, keys(Deed::Create), STYLE,
        Handler::Axum(|| any(api_keys::assign::assign)), api_keys::assign::doc),
    Route::new("list_api_keys", Method::GET, KEYS, keys(Deed::See), STYLE,
        Handler::Axum(|| any(api_keys::list::list)), api_keys::list::doc),
    Route::new("show_contact_center_of_api_key", Method::GET, BY_KEY, keys(Deed::See), STYLE,
        Handler::Axum(|| any(api_keys::look_up::show)), api_keys::look_up::doc_show),
    Route::new("look_up_api_key", Method::POST, LOOK_UP, keys(Deed::See), STYLE,
        Handler::Axum(|| any(api_keys::look_up::look_up)), api_keys::look_up::doc),
    Route::new("unassign_api_key", Method::DELETE, KEY, keys(Deed::Delete), STYLE,
        Handler::Axum(|| any(api_keys::unassign::unassign)), api_keys::unassign::doc),
    Route::new("unassign_posted_api_key", Method::POST, UNASSIGN, keys(Deed::Delete), STYLE,
        Handler::Axum(|| any(api_keys::unassign::unassign_posted)), api_keys::unassign::doc_posted),
];
