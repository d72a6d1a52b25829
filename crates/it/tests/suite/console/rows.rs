//! The rows of the console, with things that exist in the places of their paths.

use it::{World, world::TENANT};
use serde_json::json;
use server::route::RouteInfo;
use std::collections::BTreeMap;

/// What stands for the placeholders of paths.
pub(super) struct Things {
    key: String,
    person: String,
    client: String,
}

impl Things {
    /// Makes them.
    pub(super) async fn of(world: &World) -> Self {
        let admin = world.person(r"t100\nexus").await;
        let body =
            json!({"keyType": "nexus", "name": "walked", "permissions": ["nexus:consumer:chat"]});
        let made = admin.post("/v1/keys", &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let key = made.json()["id"].as_str().expect("an id").to_owned();
        let found = admin.get("/v1/persons?search=vera").await.json();
        let person = found["persons"][0]["id"].as_str().expect("an id").to_owned();
        Self { key, person, client: "service-a".to_owned() }
    }

    /// The path of a row.
    pub(super) fn path(&self, row: &RouteInfo) -> String {
        let area = row.path.split('/').nth(2).unwrap_or_default();
        let id = match area {
            "keys" => &self.key,
            "persons" => &self.person,
            "clients" => &self.client,
            _ => TENANT,
        };
        let known = BTreeMap::from([
            ("{id}", id),
            ("{name}", if area == "key-types" { "nexus" } else { "viewer" }),
            ("{type}", "nexus"),
            ("{file}", "icon.svg"),
            ("{tenant}", TENANT),
            ("{issuer}", "sso"),
        ]);
        let parts = row.path.split('/').map(|part| match known.get(part) {
            Some(known) => known,
            None => {
                if part.starts_with('{') {
                    TENANT
                } else {
                    part
                }
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// The console's rows with this method.
pub(super) fn rows(method: &str) -> Vec<RouteInfo> {
    let all = server::routes().into_iter();
    let of = all.filter(|row| row.operation.starts_with("console_") && row.method == method);
    of.collect()
}

/// Whether a row asks for a session.
pub(super) fn wants_session(row: &RouteInfo) -> bool {
    row.access.starts_with("Session(")
}
