//! NexusOne (`/api/user/psk`, `/api/dataproduct/…/psk`): personal keys and those of data products, as its
//! portal and its scripts know them.
//!
//! An access token alone opens these routes, never a key. docs/surfaces/nexusone.md says what was chosen
//! where nothing is published.

mod data_keys;
mod error;
mod personal_keys;
mod wire;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::Right;
use error::STYLE;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: NAME,
    about: "NexusOne: personal keys (PSK), and the keys of data products.",
    prefixes: &[("/api/user/psk", STYLE), ("/api/dataproduct", STYLE)],
    documented: true,
    routes: ROUTES,
};

/// The surface's name.
pub(crate) const NAME: &str = "nexusone";

const OWN: &str = "/api/user/psk";
const REGENERATE: &str = "/api/user/psk/regenerate";
const OF_DATA: &str = "/api/dataproduct/psk";
const OF_PRODUCT: &str = "/api/dataproduct/{dataproduct_id}/psk";
const ONE_OF_DATA: &str = "/api/dataproduct/psk/{psk_id}";
const EXTEND: &str = "/api/dataproduct/psk/{psk_id}/extend";

/// A person with a key of their own; clients have none.
const OWNER: Access = Access::Bearer(Need::Person(Right::PersonalKeysUse));

const fn to(right: Right) -> Access {
    Access::Bearer(Need::Right(right))
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("show_personal_key", Method::GET, OWN, OWNER, STYLE,
        Handler::Axum(|| any(personal_keys::show::show)), personal_keys::show::doc),
    Route::new("create_personal_key", Method::POST, OWN, OWNER, STYLE,
        Handler::Axum(|| any(personal_keys::create::create)), personal_keys::create::doc),
    Route::new("regenerate_personal_key", Method::POST, REGENERATE, OWNER, STYLE,
        Handler::Axum(|| any(personal_keys::regenerate::regenerate)), personal_keys::regenerate::doc),
    Route::new("delete_personal_key", Method::DELETE, OWN, OWNER, STYLE,
        Handler::Axum(|| any(personal_keys::delete::delete)), personal_keys::delete::doc),

    Route::new("create_data_key", Method::POST, OF_PRODUCT, to(Right::NativeCreate), STYLE,
        Handler::Axum(|| any(data_keys::create::create)), data_keys::create::doc),
    Route::new("list_data_keys", Method::GET, OF_DATA, to(Right::NativeView), STYLE,
        Handler::Axum(|| any(data_keys::list::list)), data_keys::list::doc),
    Route::new("extend_data_key", Method::POST, EXTEND, to(Right::NativeUpdate), STYLE,
        Handler::Axum(|| any(data_keys::extend::extend)), data_keys::extend::doc),
    Route::new("delete_data_key", Method::DELETE, ONE_OF_DATA, to(Right::NativeDelete), STYLE,
        Handler::Axum(|| any(data_keys::delete::delete)), data_keys::delete::doc),
];
