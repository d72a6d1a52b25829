//! `POST /v1/persons/{id}/unlock`: ends the delay that failed sign-ins brought.

use super::wire::{self, PersonBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::Response;
use service::Error;

pub(in super::super) async fn unlock(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let person = app.service().unlock_person(&caller, wire::id(&id)?).await?;
    Ok(wire::shown(&person))
}

pub(in super::super) fn doc() -> Operation {
    operation("Unlock a person")
        .about(
            "Ends the delay that failed sign-ins have brought, from every source. A delay ends by itself \
             after 15 minutes at most.",
        )
        .path("id", "The person's id.", schema::uuid(), wire::ID)
        .takes_nothing()
        .answers::<PersonBody<'_>>(200, "The person.", wire::example())
        .versioned()
        .fails([Error::NotAllowed { right: Some(Right::AuditRead) }])
}
