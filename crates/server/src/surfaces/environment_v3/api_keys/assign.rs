//! `POST /environment/v3/contact-centers/{ccid}/api-keys`: the published command.

use super::wire::{ID, SECRET};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, Data, missing},
        wire::{self, CCID},
    },
};
use axum::extract::State;
use domain::{allow_list::AllowList, id::Scope, secret::Secret};
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, keys::CreateKey};
use utoipa::ToSchema;

/// The wire gives no names to keys, and ours have one.
const NAME: &str = "Callback API key";

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeyAssigned)]
pub(in super::super) struct Request {
    /// The secret, chosen by the caller; a UUIDv4 is recommended.
    #[serde(default)]
    #[schema(required = true, nullable = false, pattern = "^(?!key_|kw_|psk_|eyJ)[!-~]{16,128}$")]
    api_key: Option<String>,
}

pub(in super::super) async fn assign(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(ccid): Path<String>,
    Data(request): Data<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = wire::ccid(&ccid)?;
    let secret = request.api_key.map(Secret::new).ok_or_else(|| missing("apiKey"))?;
    let made = app.service().create_key(&caller, wanted(Scope::Tenant(tenant), secret)).await?;
    let path = format!("/contact-centers/{tenant}/api-keys/{}", made.key.id);
    Ok(envelope::made(&path, made.warnings().first().copied()))
}

fn wanted(scope: Scope, secret: Secret) -> CreateKey {
    CreateKey {
        key_type: "ges".to_owned(),
        scope,
        name: NAME.to_owned(),
        description: None,
        permissions: Vec::new(),
        enabled: true,
        starts_at: None,
        expires_at: None,
        rotation: None,
        revoked_at: None,
        limit: None,
        allow_list: AllowList::default(),
        owner: None,
        secret: Some(secret),
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Assign an API key to a contact center")
        .about(
            "The published command. The key is chosen by the caller, and unique in the whole \
             installation: whether it is taken here, elsewhere, by a key of another kind or by a revoked \
             one, the answer is the same, and a contact center gets it 20 times an hour at most.\n\nOur \
             choices: `path` ends in the key's id, which names the key everywhere instead of its secret; \
             `status.message` says so where the key is easy to guess.",
        )
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .takes_as(
            "application/json",
            envelope::request("ApiKeyAssignment", Named::of::<Request>()),
            json!({"data": {"apiKey": SECRET}}),
        )
        .answers_as(
            200,
            "It is assigned.",
            "application/json",
            envelope::creation(),
            json!({"status": {"code": 0}, "path": format!("/contact-centers/{CCID}/api-keys/{ID}")}),
        )
        .fails([
            Error::invalid("secret", "must have 16 to 128 visible ASCII characters"),
            Error::conflict("secret", "this secret is already in use; choose another one"),
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 60 },
        ])
}
