//! `[bootstrap]`: what the first start makes.

use super::{OPTIONAL, REQUIRED, setting};
use crate::config::setting::{Fallback, Kind, Setting};

/// In the order in which they are printed.
pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "bootstrap.ops.username",
        Kind::Text,
        Fallback::Value("\"ops\""),
        "User name of the cluster's first person.",
    ),
    setting(
        "bootstrap.ops.password",
        Kind::Secret,
        Fallback::Nothing("generated"),
        "Its password. Under 15 characters: a warning, and refused beyond loopback.",
    ),
    setting(
        "bootstrap.environments[].id",
        Kind::Text,
        Fallback::Nothing("random"),
        "Id of an environment, a UUID.",
    ),
    setting("bootstrap.environments[].name", Kind::Text, REQUIRED, "Its name."),
    setting(
        "bootstrap.tenants[].id",
        Kind::Text,
        Fallback::Nothing("random"),
        "Id of a tenant (a contact center), a UUID.",
    ),
    setting("bootstrap.tenants[].environment", Kind::Text, OPTIONAL, "Id of its environment."),
    setting("bootstrap.tenants[].name", Kind::Text, REQUIRED, "Its name."),
    setting(
        "bootstrap.tenants[].domains",
        Kind::Texts,
        Fallback::Value("[]"),
        "Short names that stand for the tenant in `domain\\user`.",
    ),
    setting("bootstrap.tenants[].realm", Kind::Text, OPTIONAL, "Name of its realm."),
    setting(
        "bootstrap.tenants[].persons[].username",
        Kind::Text,
        REQUIRED,
        "User name of a person of the tenant.",
    ),
    setting(
        "bootstrap.tenants[].persons[].password",
        Kind::Secret,
        Fallback::Nothing("generated"),
        "Its password, under the same rule as that of `ops`.",
    ),
    setting(
        "bootstrap.tenants[].persons[].roles",
        Kind::Texts,
        Fallback::Value("[]"),
        "Its roles: `admin`, `viewer`, `service`, `nx1_ask` …",
    ),
    setting("bootstrap.clients[].client_id", Kind::Text, REQUIRED, "Id of an OAuth 2.0 client."),
    setting(
        "bootstrap.clients[].secret",
        Kind::Secret,
        Fallback::Nothing("generated"),
        "Its secret. Written out as `\"\"` it makes the client public; one that a reference \
         (`env:`, `file:`) finds empty is refused, unless `public` says so.",
    ),
    setting(
        "bootstrap.clients[].public",
        Kind::Switch,
        Fallback::Derived("`true` when `secret` is `\"\"`"),
        "A public client has the empty secret, which proves nothing.",
    ),
    setting(
        "bootstrap.clients[].tenant",
        Kind::Text,
        Fallback::Nothing("the cluster"),
        "Id of its tenant.",
    ),
    setting(
        "bootstrap.clients[].grants",
        Kind::Texts,
        REQUIRED,
        "`password`, `refresh_token`, `client_credentials`, `authorization_code`.",
    ),
    setting(
        "bootstrap.clients[].scopes",
        Kind::Texts,
        Fallback::Value("[\"*\"]"),
        "Scopes that it may be given.",
    ),
    setting(
        "bootstrap.clients[].roles",
        Kind::Texts,
        Fallback::Value("[]"),
        "Roles of its service account.",
    ),
    setting(
        "bootstrap.clients[].rights",
        Kind::Texts,
        Fallback::Value("[]"),
        "Rights of its service account besides its roles: `Keys.canVerify` …",
    ),
    setting(
        "bootstrap.clients[].redirect_uris",
        Kind::Texts,
        Fallback::Value("[]"),
        "Addresses that a sign-in or sign-out may redirect to, compared exactly.",
    ),
];
