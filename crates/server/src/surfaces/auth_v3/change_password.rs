//! `POST /auth/v3/change-password`

use super::envelope;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Context, Json, MaybeCaller},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use serde::Deserialize;
use service::persons::ChangePassword;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    new_password: String,
    old_password: String,
    user_name: Option<String>,
}

pub(super) fn doc() -> Operation {
    documented("Changes a password; the old one is the proof")
}

pub(super) async fn change_password(
    State(app): State<App>,
    Context(context): Context,
    MaybeCaller(caller): MaybeCaller,
    Json(request): Json<envelope::Wrapped<Request>>,
) -> Result<Response<Body>, Failure> {
    let change = ChangePassword {
        username: request.data.user_name.filter(|name| !name.is_empty()),
        old: Secret::new(request.data.old_password),
        new: Secret::new(request.data.new_password),
    };
    app.service().change_password(caller.as_ref(), change, &context).await?;
    Ok(envelope::done())
}
