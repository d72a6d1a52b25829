//! What was done to the samples, by whom and when: a log that reads like one.

use super::{Prepared, Sample, samples::State};
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::{AuditEvent, Fact, Facts, Origin},
    cors::Cors,
    id::Scope,
    key::Key,
    person::Person,
    time::Timestamp,
};
use std::net::{IpAddr, Ipv4Addr};

const DAY_S: i64 = 86_400;
/// Days on which somebody signed in.
const DAYS: i64 = 6;

/// Events in the order of their instants.
#[derive(Default)]
pub(super) struct History(Vec<AuditEvent>);

impl History {
    fn note(
        &mut self,
        (action, scope): (&'static str, Scope),
        (at, actor): (Timestamp, Actor),
        subject: (&'static str, String),
        (before, after): (Facts, Facts),
    ) {
        let by_person = matches!(actor.kind, ActorKind::Principal(_));
        let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, actor_byte(&actor)));
        let origin = Origin {
            address: by_person.then_some(address),
            request_id: format!("demo-{}", self.0.len() + 1),
            actor,
            at,
        };
        let event = AuditEvent::new(action, scope, origin, subject).before(before).after(after);
        self.0.push(event.detail(vec![("sample", Fact::Bool(true))]));
    }

    fn made(
        &mut self,
        action: &'static str,
        scope: Scope,
        by: (Timestamp, Actor),
        subject: (&'static str, String),
        facts: Facts,
    ) {
        self.note((action, scope), by, subject, (Vec::new(), facts));
    }

    /// The events of everything that was prepared.
    pub(super) fn of(prepared: &Prepared, now: Timestamp) -> Vec<AuditEvent> {
        let mut history = Self::default();
        for tenant in &prepared.tenants {
            let scope = Scope::Tenant(tenant.id);
            let by = (tenant.created_at, Actor::system("demo"));
            history.made(
                "tenant.create",
                scope,
                by,
                ("tenant", tenant.id.to_string()),
                tenant.facts(),
            );
        }
        for (person, _) in &prepared.persons {
            let by = match prepared.admin(person.scope) {
                Some(admin) if admin.id != person.id => actor(admin),
                _ => Actor::system("demo"),
            };
            let subject = ("person", person.id.to_string());
            history.made(
                "person.create",
                person.scope,
                (person.created_at, by),
                subject,
                person.facts(),
            );
            history.signed_in(person, now);
        }
        history.settings(prepared, now);
        for sample in &prepared.keys {
            history.key(sample, prepared, now);
        }
        history.0.sort_by_key(|event| event.origin.at);
        history.0
    }

    fn settings(&mut self, prepared: &Prepared, now: Timestamp) {
        let by = |scope, days: i64| {
            let admin = prepared.admin(scope).map_or_else(|| Actor::system("demo"), actor);
            (now.plus_seconds(-days * DAY_S - 4_000), admin)
        };
        for role in &prepared.roles {
            let subject = ("role", format!("{}/{}", role.scope, role.name));
            self.made("role.create", role.scope, by(role.scope, 165), subject, role.facts());
        }
        for policy in &prepared.policies {
            let subject = ("key_policy", policy.id());
            self.made(
                "key_policy.set",
                policy.scope,
                by(policy.scope, 12),
                subject,
                policy.facts(),
            );
        }
        for cors in &prepared.cors {
            let scope = Scope::Tenant(cors.tenant);
            let subject = ("cors", cors.tenant.to_string());
            let none = Cors::none(cors.tenant).facts();
            self.note(("cors.update", scope), by(scope, 3), subject, (none, cors.facts()));
        }
        for (client, _) in &prepared.clients {
            let subject = ("client", client.id.to_string());
            self.made("client.create", client.scope, by(client.scope, 48), subject, client.facts());
        }
        for (tenant, of_type) in &prepared.key_types {
            let (scope, name) = (Scope::Tenant(*tenant), &of_type.name);
            let subject = ("key_type", format!("{tenant}/{name}"));
            self.made("key_type.create", scope, by(scope, 56), subject, of_type.facts());
        }
    }

    /// Signs somebody in on some of the last days.
    fn signed_in(&mut self, person: &Person, now: Timestamp) {
        if !person.enabled {
            return;
        }
        let own = i64::from(actor_byte(&actor(person)));
        for ago in (0..DAYS).filter(|ago| (ago + own) % 3 != 0) {
            let at = now.plus_seconds(-ago * DAY_S - 1_800 - own * 61);
            let subject = ("person", person.id.to_string());
            let none = (Vec::new(), Vec::new());
            self.note(("person.sign_in", person.scope), (at, actor(person)), subject, none);
        }
    }

    /// A key's life: made, stored, and what came then.
    fn key(&mut self, sample: &Sample, prepared: &Prepared, now: Timestamp) {
        let maker = prepared.maker(sample);
        let key = &sample.key;
        let subject = || ("key", key.id.to_string());
        self.made(
            "key.create",
            key.scope,
            (key.created_at, maker.clone()),
            subject(),
            sample.born.facts(),
        );
        let mut known = sample.born.clone();
        for (action, at, step) in steps(sample, now) {
            let by =
                if action == "key.hold" { Actor::system("unused_keys") } else { maker.clone() };
            let facts = (known.facts(), step.facts());
            self.note((action, key.scope), (at, by), subject(), facts);
            known = step;
        }
    }
}

/// What happened to a key after it was made; the last step leaves it as it is now.
pub(super) fn steps(sample: &Sample, now: Timestamp) -> Vec<(&'static str, Timestamp, Key)> {
    let (born, key) = (&sample.born, &sample.key);
    let mut steps: Vec<(&'static str, Timestamp, Key)> = Vec::new();
    let mut known = born.clone();
    if let Some(at) = key.acknowledged_at {
        known = Key { acknowledged_at: Some(at), version: known.version + 1, ..known };
        steps.push(("key.acknowledge", at, known.clone()));
    }
    let then = match sample.sample.state {
        State::Disabled => ("key.update", now.plus_seconds(-3 * DAY_S)),
        State::RevokedSince(days) if days < 0 => ("key.update", now.plus_seconds(-2 * DAY_S)),
        State::RevokedSince(_) => ("key.revoke", key.revoked_at.unwrap_or(now)),
        State::Held => ("key.hold", key.held_at.unwrap_or(now)),
        State::Rotating => ("key.rotate", sample.rotated_at.unwrap_or(now)),
        State::Available | State::StartsIn(_) | State::ExpiresIn(_) => return steps,
    };
    let last = Key { version: known.version + 1, ..key.clone() };
    steps.push((then.0, then.1, last));
    steps
}

/// A person as the log names them.
pub(super) fn actor(person: &Person) -> Actor {
    Actor {
        kind: ActorKind::Principal(PrincipalId::Person(person.id)),
        name: person.username.clone(),
        scope: person.scope,
    }
}

/// A number that is always the same for the same name.
fn actor_byte(actor: &Actor) -> u8 {
    actor.name.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte))
}
