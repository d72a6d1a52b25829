//! Sign-ins in the audit log, within limits that keep guesses from filling the disk.
//!
//! Each topic writes its first event at once and then at most one in [`QUIET_MS`], which counts what
//! came in between; all topics together stay under [`Notes::CEILING`]. Nothing is left out: what could
//! not be written is in the count of the next event, and a job writes what is left over.

use super::sign_in::Via;
use crate::{Service, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    id::{PersonId, Scope},
    rate_limit::{Limit, Taken, Window},
    time::Timestamp,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How long a topic keeps quiet after an event.
const QUIET_MS: i64 = 10_000;
/// Topics remembered at once; beyond them an event is written without being merged.
const MAX_TOPICS: usize = 65_536;

/// What is merged into one event.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Topic {
    /// The first failure in a row of some account.
    FirstFailure(Scope),
    /// An account or source that is delayed from now on.
    Lock(Scope),
    /// Any other failure.
    Failure(Scope),
    /// A person's password, used in one way.
    Use(PersonId, Via),
}

impl Topic {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::FirstFailure(_) => "first failure",
            Self::Lock(_) => "lock",
            Self::Failure(_) => "failure",
            Self::Use(..) => "use",
        }
    }
}

/// What waits to be written.
#[derive(Debug)]
pub struct Notes(Mutex<State>);

#[derive(Debug)]
struct State {
    ceiling: Option<Limit>,
    written: Window,
    topics: HashMap<Topic, Tally>,
}

#[derive(Debug)]
struct Tally {
    /// From then on the next event may be written.
    due_at: Timestamp,
    /// The latest that was not written, and how many it stands for.
    waiting: Option<(AuditEvent, i64)>,
}

impl Default for Notes {
    fn default() -> Self {
        let (units, seconds) = Self::CEILING;
        Self(Mutex::new(State {
            ceiling: Limit::new(units, seconds).ok(),
            written: Window::default(),
            topics: HashMap::new(),
        }))
    }
}

impl Notes {
    /// Events and seconds: about 30 MB a day at the very most.
    const CEILING: (u32, u32) = (60, 60);

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an event in; gives back the one to write now, if its time has come.
    fn admit(&self, topic: Topic, event: AuditEvent, mono_ns: u64) -> Option<AuditEvent> {
        let mut state = self.state();
        let now = event.origin.at;
        let due =
            state.topics.get(&topic).is_none_or(|t| now >= t.due_at) && state.may_write(mono_ns);
        if !due {
            let full = state.topics.len() >= MAX_TOPICS;
            if full && !state.topics.contains_key(&topic) {
                tracing::warn!(
                    topic = topic.name(),
                    "too many sign-ins wait for the audit log; one is only logged"
                );
                return None;
            }
            let tally = state.topics.entry(topic).or_insert(Tally { due_at: now, waiting: None });
            let count = tally.waiting.take().map_or(0, |(_, count)| count);
            tally.waiting = Some((event, count + 1));
            return None;
        }
        let tally = Tally { due_at: now.plus_millis(QUIET_MS), waiting: None };
        let before =
            state.topics.insert(topic, tally).and_then(|t| t.waiting).map_or(0, |(_, count)| count);
        Some(counted(event, before + 1))
    }

    /// What has waited long enough; forgets topics that nothing waits in.
    fn overdue(&self, now: Timestamp, mono_ns: u64) -> Vec<(Topic, AuditEvent, i64)> {
        let mut state = self.state();
        state.topics.retain(|_, t| t.waiting.is_some() || now < t.due_at);
        let ready: Vec<Topic> = state
            .topics
            .iter()
            .filter(|(_, t)| t.waiting.is_some() && now >= t.due_at)
            .map(|(k, _)| k.clone())
            .collect();
        let mut out = Vec::new();
        for topic in ready {
            if !state.may_write(mono_ns) {
                break;
            }
            if let Some(tally) = state.topics.get_mut(&topic)
                && let Some((event, count)) = tally.waiting.take()
            {
                tally.due_at = now.plus_millis(QUIET_MS);
                out.push((topic, event, count));
            }
        }
        out
    }

    /// Everything that waits, whatever the limits: at stop.
    fn all(&self) -> Vec<(Topic, AuditEvent, i64)> {
        let taken = std::mem::take(&mut self.state().topics);
        taken
            .into_iter()
            .filter_map(|(topic, t)| t.waiting.map(|(event, count)| (topic, event, count)))
            .collect()
    }

    /// Gives back what could not be written.
    fn put_back(&self, topic: Topic, event: AuditEvent, count: i64) {
        let mut state = self.state();
        let tally =
            state.topics.entry(topic).or_insert(Tally { due_at: event.origin.at, waiting: None });
        match &mut tally.waiting {
            Some((_, waiting)) => *waiting += count,
            None => tally.waiting = Some((event, count)),
        }
    }
}

impl State {
    fn may_write(&mut self, mono_ns: u64) -> bool {
        let Some(ceiling) = self.ceiling else { return true };
        matches!(self.written.take(mono_ns, ceiling, 1, false).0, Taken::Admitted { .. })
    }
}

/// The event with the number of occurrences that it stands for.
fn counted(mut event: AuditEvent, count: i64) -> AuditEvent {
    event.detail.push(("count", Fact::Int(count)));
    event
}

impl Service {
    /// Writes an event about a sign-in, now or merged into a later one.
    pub(super) async fn note(&self, topic: Topic, event: AuditEvent) -> Result<(), Error> {
        match self.sign_in_notes.admit(topic, event, self.now().mono_ns) {
            Some(event) => self.write_note(event).await,
            None => Ok(()),
        }
    }

    /// Writes what was merged and has waited long enough; `everything` at stop.
    pub async fn write_sign_in_notes(&self, everything: bool) {
        let now = self.now();
        let ready = if everything {
            self.sign_in_notes.all()
        } else {
            self.sign_in_notes.overdue(now.wall, now.mono_ns)
        };
        for (topic, event, count) in ready {
            if let Err(error) = self.write_note(counted(event.clone(), count)).await {
                tracing::warn!(%error, "a sign-in could not be written to the audit log; it is kept");
                self.sign_in_notes.put_back(topic, event, count);
            }
        }
    }

    async fn write_note(&self, event: AuditEvent) -> Result<(), Error> {
        self.store.write(move |tx| tx.commit(event.clone(), ()).map_err(Error::from)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{actor::Actor, audit::Origin};

    fn event(at_ms: i64) -> AuditEvent {
        let actor = Actor::system("test");
        let origin = Origin {
            actor,
            address: None,
            request_id: String::new(),
            at: Timestamp::from_millis(at_ms),
        };
        AuditEvent::new(
            "person.sign_in_failed",
            Scope::Cluster,
            origin,
            ("person", "unknown".to_owned()),
        )
    }

    fn count(event: &AuditEvent) -> Option<Fact> {
        event.detail.iter().find(|(name, _)| *name == "count").map(|(_, fact)| fact.clone())
    }

    fn mono(ms: i64) -> u64 {
        u64::try_from(ms).unwrap() * 1_000_000
    }

    #[test]
    fn the_first_is_written_at_once_and_the_next_counts_what_came_between() {
        let notes = Notes::default();
        let topic = || Topic::Failure(Scope::Cluster);
        assert_eq!(
            count(&notes.admit(topic(), event(1_000), mono(1_000)).unwrap()),
            Some(Fact::Int(1))
        );
        for ms in [2_000, 3_000, 10_999] {
            assert!(notes.admit(topic(), event(ms), mono(ms)).is_none());
        }
        let next = notes.admit(topic(), event(11_000), mono(11_000)).unwrap();
        assert_eq!(count(&next), Some(Fact::Int(4)));
    }

    #[test]
    fn what_nobody_follows_up_is_written_by_the_job() {
        let notes = Notes::default();
        let topic = || Topic::Lock(Scope::Cluster);
        let _ = notes.admit(topic(), event(1_000), mono(1_000));
        let _ = notes.admit(topic(), event(2_000), mono(2_000));
        assert!(notes.overdue(Timestamp::from_millis(10_000), mono(10_000)).is_empty());
        let ready = notes.overdue(Timestamp::from_millis(11_000), mono(11_000));
        assert_eq!(ready.iter().map(|(_, _, count)| *count).collect::<Vec<_>>(), [1]);
        assert!(notes.all().is_empty());
    }

    #[test]
    fn many_topics_stay_under_the_ceiling_and_nothing_is_lost() {
        let notes = Notes::default();
        let mut written = 0;
        for n in 0..1_000_u128 {
            let topic =
                Topic::FirstFailure(Scope::Tenant(domain::id::TenantId(uuid::Uuid::from_u128(n))));
            written += i64::from(notes.admit(topic, event(1_000), mono(1_000)).is_some());
        }
        assert_eq!(written, 60);
        let waiting: i64 = notes.all().iter().map(|(_, _, count)| count).sum();
        assert_eq!(written + waiting, 1_000);
    }
}
