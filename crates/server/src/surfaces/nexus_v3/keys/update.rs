//! `PUT /nexus/v3/apikeys/{key}`: what is named changes, the rest stays. Members that cannot change
//! may be sent back as they are.

use super::create::expiry;
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema, words},
    etag,
    extract::{Caller, JsonBytes, Path},
    failure::Failure,
    surfaces::nexus_v3::{
        KEY_TYPES, forms,
        wire::{self, Given, KeyBody, Moment, ReadOnly, TenantText, shown_id},
    },
};
use axum::extract::State;
use domain::{id::KeyId, key::Key, time::Timestamp};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::json;
use service::{
    Error, Service,
    keys::{KeyRef, LimitChange, UpdateKey},
};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = NexusKeyChange)]
struct Request {
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    enabled: Given<bool>,
    #[serde(default)]
    #[schema(value_type = words::Name, required = false)]
    name: Given<String>,
    /// `false`, or from when the key is expired: RFC 3339, or milliseconds since 1970.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    expires: Given<Moment>,
    /// `false`, `true` for now, or from when the key is revoked for good.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    revoked: Given<Moment>,
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 1_000_000)]
    capacity: Given<u32>,
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 86_400)]
    frequency: Given<u32>,
    /// Cannot change: left out, or sent back as it is. So are the members that follow.
    #[serde(default)]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Given<TenantText>,
    #[serde(default)]
    #[schema(value_type = words::Unchanging, required = false)]
    permissions: Given<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Given<ReadOnly>,
    #[serde(default)]
    #[schema(value_type = words::Unchanging, required = false)]
    created: Given<ReadOnly>,
    #[serde(default)]
    #[schema(value_type = words::Unchanging, required = false)]
    createdby: Given<ReadOnly>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(path): Path<String>,
    headers: HeaderMap,
    JsonBytes(body): JsonBytes,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let (request, wrapping) = wire::read::<Request>(&body)?;
    let update = UpdateKey { if_version: etag::if_match(&headers)?, ..request.update()? };
    let id = named_id(service, &caller, &request, &path).await?;
    let key = service
        .update_key(&caller, KeyRef::parse(&path), KEY_TYPES, update, |stored| {
            request.agrees_with(stored, id)
        })
        .await?;
    // The change is made: where the reveal cannot be audited, the answer shows the key's id.
    let revealed = service.reveal(&caller, std::slice::from_ref(&key)).await;
    let secret = revealed.ok().and_then(|mut secrets| secrets.pop().flatten());
    let id = shown_id(&key, secret.as_ref());
    Ok(etag::add(wrapping.answer(KeyBody::new(&key, &id)), key.version))
}

/// The key that the body's `id` names, where it has one that is not the path's own text.
async fn named_id(
    service: &Service,
    caller: &service::Caller,
    request: &Request,
    path: &str,
) -> Result<Option<KeyId>, Error> {
    match &request.id.0 {
        None => Ok(None),
        Some(ReadOnly::Text(text)) if text == path => Ok(None),
        Some(ReadOnly::Text(text)) => match KeyRef::parse(text) {
            KeyRef::Id(id) => Ok(Some(id)),
            by_secret @ KeyRef::Secret(_) => {
                let found = service.show_key(caller, by_secret, KEY_TYPES).await;
                found.map(|key| Some(key.id)).map_err(|_| cannot_change("id"))
            }
        },
        Some(_) => Err(cannot_change("id")),
    }
}

fn cannot_change(field: &'static str) -> Error {
    Error::invalid(field, "cannot change; leave it out, or send it back as it is")
}

impl Request {
    fn update(&self) -> Result<UpdateKey, Error> {
        let limit = match (self.capacity.0, self.frequency.0) {
            (None, None) => None,
            (capacity, frequency_s) => Some(LimitChange::Set { capacity, frequency_s }),
        };
        Ok(UpdateKey {
            name: self.name.0.clone(),
            enabled: self.enabled.0,
            // Here a key that is held back is shown as one that is switched off.
            release: self.enabled.0 == Some(true),
            expires_at: expiry(self.expires.0)?,
            revoked_at: match self.revoked.0 {
                Some(Moment::Never) => Some(None),
                Some(Moment::At(at)) => Some(Some(at)),
                Some(Moment::Now) | None => None,
            },
            revoke_now: self.revoked.0 == Some(Moment::Now),
            limit,
            ..UpdateKey::default()
        })
    }

    /// Refuses a read-only member that says something else than what is stored.
    fn agrees_with(&self, stored: &Key, id: Option<KeyId>) -> Result<(), Error> {
        let own = stored.scope.to_string();
        let same_tenant =
            |t: &TenantText| t.0.as_ref().is_some_and(|t| t.eq_ignore_ascii_case(&own));
        if id.is_some_and(|id| id != stored.id) {
            return Err(cannot_change("id"));
        }
        if !self.tenant.0.as_ref().is_none_or(same_tenant) {
            return Err(cannot_change("tenant"));
        }
        if !self.permissions.0.as_ref().is_none_or(|p| same_permissions(p, stored)) {
            return Err(cannot_change("permissions"));
        }
        if !self.created.0.as_ref().is_none_or(|c| is_instant(c, stored.created_at)) {
            return Err(cannot_change("created"));
        }
        let by = ReadOnly::Text(stored.created_by.clone());
        if self.createdby.0.as_ref().is_some_and(|sent| *sent != by) {
            return Err(cannot_change("createdby"));
        }
        Ok(())
    }
}

/// The same set: order says nothing.
fn same_permissions(sent: &[String], stored: &Key) -> bool {
    sent.iter().all(|text| stored.permissions.iter().any(|p| p.as_str() == text))
        && stored.permissions.iter().all(|p| sent.iter().any(|text| p.as_str() == text))
}

fn is_instant(sent: &ReadOnly, stored: Timestamp) -> bool {
    match sent {
        ReadOnly::Text(text) => Timestamp::parse(text).is_ok_and(|at| at == stored),
        ReadOnly::Number(ms) => *ms == stored.as_millis(),
        ReadOnly::Blank | ReadOnly::Other => false,
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change an API key of Digital Channels")
        .about(
            "What is named changes, the rest stays. Members that cannot change may be sent back as they \
             are; one that says something else is refused, and then nothing changes. `revoked` is for \
             good once it has passed: of a revoked key only the name may change. An expired key may be \
             given more time. The answer is wrapped as the body was; its `id` is the secret for \
             callers that may see it.",
        )
        .path("key", "The secret, or the key's id.", schema::text(1, 255), "key_0aBcDeFgHiJkLmNoPqRsTu")
        .if_match()
        .takes_as(
            "application/json",
            forms::either_way("NexusKeyUpdate", members()),
            json!({"enabled": false}),
        )
        .answers_as(
            200,
            "The key as it is then.",
            "application/json",
            forms::key_either_way(),
            forms::example(),
        )
        .versioned()
        .fails([
            cannot_change("tenant"),
            Error::invalid("expires", "must be false or an instant"),
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::conflict("revoked", "the key is revoked; only its name and description may change"),
        ])
}

/// The members, with what no type says.
fn members() -> Named {
    forms::with(
        Named::of::<Request>(),
        [("expires", forms::false_or_instant()), ("revoked", forms::moment())],
    )
}
