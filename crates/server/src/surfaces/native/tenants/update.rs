//! `PATCH /v1/tenants/{id}`: what is named changes, the rest stays.

use super::{
    super::members::{self, given},
    wire::{self, PolicyBody, TenantBody},
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
use domain::tenant::Tenant;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, tenants::UpdateTenant};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Name, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::Domain>, required = false, max_items = 50)]
    domains: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = "uuid", required = false)]
    environment: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Realm>, required = false)]
    realm: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::KeyPrefix>, required = false)]
    key_prefix: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::SigningAlgorithm, required = false)]
    signing_algorithm: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::RuleName>, required = false)]
    openconnect_route: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::KeyPolicy, required = false)]
    policy: Option<PolicyBody>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let id = wire::id(&id)?;
    let update = UpdateTenant { if_version: etag::if_match(&headers)?, ..request.update()? };
    let agree = |stored: &Tenant| request.agrees_with(stored);
    let tenant = app.service().update_tenant(&caller, id, update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &tenant))
}

impl Request {
    fn update(&self) -> Result<UpdateTenant, Error> {
        let environment =
            |text: &Option<String>| text.as_deref().map(wire::environment).transpose();
        let policy = self.policy.as_ref().map(PolicyBody::read).transpose()?.unwrap_or_default();
        Ok(UpdateTenant {
            name: self.name.clone(),
            domains: self.domains.clone(),
            environment: self.environment.as_ref().map(environment).transpose()?,
            realm: self.realm.clone(),
            auth: None,
            key_prefix: self.key_prefix.clone(),
            enabled: self.enabled,
            unacknowledged: policy.unacknowledged,
            allow_list_required: policy.allow_list_required,
            signing_algorithm: wire::algorithm(self.signing_algorithm.as_deref())?,
            warning_days: policy.warning_days,
            openconnect_route: self.openconnect_route.clone(),
            if_version: None,
        })
    }

    fn agrees_with(&self, stored: &Tenant) -> Result<(), Error> {
        let sent = [("id", &self.id), ("created", &self.created), ("version", &self.version)];
        members::agree(&TenantBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a tenant")
        .about(
            "What is named changes, the rest stays; `null` takes a realm, a prefix, an environment or a \
             route away. \
             `enabled` and `environment` are changed by callers of the cluster alone. A disabled tenant's \
             keys are `DISABLED` and its tokens refused from the moment of the answer on.",
        )
        .path("id", "The tenant's id.", schema::uuid(), wire::ID)
        .if_match()
        .takes::<Request>(json!({"policy": {"unacknowledged": "lapse", "lapseMinutes": 60}}))
        .answers::<TenantBody<'_>>(200, "The tenant as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("domains", "must not be named twice"),
            Error::NotAllowed { right: None },
            Error::conflict("realm", "this realm is already in use"),
        ])
}
