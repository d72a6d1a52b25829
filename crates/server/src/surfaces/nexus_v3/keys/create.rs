//! `POST /nexus/v3/apikeys`: the published command.

use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, words},
    etag,
    extract::{Caller, JsonBytes},
    failure::Failure,
    surfaces::nexus_v3::{
        forms,
        wire::{self, Given, KeyBody, Moment, ReadOnly, TenantText},
    },
};
use axum::extract::State;
use domain::{
    allow_list::AllowList, id::Scope, permission::Permission, rate_limit::Limit, time::Timestamp,
};
use http::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Error,
    keys::{CreateKey, Created, bad_limit},
};
use utoipa::ToSchema;

/// A new key without an own limit gets these, as published.
const CAPACITY: u32 = 120;
const FREQUENCY_S: u32 = 60;

#[derive(Deserialize, ToSchema)]
#[schema(as = NewNexusKey)]
struct Request {
    /// `true` where it is left out.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    enabled: Given<bool>,
    /// A contact center's id, or `*` for a key of the cluster.
    #[serde(default)]
    #[schema(value_type = words::Scope, required = true)]
    tenant: Given<TenantText>,
    #[serde(default)]
    #[schema(value_type = words::Name, required = true)]
    name: Given<String>,
    /// `nexus:…`; what covers `nexus:cluster:…` only with the tenant `*`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = true)]
    permissions: Given<Vec<String>>,
    /// `false`, or from when the key is expired: RFC 3339, or milliseconds since 1970.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    expires: Given<Moment>,
    /// `false`, `true` for now, or from when the key is revoked for good.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    revoked: Given<Moment>,
    /// 120 where it is left out.
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 1_000_000)]
    capacity: Given<u32>,
    /// 60 where it is left out.
    #[serde(default)]
    #[schema(value_type = u32, required = false, minimum = 1, maximum = 86_400)]
    frequency: Given<u32>,
    /// Chosen by the server; may be sent blank, as `created` and `createdby`.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    id: Given<ReadOnly>,
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    created: Given<ReadOnly>,
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
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
            rotation: None,
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
    operation("Create an API key of Digital Channels")
        .about(
            "The published command. The token stands in `Authorization` bare or after `Bearer`; the \
             body is the members themselves or `{\"data\":{…}}`, and the answer is wrapped as the body \
             was. `id` of the answer is the secret. Our choices: unknown members are let pass; a \
             foreign tenant, an unknown one, and `*` from a caller of one tenant are the same 403.",
        )
        .takes_as(
            "application/json",
            forms::either_way("NexusKeyCreation", members()),
            json!({
                "enabled": true,
                "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
                "name": "API key for premise_tenant",
                "permissions": ["nexus:consumer:chat"],
            }),
        )
        .answers_as(
            200,
            "The key with its secret.",
            "application/json",
            forms::key_either_way(),
            forms::example(),
        )
        .versioned()
        .fails([
            Error::invalid("name", "is missing"),
            Error::invalid("tenant", "must be one contact center's id, or `*` for all of them"),
            Error::invalid("expires", "must be false or an instant"),
            Error::NotAllowed { right: None },
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::Limited { retry_after_s: 60 },
        ])
}

/// The members, with what no type says.
fn members() -> Named {
    let permissions = |pattern: &str| {
        let item = json!({"type": "string", "maxLength": 255, "pattern": pattern});
        json!({"type": "array", "minItems": 1, "maxItems": 64, "items": item})
    };
    let any = r"^nexus(:[a-z0-9_-]+){0,4}:(\*|[a-z0-9_-]+)$";
    let no_cluster =
        r"^nexus:((?!cluster:)[a-z0-9_-]+:([a-z0-9_-]+:){0,3}(\*|[a-z0-9_-]+)|[a-z0-9_-]+)$";
    let of = |tenant: Value, permitted: &str| json!({"properties": {"tenant": tenant, "permissions": permissions(permitted)}});
    let mut form = forms::with(
        Named::of::<Request>(),
        [
            ("permissions", permissions(any)),
            ("expires", forms::false_or_instant()),
            ("revoked", forms::moment()),
            ("id", forms::blank()),
            ("created", forms::blank()),
            ("createdby", forms::blank()),
        ],
    );
    if let Some(schema) = form.schema.as_object_mut() {
        let either = json!([of(json!({"const": "*"}), any), of(json!({}), no_cluster)]);
        schema.insert("anyOf".to_owned(), either);
    }
    form
}
