//! A new key of any type.

use super::{
    history::{History, instant, rotation},
    kinds::KINDS,
    model::{DAY, Key, Schedule, Standing},
};
use serde_json::json;

impl History {
    /// Makes a key; the caller chooses the secrets of one type.
    pub(super) async fn create(&mut self) {
        // Those to whose keys most can happen more often.
        let few = if self.chance(45) { 3 } else { KINDS.len() };
        let kind = self.dice.of(&KINDS[..few]);
        let at = self.now();
        let mut body = json!({"keyType": kind.name, "tenant": self.tenant, "name": "lived"});
        match kind.name {
            "nexus" => body["permissions"] = json!(["nexus:consumer:chat"]),
            "api" | "partner" => body["permissions"] = json!(["orders:read"]),
            "psk" => body["owner"] = json!(self.owner),
            "ges" => {
                let text = format!("chosen-{:016x}", self.dice.below(u64::MAX));
                body["secret"] = json!(text);
            }
            _ => {}
        }
        let enabled = !(kind.ends && self.chance(10));
        let starts = (kind.ends && self.chance(15)).then(|| self.soon());
        let wanted = (kind.ends && self.chance(35)).then(|| self.soon());
        let schedule = (kind.rotates && self.chance(30)).then(|| self.some_schedule());
        if !enabled {
            body["enabled"] = json!(false);
        }
        body["startsAt"] = json!(starts.map(instant));
        body["expires"] = json!(wanted.map(instant));
        body["rotation"] = json!(schedule.map(rotation));
        let ends = self.model.end_of(kind, wanted, at);
        let second = |key: &Key| key.kind.name == "psk" && key.is_open(at);
        let one_a_person = kind.name != "psk"
            || (self.model.owner != Standing::Deleted && !self.model.keys.iter().any(second));
        let answer = self.post("/v1/keys", &body).await;
        self.expect(&format!("create {}", kind.name), &answer, ends.is_some() && one_a_person);
        let Some(ends) = ends.filter(|_| one_a_person) else { return };
        let made = answer.json();
        let due = |days: i64| at + days * DAY;
        let mut key = Key {
            kind,
            id: made["id"].as_str().unwrap().to_owned(),
            secrets: Vec::new(),
            enabled,
            starts,
            ends,
            revoked: None,
            deleted: false,
            schedule: schedule.map(|(days, overlap_s)| Schedule {
                days,
                overlap_s,
                due: due(days),
            }),
            held: false,
            acknowledged: false,
            active: at,
            used: None,
        };
        key.give(made["secret"].as_str().unwrap(), at);
        self.model.keys.push(key);
    }

    pub(super) fn some_schedule(&mut self) -> (i64, i64) {
        let overlaps = [0, 60, 3_600, 86_399];
        (self.dice.of(&[1, 2, 7, 30, 90]), self.dice.of(&overlaps))
    }
}
