//! What happens around keys: policies, their tenant, their owner, and what the program does by itself.

use super::{
    history::{History, instant},
    model::{Policy, Standing},
};
use http::Method;
use serde_json::{Value, json};

impl History {
    pub(super) async fn policy(&mut self) {
        if self.model.tenant != Standing::Live {
            return;
        }
        let of_type = self.dice.of(&["*", "api", "nexus"]);
        let path = format!("/v1/tenants/{}/key-policies/{of_type}", self.tenant);
        if self.chance(25) {
            let there = self.model.policies.remove(of_type).is_some();
            let answer = self.call(Method::DELETE, &path, None).await;
            return self.expect("policy taken away", &answer, there);
        }
        let longest = self.dice.of(&[None, None, Some(30), Some(365)]);
        let usual = self.dice.of(&[None, Some(1), Some(30)]);
        let unused = self.dice.of(&[None, Some(1), Some(30)]);
        let body =
            json!({"longestLifeDays": longest, "defaultLifeDays": usual, "unusedDays": unused});
        let answer = self.call(Method::PUT, &path, Some(&body)).await;
        self.expect("policy", &answer, true);
        self.model.policies.insert(of_type, Policy { usual, longest, unused });
    }

    pub(super) async fn lapse(&mut self) {
        let lapse = self.dice.of(&[None, Some(0), Some(1), Some(90)]);
        let policy = match lapse {
            None => json!({"unacknowledged": "live"}),
            Some(0) => json!({"unacknowledged": "inactive"}),
            Some(minutes) => json!({"unacknowledged": "lapse", "lapseMinutes": minutes}),
        };
        let path = format!("/v1/tenants/{}", self.tenant);
        let answer = self.call(Method::PATCH, &path, Some(&json!({"policy": policy}))).await;
        self.expect("lapse", &answer, true);
        self.model.lapse = lapse;
    }

    /// Time without use counts anew after it; so not beside policies that count it.
    pub(super) async fn tenant_switch(&mut self) {
        let on = self.model.tenant == Standing::Disabled;
        if !on && !self.model.policies.is_empty() {
            return;
        }
        let path = format!("/v1/tenants/{}", self.tenant);
        let answer = self.call(Method::PATCH, &path, Some(&json!({"enabled": on}))).await;
        self.expect("tenant", &answer, true);
        self.model.tenant = if on { Standing::Live } else { Standing::Disabled };
    }

    pub(super) async fn owner_switch(&mut self) {
        let path = format!("/v1/persons/{}", self.owner);
        let on = self.model.owner == Standing::Disabled;
        let there = self.model.owner != Standing::Deleted;
        let answer = if there && self.chance(20) {
            self.model.owner = Standing::Deleted;
            self.call(Method::DELETE, &path, None).await
        } else {
            if there {
                self.model.owner = if on { Standing::Live } else { Standing::Disabled };
            }
            self.call(Method::PATCH, &path, Some(&json!({"enabled": on}))).await
        };
        self.expect("owner", &answer, there);
    }

    /// What the program does by itself.
    pub(super) async fn jobs(&mut self) {
        let at = self.now();
        let due = self.model.due(at);
        self.world.service.rotate_due_keys().await.unwrap();
        self.told.push(format!("{} jobs", instant(at)));
        for place in due {
            let overlap_s = self.model.keys[place].schedule.map_or(0, |s| s.overlap_s);
            let answer = self.act(place, "reveal").await;
            assert_eq!(answer.status, 200, "{}\n{}", answer.text(), self.story());
            let text = answer.json()["secret"].as_str().unwrap().to_owned();
            assert_ne!(text, self.model.keys[place].current().text, "{}", self.story());
            self.model.keys[place].replace(&text, overlap_s, at, true);
            self.count("rotated by schedule");
        }
        self.world.service.hold_unused_keys().await.unwrap();
        self.world.service.release_keys().await.unwrap();
        for place in 0..self.model.keys.len() {
            let key = &self.model.keys[place];
            if key.deleted {
                continue;
            }
            let held = if key.held {
                !self.model.would_release(key, at)
            } else {
                self.model.would_hold(key, at)
            };
            let close = self.model.is_close(key, at);
            if held == key.held && !close {
                continue;
            }
            let shown = self.shown(place).await;
            let is_held = shown["held"] != Value::Null;
            assert!(close || is_held == held, "held: {shown}\n{}", self.story());
            if is_held != self.model.keys[place].held {
                self.count(if is_held { "held" } else { "released" });
            }
            self.model.keys[place].held = is_held;
        }
    }

    pub(super) async fn shown(&mut self, place: usize) -> Value {
        let path = self.path(place, "");
        let answer = self.call(Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{}\n{}", answer.text(), self.story());
        answer.json()
    }
}
