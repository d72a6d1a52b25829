//! `GET /environment/v3/cors`: the origins of one contact center, or of all that the caller reaches.

use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::environment_v3::{envelope, wire::CCID},
};
use axum::extract::State;
use domain::{
    cors::{Cors, WebOrigin},
    id::TenantId,
};
use http::Response;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CorsOrigins)]
struct Origins<'a> {
    /// All of them, each once.
    origins: BTreeSet<&'a str>,
    /// The same by contact center.
    #[schema(inline)]
    contact_centers: Vec<OfContactCenter<'a>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfContactCenter<'a> {
    #[schema(value_type = words::TenantId)]
    contact_center_id: String,
    origins: Vec<&'a str>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let named = query.0.take_text("contactCenterId");
    let all = match named.as_deref().map(TenantId::parse) {
        Some(Ok(tenant)) => vec![app.service().show_cors(&caller, tenant).await?],
        Some(Err(_)) => return Err(bad_query()),
        None => app.service().list_cors(&caller).await?,
    };
    Ok(envelope::with_data(&shown(&all)))
}

fn texts(cors: &Cors) -> impl Iterator<Item = &str> {
    cors.origins.iter().map(WebOrigin::as_str)
}

fn shown(all: &[Cors]) -> Origins<'_> {
    Origins {
        origins: all.iter().flat_map(texts).collect(),
        contact_centers: all
            .iter()
            .filter(|cors| !cors.origins.is_empty())
            .map(|cors| OfContactCenter {
                contact_center_id: cors.tenant.to_string(),
                origins: texts(cors).collect(),
            })
            .collect(),
    }
}

pub(super) fn bad_query() -> Failure {
    Failure::BadQuery {
        field: Some("contactCenterId".to_owned()),
        detail: "must be a contact center's id".to_owned(),
    }
}

pub(in super::super) fn doc() -> Operation {
    let shown = Named::of::<Origins<'_>>();
    let origin = "https://ges.example.com";
    operation("List the origins from which browsers may call")
        .about(
            "The published command: the origins of one contact center, or without `contactCenterId` of all \
             that the caller reaches. `contactCenters`, which is ours, says whose each is. The old list \
             among the settings is not shown here.",
        )
        .query("contactCenterId", "The contact center.", schema::uuid(), CCID)
        .answers_as(
            200,
            "The origins.",
            "application/json",
            envelope::success_with("CorsOriginsAnswer", &envelope::reference(&shown), vec![shown]),
            json!({"status": {"code": 0}, "data": {
                "origins": [origin],
                "contactCenters": [{"contactCenterId": CCID, "origins": [origin]}],
            }}),
        )
        .fails([bad_query(), Failure::Service(service::Error::NotFound)])
}
