//! `GET /environment/v3/contact-centers/{ccid}/settings`: the old list of origins.

use super::{SettingBody, example};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        envelope,
        wire::{CCID, ccid},
    },
};
use axum::extract::State;
use http::Response;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct Settings<'a> {
    settings: Vec<SettingBody<'a>>,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
) -> Result<Response<Body>, Failure> {
    let cors = app.service().show_cors(&caller, ccid(&center)?).await?;
    let settings = cors.setting.iter().map(SettingBody::of).collect();
    Ok(envelope::with_data(&Settings { settings }))
}

pub(in super::super) fn doc() -> Operation {
    let shown = Named::of::<SettingBody<'_>>();
    let settings = json!({"type": "array", "items": envelope::reference(&shown)});
    let data = json!({
        "type": "object", "required": ["settings"], "properties": {"settings": settings},
    });
    operation("Show the settings of a contact center")
        .about(
            "The old list of origins from which browsers may call, as it was posted; no setting at all \
             before the first one. It counts only while `/environment/v3/cors` lists none.",
        )
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .answers_as(
            200,
            "The settings.",
            "application/json",
            envelope::success_with("ContactCenterSettings", &data, vec![shown]),
            json!({"status": {"code": 0}, "data": {"settings": [example()]}}),
        )
}
