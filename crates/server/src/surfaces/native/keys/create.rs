//! `POST /v1/keys`: a key of any type that the caller may make.

use super::{
    allow_list::AllowListBody,
    rotation, warned,
    wire::{self, KeyWithSecret, WholeLimit},
};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    key_type::Permissions,
    right::Right,
    secret::Secret,
};
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, keys::CreateKey};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    /// The name of the key's type.
    #[schema(min_length = 1, max_length = 64)]
    key_type: String,
    #[schema(value_type = words::Name)]
    name: String,
    /// Whose key it is; the caller's tenant where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::Scope>)]
    tenant: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Description>)]
    description: Option<String>,
    /// Those that the type has.
    #[serde(default)]
    #[schema(value_type = Vec<words::Permission>)]
    permissions: Vec<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<words::Instant>)]
    starts_at: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Instant>)]
    expires: Option<String>,
    #[serde(default)]
    limit: Option<WholeLimit>,
    #[serde(default)]
    allow_list: Option<AllowListBody>,
    /// How often it is rotated, where its type lets it be.
    #[serde(default)]
    rotation: Option<rotation::Wanted>,
    /// Whose personal key it is.
    #[serde(default)]
    #[schema(value_type = Option<words::PersonId>)]
    owner: Option<String>,
    /// A secret of the caller's own choice, for types that allow one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    secret: Option<String>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let wanted = request.into_key(service, &caller)?;
    let made = service.create_key(&caller, wanted).await?;
    Ok(warned::made(service, &made))
}

impl Request {
    fn into_key(
        self,
        service: &service::Service,
        caller: &service::Caller,
    ) -> Result<CreateKey, Error> {
        let scope = match &self.tenant {
            Some(text) => Scope::parse(text)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
            None => caller.bound_to().map(Scope::Tenant).ok_or_else(|| {
                Error::invalid("tenant", "is missing: name a tenant, or `*` for the cluster")
            })?,
        };
        let owner = match &self.owner {
            Some(text) => Some(
                PersonId::parse(text)
                    .map_err(|_| Error::invalid("owner", "must be a person's id"))?,
            ),
            None => own(service, caller, scope, &self.key_type),
        };
        let at =
            |field, text: Option<&String>| text.map(|text| wire::instant(field, text)).transpose();
        let expires_at = at("expires", self.expires.as_ref())?;
        service.require_end_ahead(expires_at)?;
        Ok(CreateKey {
            scope,
            permissions: wire::permissions(&self.permissions)?,
            enabled: self.enabled.unwrap_or(true),
            starts_at: at("startsAt", self.starts_at.as_ref())?,
            expires_at,
            revoked_at: None,
            limit: self.limit.map(|limit| limit.read()).transpose()?,
            rotation: self.rotation.map(|wanted| wanted.of_new()).transpose()?,
            allow_list: self.allow_list.unwrap_or_default().read()?,
            owner,
            secret: self.secret.map(Secret::new),
            key_type: self.key_type,
            name: self.name,
            description: self.description,
        })
    }
}

/// Whoever makes a personal key without saying for whom makes it for itself.
fn own(
    service: &service::Service,
    caller: &service::Caller,
    scope: Scope,
    key_type: &str,
) -> Option<PersonId> {
    let personal = service
        .key_type(scope, key_type)
        .is_some_and(|t| t.permissions == Permissions::OwnersRoles);
    match caller.principal.id {
        PrincipalId::Person(id) if personal => Some(id),
        PrincipalId::Person(_) | PrincipalId::Client(_) => None,
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a key")
        .about(
            "Makes a key of any type that the caller may make. The answer holds the secret; of a type \
             that shows it once, no later answer does. From the moment of the answer on the key is \
             verified.",
        )
        .takes::<Request>(json!({
            "keyType": "api",
            "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
            "name": "orders, production",
            "permissions": ["orders:read"],
            "limit": {"capacity": 100, "frequency": 60},
        }))
        .answers::<KeyWithSecret<'_>>(201, "The key with its secret.", wire::example_with_secret())
        .versioned()
        .fails([
            Error::invalid("name", "must be 1 to 255 characters, not only white space"),
            Error::invalid("allowList", "must name an origin or an address"),
            Error::invalid("expires", "has passed: nobody could ever use the key"),
            Error::NotAllowed { right: Some(Right::NativeCreate) },
            Error::conflict("secret_taken", "this secret cannot be used; choose another one"),
            Error::too_many_keys("there may be at most 200 keys of this type"),
            Error::NotFound,
            Error::Limited { retry_after_s: 60 },
        ])
}
