//! Judging a presented secret: look up, walk the checks, take units, count, answer.

use crate::{
    Verifier,
    index::{Glance, Sight},
    names::{ROOM, Room, SHORT_ROOM, text},
    principals::Profile,
    question::{Found, Now, Outcome, Presented, Unavailable, Warning},
    record::{Print, Record},
    settings::Settings,
};
use domain::{
    key::days_left,
    permission::Permission,
    secret::{SecretDigest, Shape},
    time::Timestamp,
    verdict::{Request, Standing, Subject, Verdict, check},
};
use std::sync::{Arc, atomic::Ordering::Acquire};

const NOTHING_FOUND: Outcome<'static> =
    Outcome { verdict: Verdict::NotFound, found: None, limit: None };

/// Whether a call leaves a trace.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    /// It takes this many units and is counted.
    Call(u32),
    /// A ceiling above the key's own is full: it takes nothing and is counted as limited.
    Refuse,
    /// It takes nothing and is not counted.
    Look,
}

/// A question on its way.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) digest: &'a SecretDigest,
    pub(crate) asked: &'a Request<'a>,
    pub(crate) now: Now,
    pub(crate) mode: Mode,
}

impl Verifier {
    /// As [`Self::verify`], for a call that a ceiling above the key's own has no room for: what would be
    /// `VALID` is `RATE_LIMITED`, counted so, and nothing is taken.
    ///
    /// # Errors
    /// No verdict can be given now.
    pub fn refuse<R>(
        &self,
        presented: &Presented<'_>,
        now: Now,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        self.present(presented, now, Mode::Refuse, answer)
    }

    pub(crate) fn present<R>(
        &self,
        presented: &Presented<'_>,
        now: Now,
        mode: Mode,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        if Shape::of(presented.secret).is_err() {
            return Ok(self.malformed(presented.secret, now, answer));
        }
        let digest = &SecretDigest::of(presented.secret);
        self.judge(&Question { digest, asked: &presented.asked, now, mode }, answer)
    }

    pub(crate) fn judge<R>(
        &self,
        question: &Question<'_>,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        if self.is_stale(question.now) {
            return Err(Unavailable::Stale);
        }
        let print = self.index.print(question.digest);
        let mut room = Room([0; SHORT_ROOM]);
        let ahead = |record: &Record| {
            if !matches!(question.mode, Mode::Look) {
                self.states.fetch(&record.state);
            }
        };
        match self.index.key(&print, &mut room.0, ahead) {
            Glance::Seen(sight) if !sight.has_ended(question.now.wall) => {
                Ok(self.answer(question, &print, &sight, &room.0, answer))
            }
            Glance::LongName => self.judge_long(question, &print, answer),
            Glance::Seen(_) | Glance::NotIt | Glance::Torn => self.miss(question, &print, answer),
        }
    }

    /// As [`Self::judge`], for the few keys whose names need a large buffer.
    #[inline(never)]
    fn judge_long<R>(
        &self,
        question: &Question<'_>,
        print: &Print,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        let mut room = Room([0; ROOM]);
        match self.index.key(print, &mut room.0, |_| ()) {
            Glance::Seen(sight) if !sight.has_ended(question.now.wall) => {
                Ok(self.answer(question, print, &sight, &room.0, answer))
            }
            _ => self.miss(question, print, answer),
        }
    }

    fn answer<R>(
        &self,
        question: &Question<'_>,
        print: &Print,
        sight: &Sight<'_>,
        room: &[u8],
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> R {
        let Some(settings) = sight.settings.as_deref() else {
            return answer(&NOTHING_FOUND);
        };
        let wall = question.now.wall;
        let profile = if settings.personal {
            let owner = settings.owner.as_ref().and_then(|(_, o)| o.principal());
            owner.map(|p| p.profile())
        } else {
            None
        };
        let permissions = permissions_of(settings, profile.as_deref().map(Arc::as_ref));
        let expires_at = expires_at(sight, settings);
        let subject = subject(sight, settings, permissions, (expires_at, wall));
        let verdict = check(&subject, question.asked, wall);
        if verdict == Verdict::NotFound {
            self.count_stranger(question, print.tag);
            return answer(&NOTHING_FOUND);
        }
        let judged = self.take(question, sight, settings, verdict);
        let in_order = !judged.verdict.is_no_key();
        answer(&Outcome {
            verdict: judged.verdict,
            found: Some(Found {
                key_id: sight.id,
                scope: settings.scope,
                key_type: &settings.key_type,
                name: text(room, sight.name_len),
                permissions,
                expires_at,
                owner: settings.owner.as_ref().map(|(id, _)| *id),
                limit: settings.limit,
                secret_slot: sight.secret_slot,
                secret_ends_at: secret_ends_at(sight, settings, expires_at, wall),
                warning: in_order.then(|| warning(sight, settings, expires_at, wall)).flatten(),
            }),
            limit: judged.limit,
        })
    }

    fn miss<R>(
        &self,
        question: &Question<'_>,
        print: &Print,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        if !self.loaded.load(Acquire) {
            return Err(Unavailable::Loading);
        }
        if let Some(decoy) = self.index.decoy(print)
            && let Some(settings) = decoy.as_deref()
        {
            let verdict = check(&decoy_subject(settings), question.asked, question.now.wall);
            std::hint::black_box(verdict);
        }
        self.count_stranger(question, print.tag);
        Ok(answer(&NOTHING_FOUND))
    }

    fn count_stranger(&self, question: &Question<'_>, spread: u32) {
        if !matches!(question.mode, Mode::Look) {
            self.states.count_stranger(spread, question.now.wall);
        }
    }

    /// Refuses a text that cannot be a secret, before its digest is taken (EN-07).
    pub(crate) fn malformed<R>(
        &self,
        text: &str,
        now: Now,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> R {
        let spread = u32::try_from(text.len()).unwrap_or(0);
        self.states.count_stranger(spread, now.wall);
        answer(&NOTHING_FOUND)
    }
}

fn permissions_of<'s>(settings: &'s Settings, owner: Option<&'s Profile>) -> &'s [Permission] {
    match (settings.personal, owner) {
        (false, _) => &settings.permissions,
        (true, Some(owner)) => &owner.personal,
        (true, None) => &[],
    }
}

fn expires_at(sight: &Sight<'_>, settings: &Settings) -> Option<Timestamp> {
    if sight.body.revokes { settings.end_of_revoked } else { sight.body.instant }
}

/// The end of the presented secret: that of one that was rotated away, or, once its rotation is due,
/// that of a current one that nobody rotates.
fn secret_ends_at(
    sight: &Sight<'_>,
    settings: &Settings,
    expires_at: Option<Timestamp>,
    wall: Timestamp,
) -> Option<Timestamp> {
    if sight.secret_ends_at.is_some() || !sight.body.by_secret {
        return sight.secret_ends_at;
    }
    let due_before_s = i64::from(settings.due_before_s?);
    expires_at.filter(|end| end.plus_seconds(-due_before_s) <= wall)
}

/// How soon the key ends, once a warning day of its tenant was reached. Most keys have no end.
#[inline]
fn warning(
    sight: &Sight<'_>,
    settings: &Settings,
    expires_at: Option<Timestamp>,
    wall: Timestamp,
) -> Option<Warning> {
    // Of a key that is revoked some day, that instant is in its record and its end is not.
    let end = match (sight.body.instant, expires_at) {
        (Some(instant), Some(end)) => instant.min(end),
        (instant, end) => instant.or(end)?,
    };
    let left = u16::try_from(days_left(end, wall)).ok()?;
    let day = settings.warning_days().reached(left.into())?;
    Some(Warning { days_left: left, day })
}

fn subject<'s>(
    sight: &Sight<'_>,
    settings: &'s Settings,
    permissions: &'s [Permission],
    (expires_at, now): (Option<Timestamp>, Timestamp),
) -> Subject<'s> {
    // Only the current secret waits to be acknowledged, not the one before it that runs out.
    let held = sight.body.held || (sight.secret_ends_at.is_none() && settings.hold(now));
    Subject {
        enabled: sight.body.enabled,
        held,
        expires_at,
        revoked_at: sight.body.instant.filter(|_| sight.body.revokes),
        permissions,
        ..decoy_subject(settings)
    }
}

/// What the settings alone say.
fn decoy_subject(settings: &Settings) -> Subject<'_> {
    let tenant = settings.tenant.as_ref().map(|t| t.standing());
    let owner = settings.owner.as_ref().map(|(_, o)| o.standing());
    Subject {
        scope: settings.scope,
        key_type: &settings.key_type,
        tenant: tenant.unwrap_or(Standing::Live),
        owner: owner.unwrap_or(Standing::Live),
        enabled: true,
        held: false,
        starts_at: settings.starts_at,
        expires_at: None,
        revoked_at: None,
        allow_list: &settings.allow_list,
        permissions: &settings.permissions,
    }
}
