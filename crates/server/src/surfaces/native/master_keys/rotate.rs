//! `POST /v1/master-keys/rotate`: a new one, in front of the key file.

use super::wire::{self, MasterKeysBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    extract::{Caller, NoBody},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn rotate(
    State(app): State<App>,
    Caller(caller): Caller,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let found = app.service().rotate_master_key(&caller).await?;
    Ok(answer::json(StatusCode::OK, &MasterKeysBody::of(found)))
}

pub(in super::super) fn doc() -> Operation {
    operation("Rotate the master key")
        .about(
            "Makes a master key, writes it in front of the key file of the node that is asked, and lets it \
             take over as soon as every node has it: copy the file to the others, which read it again by \
             themselves. Then whatever lies under the old one is sealed anew while everything goes on. Keep \
             a copy of the file elsewhere: what is written from then on needs the new key. Backups from \
             before need the old one.",
        )
        .takes_nothing()
        .answers::<MasterKeysBody>(200, "The master keys.", wire::example())
        .fails([
            Error::conflict("master_key", "master key `k1` is still being replaced: wait"),
            Error::conflict(
                "key_file",
                "the master key file `/etc/keyward/master.key`: Read-only file system (os error 30)",
            ),
        ])
}
