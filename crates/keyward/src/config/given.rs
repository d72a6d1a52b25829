//! The configuration as typed in: every member optional, nothing checked but its type.
//! `resolve.rs` makes it ready to use.

use domain::secret::Secret;
use serde::{Deserialize, Deserializer};

/// Text that is never printed.
#[derive(Debug)]
pub(super) struct Hidden(pub(super) Secret);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) listen: Option<Listen>,
    pub(super) tls_certificate: Option<String>,
    pub(super) tls_key: Option<String>,
    pub(super) metrics_listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) data_dir: Option<String>,
    pub(super) database: Option<Hidden>,
    pub(super) database_connections: Option<u32>,
    pub(super) master_key: Option<Hidden>,
    pub(super) plain_http_behind_tls_proxy: Option<bool>,
    pub(super) hosts: Option<Vec<String>>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) verify_on_loopback: Option<bool>,
    pub(super) nodes: Option<u32>,
    pub(super) stale_after: Option<u32>,
    pub(super) shutdown_delay: Option<u32>,
    pub(super) shutdown_grace: Option<u32>,
    pub(super) audit_retention_days: Option<u32>,
    pub(super) session_idle: Option<u32>,
    pub(super) session_lifetime: Option<u32>,
    pub(super) signing_key_days: Option<u32>,
    pub(super) log: Option<Log>,
    pub(super) gateway: Option<Gateway>,
    pub(super) policies: Option<Vec<Policy>>,
    pub(super) issuers: Option<Vec<Issuer>>,
    pub(super) bootstrap: Option<Bootstrap>,
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(super) enum Listen {
    Address(String),
    Each(Vec<Listener>),
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Listener {
    pub(super) address: Option<String>,
    pub(super) surfaces: Option<Vec<String>>,
    pub(super) tls_certificate: Option<String>,
    pub(super) tls_key: Option<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Log {
    pub(super) format: Option<String>,
    pub(super) level: Option<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Gateway {
    pub(super) upstream_authorities: Option<String>,
    pub(super) routes: Option<Vec<Route>>,
    pub(super) upstreams: Option<Vec<TenantUpstream>>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) name: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) key_types: Option<Vec<String>>,
    pub(super) permission: Option<String>,
    pub(super) presented_in: Option<Vec<String>>,
    pub(super) tokens: Option<String>,
    pub(super) cost: Option<u32>,
    pub(super) limit: Option<Limit>,
    pub(super) limited_as: Option<u32>,
    pub(super) envelope: Option<String>,
    pub(super) identity_headers: Option<IdentityHeaders>,
}

/// A policy and where its calls go. Written out, because serde knows no unknown member of a table that
/// holds another's.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    pub(super) preset: Option<String>,
    pub(super) upstream: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) host: Option<String>,
    pub(super) strip_prefix: Option<bool>,
    pub(super) forward_secret: Option<bool>,
    pub(super) forward_host: Option<bool>,
    pub(super) timeouts: Option<Timeouts>,
    pub(super) max_body_bytes: Option<u64>,
    pub(super) name: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) key_types: Option<Vec<String>>,
    pub(super) permission: Option<String>,
    pub(super) presented_in: Option<Vec<String>>,
    pub(super) tokens: Option<String>,
    pub(super) cost: Option<u32>,
    pub(super) limit: Option<Limit>,
    pub(super) limited_as: Option<u32>,
    pub(super) envelope: Option<String>,
    pub(super) identity_headers: Option<IdentityHeaders>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) capacity: Option<u32>,
    pub(super) frequency: Option<u32>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Timeouts {
    pub(super) connect_ms: Option<u32>,
    pub(super) answer_ms: Option<u32>,
    pub(super) idle_ms: Option<u32>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityHeaders {
    pub(super) tenant: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) key_name: Option<String>,
    pub(super) permissions: Option<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct TenantUpstream {
    pub(super) tenant: Option<String>,
    pub(super) upstream: Option<String>,
    pub(super) host: Option<String>,
    pub(super) prefix: Option<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Issuer {
    pub(super) name: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) allow_http: Option<bool>,
    pub(super) label: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<Hidden>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) audiences: Option<Vec<String>>,
    pub(super) token_types: Option<Vec<String>>,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) username_claim: Option<String>,
    pub(super) roles_claim: Option<String>,
    pub(super) role_map: Option<Vec<String>>,
    pub(super) sign_in: Option<bool>,
    pub(super) callers: Option<bool>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Bootstrap {
    pub(super) ops: Option<Ops>,
    pub(super) environments: Option<Vec<Environment>>,
    pub(super) tenants: Option<Vec<Tenant>>,
    pub(super) clients: Option<Vec<Client>>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Ops {
    pub(super) username: Option<String>,
    pub(super) password: Option<Hidden>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) username: Option<String>,
    pub(super) password: Option<Hidden>,
    pub(super) roles: Option<Vec<String>>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Environment {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    pub(super) id: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) name: Option<String>,
    pub(super) domains: Option<Vec<String>>,
    pub(super) realm: Option<String>,
    pub(super) persons: Option<Vec<Person>>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) client_id: Option<String>,
    pub(super) secret: Option<Hidden>,
    pub(super) public: Option<bool>,
    pub(super) tenant: Option<String>,
    pub(super) grants: Option<Vec<String>>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) roles: Option<Vec<String>>,
    pub(super) rights: Option<Vec<String>>,
    pub(super) redirect_uris: Option<Vec<String>>,
}
