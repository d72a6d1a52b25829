//! Taking units and counting: what a call changes.

use crate::{
    Verifier,
    feed::KeyUsage,
    index::Sight,
    question::{LimitState, Now},
    settings::Settings,
    state::{Counted, Owner},
    verify::{Mode, Question},
};
use domain::{
    rate_limit::{Limit, Taken},
    verdict::{Verdict, settle},
};

/// The last word, and the limit after it.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) limit: Option<LimitState>,
}

impl Verifier {
    /// Takes the units and counts the call, in one visit to the key's state.
    pub(crate) fn take(
        &self,
        question: &Question<'_>,
        sight: &Sight<'_>,
        settings: &Settings,
        verdict: Verdict,
    ) -> Judged {
        let owner =
            Owner { link: &sight.record.state, slot: sight.slot, id: sight.record.low_id() };
        let limited = settings.limit.filter(|_| verdict == Verdict::Valid);
        let (cost, refused_above) = match question.mode {
            Mode::Call(cost) => (cost, false),
            Mode::Refuse => (0, true),
            Mode::Look => return self.look(question.now, owner, settings, limited, verdict),
        };
        let Some((at, mut state)) = self.states.enter(owner) else {
            return no_room(limited, settings, verdict, refused_above);
        };
        let mut judged = match (limited, settings.share) {
            (None, _) => Judged { verdict, limit: None },
            (Some(whole), None) => refused(whole),
            (Some(_), Some(share)) => {
                let (taken, _) = state.take(question.now.mono_ns, share, cost);
                taken_as(taken, share)
            }
        };
        if refused_above && judged.verdict == Verdict::Valid {
            judged.verdict = Verdict::RateLimited;
        }
        match state.count(judged.verdict, sight.secret_slot, question.now.wall) {
            Counted::First => self.states.mark(at),
            Counted::Further => {}
            Counted::Full => {
                let usage = KeyUsage::of(sight.id, state.counts());
                self.returned.give_back(0, &[usage]);
            }
        }
        judged
    }

    /// The state of the limit, without a state being made for it.
    fn look(
        &self,
        now: Now,
        owner: Owner<'_>,
        settings: &Settings,
        limited: Option<Limit>,
        verdict: Verdict,
    ) -> Judged {
        let Some(whole) = limited else {
            return Judged { verdict, limit: None };
        };
        let Some(share) = settings.share else {
            return refused(whole);
        };
        let taken = self.states.peek(owner).map_or(
            Taken::Admitted { remaining: share.capacity(), reset_after_ms: 0 },
            |mut state| state.take(now.mono_ns, share, 0).0,
        );
        taken_as(taken, share)
    }
}

fn taken_as(taken: Taken, limit: Limit) -> Judged {
    let (Taken::Admitted { remaining, reset_after_ms }
    | Taken::Refused { remaining, reset_after_ms }) = taken;
    Judged {
        verdict: settle(Some(taken)),
        limit: Some(LimitState { limit, remaining, reset_after_ms }),
    }
}

/// A limit too small to be shared among the nodes admits nothing.
fn refused(limit: Limit) -> Judged {
    Judged {
        verdict: Verdict::RateLimited,
        limit: Some(LimitState {
            limit,
            remaining: 0,
            reset_after_ms: u64::from(limit.frequency_s()) * 1000,
        }),
    }
}

/// Without a state nothing can be counted: what has a limit is refused, the rest passes.
fn no_room(
    limited: Option<Limit>,
    settings: &Settings,
    verdict: Verdict,
    refused_above: bool,
) -> Judged {
    match limited {
        Some(whole) => refused(settings.share.unwrap_or(whole)),
        None if refused_above && verdict == Verdict::Valid => {
            Judged { verdict: Verdict::RateLimited, limit: None }
        }
        None => Judged { verdict, limit: None },
    }
}
