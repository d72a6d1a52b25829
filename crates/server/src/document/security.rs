//! Who may call, in the words of OpenAPI.

use crate::access::Access;
use serde_json::{Value, json};

/// The ways to authenticate of which one will do; `None`: nobody is asked.
pub(super) fn of(access: &Access) -> Option<Value> {
    Some(match access {
        Access::Public(_) => return None,
        Access::OptionalBearer(_) => json!([{}, {"bearerToken": []}]),
        Access::Bearer(_) => json!([{"bearerToken": []}]),
        Access::BareOrBearer(_) => json!([{"bearerToken": []}, {"bareToken": []}]),
        Access::BearerOrBasic(_) => json!([{"bearerToken": []}, {"basicPerson": []}]),
        // Without it the form names the client: no scheme of OpenAPI says so.
        Access::Client => json!([{"basicClient": []}, {}]),
        Access::TokenOrKey | Access::VerifyCaller => {
            json!([{"bearerToken": []}, {"apiKey": []}])
        }
        Access::CheckCaller => json!([{"checkCaller": []}, {}]),
    })
}

/// All ways, by name.
pub(super) fn schemes() -> Value {
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
    })
}
