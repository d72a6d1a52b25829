//! A person on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{
    id::PersonId,
    person::{OutsideIdentity, Person},
    secret::Secret,
};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::{Error, persons::WithPassword};
use utoipa::ToSchema;

/// The id of the person in the documentation.
pub(super) const ID: &str = "0d3f2c9e-6b0a-4a55-9c1e-5b8f0e7a1c42";

/// A person without the password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub(super) struct PersonBody<'a> {
    #[schema(value_type = words::PersonId)]
    id: String,
    #[schema(value_type = words::Scope)]
    tenant: String,
    username: &'a str,
    /// The names of the roles that they hold.
    roles: &'a [String],
    /// A disabled person signs in nowhere, and their tokens and personal keys are refused.
    enabled: bool,
    /// Whether they are to choose another password at the next sign-in.
    must_change_password: bool,
    /// Where they are reached. Nothing is decided by it.
    email: Option<&'a str>,
    given_name: Option<&'a str>,
    family_name: Option<&'a str>,
    /// Who vouches for them, where Keyward itself does not; `null`: they have their password here.
    outside: Option<OutsideBody<'a>>,
    #[schema(value_type = words::Instant)]
    created: String,
    #[schema(value_type = words::Version)]
    version: u32,
}

/// Somebody whom an issuer signs in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OutsideIdentity)]
struct OutsideBody<'a> {
    /// The issuer's `iss`.
    issuer: &'a str,
    /// Its `sub` for the person.
    subject: &'a str,
    /// Roles that its claims gave, besides `roles`; held as long as the issuer is believed.
    mapped_roles: &'a [String],
}

/// A person with the password that was made, where one was.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonWithPassword)]
pub(super) struct Made<'a> {
    #[serde(flatten)]
    person: PersonBody<'a>,
    /// The password, where it was made here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::Secret, required = false)]
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
            email: person.profile.email.as_deref(),
            given_name: person.profile.given_name.as_deref(),
            family_name: person.profile.family_name.as_deref(),
            outside: person.outside.as_ref().map(OutsideBody::of),
            created: person.created_at.to_string(),
            version: person.version,
        }
    }
}

impl<'a> OutsideBody<'a> {
    fn of(outside: &'a OutsideIdentity) -> Self {
        let OutsideIdentity { issuer, subject, mapped_roles } = outside;
        Self { issuer, subject, mapped_roles }
    }
}

/// A person as the answer, its version as the entity tag.
pub(super) fn shown(person: &Person) -> Response<Body> {
    etag::add(answer::json(StatusCode::OK, &PersonBody::of(person)), person.version)
}

/// The same with the password that was made.
pub(super) fn with_password(status: StatusCode, made: &WithPassword) -> Response<Body> {
    let WithPassword { person, password } = made;
    let body =
        Made { person: PersonBody::of(person), password: password.as_ref().map(Secret::expose) };
    etag::add(answer::json(status, &body), person.version)
}

/// The id in a path. Anything else names nobody.
pub(in super::super) fn id(text: &str) -> Result<PersonId, Failure> {
    PersonId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// A person in the documentation.
pub(super) fn example() -> Value {
    json!({
        "id": ID,
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "username": "ada",
        "roles": ["viewer"],
        "enabled": true,
        "mustChangePassword": true,
        "email": "ada@example.org",
        "givenName": "Ada",
        "familyName": null,
        "outside": null,
        "created": "2026-11-22T09:30:00.000Z",
        "version": 1,
    })
}

/// The same, where the password is told.
pub(super) fn example_with_password() -> Value {
    let mut example = example();
    if let Some(members) = example.as_object_mut() {
        members.insert("password".to_owned(), "k3vh8q-w2ndru-z9fctm-bx4a7e".into());
    }
    example
}
