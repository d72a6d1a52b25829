//! `GET /console/keys/{id}/seen`: whether a request with the key's current secret has come. A page asks that
//! waits for the first one.

use super::switch::id as id_of;
use crate::{
    answer::{self, Body},
    app::App,
    console::{Visiting, when::exact},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in crate::console) async fn seen(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let id = id_of(&id)?;
    let secrets = app.service().list_key_secrets(&visitor.caller, id).await?;
    let used = secrets.into_iter().find(|secret| secret.current).and_then(|s| s.last_used);
    // The newest use is all that is known of the uses.
    let said = |at| format!("First request seen. Last used: {}.", exact(at));
    let text = used.map(said).unwrap_or_default();
    Ok(answer::with_type(StatusCode::OK, "text/plain; charset=utf-8", text))
}
