//! Our own API: `/v1`, camelCase JSON, unknown members refused, RFC 9457 errors.

mod audit;
mod clients;
mod consents;
mod error;
mod filters;
mod gateway_routes;
mod issuers;
mod key_policies;
mod key_types;
mod keys;
mod master_keys;
mod members;
mod overview;
mod persons;
mod policies;
mod rights;
mod roles;
mod sessions;
mod signing_keys;
mod tenants;
pub(crate) mod whoami;

pub(crate) use error::STYLE;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::{Deed, Right};
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "native",
    about: "Our own API: keys and all that belongs to them.",
    prefixes: &[("/v1", STYLE)],
    documented: true,
    routes: ROUTES,
};

const KEYS: &str = "/v1/keys";
const KEY: &str = "/v1/keys/{id}";
const KEY_POLICIES: &str = "/v1/tenants/{id}/key-policies";
const KEY_POLICY: &str = "/v1/tenants/{id}/key-policies/{keyType}";

/// A right over keys of some family; which one follows from the key's type, in the use case.
const fn over(deed: Deed) -> Access {
    Access::Bearer(Need::SomeFamily(deed))
}

const KEY_TYPES: Access = Access::Bearer(Need::Right(Right::KeyTypesManage));
/// A tenant's own administrator, or the cluster.
const TENANTS: Access = Access::Bearer(Need::Right(Right::TenantsManage));
const ALL_TENANTS: Access = Access::Bearer(Need::ClusterRight(Right::TenantsManage));
/// The cluster's rules are the gateway's, a tenant's its own administrator's.
const RULES: Access = Access::Bearer(Need::AnyOf(&[Right::GatewayManage, Right::TenantsManage]));
const AUDIT: Access = Access::Bearer(Need::Right(Right::AuditRead));

/// Whoever is signed in.
const ANYBODY: Access = Access::Bearer(Need::Identity);
/// One's own, or with the right others'.
const OWN_OR_MANAGED: Access = Access::Bearer(Need::Identity);
const PERSONS: Access = Access::Bearer(Need::Right(Right::PersonsManage));
const CLIENTS: Access = Access::Bearer(Need::Right(Right::ClientsManage));

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("verify_key", Method::POST, "/v1/keys/verify", Access::VerifyCaller, STYLE,
        Handler::Front(keys::verify::verify), keys::verify::doc),
    Route::new("verify_keys", Method::POST, "/v1/keys/verify-batch", Access::VerifyCaller, STYLE,
        Handler::Front(keys::verify_batch::verify_batch), keys::verify_batch::doc)
        .max_body_bytes(keys::verify_batch::MAX_BODY_BYTES),
    Route::new("validate_key", Method::POST, "/v1/keys/validate", ANYBODY, STYLE,
        Handler::Axum(|| any(keys::validate::validate)), keys::validate::doc),
    Route::new("inspect_jwt", Method::POST, "/v1/keys/inspect-jwt", over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::inspect_jwt::inspect_jwt)), keys::inspect_jwt::doc),
    Route::new("create_key", Method::POST, KEYS, over(Deed::Create), STYLE,
        Handler::Axum(|| any(keys::create::create)), keys::create::doc).idempotent(),
    Route::new("list_keys", Method::GET, KEYS, over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::list::list)), keys::list::doc),
    Route::new("import_keys", Method::POST, "/v1/keys/import", over(Deed::Create), STYLE,
        Handler::Axum(|| any(keys::import::import)), keys::import::doc)
        .max_body_bytes(keys::import::MAX_BODY_BYTES),
    Route::new("export_keys", Method::GET, "/v1/keys/export", over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::export::export)), keys::export::doc),
    Route::new("show_key", Method::GET, KEY, over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::show::show)), keys::show::doc),
    Route::new("update_key", Method::PATCH, KEY, over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::update::update)), keys::update::doc),
    Route::new("delete_key", Method::DELETE, KEY, over(Deed::Delete), STYLE,
        Handler::Axum(|| any(keys::delete::delete)), keys::delete::doc),
    Route::new("enable_key", Method::POST, "/v1/keys/{id}/enable", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::enable::enable)), keys::enable::doc),
    Route::new("disable_key", Method::POST, "/v1/keys/{id}/disable", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::disable::disable)), keys::disable::doc),
    Route::new("revoke_key", Method::POST, "/v1/keys/{id}/revoke", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::revoke::revoke)), keys::revoke::doc),
    Route::new("acknowledge_key", Method::POST, "/v1/keys/{id}/acknowledge", over(Deed::Create), STYLE,
        Handler::Axum(|| any(keys::acknowledge::acknowledge)), keys::acknowledge::doc),
    Route::new("rotate_key", Method::POST, "/v1/keys/{id}/rotate", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::rotate::rotate)), keys::rotate::doc).idempotent(),
    Route::new("list_key_secrets", Method::GET, "/v1/keys/{id}/secrets", over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::secrets::secrets)), keys::secrets::doc),
    Route::new("retire_secret", Method::POST, "/v1/keys/{id}/retire-secret", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::retire_secret::retire_secret)), keys::retire_secret::doc),
    Route::new("extend_overlap", Method::POST, "/v1/keys/{id}/extend-overlap", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::extend_overlap::extend_overlap)), keys::extend_overlap::doc),
    Route::new("regenerate_key", Method::POST, "/v1/keys/{id}/regenerate", over(Deed::Update), STYLE,
        Handler::Axum(|| any(keys::regenerate::regenerate)), keys::regenerate::doc).idempotent(),
    Route::new("copy_key", Method::POST, "/v1/keys/{id}/copy", over(Deed::Create), STYLE,
        Handler::Axum(|| any(keys::copy::copy)), keys::copy::doc).idempotent(),
    Route::new("reveal_key", Method::POST, "/v1/keys/{id}/reveal", over(Deed::Reveal), STYLE,
        Handler::Axum(|| any(keys::reveal::reveal)), keys::reveal::doc),
    Route::new("show_key_usage", Method::GET, "/v1/keys/{id}/usage", over(Deed::See), STYLE,
        Handler::Axum(|| any(keys::usage::usage)), keys::usage::doc),
    Route::new("list_key_audit", Method::GET, "/v1/keys/{id}/audit", AUDIT, STYLE,
        Handler::Axum(|| any(keys::audit::audit)), keys::audit::doc),
    Route::new("whoami", Method::GET, "/v1/whoami", Access::TokenOrKey, STYLE,
        Handler::Axum(|| any(whoami::whoami)), whoami::doc),
    Route::new("create_tenant", Method::POST, "/v1/tenants", ALL_TENANTS, STYLE,
        Handler::Axum(|| any(tenants::create::create)), tenants::create::doc).idempotent(),
    Route::new("list_tenants", Method::GET, "/v1/tenants", TENANTS, STYLE,
        Handler::Axum(|| any(tenants::list::list)), tenants::list::doc),
    Route::new("show_tenant", Method::GET, "/v1/tenants/{id}", TENANTS, STYLE,
        Handler::Axum(|| any(tenants::show::show)), tenants::show::doc),
    Route::new("update_tenant", Method::PATCH, "/v1/tenants/{id}", TENANTS, STYLE,
        Handler::Axum(|| any(tenants::update::update)), tenants::update::doc),
    Route::new("delete_tenant", Method::DELETE, "/v1/tenants/{id}", ALL_TENANTS, STYLE,
        Handler::Axum(|| any(tenants::delete::delete)), tenants::delete::doc),
    Route::new("list_signing_keys", Method::GET, "/v1/tenants/{id}/signing-keys", TENANTS, STYLE,
        Handler::Axum(|| any(signing_keys::list::list)), signing_keys::list::doc),
    Route::new("rotate_signing_key", Method::POST, "/v1/tenants/{id}/rotate-signing-key", TENANTS, STYLE,
        Handler::Axum(|| any(signing_keys::rotate::rotate)), signing_keys::rotate::doc).idempotent(),
    Route::new("list_key_policies", Method::GET, KEY_POLICIES, TENANTS, STYLE,
        Handler::Axum(|| any(key_policies::list::list)), key_policies::list::doc),
    Route::new("show_key_policy", Method::GET, KEY_POLICY, TENANTS, STYLE,
        Handler::Axum(|| any(key_policies::show::show)), key_policies::show::doc),
    Route::new("set_key_policy", Method::PUT, KEY_POLICY, TENANTS, STYLE,
        Handler::Axum(|| any(key_policies::set::set)), key_policies::set::doc),
    Route::new("delete_key_policy", Method::DELETE, KEY_POLICY, TENANTS, STYLE,
        Handler::Axum(|| any(key_policies::delete::delete)), key_policies::delete::doc),
    Route::new("create_key_type", Method::POST, "/v1/key-types", KEY_TYPES, STYLE,
        Handler::Axum(|| any(key_types::create::create)), key_types::create::doc).idempotent(),
    Route::new("list_key_types", Method::GET, "/v1/key-types", over(Deed::See), STYLE,
        Handler::Axum(|| any(key_types::list::list)), key_types::list::doc),
    Route::new("show_key_type", Method::GET, "/v1/key-types/{name}", over(Deed::See), STYLE,
        Handler::Axum(|| any(key_types::show::show)), key_types::show::doc),
    Route::new("update_key_type", Method::PATCH, "/v1/key-types/{name}", KEY_TYPES, STYLE,
        Handler::Axum(|| any(key_types::update::update)), key_types::update::doc),
    Route::new("create_policy", Method::POST, "/v1/policies", RULES, STYLE,
        Handler::Axum(|| any(policies::create::create)), policies::create::doc).idempotent(),
    Route::new("list_policies", Method::GET, "/v1/policies", RULES, STYLE,
        Handler::Axum(|| any(policies::list::list)), policies::list::doc),
    Route::new("show_policy", Method::GET, "/v1/policies/{name}", RULES, STYLE,
        Handler::Axum(|| any(policies::show::show)), policies::show::doc),
    Route::new("update_policy", Method::PATCH, "/v1/policies/{name}", RULES, STYLE,
        Handler::Axum(|| any(policies::update::update)), policies::update::doc),
    Route::new("delete_policy", Method::DELETE, "/v1/policies/{name}", RULES, STYLE,
        Handler::Axum(|| any(policies::delete::delete)), policies::delete::doc),
    Route::new("create_gateway_route", Method::POST, "/v1/gateway/routes", RULES, STYLE,
        Handler::Axum(|| any(gateway_routes::create::create)), gateway_routes::create::doc).idempotent(),
    Route::new("list_gateway_routes", Method::GET, "/v1/gateway/routes", RULES, STYLE,
        Handler::Axum(|| any(gateway_routes::list::list)), gateway_routes::list::doc),
    Route::new("show_gateway_route", Method::GET, "/v1/gateway/routes/{name}", RULES, STYLE,
        Handler::Axum(|| any(gateway_routes::show::show)), gateway_routes::show::doc),
    Route::new("update_gateway_route", Method::PATCH, "/v1/gateway/routes/{name}", RULES, STYLE,
        Handler::Axum(|| any(gateway_routes::update::update)), gateway_routes::update::doc),
    Route::new("delete_gateway_route", Method::DELETE, "/v1/gateway/routes/{name}", RULES, STYLE,
        Handler::Axum(|| any(gateway_routes::delete::delete)), gateway_routes::delete::doc),
    Route::new("list_master_keys", Method::GET, "/v1/master-keys", ALL_TENANTS, STYLE,
        Handler::Axum(|| any(master_keys::list::list)), master_keys::list::doc),
    Route::new("rotate_master_key", Method::POST, "/v1/master-keys/rotate", ALL_TENANTS, STYLE,
        Handler::Axum(|| any(master_keys::rotate::rotate)), master_keys::rotate::doc),
    Route::new("retire_master_key", Method::POST, "/v1/master-keys/{name}/retire", ALL_TENANTS, STYLE,
        Handler::Axum(|| any(master_keys::retire::retire)), master_keys::retire::doc),
    Route::new("create_issuer", Method::POST, "/v1/issuers", TENANTS, STYLE,
        Handler::Axum(|| any(issuers::create::create)), issuers::create::doc).idempotent(),
    Route::new("list_issuers", Method::GET, "/v1/issuers", TENANTS, STYLE,
        Handler::Axum(|| any(issuers::list::list)), issuers::list::doc),
    Route::new("show_issuer", Method::GET, "/v1/issuers/{id}", TENANTS, STYLE,
        Handler::Axum(|| any(issuers::show::show)), issuers::show::doc),
    Route::new("update_issuer", Method::PATCH, "/v1/issuers/{id}", TENANTS, STYLE,
        Handler::Axum(|| any(issuers::update::update)), issuers::update::doc),
    Route::new("delete_issuer", Method::DELETE, "/v1/issuers/{id}", TENANTS, STYLE,
        Handler::Axum(|| any(issuers::delete::delete)), issuers::delete::doc),
    Route::new("show_overview", Method::GET, "/v1/overview", over(Deed::See), STYLE,
        Handler::Axum(|| any(overview::overview)), overview::doc),
    Route::new("list_audit", Method::GET, "/v1/audit", AUDIT, STYLE,
        Handler::Axum(|| any(audit::list::list)), audit::list::doc),
    Route::new("check_audit", Method::GET, "/v1/audit/check", AUDIT, STYLE,
        Handler::Axum(|| any(audit::check::check)), audit::check::doc),
    Route::new("export_audit", Method::GET, "/v1/audit/export", AUDIT, STYLE,
        Handler::Axum(|| any(audit::export::export)), audit::export::doc),
    Route::new("create_person", Method::POST, "/v1/persons", PERSONS, STYLE,
        Handler::Axum(|| any(persons::create::create)), persons::create::doc).idempotent(),
    Route::new("list_persons", Method::GET, "/v1/persons", PERSONS, STYLE,
        Handler::Axum(|| any(persons::list::list)), persons::list::doc),
    Route::new("show_person", Method::GET, "/v1/persons/{id}", PERSONS, STYLE,
        Handler::Axum(|| any(persons::show::show)), persons::show::doc),
    Route::new("update_person", Method::PATCH, "/v1/persons/{id}", PERSONS, STYLE,
        Handler::Axum(|| any(persons::update::update)), persons::update::doc),
    Route::new("delete_person", Method::DELETE, "/v1/persons/{id}", PERSONS, STYLE,
        Handler::Axum(|| any(persons::delete::delete)), persons::delete::doc),
    Route::new("set_person_password", Method::POST, "/v1/persons/{id}/set-password", PERSONS, STYLE,
        Handler::Axum(|| any(persons::set_password::set_password)), persons::set_password::doc)
        .idempotent(),
    Route::new("unlock_person", Method::POST, "/v1/persons/{id}/unlock", PERSONS, STYLE,
        Handler::Axum(|| any(persons::unlock::unlock)), persons::unlock::doc),
    Route::new("list_sessions", Method::GET, "/v1/persons/{id}/sessions", OWN_OR_MANAGED, STYLE,
        Handler::Axum(|| any(sessions::list::list)), sessions::list::doc),
    Route::new("end_sessions", Method::DELETE, "/v1/persons/{id}/sessions", OWN_OR_MANAGED, STYLE,
        Handler::Axum(|| any(sessions::end_all::end_all)), sessions::end_all::doc),
    Route::new("end_session", Method::DELETE, "/v1/persons/{id}/sessions/{sid}", OWN_OR_MANAGED, STYLE,
        Handler::Axum(|| any(sessions::end::end)), sessions::end::doc),
    Route::new("list_consents", Method::GET, "/v1/persons/{id}/consents", OWN_OR_MANAGED, STYLE,
        Handler::Axum(|| any(consents::list::list)), consents::list::doc),
    Route::new("revoke_consent", Method::DELETE, "/v1/persons/{id}/consents/{clientId}", OWN_OR_MANAGED, STYLE,
        Handler::Axum(|| any(consents::revoke::revoke)), consents::revoke::doc),
    Route::new("list_rights", Method::GET, "/v1/rights", Access::Bearer(Need::Identity), STYLE,
        Handler::Axum(|| any(rights::list::list)), rights::list::doc),
    Route::new("create_role", Method::POST, "/v1/roles", PERSONS, STYLE,
        Handler::Axum(|| any(roles::create::create)), roles::create::doc).idempotent(),
    Route::new("list_roles", Method::GET, "/v1/roles", PERSONS, STYLE,
        Handler::Axum(|| any(roles::list::list)), roles::list::doc),
    Route::new("show_role", Method::GET, "/v1/roles/{name}", PERSONS, STYLE,
        Handler::Axum(|| any(roles::show::show)), roles::show::doc),
    Route::new("update_role", Method::PATCH, "/v1/roles/{name}", PERSONS, STYLE,
        Handler::Axum(|| any(roles::update::update)), roles::update::doc),
    Route::new("delete_role", Method::DELETE, "/v1/roles/{name}", PERSONS, STYLE,
        Handler::Axum(|| any(roles::delete::delete)), roles::delete::doc),
    Route::new("create_client", Method::POST, "/v1/clients", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::create::create)), clients::create::doc).idempotent(),
    Route::new("list_clients", Method::GET, "/v1/clients", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::list::list)), clients::list::doc),
    Route::new("show_client", Method::GET, "/v1/clients/{clientId}", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::show::show)), clients::show::doc),
    Route::new("update_client", Method::PATCH, "/v1/clients/{clientId}", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::update::update)), clients::update::doc),
    Route::new("delete_client", Method::DELETE, "/v1/clients/{clientId}", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::delete::delete)), clients::delete::doc),
    Route::new("regenerate_client_secret", Method::POST, "/v1/clients/{clientId}/regenerate-secret", CLIENTS, STYLE,
        Handler::Axum(|| any(clients::regenerate_secret::regenerate_secret)), clients::regenerate_secret::doc)
        .idempotent(),
];
