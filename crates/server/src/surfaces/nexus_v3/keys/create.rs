//! `POST /nexus/v3/apikeys`: the published command.

use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, JsonBytes},
    failure::Failure,
    route::documented,
    surfaces::nexus_v3::wire::{self, Given, KeyBody, Moment, ReadOnly, TenantText},
};
use axum::extract::State;
use domain::{
    allow_list::AllowList, id::Scope, permission::Permission, rate_limit::Limit, time::Timestamp,
};
use http::Response;
use serde::Deserialize;
use service::{
    Error,
    keys::{CreateKey, Created, bad_limit},
};

/// A new key without an own limit gets these, as published.
const CAPACITY: u32 = 120;
const FREQUENCY_S: u32 = 60;

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    enabled: Given<bool>,
    #[serde(default)]
    tenant: Given<TenantText>,
    #[serde(default)]
    name: Given<String>,
    #[serde(default)]
    permissions: Given<Vec<String>>,
    #[serde(default)]
    expires: Given<Moment>,
    #[serde(default)]
    revoked: Given<Moment>,
    #[serde(default)]
    capacity: Given<u32>,
    #[serde(default)]
    frequency: Given<u32>,
    #[serde(default)]
    id: Given<ReadOnly>,
    #[serde(default)]
    created: Given<ReadOnly>,
    #[serde(default)]
    createdby: Given<ReadOnly>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    JsonBytes(body): JsonBytes,
) -> Result<Response<Body>, Failure> {
    let (request, wrapping) = wire::read::<Request>(&body)?;
    let wanted = request.into_key(app.service().now().wall)?;
    let Created { key, secret } =
        app.service().create_key(&caller, wanted).await.map_err(|error| match error {
            // Foreign, unknown, or `*` for a tenant's caller: one same answer.
            Error::NotFound => Error::NotAllowed { right: None },
            other => other,
        })?;
    let response = wrapping.answer(KeyBody::new(&key, secret.expose()));
    Ok(etag::add(response, key.version))
}

impl Request {
    fn into_key(self, now: Timestamp) -> Result<CreateKey, Error> {
        self.refuse_read_only()?;
        let missing = |field| Error::invalid(field, "is missing");
        let tenant = self.tenant.0.ok_or_else(|| missing("tenant"))?;
        let scope = tenant.0.as_deref().and_then(|text| Scope::parse(text).ok());
        let scope = scope.ok_or_else(|| {
            Error::invalid("tenant", "must be one contact center's id, or `*` for all of them")
        })?;
        let permissions = self.permissions.0.ok_or_else(|| missing("permissions"))?;
        Ok(CreateKey {
            key_type: "nexus".to_owned(),
            scope,
            name: self.name.0.ok_or_else(|| missing("name"))?,
            description: None,
            permissions: parse_permissions(&permissions)?,
            enabled: self.enabled.0.unwrap_or(true),
            starts_at: None,
            expires_at: expiry(self.expires.0)?.flatten(),
            revoked_at: match self.revoked.0 {
                Some(Moment::At(at)) => Some(at),
                Some(Moment::Now) => Some(now),
                Some(Moment::Never) | None => None,
            },
            limit: limit(self.capacity.0, self.frequency.0)?,
            allow_list: AllowList::default(),
            owner: None,
            secret: None,
        })
    }

    /// What the server fills in may be sent blank, as the published answer shows it.
    fn refuse_read_only(&self) -> Result<(), Error> {
        let members =
            [("id", &self.id), ("created", &self.created), ("createdby", &self.createdby)];
        let filled =
            |value: &Given<ReadOnly>| value.0.as_ref().is_some_and(|v| *v != ReadOnly::Blank);
        match members.into_iter().find(|(_, value)| filled(value)) {
            Some((field, _)) => {
                Err(Error::invalid(field, "is not chosen by the caller of a new key"))
            }
            None => Ok(()),
        }
    }
}

/// `expires` as the use case takes it: absent, taken away, or an instant.
pub(super) fn expiry(value: Option<Moment>) -> Result<Option<Option<Timestamp>>, Error> {
    match value {
        None => Ok(None),
        Some(Moment::Never) => Ok(Some(None)),
        Some(Moment::At(at)) => Ok(Some(Some(at))),
        Some(Moment::Now) => Err(Error::invalid("expires", "must be false or an instant")),
    }
}

fn parse_permissions(texts: &[String]) -> Result<Vec<Permission>, Error> {
    texts
        .iter()
        .map(|text| {
            Permission::parse(text).map_err(|_| {
                let form = "must be 2 to 6 parts of a-z, 0-9, `_` and `-`, joined by `:`; the last may be `*`";
                Error::invalid("permissions", form)
            })
        })
        .collect()
}

fn limit(capacity: Option<u32>, frequency: Option<u32>) -> Result<Option<Limit>, Error> {
    if capacity.is_none() && frequency.is_none() {
        return Ok(None);
    }
    Limit::new(capacity.unwrap_or(CAPACITY), frequency.unwrap_or(FREQUENCY_S))
        .map(Some)
        .map_err(bad_limit)
}

pub(in super::super) fn doc() -> Operation {
    documented("Create an API key")
}
