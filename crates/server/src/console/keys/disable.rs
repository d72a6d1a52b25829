//! `POST /console/keys/{id}/disable`: the switch, to the left. It can be turned back at any time.

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

pub(in crate::console) async fn disable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let update =
        UpdateKey { enabled: Some(false), action: Some("key.disable"), ..UpdateKey::default() };
    switch::turn(&app, &visitor, (&id, &form), update, "key-disabled").await
}
