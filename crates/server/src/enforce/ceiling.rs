//! A policy's own limit: a ceiling over all calls together, in memory, on this node its share.

use domain::rate_limit::{Limit, Taken, Window};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use verifier::{LimitState, Now};

/// The limit of one policy, and what it has let pass.
pub(super) struct Ceiling {
    limit: Limit,
    /// Whether the limit is too small to be shared among the nodes: then nothing passes.
    closed: bool,
    window: Arc<Mutex<Window>>,
}

impl Ceiling {
    /// Judges a call under the ceiling. `judge` is told whether there is room, and says what came out and
    /// whether the call passes: then it takes a unit. Calls wait for each other here.
    pub(super) fn pass<R, E>(
        &self,
        now: Now,
        judge: impl FnOnce(bool) -> Result<(R, bool), E>,
    ) -> Result<(R, Option<LimitState>), E> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let take = |window: &mut Window, cost| window.take(now.mono_ns, self.limit, cost, false).0;
        let before = take(&mut window, 0);
        let has_room = !self.closed && remaining(before) > 0;
        let (judged, passes) = judge(has_room)?;
        let after = if has_room && passes { take(&mut window, 1) } else { before };
        drop(window);
        Ok((judged, Some(self.state(after, has_room))))
    }

    fn state(&self, taken: Taken, has_room: bool) -> LimitState {
        let (Taken::Admitted { reset_after_ms, .. } | Taken::Refused { reset_after_ms, .. }) =
            taken;
        let (remaining, reset_after_ms) = match (self.closed, has_room) {
            (true, _) => (0, u64::from(self.limit.frequency_s()) * 1000),
            (false, true) => (remaining(taken), reset_after_ms),
            (false, false) => (0, reset_after_ms),
        };
        LimitState { limit: self.limit, remaining, reset_after_ms }
    }
}

const fn remaining(taken: Taken) -> u32 {
    match taken {
        Taken::Admitted { remaining, .. } | Taken::Refused { remaining, .. } => remaining,
    }
}

/// What holds a policy: a name that both have is that of two, which may be two tenants'.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Holder {
    /// Nothing else: it is one that is asked about by name.
    Policy,
    /// A route of the gateway.
    Route,
}

/// What the policies of this node have let pass, by holder and name: a change of the rules forgets none
/// of it.
#[derive(Default)]
pub(crate) struct Ceilings(Mutex<HashMap<(Holder, String), Weak<Mutex<Window>>>>);

impl fmt::Debug for Ceilings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ceilings")
    }
}

impl Ceilings {
    /// The ceiling of this policy; where another version of it is in use, with what that one let pass.
    pub(super) fn of(&self, policy: (Holder, &str), limit: Limit, nodes: u32) -> Ceiling {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, window| window.strong_count() > 0);
        let place = (policy.0, policy.1.to_owned());
        let window = known.get(&place).and_then(Weak::upgrade).unwrap_or_default();
        known.insert(place, Arc::downgrade(&window));
        match limit.divided_by(nodes) {
            Ok(share) => Ceiling { limit: share, closed: false, window },
            Err(_) => Ceiling { limit, closed: true, window },
        }
    }
}
