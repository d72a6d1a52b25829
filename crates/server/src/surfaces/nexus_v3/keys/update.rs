//! `PUT /nexus/v3/apikeys/{key}`: what is named changes, the rest stays. Members that cannot change
//! may be sent back as they are.

use super::create::expiry;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, JsonBytes, Path},
    failure::Failure,
    route::documented,
    surfaces::nexus_v3::{
        KEY_TYPES,
        wire::{self, Given, KeyBody, Moment, ReadOnly, TenantText, shown_id},
    },
};
use axum::extract::State;
use domain::{id::KeyId, key::Key, time::Timestamp};
use http::{HeaderMap, Response};
use serde::Deserialize;
use service::{
    Error, Service,
    keys::{KeyRef, LimitChange, UpdateKey},
};

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    enabled: Given<bool>,
    #[serde(default)]
    name: Given<String>,
    #[serde(default)]
    expires: Given<Moment>,
    #[serde(default)]
    revoked: Given<Moment>,
    #[serde(default)]
    capacity: Given<u32>,
    #[serde(default)]
    frequency: Given<u32>,
    #[serde(default)]
    tenant: Given<TenantText>,
    #[serde(default)]
    permissions: Given<Vec<String>>,
    #[serde(default)]
    id: Given<ReadOnly>,
    #[serde(default)]
    created: Given<ReadOnly>,
    #[serde(default)]
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
    documented("Change an API key")
}
