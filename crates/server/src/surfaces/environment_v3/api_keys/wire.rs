//! A key as this wire's requests name it.

use crate::failure::Failure;
use crate::{
    document::Named,
    surfaces::environment_v3::envelope::{self, missing},
};
use domain::secret::Secret;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The key of the documentation: its secret and its id.
pub(super) const SECRET: &str = "78fd8f03-d9d0-4140-8aae-09f3f15d1392";
pub(super) const ID: &str = "key_0H7mQXr2vLk9TzB4cWfYpN";

/// Names a key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeyNamed)]
pub(in super::super) struct KeyNamed {
    /// The secret, or the key's id.
    #[serde(default)]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 255)]
    api_key: Option<String>,
}

impl KeyNamed {
    pub(super) fn text(self) -> Result<Secret, Failure> {
        self.api_key.map(Secret::new).ok_or_else(|| missing("apiKey"))
    }
}

/// The form of a request that names a key.
pub(super) fn naming() -> Named {
    envelope::request("ApiKeyNaming", Named::of::<KeyNamed>())
}

/// A request that names a key.
pub(super) fn naming_example() -> Value {
    json!({"data": {"apiKey": ID}})
}
