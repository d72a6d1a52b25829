//! `PATCH /v1/persons/{id}`: what is named changes, the rest stays. What cannot change may be sent back
//! as it is shown.

use super::wire::{self, PersonBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
    surfaces::native::members::{agree, given},
};
use axum::extract::State;
use domain::{person::Person, right::Right};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{
    Error,
    persons::{UpdatePerson, UpdateProfile},
};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    /// Names of roles: all that they hold from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::RoleName>, required = false)]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    must_change_password: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Email>, required = false)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::PartOfName>, required = false)]
    given_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::PartOfName>, required = false)]
    family_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    username: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    outside: Option<Value>,
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
    Json(mut request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let update = UpdatePerson {
        roles: request.roles.take(),
        enabled: request.enabled,
        must_change_password: request.must_change_password,
        profile: UpdateProfile {
            email: request.email.take(),
            given_name: request.given_name.take(),
            family_name: request.family_name.take(),
        },
        if_version: etag::if_match(&headers)?,
    };
    let agree = |stored: &Person| request.agrees_with(stored);
    let person = app.service().update_person(&caller, wire::id(&id)?, update, agree).await?;
    Ok(wire::shown(&person))
}

impl Request {
    fn agrees_with(&self, stored: &Person) -> Result<(), Error> {
        let sent = [
            ("id", &self.id),
            ("tenant", &self.tenant),
            ("username", &self.username),
            ("outside", &self.outside),
            ("created", &self.created),
            ("version", &self.version),
        ];
        agree(&PersonBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a person")
        .about(
            "Changes what is named. `roles` are all that the person holds from then on, and what they \
             allow holds for the next call, tokens or not. Who is disabled is out at once: the tokens \
             end, and personal keys are refused until the person is enabled again. Nobody changes a \
             person who holds more than they do, nor disables themselves.",
        )
        .path("id", "The person's id.", schema::uuid(), wire::ID)
        .if_match()
        .takes::<Request>(json!({"roles": ["viewer"], "enabled": false}))
        .answers::<PersonBody<'_>>(200, "The person as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("username", "cannot be changed here; leave it out, or send it as it is"),
            Error::invalid("email", "must be an address such as `vera@example.org`"),
            Error::invalid("roles", "each entry: the name of a role"),
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::conflict("own_account", "nobody disables themselves; another person with the right can"),
        ])
}
