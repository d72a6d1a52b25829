//! The keys of data products.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod extend;
pub(super) mod list;

use super::{error, wire};
use crate::{document::words, failure::Failure};
use domain::key::Key;
use serde::Serialize;
use service::keys::MAX_DAYS;
use utoipa::ToSchema;

/// A key as it was made or extended.
#[derive(Serialize, ToSchema)]
#[schema(as = DataKeyWithSecret)]
struct GivenBody<'a> {
    /// The secret, in the answer that made it; `null` in any other.
    #[schema(value_type = Option<String>)]
    psk: Option<&'a str>,
    description: Option<&'a str>,
    #[schema(value_type = Option<words::Instant>)]
    valid_until: Option<String>,
}

impl<'a> GivenBody<'a> {
    fn of(key: &'a Key, psk: Option<&'a str>) -> Self {
        Self {
            psk,
            description: key.description.as_deref(),
            valid_until: wire::instant(key.unavailable_at()),
        }
    }
}

/// Reads days: 1 to 100 years.
fn days(given: i64) -> Result<u32, Failure> {
    let bad = |detail: &str| Failure::BadJson {
        field: Some("validity_days".to_owned()),
        detail: detail.to_owned(),
    };
    if given < 1 {
        return Err(bad(error::TOO_FEW));
    }
    u32::try_from(given).ok().filter(|days| *days <= MAX_DAYS).ok_or_else(|| bad(error::TOO_MANY))
}

/// What can be wrong with days.
fn bad_days() -> Failure {
    Failure::BadJson { field: Some("validity_days".to_owned()), detail: error::TOO_FEW.to_owned() }
}
