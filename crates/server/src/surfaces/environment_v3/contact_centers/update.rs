//! `PUT /environment/v3/contact-centers/{ccid}`, which is ours: what is named changes, the rest stays.

use super::{answer, environment, no_domain};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema, words},
    etag,
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, Data},
        wire::{self, CCID, ContactCenterBody, ccid},
    },
};
use axum::extract::State;
use domain::{id::TenantId, tenant::Tenant};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::json;
use service::{Error, tenants::UpdateTenant};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ContactCenterChanged)]
pub(in super::super) struct Request {
    /// Cannot change; may be sent as it is.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>, read_only)]
    id: Option<String>,
    /// All of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::Domain>>, min_items = 1, max_items = 50)]
    domains: Option<Vec<String>>,
    /// The environment that it belongs to; changed by callers of the cluster alone.
    #[serde(default)]
    #[schema(format = "uuid")]
    environment_id: Option<String>,
    /// How its people sign in elsewhere; kept and given back.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    auth: Option<String>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
    headers: HeaderMap,
    Data(request): Data<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = ccid(&center)?;
    if request.domains.as_ref().is_some_and(Vec::is_empty) {
        return Err(no_domain().into());
    }
    let update = UpdateTenant {
        domains: request.domains,
        environment: request.environment_id.as_deref().map(environment).transpose()?.map(Some),
        auth: request.auth,
        if_version: etag::if_match(&headers)?,
        ..UpdateTenant::default()
    };
    let agree = |stored: &Tenant| match request.id.as_deref().map(TenantId::parse) {
        None => Ok(()),
        Some(Ok(id)) if id == stored.id => Ok(()),
        Some(_) => Err(Error::invalid("id", "cannot change")),
    };
    let tenant = app.service().update_tenant(&caller, tenant, update, agree).await?;
    Ok(etag::add(envelope::with_data(&ContactCenterBody::of(&tenant)), tenant.version))
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a contact center")
        .about(
            "Ours. What is named changes, the rest stays; `domains` are all of them. The contact center \
             keeps its name.",
        )
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .if_match()
        .takes_as(
            "application/json",
            envelope::request("ContactCenterToChange", Named::of::<Request>()),
            json!({"data": {"domains": ["t100", "premise"]}}),
        )
        .answers_as(
            200,
            "The contact center as it is now.",
            "application/json",
            answer(),
            json!({"status": {"code": 0}, "data": wire::example()}),
        )
        .versioned()
        .fails([
            no_domain(),
            Error::invalid("domains", "must not be named twice"),
            Error::NotAllowed { right: None },
            Error::conflict("domain", "this domain is already in use"),
        ])
}
