//! `POST /console/keys/{id}/enable`: the switch, to the right. A key that was held back serves again.

use super::switch;
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::keys::UpdateKey;

pub(in crate::console) async fn enable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let update = UpdateKey {
        enabled: Some(true),
        release: true,
        action: Some("key.enable"),
        ..UpdateKey::default()
    };
    switch::turn(&app, &visitor, (&id, &form), update, "key-enabled").await
}
