//! `POST /v1/persons/{id}/set-password`: chosen by the caller, or made. The person's tokens end.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::{right::Right, secret::Secret};
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, persons::SetPassword};
use utoipa::ToSchema;

#[derive(Deserialize, Default, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(value_type = Option<words::Password>)]
    password: Option<String>,
    /// Whether they are to choose another one at the next sign-in; `true` where it is left out.
    #[serde(default)]
    must_change_password: Option<bool>,
}

pub(in super::super) async fn set_password(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let set = SetPassword {
        password: request.password.map(Secret::new),
        must_change: request.must_change_password.unwrap_or(true),
        if_version: etag::if_match(&headers)?,
    };
    let person = app.service().set_person_password(&caller, wire::id(&id)?, set).await?;
    Ok(wire::with_password(StatusCode::OK, &person))
}

pub(in super::super) fn doc() -> Operation {
    operation("Set a person's password")
        .about(
            "Gives a person another password and ends their tokens. Without a `password` one is made, \
             and told in this answer alone. One's own password is changed with the old one as the proof, \
             and not here.",
        )
        .path("id", "The person's id.", schema::uuid(), wire::ID)
        .if_match()
        .may_take::<Request>(json!({"mustChangePassword": true}))
        .answers::<wire::Made<'_>>(200, "The person.", wire::example_with_password())
        .versioned()
        .fails([
            Error::invalid("password", "use at least 15 characters; several words do well"),
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::conflict("own_account", "one's own password is changed with the old one as the proof"),
        ])
}
