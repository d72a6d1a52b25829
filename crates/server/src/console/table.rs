//! The table of the console's pages.

use super::{
    assets, audit, clients, error::STYLE, extend, home, key_types, keys, outside, overview,
    persons, reports, roles, settings, setup, sign_in, sign_out, tenants, validate,
};
use crate::{
    access::{Access, Need},
    app::App,
    document::{Operation, operation},
    route::{Handler, Route, Surface},
};
use axum::routing::{MethodRouter, any};
use domain::right::{Deed, Right};
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "console",
    about: "Pages for people.",
    prefixes: &[("/console", STYLE)],
    documented: false,
    routes: ROUTES,
};

type Served = fn() -> MethodRouter<App>;

/// A page for whoever is signed in and may do what it needs.
const fn page(operation: &'static str, path: &'static str, need: Need, served: Served) -> Route {
    route(operation, Method::GET, path, Access::Session(need), served)
}

/// What a form is sent to.
const fn form(operation: &'static str, path: &'static str, need: Need, served: Served) -> Route {
    route(operation, Method::POST, path, Access::Session(need), served)
}

const fn route(
    operation: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    served: Served,
) -> Route {
    Route::new(operation, method, path, access, STYLE, Handler::Axum(served), doc)
}

/// Pages stand in no document for programs.
fn doc() -> Operation {
    operation("A page of the console")
}

const ANYBODY: Need = Need::Identity;
const AUDIT: Need = Need::Right(Right::AuditRead);
const KEY_TYPES: Need = Need::Right(Right::KeyTypesManage);
const CLIENTS: Need = Need::Right(Right::ClientsManage);
const SEE: Need = Need::SomeFamily(Deed::See);
const UPDATE: Need = Need::SomeFamily(Deed::Update);
const DELETE: Need = Need::SomeFamily(Deed::Delete);
const PSK: Need = Need::Person(Right::PersonalKeysUse);
const CREATE: Need = Need::SomeFamily(Deed::Create);
const REVEAL: Need = Need::SomeFamily(Deed::Reveal);
const BEFORE: Access =
    Access::Public("a browser that nobody has signed in yet; who it is, the page asks");
const TENANTS: Need = Need::Right(Right::TenantsManage);
/// A contact center's own administrator makes and ends none.
const ALL_TENANTS: Need = Need::ClusterRight(Right::TenantsManage);
const PERSONS: Need = Need::Right(Right::PersonsManage);
const LEADS: Access = Access::Public("says where the console is, and nothing else");
const ASSETS: Access = Access::Public("the same for everybody, published with the source");
const REPORTS: Access =
    Access::Public("notes what a browser with a session says, and answers everybody alike");

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("console_home", Method::GET, "/", LEADS, || any(home::home)),
    route("console_asset", Method::GET, "/console/assets/{file}", ASSETS, || any(assets::asset)),
    route("console_reports", Method::POST, "/console/reports", REPORTS, || any(reports::reports)),
    route("console_show_sign_in", Method::GET, "/console/sign-in", BEFORE, || any(sign_in::show)),
    route("console_sign_in", Method::POST, "/console/sign-in", BEFORE, || any(sign_in::sign_in)),
    route("console_begin_outside_sign_in", Method::GET, "/console/sign-in/outside/{tenant}/{issuer}", BEFORE, || any(outside::begin)),
    route("console_finish_outside_sign_in", Method::GET, "/console/sign-in/outside/{tenant}/{issuer}/end", BEFORE, || any(outside::finish)),
    page("console_prove", "/console/prove", ANYBODY, || any(outside::prove)),
    form("console_sign_out", "/console/sign-out", ANYBODY, || any(sign_out::sign_out)),
    form("console_extend", "/console/extend", ANYBODY, || any(extend::extend)),
    page("console_overview", "/console", ANYBODY, || any(overview::overview)),
    // The audit log.
    page("console_audit", "/console/audit", AUDIT, || any(audit::list::list)),
    page("console_export_audit", "/console/audit/export", AUDIT, || any(audit::export::export)),
    page("console_show_audit_check", "/console/audit/check", AUDIT, || any(audit::check::show)),
    form("console_check_audit", "/console/audit/check", AUDIT, || any(audit::check::check)),

    // Keys: the list.
    page("console_list_keys", "/console/keys", SEE, || any(keys::list::list)),
    page("console_show_find_key", "/console/keys/find", SEE, || any(keys::find::show)),
    form("console_find_key", "/console/keys/find", SEE, || any(keys::find::find)),
    form("console_enable_key", "/console/keys/{id}/enable", UPDATE, || any(keys::enable::enable)),
    form("console_disable_key", "/console/keys/{id}/disable", UPDATE, || any(keys::disable::disable)),
    page("console_show_revoke_key", "/console/keys/{id}/revoke", UPDATE, || any(keys::revoke::show)),
    form("console_revoke_key", "/console/keys/{id}/revoke", UPDATE, || any(keys::revoke::revoke)),
    page("console_show_delete_key", "/console/keys/{id}/delete", DELETE, || any(keys::delete::show)),
    form("console_delete_key", "/console/keys/{id}/delete", DELETE, || any(keys::delete::delete)),

    // Clients.
    page("console_list_clients", "/console/clients", CLIENTS, || any(clients::list::list)),
    form("console_create_client", "/console/clients", CLIENTS, || any(clients::create::create)),
    page("console_show_new_client", "/console/clients/new", CLIENTS, || any(clients::create::show)),
    page("console_show_client", "/console/clients/{id}", CLIENTS, || any(clients::show::show)),
    page("console_show_edit_client", "/console/clients/{id}/edit", CLIENTS, || any(clients::edit::show)),
    form("console_update_client", "/console/clients/{id}/edit", CLIENTS, || any(clients::edit::edit)),
    form("console_enable_client", "/console/clients/{id}/enable", CLIENTS, || any(clients::switch::enable)),
    form("console_disable_client", "/console/clients/{id}/disable", CLIENTS, || any(clients::switch::disable)),
    page("console_show_regenerate_client_secret", "/console/clients/{id}/regenerate-secret", CLIENTS, || any(clients::regenerate_secret::show)),
    form("console_regenerate_client_secret", "/console/clients/{id}/regenerate-secret", CLIENTS, || any(clients::regenerate_secret::regenerate_secret)),
    page("console_show_delete_client", "/console/clients/{id}/delete", CLIENTS, || any(clients::delete::show)),
    form("console_delete_client", "/console/clients/{id}/delete", CLIENTS, || any(clients::delete::delete)),

    // Keys: what is made, changed and shown once.
    page("console_show_create_key", "/console/keys/new", CREATE, || any(keys::create::show)),
    form("console_create_key", "/console/keys", CREATE, || any(keys::create::create)),
    page("console_check_entry", "/console/keys/entry", ANYBODY, || any(keys::entry::entry)),
    page("console_show_edit_key", "/console/keys/{id}/edit", UPDATE, || any(keys::edit::show)),
    form("console_edit_key", "/console/keys/{id}/edit", UPDATE, || any(keys::edit::edit)),
    page("console_show_copy_key", "/console/keys/{id}/copy", CREATE, || any(keys::copy::show)),
    form("console_copy_key", "/console/keys/{id}/copy", CREATE, || any(keys::copy::copy)),
    page("console_show_rotate_key", "/console/keys/{id}/rotate", UPDATE, || any(keys::replace::show_rotate)),
    form("console_rotate_key", "/console/keys/{id}/rotate", UPDATE, || any(keys::replace::rotate)),
    page("console_show_regenerate_key", "/console/keys/{id}/regenerate", UPDATE, || any(keys::replace::show_regenerate)),
    form("console_regenerate_key", "/console/keys/{id}/regenerate", UPDATE, || any(keys::replace::regenerate)),
    page("console_show_reveal_key", "/console/keys/{id}/reveal", REVEAL, || any(keys::reveal::show)),
    form("console_reveal_key", "/console/keys/{id}/reveal", REVEAL, || any(keys::reveal::reveal)),
    form("console_acknowledge_key", "/console/keys/{id}/acknowledge", ANYBODY, || any(keys::acknowledge::acknowledge)),
    page("console_ask_key_seen", "/console/keys/{id}/seen", ANYBODY, || any(keys::seen::seen)),

    // Settings: what a person changes of themself.
    page("console_settings", "/console/settings", ANYBODY, || any(settings::show::show)),
    page("console_show_password", "/console/settings/password", ANYBODY, || any(settings::password::show)),
    form("console_change_password", "/console/settings/password", ANYBODY, || any(settings::password::change)),
    form("console_end_session", "/console/settings/sessions/{id}/end", ANYBODY, || any(settings::end_session::end_session)),
    form("console_end_other_sessions", "/console/settings/sessions/end-others", ANYBODY, || any(settings::end_other_sessions::end_other_sessions)),
    page("console_show_psk", "/console/settings/psk", PSK, || any(settings::psk::show)),
    form("console_create_psk", "/console/settings/psk/create", PSK, || any(settings::psk::create)),
    page("console_confirm_regenerate_psk", "/console/settings/psk/regenerate", PSK, || any(settings::psk::confirm_regenerate)),
    form("console_regenerate_psk", "/console/settings/psk/regenerate", PSK, || any(settings::psk::regenerate)),
    page("console_confirm_delete_psk", "/console/settings/psk/delete", PSK, || any(settings::psk::confirm_delete)),
    form("console_delete_psk", "/console/settings/psk/delete", PSK, || any(settings::psk::delete)),

    // Validation: whether a text is a key.
    page("console_show_validate", "/console/validate", ANYBODY, || any(validate::show)),
    form("console_validate", "/console/validate", ANYBODY, || any(validate::validate)),

    // Setup integration: how keys are presented, and a call to try one.
    page("console_show_setup", "/console/setup", ANYBODY, || any(setup::show)),
    form("console_test_call", "/console/setup", ANYBODY, || any(setup::call)),

    // One key.
    page("console_show_key", "/console/keys/{id}", SEE, || any(keys::show::show)),
    page("console_list_key_secrets", "/console/keys/{id}/secrets", SEE, || any(keys::secrets::show)),
    page("console_show_key_usage", "/console/keys/{id}/usage", SEE, || any(keys::usage::usage)),
    page("console_list_key_audit", "/console/keys/{id}/audit", AUDIT, || any(keys::audit::audit)),
    page("console_show_retire_secret", "/console/keys/{id}/retire-secret", UPDATE, || any(keys::secrets::show_retire)),
    form("console_retire_secret", "/console/keys/{id}/retire-secret", UPDATE, || any(keys::secrets::retire)),
    page("console_show_extend_overlap", "/console/keys/{id}/extend-overlap", UPDATE, || any(keys::secrets::show_extend)),
    form("console_extend_overlap", "/console/keys/{id}/extend-overlap", UPDATE, || any(keys::secrets::extend)),

    // Contact centers.
    page("console_list_tenants", "/console/tenants", TENANTS, || any(tenants::list::list)),
    page("console_show_create_tenant", "/console/tenants/new", ALL_TENANTS, || any(tenants::create::show)),
    form("console_create_tenant", "/console/tenants", ALL_TENANTS, || any(tenants::create::create)),
    page("console_show_tenant", "/console/tenants/{id}", TENANTS, || any(tenants::show::show)),
    page("console_show_update_tenant", "/console/tenants/{id}/edit", TENANTS, || any(tenants::edit::show)),
    form("console_update_tenant", "/console/tenants/{id}/edit", TENANTS, || any(tenants::edit::edit)),
    page("console_show_disable_tenant", "/console/tenants/{id}/disable", ALL_TENANTS, || any(tenants::disable::show)),
    form("console_disable_tenant", "/console/tenants/{id}/disable", ALL_TENANTS, || any(tenants::disable::disable)),
    form("console_enable_tenant", "/console/tenants/{id}/enable", ALL_TENANTS, || any(tenants::enable::enable)),
    page("console_show_delete_tenant", "/console/tenants/{id}/delete", ALL_TENANTS, || any(tenants::delete::show)),
    form("console_delete_tenant", "/console/tenants/{id}/delete", ALL_TENANTS, || any(tenants::delete::delete)),
    page("console_show_cors", "/console/tenants/{id}/cors", TENANTS, || any(tenants::cors::show::show)),
    form("console_create_cors_origin", "/console/tenants/{id}/cors", TENANTS, || any(tenants::cors::add::add)),
    form("console_delete_cors_origin", "/console/tenants/{id}/cors/remove", TENANTS, || any(tenants::cors::remove::remove)),
    form("console_update_cors_settings", "/console/tenants/{id}/cors/settings", TENANTS, || any(tenants::cors::settings::update)),
    page("console_list_key_policies", "/console/tenants/{id}/key-policies", TENANTS, || any(tenants::key_policies::list::list)),
    page("console_show_key_policy", "/console/tenants/{id}/key-policies/{type}", TENANTS, || any(tenants::key_policies::set::show)),
    form("console_set_key_policy", "/console/tenants/{id}/key-policies/{type}", TENANTS, || any(tenants::key_policies::set::set)),
    page("console_show_delete_key_policy", "/console/tenants/{id}/key-policies/{type}/delete", TENANTS, || any(tenants::key_policies::delete::show)),
    form("console_delete_key_policy", "/console/tenants/{id}/key-policies/{type}/delete", TENANTS, || any(tenants::key_policies::delete::delete)),

    // Persons.
    page("console_list_persons", "/console/persons", PERSONS, || any(persons::list::list)),
    page("console_show_create_person", "/console/persons/new", PERSONS, || any(persons::create::show)),
    form("console_create_person", "/console/persons", PERSONS, || any(persons::create::create)),
    page("console_show_person", "/console/persons/{id}", PERSONS, || any(persons::show::show)),
    page("console_show_update_person", "/console/persons/{id}/edit", PERSONS, || any(persons::edit::show)),
    form("console_update_person", "/console/persons/{id}/edit", PERSONS, || any(persons::edit::edit)),
    page("console_show_set_person_password", "/console/persons/{id}/password", PERSONS, || any(persons::password::show)),
    form("console_set_person_password", "/console/persons/{id}/password", PERSONS, || any(persons::password::set)),
    page("console_show_disable_person", "/console/persons/{id}/disable", PERSONS, || any(persons::disable::show)),
    form("console_disable_person", "/console/persons/{id}/disable", PERSONS, || any(persons::disable::disable)),
    form("console_enable_person", "/console/persons/{id}/enable", PERSONS, || any(persons::enable::enable)),
    form("console_unlock_person", "/console/persons/{id}/unlock", PERSONS, || any(persons::unlock::unlock)),
    form("console_end_sessions_of_person", "/console/persons/{id}/sessions/end", PERSONS, || any(persons::sessions::end_all)),
    form("console_end_session_of_person", "/console/persons/{id}/sessions/{session}/end", PERSONS, || any(persons::sessions::end)),
    page("console_show_delete_person", "/console/persons/{id}/delete", PERSONS, || any(persons::delete::show)),
    form("console_delete_person", "/console/persons/{id}/delete", PERSONS, || any(persons::delete::delete)),

    // Roles.
    page("console_list_roles", "/console/roles", PERSONS, || any(roles::list::list)),
    page("console_show_create_role", "/console/roles/new", PERSONS, || any(roles::create::show)),
    form("console_create_role", "/console/roles", PERSONS, || any(roles::create::create)),
    page("console_show_role", "/console/roles/{name}", PERSONS, || any(roles::show::show)),
    page("console_show_update_role", "/console/roles/{name}/edit", PERSONS, || any(roles::edit::show)),
    form("console_update_role", "/console/roles/{name}/edit", PERSONS, || any(roles::edit::edit)),
    page("console_show_delete_role", "/console/roles/{name}/delete", PERSONS, || any(roles::delete::show)),
    form("console_delete_role", "/console/roles/{name}/delete", PERSONS, || any(roles::delete::delete)),

    // Key types.
    page("console_list_key_types", "/console/key-types", SEE, || any(key_types::list::list)),
    page("console_show_create_key_type", "/console/key-types/new", KEY_TYPES, || any(key_types::create::show)),
    form("console_create_key_type", "/console/key-types", KEY_TYPES, || any(key_types::create::create)),
    page("console_show_key_type", "/console/key-types/{name}", SEE, || any(key_types::show::show)),
    page("console_show_edit_key_type", "/console/key-types/{name}/edit", KEY_TYPES, || any(key_types::edit::show)),
    form("console_edit_key_type", "/console/key-types/{name}/edit", KEY_TYPES, || any(key_types::edit::edit)),
];
