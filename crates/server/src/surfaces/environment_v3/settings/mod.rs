//! Settings of contact centers: the old list of origins, the only setting that there is here.

pub(super) mod show;
pub(super) mod update;

use domain::cors::Setting;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The setting's name.
const CORS_ORIGINS: &str = "cors-origins";

/// A setting as it goes out.
#[derive(Serialize, ToSchema)]
#[schema(as = ContactCenterSetting)]
struct SettingBody<'a> {
    location: &'a str,
    /// Always `cors-origins`.
    name: &'static str,
    /// `true` or `false`, as a text.
    shared: &'static str,
    /// Origins, with commas between them.
    value: &'a str,
}

impl<'a> SettingBody<'a> {
    fn of(setting: &'a Setting) -> Self {
        Self {
            location: &setting.location,
            name: CORS_ORIGINS,
            shared: if setting.shared { "true" } else { "false" },
            value: &setting.value,
        }
    }
}

/// The setting of the documentation.
fn example() -> Value {
    json!({
        "location": "/",
        "name": CORS_ORIGINS,
        "shared": "true",
        "value": "https://gws.example.com,https://wwe.example.com",
    })
}
