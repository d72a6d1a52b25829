//! `PATCH /v1/keys/{id}`: what is named changes, the rest stays. What cannot change may be sent back
//! as it is shown.

use super::{
    allow_list::AllowListBody,
    rotation,
    warned::{self, ChangedKey},
    wire::{self, KeyBody, given},
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
use domain::{key::Key, time::Timestamp};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, LimitChange, UpdateKey},
};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Name, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Description>, required = false)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::Permission>, required = false)]
    permissions: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Instant>, required = false)]
    starts_at: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Instant>, required = false)]
    expires: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PartialLimit>, required = false)]
    limit: Option<Option<PartialLimit>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AllowListBody, required = false)]
    allow_list: Option<AllowListBody>,
    /// `null`: it is rotated by hand alone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<rotation::Wanted>, required = false)]
    rotation: Option<Option<rotation::Wanted>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    secret_ends: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    key_type: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    owner: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    revoked: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    revoke_reason: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    availability: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    hint: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    acknowledged: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    held: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    created_by: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    version: Option<Value>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeyLimitChange)]
struct PartialLimit {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Capacity, required = false)]
    capacity: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Frequency, required = false)]
    frequency: Option<u32>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let id = KeyRef::Id(wire::id(&id)?);
    let update = UpdateKey { if_version: etag::if_match(&headers)?, ..request.update()? };
    let now = service.now().wall;
    let agree = |stored: &Key| request.agrees_with(stored, now);
    let key = service.update_key(&caller, id, ALL_TYPES, update, agree).await?;
    Ok(match request.allow_list {
        Some(_) => warned::changed(service, &key),
        None => wire::shown(&key, now),
    })
}

impl Request {
    fn update(&self) -> Result<UpdateKey, Error> {
        Ok(UpdateKey {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled,
            starts_at: wire::instant_or_null("startsAt", self.starts_at.as_ref())?,
            expires_at: wire::instant_or_null("expires", self.expires.as_ref())?,
            limit: self.limit.as_ref().map(|limit| match limit {
                None => LimitChange::Remove,
                Some(PartialLimit { capacity, frequency }) => {
                    LimitChange::Set { capacity: *capacity, frequency_s: *frequency }
                }
            }),
            allow_list: self.allow_list.as_ref().map(AllowListBody::read).transpose()?,
            permissions: self.permissions.as_deref().map(wire::permissions).transpose()?,
            rotation: match &self.rotation {
                None => None,
                Some(wanted) => Some(wanted.as_ref().map(rotation::Wanted::read).transpose()?),
            },
            ..UpdateKey::default()
        })
    }

    /// Refuses a read-only member that says something else than what is stored.
    fn agrees_with(&self, stored: &Key, now: Timestamp) -> Result<(), Error> {
        if let Some(Some(wanted)) = &self.rotation {
            wanted.agrees_with(stored.rotation)?;
        }
        let sent = [
            ("secretEnds", &self.secret_ends),
            ("id", &self.id),
            ("keyType", &self.key_type),
            ("tenant", &self.tenant),
            ("owner", &self.owner),
            ("revoked", &self.revoked),
            ("revokeReason", &self.revoke_reason),
            ("availability", &self.availability),
            ("hint", &self.hint),
            ("acknowledged", &self.acknowledged),
            ("held", &self.held),
            ("created", &self.created),
            ("createdBy", &self.created_by),
            ("version", &self.version),
        ];
        let shown = serde_json::to_value(KeyBody::of(stored, now))
            .map_err(|e| Error::Internal(Box::new(e)))?;
        let differs = |name: &str, sent: &Option<Value>| {
            sent.as_ref().is_some_and(|sent| shown.get(name) != Some(sent))
        };
        match sent.into_iter().find(|(name, sent)| differs(name, sent)) {
            Some((name, _)) => Err(Error::invalid(
                name,
                "cannot be changed here; leave it out, or send it as it is",
            )),
            None => Ok(()),
        }
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a key")
        .about(
            "What is named changes, the rest stays. Members that cannot change may \
             be sent back as they are shown; `null` takes a value away where that is \
             possible. Which settings a key has follows from its type.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .takes::<Request>(json!({"name": "orders, all regions", "limit": {"capacity": 200}}))
        .answers::<ChangedKey<'_>>(200, "The key as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid(
                "name",
                "must have 1 to 255 characters, not only spaces, no control characters",
            ),
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::conflict("revoked", "the key is revoked; nothing of it can change"),
            Error::conflict("key_type", "the permissions of keys of this type cannot change"),
        ])
}
