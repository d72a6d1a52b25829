//! `POST /v1/persons`: a person of a tenant, or of the cluster.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{id::Scope, person::Profile, right::Right, secret::Secret};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, persons::CreatePerson};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::Username)]
    username: String,
    /// The caller's own tenant where it is left out; of a caller of the cluster, the cluster.
    #[serde(default)]
    #[schema(value_type = Option<words::Scope>)]
    tenant: Option<String>,
    /// Names of roles.
    #[serde(default)]
    #[schema(value_type = Vec<words::RoleName>)]
    roles: Vec<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<words::Password>)]
    password: Option<String>,
    /// Whether they are to choose another one at the first sign-in; `true` where it is left out.
    #[serde(default)]
    must_change_password: Option<bool>,
    /// Where they are reached. Nothing is decided by it.
    #[serde(default)]
    #[schema(value_type = Option<words::Email>)]
    email: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::PartOfName>)]
    given_name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::PartOfName>)]
    family_name: Option<String>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = request.into_person(&caller)?;
    let made = app.service().create_person(&caller, wanted).await?;
    Ok(wire::with_password(StatusCode::CREATED, &made))
}

impl Request {
    fn into_person(self, caller: &service::Caller) -> Result<CreatePerson, Error> {
        let scope = match &self.tenant {
            Some(text) => Scope::parse(text)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
            None => caller.own_scope()?,
        };
        Ok(CreatePerson {
            scope,
            username: self.username,
            roles: self.roles,
            enabled: self.enabled.unwrap_or(true),
            password: self.password.map(Secret::new),
            must_change_password: self.must_change_password.unwrap_or(true),
            profile: Profile {
                email: self.email,
                given_name: self.given_name,
                family_name: self.family_name,
            },
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a person")
        .about(
            "Makes a person of a tenant, or with `*` of the cluster. Without a `password` one is made, \
             and told in this answer alone. Nobody gives a role that allows more than they hold.",
        )
        .takes::<Request>(json!({"username": "ada", "roles": ["viewer"]}))
        .answers::<wire::Made<'_>>(201, "The person.", wire::example_with_password())
        .versioned()
        .fails([
            Error::invalid("email", "must be an address such as `vera@example.org`"),
            Error::invalid("roles", "each entry: the name of a role"),
            Error::invalid("password", "use at least 15 characters; several words do well"),
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::NotFound,
            Error::conflict("username", "this username is already in use"),
        ])
}
