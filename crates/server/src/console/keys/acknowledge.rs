//! `POST /console/keys/{id}/acknowledge`: whoever made the key says that they stored its secret.

use super::{LIST, switch};
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, page::see_other, sign_in::within},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in crate::console) async fn acknowledge(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    app.service().acknowledge_key(&visitor.caller, switch::id(&id)?, None).await?;
    // *Setup integration* is a button of the same form.
    let to = match (form.text("to"), form.text("next")) {
        ("", "") => switch::back(LIST, "key-acknowledged"),
        ("", next) | (next, _) => within(next).to_owned(),
    };
    Ok(see_other(&app, &to))
}
