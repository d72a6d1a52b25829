//! `GET /v1/whoami`: who presents this credential, be it a token or a key.

use crate::{
    answer::{self, Body},
    document::{Operation, operation, words},
    extract::Identity,
};
use domain::{actor::PrincipalId, id::Scope, permission::Permission, right::Right};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Caller, whoami};
use utoipa::ToSchema;

/// What does not apply to whoever asks is left out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[schema(pattern = "^(person|client|key)$")]
    kind: &'static str,
    id: String,
    #[schema(value_type = String)]
    name: String,
    #[schema(value_type = words::Scope)]
    tenant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<words::RoleName>>)]
    roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<words::Permission>>)]
    permissions: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Instant>)]
    expires: Option<String>,
}

pub(super) async fn whoami(Identity(identity): Identity) -> Response<Body> {
    match identity {
        whoami::Identity::Caller(caller) => {
            answer::json(StatusCode::OK, &Answer::of_caller(&caller))
        }
        whoami::Identity::Key(key) => answer_to_key(key),
    }
}

/// What a key is told of itself: for whoever tries one at the console, too.
pub(crate) fn answer_to_key(key: whoami::KeyIdentity) -> Response<Body> {
    answer::json(StatusCode::OK, &Answer::of_key(key))
}

impl Answer {
    fn of_caller(caller: &Caller) -> Self {
        let principal = &caller.principal;
        let (kind, id) = match principal.id {
            PrincipalId::Person(id) => ("person", id.to_string()),
            PrincipalId::Client(id) => ("client", id.to_string()),
        };
        Self {
            kind,
            id,
            name: principal.name().to_string(),
            tenant: caller.bound_to().map_or(Scope::Cluster, Scope::Tenant).to_string(),
            roles: Some(principal.roles().to_vec()),
            rights: Some(principal.rights().iter().map(Right::as_str).collect()),
            scope: caller.token.as_ref().map(|token| token.scope.to_string()),
            key_type: None,
            permissions: None,
            expires: caller.token.as_ref().map(|token| token.expires_at.to_string()),
        }
    }

    fn of_key(key: whoami::KeyIdentity) -> Self {
        Self {
            kind: "key",
            id: key.id.to_string(),
            name: key.name,
            tenant: key.scope.to_string(),
            roles: None,
            rights: None,
            scope: None,
            key_type: Some(key.key_type),
            permissions: Some(
                key.permissions.iter().map(Permission::as_str).map(str::to_owned).collect(),
            ),
            expires: key.expires_at.map(|at| at.to_string()),
        }
    }
}

pub(super) fn doc() -> Operation {
    operation("Say who presents this credential")
        .about(
            "A token's person or client with its roles and rights, or a key with its \
             permissions. A key that would not be `VALID` is refused with 401. \
             The call counts as a use of the key, and takes no unit of its limit.",
        )
        .answers::<Answer>(
            200,
            "Who it is. What does not apply to whoever asks is left out.",
            json!({
                "kind": "key",
                "id": "key_0H7mQXr2vLk9TzB4cWfYpN",
                "name": "orders, production",
                "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
                "keyType": "api",
                "permissions": ["orders:read"],
            }),
        )
}
