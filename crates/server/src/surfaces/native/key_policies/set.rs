//! `PUT /v1/tenants/{id}/key-policies/{keyType}`: the policy is what the body says, and nothing else.

use super::{
    super::members::{self, given},
    wire::{self, KeyPolicyBody},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::key_policy::KeyPolicy;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, key_policies::SetKeyPolicy};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36_500)]
    default_life_days: Option<u32>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36_500)]
    longest_life_days: Option<u32>,
    #[serde(default)]
    description_required: Option<bool>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_keys: Option<u32>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_keys_per_person: Option<u32>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_new_per_minute: Option<u32>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36_500)]
    unused_days: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    key_type: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    version: Option<Value>,
}

pub(in super::super) async fn set(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((tenant, key_type)): Path<(String, String)>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let scope = wire::scope(&tenant)?;
    let wanted = SetKeyPolicy { if_version: etag::if_match(&headers)?, ..request.policy() };
    let agree = move |policy: &KeyPolicy| request.agrees_with(policy);
    let (policy, is_new) =
        app.service().set_key_policy(&caller, scope, &key_type, wanted, agree).await?;
    Ok(wire::shown(if is_new { StatusCode::CREATED } else { StatusCode::OK }, &policy))
}

impl Request {
    fn policy(&self) -> SetKeyPolicy {
        SetKeyPolicy {
            default_life_days: self.default_life_days,
            longest_life_days: self.longest_life_days,
            description_required: self.description_required.unwrap_or_default(),
            most_keys: self.most_keys,
            most_keys_per_person: self.most_keys_per_person,
            most_new_per_minute: self.most_new_per_minute,
            unused_days: self.unused_days,
            if_version: None,
        }
    }

    fn agrees_with(&self, policy: &KeyPolicy) -> Result<(), Error> {
        let sent = [
            ("tenant", &self.tenant),
            ("keyType", &self.key_type),
            ("created", &self.created),
            ("version", &self.version),
        ];
        members::agree(&KeyPolicyBody::of(policy), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Set a policy for keys")
        .about(
            "Says how long the tenant's keys of a type live, what they must say, and how many there may \
             be. A policy there was before is replaced whole: what the body does not name, or names as \
             `null`, the policy does not say. A type's own policy takes the place of the one for `*`, so \
             one that says nothing frees its type. Keys that are there stay as they are until their end \
             or their description is changed; those that nobody has used for `unusedDays` are held back \
             within about an hour.",
        )
        .path("id", wire::ABOUT_TENANT, schema::scope(), wire::TENANT)
        .path("keyType", wire::ABOUT_TYPE, schema::pattern(wire::TYPE), "api")
        .if_match()
        .takes::<Request>(json!({"defaultLifeDays": 90, "longestLifeDays": 365, "mostKeys": 200}))
        .answers::<KeyPolicyBody<'_>>(200, "The policy as it is now.", wire::example())
        .versioned()
        .answers::<KeyPolicyBody<'_>>(201, "The policy; there was none.", wire::example())
        .versioned()
        .fails([
            Error::invalid("defaultLifeDays", "must not be more than `longestLifeDays`"),
            Error::invalid("keyType", "there is no such key type"),
        ])
}
