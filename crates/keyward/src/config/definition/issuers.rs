//! `[[issuers]]`: OpenID providers outside that are believed.

use super::{OPTIONAL, REQUIRED, setting};
use crate::config::setting::{Fallback, Kind, Setting};

/// In the order in which they are printed.
pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "issuers[].name",
        Kind::Text,
        REQUIRED,
        "Its name: `a-z`, `0-9`, `-`, `_`. It stands in the address that the provider sends browsers back to.",
    ),
    setting(
        "issuers[].tenant",
        Kind::Text,
        REQUIRED,
        "Id of the tenant whose persons it speaks for; `*`: of the cluster, which nothing but the \
         configuration can say.",
    ),
    setting(
        "issuers[].issuer",
        Kind::Text,
        REQUIRED,
        "Its `iss`, exactly, such as `https://sso.example.com/realms/staff`. This very server may be at any \
         address; another one that its configuration names, only at one of the public Internet.",
    ),
    setting(
        "issuers[].allow_http",
        Kind::Switch,
        Fallback::Value("false"),
        "Lets this very server go without TLS: for trying things out on one machine.",
    ),
    setting(
        "issuers[].label",
        Kind::Text,
        Fallback::Derived("`name`"),
        "What people read on the sign-in page.",
    ),
    setting(
        "issuers[].client_id",
        Kind::Text,
        OPTIONAL,
        "The id under which it knows Keyward: needed for `sign_in`.",
    ),
    setting(
        "issuers[].client_secret",
        Kind::Secret,
        Fallback::Nothing("a public client"),
        "The secret by which it knows Keyward.",
    ),
    setting(
        "issuers[].scopes",
        Kind::Texts,
        Fallback::Value("[\"openid\", \"profile\", \"email\"]"),
        "Scopes that a sign-in asks for.",
    ),
    setting(
        "issuers[].audiences",
        Kind::Texts,
        Fallback::Value("[]"),
        "Audiences of which a caller's token must name one: needed for `callers`.",
    ),
    setting(
        "issuers[].token_types",
        Kind::Texts,
        Fallback::Value("[\"at+jwt\"]"),
        "What the header of a caller's token may say it is: `at+jwt`, or `JWT` as Keycloak has it.",
    ),
    setting(
        "issuers[].algorithms",
        Kind::Texts,
        Fallback::Value("[\"RS256\", \"PS256\", \"ES256\", \"EdDSA\"]"),
        "How it may sign: these, `RS384`, `RS512`, `PS384`, `PS512`, `ES384`.",
    ),
    setting(
        "issuers[].username_claim",
        Kind::Text,
        Fallback::Value("\"preferred_username\""),
        "The claim that names a person for people.",
    ),
    setting(
        "issuers[].roles_claim",
        Kind::Text,
        OPTIONAL,
        "Where in the claims roles stand, such as `realm_access.roles`.",
    ),
    setting(
        "issuers[].role_map",
        Kind::Texts,
        Fallback::Value("[]"),
        "Which value there becomes which role here: `keyward-admins=admin`. All others become nothing.",
    ),
    setting(
        "issuers[].sign_in",
        Kind::Switch,
        Fallback::Derived("`true` with a `client_id`"),
        "Whether it signs in to the tenant's realm.",
    ),
    setting(
        "issuers[].callers",
        Kind::Switch,
        Fallback::Derived("`true` with `audiences`"),
        "Whether its access tokens are taken from callers of our API.",
    ),
];
