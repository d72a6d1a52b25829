//! The Environment Service (`/environment/v3`): environments, contact centers, their API keys, CORS.
//!
//! A contact center is a tenant. docs/surfaces/environment.md says what was chosen where nothing is
//! published.

mod api_keys;
mod contact_centers;
mod cors;
mod envelope;
mod environments;
mod error;
mod settings;
mod wire;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::{Deed, Right};
use error::STYLE;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "environment_v3",
    about: "The Environment Service: environments, contact centers, their API keys, CORS.",
    prefixes: &[("/environment/v3", STYLE)],
    documented: true,
    routes: ROUTES,
};

/// The one type of keys on this wire.
const KEY_TYPES: &[&str] = &["ges"];

const ENVIRONMENTS: &str = "/environment/v3/environments";
const CENTERS: &str = "/environment/v3/contact-centers";
const CENTER: &str = "/environment/v3/contact-centers/{ccid}";
const SETTINGS: &str = "/environment/v3/contact-centers/{ccid}/settings";
const CORS: &str = "/environment/v3/cors";
const KEYS: &str = "/environment/v3/contact-centers/{ccid}/api-keys";
const KEY: &str = "/environment/v3/contact-centers/{ccid}/api-keys/{apiKey}";
const UNASSIGN: &str = "/environment/v3/contact-centers/{ccid}/api-keys/unassign";
const BY_KEY: &str = "/environment/v3/contact-centers/api-key/{apiKey}";
const LOOK_UP: &str = "/environment/v3/contact-centers/api-key";

/// Right over keys of some family; that they are Callback's is judged in the use case.
const fn keys(deed: Deed) -> Access {
    Access::BearerOrBasic(Need::SomeFamily(deed))
}

/// What a contact center's own administrator may, of its own.
const CENTER_ADMIN: Access = Access::BearerOrBasic(Need::Right(Right::TenantsManage));
const CLUSTER_ADMIN: Access = Access::BearerOrBasic(Need::ClusterRight(Right::TenantsManage));

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("list_environments", Method::GET, ENVIRONMENTS, CLUSTER_ADMIN, STYLE,
        Handler::Axum(|| any(environments::list::list)), environments::list::doc),
    Route::new("create_environment", Method::POST, ENVIRONMENTS, CLUSTER_ADMIN, STYLE,
        Handler::Axum(|| any(environments::create::create)), environments::create::doc),

    Route::new("list_contact_centers", Method::GET, CENTERS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(contact_centers::list::list)), contact_centers::list::doc),
    Route::new("create_contact_center", Method::POST, CENTERS, CLUSTER_ADMIN, STYLE,
        Handler::Axum(|| any(contact_centers::create::create)), contact_centers::create::doc),
    Route::new("show_contact_center", Method::GET, CENTER, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(contact_centers::show::show)), contact_centers::show::doc),
    Route::new("update_contact_center", Method::PUT, CENTER, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(contact_centers::update::update)), contact_centers::update::doc),
    Route::new("show_cors_settings", Method::GET, SETTINGS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(settings::show::show)), settings::show::doc),
    Route::new("update_cors_settings", Method::POST, SETTINGS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(settings::update::update)), settings::update::doc),

    Route::new("list_cors_origins", Method::GET, CORS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(cors::list::list)), cors::list::doc),
    Route::new("create_cors_origin", Method::POST, CORS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(cors::create::create)), cors::create::doc),
    Route::new("delete_cors_origin", Method::DELETE, CORS, CENTER_ADMIN, STYLE,
        Handler::Axum(|| any(cors::delete::delete)), cors::delete::doc),

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
