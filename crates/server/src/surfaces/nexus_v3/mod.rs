//! Digital Channels (`/nexus/v3`): API keys by REST, as provisioning scripts know them.
//!
//! Bare or wrapped bodies, a bare or a Bearer token; docs/surfaces/nexus.md says what was chosen where
//! nothing is published.

mod error;
mod forms;
mod keys;
mod wire;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::Deed;
use error::STYLE;
use http::Method;
use keys::{create, delete, list, show, update};

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "nexus_v3",
    about: "Digital Channels: API keys by REST, as provisioning scripts know them.",
    prefixes: &[("/nexus/v3", STYLE)],
    documented: true,
    routes: ROUTES,
};

/// The one key type of this wire.
const KEY_TYPES: &[&str] = &["nexus"];

const KEYS: &str = "/nexus/v3/apikeys";
const KEY: &str = "/nexus/v3/apikeys/{key}";

/// Right over keys of some family; which one follows from the key's type, in the use case.
const fn to(deed: Deed) -> Access {
    Access::BareOrBearer(Need::SomeFamily(deed))
}

static ROUTES: &[Route] = &[
    Route::new(
        "create_nexus_key",
        Method::POST,
        KEYS,
        to(Deed::Create),
        STYLE,
        Handler::Axum(|| any(create::create)),
        create::doc,
    ),
    Route::new(
        "list_nexus_keys",
        Method::GET,
        KEYS,
        to(Deed::See),
        STYLE,
        Handler::Axum(|| any(list::list)),
        list::doc,
    ),
    Route::new(
        "show_nexus_key",
        Method::GET,
        KEY,
        to(Deed::See),
        STYLE,
        Handler::Axum(|| any(show::show)),
        show::doc,
    ),
    Route::new(
        "update_nexus_key",
        Method::PUT,
        KEY,
        to(Deed::Update),
        STYLE,
        Handler::Axum(|| any(update::update)),
        update::doc,
    ),
    Route::new(
        "delete_nexus_key",
        Method::DELETE,
        KEY,
        to(Deed::Delete),
        STYLE,
        Handler::Axum(|| any(delete::delete)),
        delete::doc,
    ),
];
