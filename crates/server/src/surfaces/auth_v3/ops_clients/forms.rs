//! What the bodies of this administration look like, for its description.

use super::{
    super::envelope,
    wire::{ClientData, Shown},
};
use crate::document::Named;
use serde_json::{Value, json};

/// `scope-token` of RFC 6749 section 3.3.
const SCOPE_TOKEN: &str = r"^[!#-\[\]-~]{1,255}$";
/// Any scheme that no browser runs; of the web with a host.
const REDIRECT_ADDRESS: &str = concat!(
    r"^(?!(https?|javascript|data|vbscript|file|blob):)[A-Za-z][A-Za-z0-9+.-]*:[!-\x22$-~]*$",
    r"|^https?://[!-\x22$-.0-~][!-\x22$-~]*$",
);

/// The body that makes a client.
pub(super) fn creation() -> Named {
    let data = members();
    let described = envelope::reference(&data);
    let schema = json!({
        "allOf": [described],
        "required": ["client_id"],
        "anyOf": [of_public(), with_secret("client_secret", "secret"), with_secret("secret", "client_secret")],
    });
    envelope::request("OpsClientCreation", &schema, data)
}

/// The body that changes a client; what is left out stays.
pub(super) fn change() -> Named {
    let data = members();
    let schema = json!({
        "allOf": [envelope::reference(&data)],
        "properties": {"client_id": {"readOnly": true}, "clientType": {"readOnly": true}},
        "not": {"required": ["client_secret", "secret"]},
    });
    envelope::request("OpsClientChange", &schema, data)
}

/// The answer with one client.
pub(super) fn client() -> Named {
    let shown = Named::of::<Shown<'_>>();
    envelope::success_with("OpsClientAnswer", &envelope::reference(&shown), shown)
}

/// The answer with many.
pub(super) fn clients() -> Named {
    let shown = Named::of::<Shown<'_>>();
    let items = json!({"type": "array", "items": envelope::reference(&shown)});
    envelope::success_with("OpsClientsAnswer", &items, shown)
}

/// A client as the answers show it.
pub(super) fn example() -> Value {
    json!({
        "client_id": "gateway",
        "name": "gateway",
        "clientType": "CONFIDENTIAL",
        "internalClient": false,
        "scope": ["*"],
        "authorizedGrantTypes": ["client_credentials"],
        "authorities": ["ROLE_GATEWAY"],
        "redirectURIs": [],
        "contactCenterIds": ["578ec98e-f07c-46ad-9675-f36c22f3ba9f"],
        "accessTokenExpirationTimeout": 43_200,
        "refreshTokenExpirationTimeout": 2_592_000,
    })
}

/// The members of a client in a body, with what their lists may hold.
fn members() -> Named {
    let mut data = Named::of::<ClientData>();
    let lists = [
        ("authorities", json!({"type": "string", "pattern": SCOPE_TOKEN})),
        ("scope", json!({"type": "string", "pattern": SCOPE_TOKEN})),
        (
            "redirectURIs",
            json!({"type": "string", "pattern": REDIRECT_ADDRESS, "maxLength": 2_048}),
        ),
        (
            "authorizedGrantTypes",
            json!({"type": "string", "enum": [
                "authorization_code", "client_credentials", "password", "refresh_token", "implicit",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ]}),
        ),
    ];
    for (name, items) in lists {
        let list = data.schema.pointer_mut(&format!("/properties/{name}"));
        if let Some(list) = list.and_then(Value::as_object_mut) {
            list.insert("items".to_owned(), items);
        }
    }
    data
}

/// Of a public client: without a secret, and without the grant that needs one.
fn of_public() -> Value {
    let nothing = json!({"maxLength": 0});
    json!({
        "required": ["clientType"],
        "properties": {
            "clientType": {"const": "PUBLIC"},
            "client_secret": nothing,
            "secret": nothing,
            "authorizedGrantTypes": {"items": {"not": {"const": "client_credentials"}}},
        },
    })
}

/// Of a confidential one: with a secret, under either of its names.
fn with_secret(name: &str, other: &str) -> Value {
    json!({
        "required": [name],
        "properties": {
            name: {"type": "string", "minLength": 1},
            other: {"maxLength": 0},
            "clientType": {"enum": ["CONFIDENTIAL", null]},
        },
    })
}
