//! The new list of origins from which browsers may call: one origin a request.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;

use crate::{
    document::{Named, words},
    failure::Failure,
    surfaces::environment_v3::{
        envelope::{self, missing},
        wire::CCID,
    },
};
use domain::id::TenantId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Caller, Error};
use utoipa::ToSchema;

/// One origin of one contact center.
#[derive(Deserialize, Default, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = CorsOrigin)]
pub(super) struct Entry {
    /// The contact center; the caller's own where it has one and names none.
    #[schema(value_type = Option<words::TenantId>)]
    contact_center_id: Option<String>,
    /// Scheme, host, and a port unless it is the scheme's own.
    #[schema(
        required = true,
        nullable = false,
        max_length = 255,
        pattern = "^https?://[a-z][a-z0-9]{0,20}(:[1-9][0-9]{0,3})?$"
    )]
    origin: Option<String>,
}

impl Entry {
    /// Whose it is, and which.
    fn read(self, caller: &Caller) -> Result<(TenantId, String), Failure> {
        let tenant = match self.contact_center_id.as_deref() {
            Some(text) => contact_center(text)?,
            None => caller.bound_to().ok_or_else(|| missing("contactCenterId"))?,
        };
        Ok((tenant, self.origin.ok_or_else(|| missing("origin"))?))
    }
}

fn contact_center(text: &str) -> Result<TenantId, Error> {
    TenantId::parse(text).map_err(|_| Error::invalid("tenant", "must be a contact center's id"))
}

/// The form of a request that names an origin.
fn naming() -> Named {
    envelope::request("CorsOriginNamed", Named::of::<Entry>())
}

/// A request that names an origin.
fn example() -> Value {
    json!({"data": {"contactCenterId": CCID, "origin": "https://ges.example.com"}})
}

/// What is refused as an origin.
fn no_origin() -> Error {
    Error::invalid("origin", "must be an origin such as `https://shop.example`")
}
