//! `POST /console/clients/{id}/enable` and `…/disable`. Switched off, a client's tokens end.

use super::LIST;
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, page::see_other, places::saying, sign_in::within},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::clients::UpdateClient;

/// `POST …/enable`.
pub(in crate::console) async fn enable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    turn(&app, &visitor, (&id, &form), true).await
}

/// `POST …/disable`.
pub(in crate::console) async fn disable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    turn(&app, &visitor, (&id, &form), false).await
}

async fn turn(
    app: &App,
    visitor: &Visiting,
    (id, form): (&str, &Form),
    on: bool,
) -> Result<Response<Body>, Failure> {
    let change = UpdateClient { enabled: Some(on), ..UpdateClient::default() };
    app.service().update_client(&visitor.caller, id, change, |_| Ok(())).await?;
    let done = if on { "client-enabled" } else { "client-disabled" };
    let named = within(form.text("back"));
    let page = if named.starts_with(LIST) { named } else { LIST };
    Ok(see_other(app, &saying(page, done)))
}
