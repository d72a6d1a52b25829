//! `POST /environment/v3/environments`.

use super::wire::{self, EnvironmentBody};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation},
    extract::Caller,
    failure::Failure,
    surfaces::environment_v3::envelope::{self, Data},
};
use axum::extract::State;
use domain::id::EnvironmentId;
use http::Response;
use serde_json::json;
use service::{Error, environments::CreateEnvironment};

/// What an environment is called where nothing says more.
const NAME: &str = "Environment";

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Data(mut request): Data<EnvironmentBody>,
) -> Result<Response<Body>, Failure> {
    let id = request.id.take().map(|text| EnvironmentId::parse(&text)).transpose();
    let id = id.map_err(|_| Error::invalid("id", "must be a UUID"))?;
    let name = request.name.take().or_else(|| request.app_name.clone().filter(|n| !n.is_empty()));
    let name = name.unwrap_or_else(|| NAME.to_owned());
    let details = serde_json::to_string(&request).map_err(|e| Error::Internal(Box::new(e)))?;
    let wanted = CreateEnvironment { id, name, details };
    let made = app.service().create_environment(&caller, wanted).await?;
    Ok(envelope::made(&format!("/environments/{}", made.id), None))
}

pub(in super::super) fn doc() -> Operation {
    let mut example = wire::example();
    if let Some(members) = example.as_object_mut() {
        members.insert("username".to_owned(), json!("default"));
        members.insert("password".to_owned(), json!("password"));
    }
    operation("Create an environment")
        .about(
            "The published command; only callers of the cluster may. The Config Server's user name and \
             password are accepted and thrown away: they are neither stored nor logged. The members shown \
             here are kept and given back, others are let pass.\n\nOur choices: without `id` it is made; \
             `name` is what people call it, `appName` unless it is given.",
        )
        .takes_as(
            "application/json",
            envelope::request("EnvironmentToCreate", Named::of::<EnvironmentBody>()),
            json!({"data": example}),
        )
        .answers_as(
            200,
            "It is made.",
            "application/json",
            envelope::creation(),
            json!({"status": {"code": 0}, "path": "/environments/28b1cb24-ee80-4b3b-8d4f-36ea0b3f9a0f"}),
        )
        .fails([
            Error::invalid("id", "must be a UUID"),
            Error::conflict("environment_id", "this environment id is already in use"),
        ])
}
