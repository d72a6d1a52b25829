//! `POST /console/tenants/{id}/cors/remove`.

use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, page::see_other, tenants},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::Error;

pub(in super::super::super) async fn remove(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = tenants::id(&id)?;
    app.service().show_tenant(&visitor.caller, id).await?;
    match app.service().delete_cors_origin(&visitor.caller, id, form.text("origin")).await {
        // Somebody else removed it: it is gone, as it should be.
        Ok(_) | Err(Error::NotFound) => {
            Ok(see_other(&app, &format!("/console/tenants/{id}/cors?done=origin-removed")))
        }
        Err(error) => Err(error.into()),
    }
}
