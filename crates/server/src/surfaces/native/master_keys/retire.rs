//! `POST /v1/master-keys/{name}/retire`: an old one, out of the key file.

use super::wire::{self, MasterKeysBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn retire(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let found = app.service().retire_master_key(&caller, &name).await?;
    Ok(answer::json(StatusCode::OK, &MasterKeysBody::of(found)))
}

pub(in super::super) fn doc() -> Operation {
    operation("Retire a master key")
        .about(
            "Takes a master key that nothing lies under out of the key file of the node that is asked, a day \
             after that was so at the earliest. **Backups from before the change still need it**: keep a \
             copy of it as long as them.",
        )
        .path("name", "The master key's name.", schema::pattern("^[0-9A-Za-z._-]{1,64}$"), "k1")
        .takes_nothing()
        .answers::<MasterKeysBody>(200, "The master keys.", wire::example())
        .fails([
            Error::NotFound,
            Error::conflict(
                "master_key",
                "what lies under `k1` is still being sealed anew: wait",
            ),
        ])
}
