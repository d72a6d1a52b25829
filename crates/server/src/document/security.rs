//! Who may call, in the words of OpenAPI.

use crate::{access::Access, surfaces::nexusone};
use serde_json::{Value, json};

/// The ways to authenticate of which one will do; `None`: nobody is asked. A peer's surface has names of
/// its own for them.
pub(super) fn of(surface: &str, access: &Access) -> Option<Value> {
    Some(match access {
        Access::Bearer(_) if surface == nexusone::NAME => {
            json!([{"OAuth2AuthorizationCodeBearer": []}])
        }
        Access::Public(_) | Access::Session(_) => return None,
        Access::OptionalBearer(_) => json!([{}, {"bearerToken": []}]),
        Access::Bearer(_) => json!([{"bearerToken": []}]),
        Access::BareOrBearer(_) => json!([{"bearerToken": []}, {"bareToken": []}]),
        Access::BearerOrBasic(_) => json!([{"bearerToken": []}, {"basicPerson": []}]),
        // Without it the form names the client: no scheme of OpenAPI says so.
        Access::Client | Access::RealmClient => json!([{"basicClient": []}, {}]),
        Access::RealmToken => json!([{"bearerToken": []}]),
        Access::TokenOrKey | Access::VerifyCaller => {
            json!([{"bearerToken": []}, {"apiKey": []}])
        }
        Access::Key => json!([{"bearerToken": []}, {"jwtParameter": []}]),
        Access::CheckCaller => json!([{"checkCaller": []}, {}]),
    })
}

/// All ways, by name. The realm of the addresses is the one that the first start makes.
pub(super) fn schemes(public_url: &str) -> Value {
    let realm =
        format!("{}/realms/default/protocol/openid-connect", public_url.trim_end_matches('/'));
    json!({
        "bearerToken": {
            "type": "http", "scheme": "bearer",
            "description": "An access token of `/auth/v3/oauth/token`. Where `apiKey` is offered beside \
                it, a key may stand here as well.",
        },
        "bareToken": {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "An access token without a scheme, as scripts of that wire send it.",
        },
        "basicPerson": {
            "type": "http", "scheme": "basic",
            "description": "Name and password of a person of the cluster.",
        },
        "basicClient": {
            "type": "http", "scheme": "basic",
            "description": "Id and secret of an OAuth client; `client_id` and `client_secret` in the \
                form do as well.",
        },
        "checkCaller": {
            "type": "apiKey", "in": "header", "name": "X-Keyward-Authorization",
            "description": "`Bearer` and an access token, or a key. A peer among `trusted_proxies` needs \
                none.",
        },
        "apiKey": {
            "type": "apiKey", "in": "header", "name": "x-api-key",
            "description": "An API key.",
        },
        "jwtParameter": {
            "type": "apiKey", "in": "query", "name": "jwt",
            "description": "Experience Cloud: a key of type `openconnect`; in a form or a JSON object it may \
                stand under the same name.",
        },
        "OAuth2AuthorizationCodeBearer": {
            "type": "oauth2",
            "description": "NexusOne: an access token, of a realm (`default` stands for the realm's name) \
                or of `/auth/v3/oauth/token`, by whatever grant. A route of the gateway takes one where its \
                `tokens` say so.",
            "flows": {"authorizationCode": {
                "authorizationUrl": format!("{realm}/auth"),
                "tokenUrl": format!("{realm}/token"),
                "refreshUrl": format!("{realm}/token"),
                "scopes": {"openid": "Who the person is.", "profile": "Their name.", "email": "Their e-mail address."},
            }},
        },
        "APIKeyHeader": {
            "type": "apiKey", "in": "header", "name": "Authorization-PSK",
            "description": "NexusOne: a personal key, a deployment's or one of a data product, bare. Routes of \
                the gateway with the preset `nexusone` take one; no operation of this document does.",
        },
    })
}
