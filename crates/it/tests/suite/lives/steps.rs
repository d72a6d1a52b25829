//! What happens to keys: each step asks the program and tells the model.

use super::{
    history::{History, instant, rotation},
    model::{Key, Schedule},
};
use http::Method;
use serde_json::json;

/// What a history has more of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Focus {
    Revoked,
    Overlaps,
    Schedules,
    Ends,
}

impl History {
    /// One step, often of those that matter most; says which key it was about.
    pub(super) async fn step(&mut self, focus: Focus) -> Option<usize> {
        if self.model.keys.is_empty() || (self.model.keys.len() < 9 && self.chance(16)) {
            self.create().await;
            return self.model.keys.len().checked_sub(1);
        }
        let place = self.some_key()?;
        if self.chance(25) {
            self.focused(focus, place).await;
            return Some(place);
        }
        match self.dice.below(100) {
            0..22 => self.pass_time(),
            22..30 => self.jobs().await,
            30..92 => self.happen(place).await,
            92..96 => self.policy().await,
            96..98 => self.lapse().await,
            98 => self.tenant_switch().await,
            _ => self.owner_switch().await,
        }
        Some(place)
    }

    /// Something that is done to a key, or with it.
    async fn happen(&mut self, place: usize) {
        match self.dice.below(62) {
            0..6 => self.use_key(place),
            6..16 => self.rotate(place).await,
            16..21 => self.extend(place).await,
            21..24 => self.retire(place).await,
            24..30 => self.schedule(place).await,
            30..37 => self.end(place).await,
            37..43 => {
                let on = self.chance(60);
                self.switch(place, on).await;
            }
            43..47 => self.acknowledge(place).await,
            47..50 => self.regenerate(place).await,
            50..57 => self.revoke(place).await,
            57..60 => self.take_back(place).await,
            _ => self.delete(place).await,
        }
    }

    async fn focused(&mut self, focus: Focus, place: usize) {
        let at = self.now();
        let place = self.likely(place, |key| match focus {
            Focus::Revoked => key.is_revoked(at) && !key.deleted,
            Focus::Overlaps => key.is_open(at) && key.overlaps(at),
            Focus::Schedules => key.is_open(at) && key.schedule.is_some(),
            Focus::Ends => key.is_open(at) && key.held,
        });
        match (focus, self.dice.below(4)) {
            (Focus::Revoked, 0) => {
                let ahead = |key: &Key| key.kind.name == "nexus" && key.is_open(at);
                let place = self.likely(place, |key| ahead(key) && key.revoked.is_some());
                self.take_back(place).await;
            }
            (Focus::Revoked, 1) => {
                let place = self.likely(place, |key| key.is_open(at));
                self.revoke(place).await;
            }
            (Focus::Revoked, _) => self.revive(place).await,
            (Focus::Overlaps, 0 | 2) => self.extend(place).await,
            (Focus::Overlaps | Focus::Schedules, 1) => self.rotate(place).await,
            (Focus::Schedules, 0) => self.schedule(place).await,
            (Focus::Schedules, 3) => {
                self.pass_due(place);
                self.jobs().await;
            }
            (Focus::Ends, 0) => self.end(place).await,
            (Focus::Ends, 1) => self.policy().await,
            (Focus::Ends, 3) => self.switch(place, true).await,
            (Focus::Schedules | Focus::Ends, 2) => self.jobs().await,
            _ => self.pass_time(),
        }
    }

    async fn rotate(&mut self, place: usize) {
        let overlap_s = self.dice.of(&[0, 1, 60, 86_400, 2_592_000]);
        let end_overlap = self.chance(40);
        let at = self.now();
        let allowed = self.model.may_rotate(place, overlap_s, end_overlap, at);
        let path = self.path(place, "rotate");
        let body = json!({"overlapSeconds": overlap_s, "endOverlap": end_overlap});
        let answer = self.post(&path, &body).await;
        self.expect("rotate", &answer, allowed);
        if allowed {
            let text = answer.json()["secret"].as_str().unwrap().to_owned();
            self.model.keys[place].replace(&text, overlap_s, at, false);
        }
    }

    async fn regenerate(&mut self, place: usize) {
        let at = self.now();
        let key = &self.model.keys[place];
        let allowed = key.kind.regenerates && key.is_open(at);
        let answer = self.act(place, "regenerate").await;
        self.expect("regenerate", &answer, allowed);
        if allowed {
            let text = answer.json()["secret"].as_str().unwrap().to_owned();
            self.model.keys[place].replace(&text, 0, at, false);
        }
    }

    async fn retire(&mut self, place: usize) {
        let at = self.now();
        let key = &self.model.keys[place];
        let allowed = key.kind.rotates && key.is_open(at);
        let answer = self.act(place, "retire-secret").await;
        self.expect("retire", &answer, allowed);
        if let Some(old) = self.model.keys[place].old(at).filter(|_| allowed) {
            old.until = Some(at);
        }
    }

    async fn extend(&mut self, place: usize) {
        let overlap_s = self.dice.of(&[1, 3_600, 86_400, 2_592_000]);
        let at = self.now();
        let allowed = self.model.may_extend(place, overlap_s, at);
        let path = self.path(place, "extend-overlap");
        let answer = self.post(&path, &json!({"overlapSeconds": overlap_s})).await;
        self.expect("extend", &answer, allowed);
        if let Some(old) = self.model.keys[place].old(at).filter(|_| allowed) {
            old.until = Some(at + overlap_s * 1_000);
        }
    }

    async fn schedule(&mut self, place: usize) {
        let wanted = (!self.chance(30)).then(|| self.some_schedule());
        let at = self.now();
        let allowed = self.model.may_schedule(place, wanted, at);
        let answer = self.patch(place, &json!({"rotation": wanted.map(rotation)})).await;
        self.expect("schedule", &answer, allowed);
        let key = &mut self.model.keys[place];
        let had = key.schedule.map(|schedule| (schedule.days, schedule.overlap_s));
        if allowed && wanted != had {
            key.schedule = wanted.map(|(days, overlap_s)| {
                let due = at + days * super::model::DAY;
                Schedule { days, overlap_s, due }
            });
        }
    }

    async fn end(&mut self, place: usize) {
        let wanted = (!self.chance(25)).then(|| self.soon());
        let at = self.now();
        let key = &self.model.keys[place];
        let same = wanted == key.ends;
        let may = key.kind.ends && key.is_open(at) && self.model.may_end(key.kind, wanted, at);
        let allowed = !key.deleted && (same || may);
        let answer = self.patch(place, &json!({"expires": wanted.map(instant)})).await;
        self.expect("end", &answer, allowed);
        if allowed && !same {
            self.model.keys[place].ends = wanted;
            let id = self.model.keys[place].id.clone();
            self.moved.push(id);
        }
    }

    async fn switch(&mut self, place: usize, on: bool) {
        let at = self.now();
        let key = &self.model.keys[place];
        let same = key.enabled == on && !(on && key.held);
        let may = key.is_open(at) && (key.kind.ends || key.enabled == on);
        let allowed = !key.deleted && (same || may);
        let answer = self.act(place, if on { "enable" } else { "disable" }).await;
        self.expect(if on { "enable" } else { "disable" }, &answer, allowed);
        let key = &mut self.model.keys[place];
        if allowed && !same {
            let released = key.held && on;
            if on {
                key.active = at;
                key.held = false;
            }
            key.enabled = on;
            if released {
                self.count("released");
            }
        }
    }

    async fn acknowledge(&mut self, place: usize) {
        let key = &self.model.keys[place];
        let allowed = key.kind.once && !key.deleted;
        let answer = self.act(place, "acknowledge").await;
        self.expect("acknowledge", &answer, allowed);
        self.model.keys[place].acknowledged |= allowed;
    }

    /// Now or at some instant; one that lies ahead may be moved.
    async fn revoke(&mut self, place: usize) {
        let from = self.chance(50).then(|| self.soon());
        let at = self.now();
        let key = &self.model.keys[place];
        // Now, of a key that is revoked already, changes nothing and is fine.
        let allowed = key.kind.revokes && !key.deleted && (!key.is_revoked(at) || from.is_none());
        let path = self.path(place, "revoke");
        let answer = self.post(&path, &json!({"at": from.map(instant)})).await;
        self.expect(if from.is_some() { "revoke later" } else { "revoke" }, &answer, allowed);
        let key = &mut self.model.keys[place];
        if allowed && !key.is_revoked(at) {
            key.revoked = Some(from.unwrap_or(at));
        }
    }

    /// On the wire where a revocation that lies ahead may be taken back.
    async fn take_back(&mut self, place: usize) {
        let at = self.now();
        let key = &self.model.keys[place];
        let allowed = key.kind.name == "nexus" && key.is_open(at);
        let path = format!("/nexus/v3/apikeys/{}", key.id);
        let answer = self.call(Method::PUT, &path, Some(&json!({"revoked": false}))).await;
        self.expect("take back", &answer, allowed);
        if allowed {
            self.model.keys[place].revoked = None;
        }
    }

    async fn delete(&mut self, place: usize) {
        let there = !self.model.keys[place].deleted;
        let path = self.path(place, "");
        let answer = self.call(Method::DELETE, &path, None).await;
        self.expect("delete", &answer, there);
        self.model.keys[place].deleted = true;
    }
}
