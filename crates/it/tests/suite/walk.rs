//! Long walks of random calls, some of which the database refuses: the audit log and the rows agree
//! at the end, and what is for good stays for good.

use crate::auth_v3::{later, member};
use http::Method;
use it::{
    Answer, Caller, World,
    world::{START, TENANT},
};
use serde_json::{Value, json};
use std::collections::HashMap;

const KEYS: &str = "/nexus/v3/apikeys";
const STEPS: usize = 100;
/// A walk that asks the database at each step takes longer.
const WATCHED_STEPS: usize = 50;
const PERMISSIONS: [&str; 3] =
    ["nexus:consumer:chat", "nexus:consumer:securemail", "nexus:designer:chat"];

/// Repeatable choices (SplitMix64): a failure names its seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()].clone()
    }
}

/// What must stay true of a key, whatever is asked of it.
struct Known {
    permissions: Value,
    /// From then on it is revoked.
    revoked: bool,
    deleted: bool,
}

struct Walk {
    world: World,
    caller: Caller,
    verifier: Caller,
    dice: Dice,
    keys: HashMap<String, Known>,
    /// Whether the database is asked at each step what it holds.
    watched: bool,
    /// Calls that changed something, as far as watched.
    changes: usize,
}

impl Walk {
    async fn start(seed: u64) -> Self {
        let world = World::start().await;
        let caller = world.person(r"t100\nexus").await;
        let verifier = world.client("cluster-verifier").await;
        let (dice, keys) = (Dice(seed), HashMap::new());
        Self { world, caller, verifier, dice, keys, watched: false, changes: 0 }
    }

    async fn step(&mut self) {
        let secrets: Vec<String> = self.keys.keys().cloned().collect();
        if secrets.is_empty() || self.dice.below(5) == 0 {
            return self.create(&secrets).await;
        }
        let mut secrets = secrets;
        secrets.sort(); // a map has no order of its own to repeat
        let secret = self.dice.of(&secrets);
        if self.dice.below(12) == 0 {
            return self.delete(&secret).await;
        }
        self.update(&secret).await;
    }

    /// Now and then with the secret of a key that is there, or was: it must not come to life so.
    async fn create(&mut self, secrets: &[String]) {
        let permissions = json!([self.dice.of(&PERMISSIONS)]);
        let mut body = json!({"tenant": TENANT, "name": "walked", "permissions": permissions});
        if !secrets.is_empty() && self.dice.below(2) == 0 {
            body["id"] = json!(self.dice.of(secrets));
        }
        let answer = self.caller.post(KEYS, &body).await;
        if answer.status == 200 {
            let secret = member(&answer, "id");
            let known = Known { permissions, revoked: false, deleted: false };
            assert!(self.keys.insert(secret, known).is_none(), "a secret came twice");
            self.changes += 1;
        }
    }

    async fn delete(&mut self, secret: &str) {
        let answer = self.caller.delete(&format!("{KEYS}/{secret}")).await;
        if answer.status == 204 {
            self.changes += 1;
            self.keys.get_mut(secret).unwrap().deleted = true;
        }
    }

    async fn update(&mut self, secret: &str) {
        let body = self.change();
        let before = if self.watched { self.rows() } else { Vec::new() };
        let path = format!("{KEYS}/{secret}");
        let answer = self
            .caller
            .send(Method::PUT, &path, Some("application/json"), body.to_string().into())
            .await;
        let changed = self.watched && self.rows() != before;
        assert!(answer.status == 200 || !changed, "{body}: {} and yet a change", answer.text());
        self.changes += usize::from(changed);
        self.learn(secret, &body, &answer);
    }

    fn learn(&mut self, secret: &str, body: &Value, answer: &Answer) {
        let known = self.keys.get_mut(secret).unwrap();
        let inner = body.get("data").unwrap_or(body);
        let revokes = inner["revoked"] == json!(true);
        if answer.status == 200 {
            known.revoked |= revokes;
            let shown = answer.json();
            let shown = shown.get("data").unwrap_or(&shown);
            assert_eq!(shown["permissions"], known.permissions, "{body}");
        }
    }

    fn change(&mut self) -> Value {
        let later = json!(START.plus_seconds(1_000_000).to_string());
        let members = [
            json!({"enabled": true}),
            json!({"enabled": false}),
            json!({"enabled": true, "revoked": false, "expires": false}),
            json!({"revoked": true}),
            json!({"revoked": false}),
            json!({"revoked": later}),
            json!({"expires": later}),
            json!({"expires": false, "enabled": true}),
            json!({"name": "another"}),
            json!({"capacity": 7, "frequency": 60}),
            json!({"capacity": 0}),
            json!({"permissions": ["nexus:consumer:*"]}),
            json!({"permissions": ["nexus:designer:chat"], "enabled": true}),
            json!({"tenant": "*"}),
            json!({"id": "9b7682b7-cbce-422f-9bbb-ecda85e61695"}),
            json!({"secret": "x", "name": "with an unknown member"}),
        ];
        let body = self.dice.of(&members);
        if self.dice.below(4) == 0 { json!({"data": body}) } else { body }
    }

    fn rows(&self) -> Vec<String> {
        self.world.place().sql("SELECT sum(version) FROM keys")
    }

    /// No key is more alive than it may be.
    async fn check(&self, seed: u64) {
        for (secret, known) in &self.keys {
            let question = json!({"secret": secret, "cost": 0});
            let verdict =
                member(&self.verifier.post("/v1/keys/verify", &question).await, "verdict");
            if known.deleted {
                assert_eq!(verdict, "NOT_FOUND", "seed {seed}");
            } else if known.revoked {
                assert_eq!(verdict, "REVOKED", "seed {seed}");
            } else {
                assert!(
                    ["VALID", "DISABLED"].contains(&verdict.as_str()),
                    "seed {seed}: {verdict}"
                );
            }
        }
    }

    fn changes_in_the_log(&self) -> usize {
        let sql = "SELECT count(*) FROM audit_events WHERE subject_kind = 'key'
            AND action IN ('key.create', 'key.update', 'key.revoke', 'key.delete', 'key.enable', 'key.disable')";
        self.world.place().sql(sql)[0].parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn au_01_after_a_walk_with_failures_log_and_rows_agree() {
    for seed in 1..=2 {
        let mut walk = Walk::start(seed).await;
        walk.watched = true;
        walk.changes = walk.changes_in_the_log(); // what the first start made
        let tables = ["audit_events", "changes", "secrets", "keys"];
        for _ in 0..WATCHED_STEPS {
            if walk.dice.below(6) == 0 {
                let (table, what) = (walk.dice.of(&tables), walk.dice.of(&["INSERT", "UPDATE"]));
                walk.world.place().refuse(what, table);
                walk.step().await;
                walk.world.place().mend(table);
            } else {
                walk.step().await;
            }
            later(&walk.world, 1_000);
        }
        walk.check(seed).await;
        assert_eq!(walk.changes_in_the_log(), walk.changes, "seed {seed}: one event a change");
        let check = walk.world.service.verify_audit(&[]).await.unwrap();
        assert_eq!(check.findings, Vec::<String>::new(), "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_05_ot_06_no_sequence_of_calls_revives_a_key_or_changes_what_it_may_do() {
    for seed in 11..=12 {
        let mut walk = Walk::start(seed).await;
        for step in 0..STEPS {
            walk.step().await;
            later(&walk.world, 1_000);
            if step % 50 == 49 {
                walk.check(seed).await;
            }
        }
        assert!(walk.keys.values().any(|k| k.revoked), "the walk never revoked: it proves nothing");
        let revoked: Vec<String> =
            walk.keys.iter().filter(|(_, k)| k.revoked).map(|(s, _)| s.clone()).collect();
        let world = walk.world.restart().await;
        let verifier = world.client("cluster-verifier").await;
        for secret in revoked {
            let question = json!({"secret": secret, "cost": 0});
            let verdict = member(&verifier.post("/v1/keys/verify", &question).await, "verdict");
            assert!(["REVOKED", "NOT_FOUND"].contains(&verdict.as_str()), "{verdict}");
        }
    }
}
