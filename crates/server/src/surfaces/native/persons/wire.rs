//! A person on our own wire.

use crate::{
    answer::{self, Body},
    etag,
    failure::Failure,
};
use domain::{id::PersonId, person::Person};
use http::{Response, StatusCode};
use serde::Serialize;
use service::{Error, persons::WithPassword};

/// A person without the password.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonBody<'a> {
    id: String,
    tenant: String,
    username: &'a str,
    roles: &'a [String],
    enabled: bool,
    must_change_password: bool,
    created: String,
    version: u32,
}

/// A person with the password that was made, where one was.
#[derive(Serialize)]
struct Made<'a> {
    #[serde(flatten)]
    person: PersonBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

impl<'a> PersonBody<'a> {
    pub(super) fn of(person: &'a Person) -> Self {
        Self {
            id: person.id.to_string(),
            tenant: person.scope.to_string(),
            username: &person.username,
            roles: &person.roles,
            enabled: person.enabled,
            must_change_password: person.must_change_password,
            created: person.created_at.to_string(),
            version: person.version,
        }
    }
}

/// A person as the answer, its version as the entity tag.
pub(super) fn shown(person: &Person) -> Response<Body> {
    etag::add(answer::json(StatusCode::OK, &PersonBody::of(person)), person.version)
}

/// The same with the password that was made.
pub(super) fn with_password(status: StatusCode, made: &WithPassword) -> Response<Body> {
    let WithPassword { person, password } = made;
    let body = Made {
        person: PersonBody::of(person),
        password: password.as_ref().map(|password| password.expose()),
    };
    etag::add(answer::json(status, &body), person.version)
}

/// The id in a path. Anything else names nobody.
pub(super) fn id(text: &str) -> Result<PersonId, Failure> {
    PersonId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}
