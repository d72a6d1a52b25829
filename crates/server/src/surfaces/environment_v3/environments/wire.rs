//! An environment on this wire: how the products that it was made for reach their Config Server. It is
//! kept as it was given and given back, but for the Config Server's user name and password, which nothing
//! here has a use for.

use crate::document::words;
use domain::tenant::Environment;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// The environment of the documentation.
const ID: &str = "28b1cb24-ee80-4b3b-8d4f-36ea0b3f9a0f";

/// An environment.
#[derive(Serialize, Deserialize, Default, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = Environment)]
pub(in super::super) struct EnvironmentBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uuid")]
    pub(super) id: Option<String>,
    /// Ours: what people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Name>)]
    pub(super) name: Option<String>,
    /// Accepted and thrown away.
    #[serde(skip_serializing)]
    #[schema(value_type = Option<String>, write_only)]
    username: Option<IgnoredAny>,
    /// Accepted and thrown away.
    #[serde(skip_serializing)]
    #[schema(value_type = Option<String>, write_only)]
    password: Option<IgnoredAny>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_protocol: Option<String>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 4_294_967_295_u32)]
    local_timeout: Option<u32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 4_294_967_295_u32)]
    remote_timeout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) app_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    config_servers: Option<Vec<ConfigServer>>,
}

/// A Config Server and its backup.
#[derive(Serialize, Deserialize, Default, ToSchema)]
#[serde(rename_all = "camelCase", default)]
struct ConfigServer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 65_535)]
    primary_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 65_535)]
    backup_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locations: Option<String>,
}

impl EnvironmentBody {
    /// An environment as it goes out.
    pub(super) fn of(environment: &Environment) -> Self {
        let details = environment.details.as_deref();
        Self {
            id: Some(environment.id.to_string()),
            name: Some(environment.name.clone()),
            ..details.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        }
    }
}

/// The environment that the examples show.
pub(super) fn example() -> Value {
    json!({
        "id": ID,
        "name": "Cloud",
        "connectionProtocol": "addp",
        "localTimeout": 60,
        "remoteTimeout": 90,
        "tenant": "Environment",
        "appName": "Cloud",
        "traceMode": "CFGTMBoth",
        "tlsEnabled": false,
        "configServers": [{
            "primaryPort": 8888, "readOnly": false, "primaryAddress": "tenant-1.example",
            "locations": "/USW1",
        }],
    })
}
