//! `POST /environment/v3/contact-centers/{ccid}/settings`: replaces the old list of origins.

use super::{CORS_ORIGINS, example};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, Data, missing},
        wire::{CCID, ccid},
    },
};
use axum::extract::State;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, cors::UpdateCorsSettings};
use utoipa::ToSchema;

/// Where a setting holds that does not say it.
const EVERYWHERE: &str = "/";

#[derive(Deserialize, ToSchema)]
#[schema(as = ContactCenterSettingPosted)]
pub(in super::super) struct Request {
    /// Where it is meant to hold; kept and given back.
    #[serde(default)]
    #[schema(max_length = 255)]
    location: Option<String>,
    /// `cors-origins`.
    #[serde(default)]
    #[schema(required = true, nullable = false, pattern = "^cors-origins$")]
    name: Option<String>,
    /// `true` or `false`, or the text of one of them; `true` where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<Value>)]
    shared: Option<Shared>,
    /// Origins such as `https://shop.example`, with commas between them; empty for none.
    #[serde(default)]
    #[schema(required = true, nullable = false)]
    value: Option<String>,
}

/// A switch, or its text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "`true` or `false`, or the text of one of them")]
enum Shared {
    Switch(bool),
    Text(SharedText),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SharedText {
    True,
    False,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
    Data(request): Data<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = ccid(&center)?;
    let name = request.name.ok_or_else(|| missing("name"))?;
    if name != CORS_ORIGINS {
        return Err(unknown_name().into());
    }
    let update = UpdateCorsSettings {
        location: request.location.unwrap_or_else(|| EVERYWHERE.to_owned()),
        shared: match request.shared {
            None | Some(Shared::Switch(true) | Shared::Text(SharedText::True)) => true,
            Some(Shared::Switch(false) | Shared::Text(SharedText::False)) => false,
        },
        value: request.value.ok_or_else(|| missing("value"))?,
    };
    app.service().update_cors_settings(&caller, tenant, update).await?;
    Ok(envelope::done())
}

/// The form of a setting in a body.
fn form() -> Named {
    let mut form = Named::of::<Request>();
    if let Some(shared) = form.schema.pointer_mut("/properties/shared") {
        let about = shared.get("description").cloned();
        *shared = json!({"description": about, "enum": [true, false, "true", "false", null]});
    }
    form
}

fn unknown_name() -> Error {
    Error::invalid("name", "must be `cors-origins`: there is no other setting")
}

pub(in super::super) fn doc() -> Operation {
    operation("Replace the origins among the settings of a contact center")
        .about(
            "The published command: the whole list of origins from which browsers may call takes the place \
             of the one before. It counts only while `/environment/v3/cors` lists none. An origin has no \
             path, no user and no `*`; commas and spaces stand between origins.",
        )
        .path("ccid", "The contact center's id.", schema::uuid(), CCID)
        .takes_as(
            "application/json",
            envelope::request("ContactCenterSettingToPost", form()),
            json!({"data": example()}),
        )
        .answers_as(
            200,
            "The list is replaced.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
        .fails([
            unknown_name(),
            Error::invalid("value", "entry 2 must be an origin such as `https://shop.example`"),
        ])
}
