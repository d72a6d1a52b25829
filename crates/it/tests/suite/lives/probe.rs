//! After each step all secrets are held against the model, now and on both sides of each instant at
//! which something will turn.

use super::{
    history::{History, instant},
    model::Secret,
};
use domain::{
    permission::Wants,
    time::Timestamp,
    verdict::{KeyTypes, Request, Verdict},
};
use verifier::Now;

pub(super) const ANYTHING: Request<'static> = Request {
    tenant: None,
    key_types: KeyTypes::Any,
    wants: Wants::Nothing,
    origin: None,
    address: None,
    method: None,
    path: None,
};

impl History {
    /// Holds every secret there ever was against the model.
    pub(super) fn check(&mut self) {
        let now = self.now();
        for place in 0..self.model.keys.len() {
            let key = &self.model.keys[place];
            let mut somebodys = 0;
            let mut answers = Vec::new();
            for secret in &key.secrets {
                let verdict = self.asked(place, secret, now);
                somebodys += usize::from(verdict != Verdict::NotFound);
                answers.push((secret.text.clone(), verdict));
            }
            assert!(somebodys <= 2, "{} secrets work\n{}", somebodys, self.story());
            assert!(!key.held || answers.iter().all(|(_, verdict)| *verdict != Verdict::Valid));
            let moved = self.moved.contains(&key.id);
            for (text, verdict) in answers {
                self.count(verdict.as_str());
                let before = self.seen.insert(text, verdict);
                let may_follow = match before {
                    Some(Verdict::NotFound) => verdict == Verdict::NotFound,
                    Some(Verdict::Revoked) => verdict <= Verdict::Revoked,
                    Some(Verdict::Expired) => moved || verdict != Verdict::Valid,
                    _ => true,
                };
                assert!(may_follow, "{before:?}, then {verdict:?}\n{}", self.story());
            }
        }
        self.moved.clear();
    }

    /// The same at every instant at which the key's verdict may turn, and on both sides of it: what is
    /// in memory says already what will be then.
    pub(super) fn look_ahead(&mut self, place: usize) {
        let (now, key) = (self.now(), &self.model.keys[place]);
        let turns = key.turns(self.model.lapse).into_iter().filter(|turn| *turn >= now);
        for turn in turns {
            for at in [turn - 1, turn, turn + 1] {
                let at = at.max(now);
                let verdicts = key.secrets.iter().map(|secret| self.asked(place, secret, at));
                let verdicts: Vec<Verdict> = verdicts.collect();
                let somebodys = verdicts.iter().filter(|v| **v != Verdict::NotFound).count();
                assert!(somebodys <= 2, "{}\n{}", instant(at), self.story());
                // In an overlap nobody is left without a secret by the end of the old one.
                let current = self.model.verdict(key, key.current(), at);
                let any = verdicts.contains(&Verdict::Valid);
                assert!(any || current != Verdict::Valid, "{}\n{}", instant(at), self.story());
            }
        }
    }

    fn asked(&self, place: usize, secret: &Secret, at: i64) -> Verdict {
        let key = &self.model.keys[place];
        let service = &self.world.service;
        let now = Now { wall: Timestamp::from_millis(at), ..service.now() };
        let verifier = service.verifier();
        let told = verifier.inspect(&secret.digest, now, &ANYTHING, |outcome| outcome.verdict);
        let (told, wanted) = (told.unwrap(), self.model.verdict(key, secret, at));
        let which = (&key.id, secret.until.map(instant), instant(at));
        assert_eq!(told, wanted, "{which:?}\n{}", self.story());
        told
    }
}
