//! A tenant of its own, its keys, and what is known of them.

use super::{
    model::{DAY, Key, MINUTE, Model, SECOND, Standing},
    probe::ANYTHING,
};
use crate::{auth_v3::later, walk::Dice};
use domain::{time::Timestamp, verdict::Verdict};
use http::Method;
use it::{Answer, Caller, World, world::PASSWORD};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use verifier::Presented;

/// Tokens end after twelve hours.
const SIGN_IN_AFTER: i64 = 10 * 3_600 * SECOND;
const JSON: &str = "application/json";

pub(super) struct History {
    pub(super) world: World,
    ops: Caller,
    signed_in: i64,
    pub(super) dice: Dice,
    pub(super) model: Model,
    pub(super) tenant: String,
    pub(super) owner: String,
    /// What each secret answered last.
    pub(super) seen: HashMap<String, Verdict>,
    /// Keys whose end was moved, so that an expired one may serve again.
    pub(super) moved: Vec<String>,
    /// What happened, for whoever reads a failure.
    pub(super) told: Vec<String>,
    /// How often each thing was done, and each verdict seen.
    pub(super) counts: BTreeMap<String, usize>,
}

impl History {
    /// A new tenant of this world.
    pub(super) async fn begin(world: World, seed: u64, counts: BTreeMap<String, usize>) -> Self {
        let ops = world.person("ops").await;
        let made = ops.post("/v1/tenants", &json!({"name": "lives"})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let tenant = made.json()["id"].as_str().unwrap().to_owned();
        let person = json!({"tenant": tenant, "username": "owner", "roles": ["viewer"],
            "password": PASSWORD});
        let made = ops.post("/v1/persons", &person).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let owner = made.json()["id"].as_str().unwrap().to_owned();
        let partner = json!({"name": "partner", "tenant": tenant, "reveal": "recoverable",
            "format": {"kind": "random", "prefix": format!("p{seed}_")},
            "permissions": {"kind": "tenantsOwn"},
            "settings": ["name", "description", "expiry", "limit", "allowList", "permissions"]});
        let made = ops.post("/v1/key-types", &partner).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let signed_in = world.service.now().wall.as_millis();
        let model = Model {
            keys: Vec::new(),
            tenant: Standing::Live,
            owner: Standing::Live,
            lapse: None,
            policies: BTreeMap::new(),
        };
        Self {
            world,
            ops,
            signed_in,
            dice: Dice(seed),
            model,
            tenant,
            owner,
            seen: HashMap::new(),
            moved: Vec::new(),
            told: vec![format!("seed {seed}")],
            counts,
        }
    }

    pub(super) fn now(&self) -> i64 {
        self.world.service.now().wall.as_millis()
    }

    pub(super) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        if self.now() - self.signed_in > SIGN_IN_AFTER {
            self.ops = self.world.person("ops").await;
            self.signed_in = self.now();
        }
        let text = body.map(Value::to_string).unwrap_or_default();
        let answer =
            self.ops.send(method.clone(), path, body.map(|_| JSON), text.clone().into()).await;
        self.told.push(format!(
            "{} {method} {path} {text} -> {}",
            instant(self.now()),
            answer.status
        ));
        answer
    }

    pub(super) async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(super) async fn act(&mut self, place: usize, action: &str) -> Answer {
        let path = self.path(place, action);
        self.call(Method::POST, &path, None).await
    }

    pub(super) async fn patch(&mut self, place: usize, body: &Value) -> Answer {
        let path = self.path(place, "");
        self.call(Method::PATCH, &path, Some(body)).await
    }

    pub(super) fn path(&self, place: usize, action: &str) -> String {
        let id = &self.model.keys[place].id;
        if action.is_empty() { format!("/v1/keys/{id}") } else { format!("/v1/keys/{id}/{action}") }
    }

    /// The program does what the model lets it, and nothing else.
    pub(super) fn expect(&mut self, what: &str, answer: &Answer, allowed: bool) {
        let done = answer.status.is_success();
        let told = if done { String::new() } else { answer.text() };
        assert_eq!(done, allowed, "{what}: {told}\n{}", self.story());
        assert!(done || answer.status.is_client_error(), "{what}: {told}\n{}", self.story());
        if done {
            self.count(what);
        }
    }

    pub(super) fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn story(&self) -> String {
        let keys = self.model.keys.iter().map(|key| format!("{} {}\n", key.id, key.kind.name));
        format!("{}{}", keys.collect::<String>(), self.told.join("\n"))
    }

    pub(super) fn chance(&mut self, in_a_hundred: u64) -> bool {
        self.dice.below(100) < in_a_hundred
    }

    /// Some time from now.
    pub(super) fn soon(&mut self) -> i64 {
        const SPANS: [i64; 9] =
            [1, 999, MINUTE, 90 * MINUTE, DAY - 1, DAY, 3 * DAY, 30 * DAY, 400 * DAY];
        self.now() + self.dice.of(&SPANS)
    }

    pub(super) fn some_key(&mut self) -> Option<usize> {
        let keys = self.model.keys.len() as u64;
        (keys > 0).then(|| usize::try_from(self.dice.below(keys)).unwrap())
    }

    /// A key of which this is true, or any.
    pub(super) fn likely(&mut self, place: usize, is: impl Fn(&Key) -> bool) -> usize {
        let keys = self.model.keys.iter().enumerate();
        let fitting: Vec<usize> = keys.filter(|(_, key)| is(key)).map(|(at, _)| at).collect();
        if fitting.is_empty() { place } else { self.dice.of(&fitting) }
    }

    /// Moves the clock, most often to where something turns, or just before or behind it.
    pub(super) fn pass_time(&mut self) {
        const SPANS: [i64; 9] = [
            1,
            500,
            59 * SECOND,
            61 * SECOND,
            30 * MINUTE,
            300 * MINUTE,
            DAY,
            9 * DAY + 7,
            40 * DAY,
        ];
        let now = self.now();
        let turns = self.model.keys.iter().flat_map(|key| key.turns(self.model.lapse));
        let turns: Vec<i64> =
            turns.filter(|turn| (now + 2..now + 400 * DAY).contains(turn)).collect();
        let span = if turns.is_empty() || self.chance(40) {
            self.dice.of(&SPANS)
        } else {
            self.dice.of(&turns) + self.dice.of(&[-1, 0, 0, 1]) - now
        };
        self.pass(span);
    }

    /// To where the key is due for another secret.
    pub(super) fn pass_due(&mut self, place: usize) {
        let now = self.now();
        let due = self.model.keys[place].schedule.map(|schedule| schedule.due);
        self.pass(due.filter(|due| *due > now).map_or(1, |due| due - now));
    }

    fn pass(&mut self, span: i64) {
        let mut left = span;
        while left > 0 {
            let step = left.min(30 * DAY);
            later(&self.world, u32::try_from(step).unwrap());
            left -= step;
        }
        self.told.push(format!("{} {span} ms later", instant(self.now())));
    }

    /// A call with a secret of the key, counted as use where it passes.
    pub(super) fn use_key(&mut self, place: usize) {
        let at = self.now();
        let key = &self.model.keys[place];
        let secret = &key.secrets[key.secrets.len() - 1];
        let verdict = self.model.verdict(key, secret, at);
        let presented = Presented { secret: &secret.text, asked: ANYTHING, cost: 1 };
        let (verifier, now) = (self.world.service.verifier(), self.world.service.now());
        let answered = verifier.verify(&presented, now, |outcome| outcome.verdict).unwrap();
        // Its limit is another matter; what was refused for it was no use.
        if answered != Verdict::RateLimited {
            assert_eq!(answered, verdict, "a call\n{}", self.story());
        }
        if answered == Verdict::Valid {
            self.model.keys[place].used = Some(at);
        }
    }

    /// The same installation, stopped and opened again.
    pub(super) async fn restarted(self) -> Self {
        assert!(self.world.service.flush_usage().await);
        let world = self.world.restart().await;
        let ops = world.person("ops").await;
        let signed_in = world.service.now().wall.as_millis();
        Self { world, ops, signed_in, ..self }
    }

    /// Asks over the wire once more, and ends the tenant.
    pub(super) async fn close(mut self) -> (World, BTreeMap<String, usize>) {
        let at = self.now();
        let mut questions = Vec::new();
        let mut wanted = Vec::new();
        for key in &self.model.keys {
            for secret in &key.secrets {
                questions.push(json!({"secret": secret.text, "cost": 0}));
                wanted.push(self.model.verdict(key, secret, at).as_str());
            }
        }
        let answer = self.post("/v1/keys/verify-batch", &json!({"questions": questions})).await;
        let told = answer.json();
        let told: Vec<&str> = told["verdicts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["verdict"].as_str().unwrap())
            .collect();
        assert_eq!(told, wanted, "over the wire\n{}", self.story());
        let path = format!("/v1/tenants/{}", self.tenant);
        let answer = self.call(Method::DELETE, &path, None).await;
        self.expect("tenant deleted", &answer, true);
        self.model.tenant = Standing::Deleted;
        self.check();
        (self.world, self.counts)
    }

    pub(super) async fn imported(&mut self, kind: &str, body: String) -> String {
        let answer = self.ops.send(Method::POST, "/v1/keys/import", Some(kind), body.into()).await;
        self.told.push(format!("import -> {}", answer.status));
        answer.text()
    }
}

pub(super) fn instant(at: i64) -> String {
    Timestamp::from_millis(at).to_string()
}

pub(super) fn rotation((days, overlap_s): (i64, i64)) -> Value {
    json!({"everyDays": days, "overlapSeconds": overlap_s})
}
