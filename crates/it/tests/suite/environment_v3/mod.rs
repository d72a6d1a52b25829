//! `/environment/v3`: the published wire and what holds behind it.

mod api_keys;
mod contact_centers;
mod cors;
mod environments;
mod errors;
mod published;
mod settings;

use it::world::TENANT;

/// Where contact centers are.
fn centers() -> String {
    "/environment/v3/contact-centers".to_owned()
}

/// Where the settings of a contact center are.
fn settings_of(ccid: &str) -> String {
    format!("{}/{ccid}/settings", centers())
}

/// Where the API keys of the first contact center are.
fn keys() -> String {
    keys_of(TENANT)
}

fn keys_of(ccid: &str) -> String {
    format!("/environment/v3/contact-centers/{ccid}/api-keys")
}
