//! Master keys on our own wire.

use crate::document::words;
use serde::Serialize;
use serde_json::{Value, json};
use service::master_keys::{MasterKeyFound, MasterKeys, NodeFound};
use utoipa::ToSchema;

/// The master keys of the installation, and which node has which.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MasterKeys)]
pub(super) struct MasterKeysBody {
    /// All that were ever used, the oldest one first.
    master_keys: Vec<MasterKeyBody>,
    /// The nodes of one PostgreSQL; none with the embedded database.
    nodes: Vec<NodeBody>,
    /// Whether they stand in a file, which the server changes itself.
    in_file: bool,
}

/// One master key, without the key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MasterKey)]
struct MasterKeyBody {
    name: String,
    /// Where it is in its life: a new one is `known`, `next`, then the `writer`; the one before it is
    /// `retiring` while what lies under it is sealed anew, `closed`, then `retired`.
    #[schema(value_type = words::MasterKeyState)]
    state: &'static str,
    /// Since when; `null`: before this was noted.
    #[schema(value_type = Option<words::Instant>)]
    since: Option<String>,
    /// Whether the node that answers has it.
    here: bool,
    /// How often it has sealed, of 2³¹ times that it may.
    seals: u64,
    /// Secrets of keys that still lie under it, of one that has a successor.
    secrets_left: Option<u64>,
    /// What else still lies under it: secrets of clients and issuers, signing keys.
    others_left: Option<u64>,
}

/// A node.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Node)]
struct NodeBody {
    /// Drawn at its start.
    #[schema(format = "uuid")]
    id: String,
    /// The names of its master keys, the one that it writes under first.
    master_keys: Vec<String>,
    /// When it was heard of last.
    #[schema(value_type = words::Instant)]
    seen: String,
}

impl MasterKeysBody {
    pub(super) fn of(found: MasterKeys) -> Self {
        Self {
            master_keys: found.keys.into_iter().map(MasterKeyBody::of).collect(),
            nodes: found.nodes.into_iter().map(NodeBody::of).collect(),
            in_file: found.in_file,
        }
    }
}

impl MasterKeyBody {
    fn of(key: MasterKeyFound) -> Self {
        Self {
            name: key.name,
            state: key.state.as_str(),
            since: key.since.map(|at| at.to_string()),
            here: key.here,
            seals: key.seals,
            secrets_left: key.left.map(|left| left.secrets),
            others_left: key.left.map(|left| left.others),
        }
    }
}

impl NodeBody {
    fn of(node: NodeFound) -> Self {
        Self {
            id: node.id.to_string(),
            master_keys: node.master_keys,
            seen: node.seen_at.to_string(),
        }
    }
}

/// The answer of the documentation: a change that is under way.
pub(super) fn example() -> Value {
    json!({
        "masterKeys": [
            {
                "name": "k1", "state": "retiring", "since": "2026-03-01T12:00:00.000Z", "here": true,
                "seals": 1_204_113, "secretsLeft": 482_500, "othersLeft": 0,
            },
            {
                "name": "k2", "state": "writer", "since": "2026-03-01T12:00:00.000Z", "here": true,
                "seals": 519_231, "secretsLeft": null, "othersLeft": null,
            },
        ],
        "nodes": [{
            "id": "0b3f5c1e-6a0b-4c57-9d0e-0d6f3f1f9b11",
            "masterKeys": ["k2", "k1"],
            "seen": "2026-03-01T12:00:14.000Z",
        }],
        "inFile": true,
    })
}
