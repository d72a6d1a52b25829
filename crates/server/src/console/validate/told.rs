//! The call that somebody imagines, and what is said of a key, as the page shows them.

use super::super::{
    Faults, Form,
    keys::{end::End, names::of_type},
    when::When,
};
use domain::{key::Key, time::Timestamp, verdict::Verdict};
use service::keys::{Examined, ImaginedCall, Told};

/// The longest text of a field here.
const MAX_CHARS: usize = 2_048;

/// What was typed of a call.
#[derive(Default)]
pub(super) struct Imagined {
    pub(super) origin: String,
    pub(super) address: String,
    pub(super) method: String,
    pub(super) path: String,
}

impl Imagined {
    pub(super) fn of(form: &Form) -> Self {
        let text = |name| form.filled(name).unwrap_or_default();
        Self {
            origin: text("origin"),
            address: text("address"),
            method: text("method").to_ascii_uppercase(),
            path: text("path"),
        }
    }

    /// Whether anything of a call was typed.
    pub(super) fn is_some(&self) -> bool {
        [&self.origin, &self.address, &self.method, &self.path].iter().any(|text| !text.is_empty())
    }

    /// The call; what is wrong with it is added to the faults.
    pub(super) fn call(&self, faults: &mut Faults) -> ImaginedCall {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        for (name, text) in
            [("origin", &self.origin), ("method", &self.method), ("path", &self.path)]
        {
            if text.chars().count() > MAX_CHARS {
                faults.add(name, "This is too long.");
            }
        }
        let address = some(&self.address).and_then(|text| match text.parse() {
            Ok(address) => Some(address),
            Err(_) => {
                faults.add("address", "Enter one address, such as 203.0.113.7 or 2001:db8::7.");
                None
            }
        });
        if !self.path.is_empty() && !self.path.starts_with('/') {
            faults.add("path", "Begin with a slash: /orders/7.");
        }
        // What stands behind a question mark is no part of a path, and may be a secret.
        let path = self.path.split(['?', '#']).next().unwrap_or_default().to_owned();
        ImaginedCall {
            origin: some(&self.origin),
            address,
            method: some(&self.method),
            path: some(&path),
        }
    }
}

/// What is said of a text.
pub(super) struct Judged {
    pub(super) valid: bool,
    /// What is told to whoever may see the key.
    pub(super) told: Option<Answer>,
}

/// What is told of a key.
pub(super) struct Answer {
    /// Its name on our wires.
    pub(super) code: &'static str,
    /// What it means, and what to do.
    pub(super) meaning: &'static str,
    /// The checks, in their order.
    pub(super) steps: Vec<Step>,
    pub(super) key: Option<Found>,
    /// Whether it serves, and yet not for the call that was imagined.
    pub(super) refuses_call: bool,
}

/// One of the checks.
pub(super) struct Step {
    pub(super) what: &'static str,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// Not come to, or nothing was said that it could be held against.
    Skipped,
}

/// The key that was found.
pub(super) struct Found {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) key_type: String,
    pub(super) hint: String,
    pub(super) ends: Option<When>,
    pub(super) secret_ends: Option<When>,
}

impl Judged {
    pub(super) fn of(examined: Examined, call: &ImaginedCall, now: Timestamp) -> Self {
        let Examined { validity, told } = examined;
        let secret_ends = When::maybe(validity.secret_ends_at, now);
        let told = told.map(|Told { verdict, key }| Answer {
            code: verdict.as_str(),
            meaning: match key.as_ref().and_then(|key| End::of(key, now)) {
                Some(End::SecretEnded(_)) if verdict == Verdict::Expired => SECRET_ENDED,
                _ => meaning(verdict),
            },
            steps: steps(verdict, call),
            refuses_call: validity.valid && verdict != Verdict::Valid,
            key: key.map(|key| Found::of(key, secret_ends, now)),
        });
        Self { valid: validity.valid, told }
    }
}

impl Found {
    fn of(key: Key, secret_ends: Option<When>, now: Timestamp) -> Self {
        Self {
            id: key.id.to_string(),
            ends: When::maybe(key.unavailable_at(), now),
            name: key.name,
            key_type: of_type(&key.key_type).to_owned(),
            hint: key.hint,
            secret_ends,
        }
    }
}

/// The checks that a validation makes, with what failed and what was not come to.
fn steps(verdict: Verdict, call: &ImaginedCall) -> Vec<Step> {
    let checks = [
        (Verdict::NotFound, "Known here", true),
        (Verdict::Revoked, "Not revoked", true),
        (Verdict::Disabled, "Enabled", true),
        (Verdict::NotYetValid, "Past its start", true),
        (Verdict::Expired, "Not expired", true),
        (Verdict::OriginNotAllowed, "Origin allowed", call.origin.is_some()),
        (Verdict::AddressNotAllowed, "Address allowed", call.address.is_some()),
        (
            Verdict::RequestNotAllowed,
            "Method and path allowed",
            call.method.is_some() || call.path.is_some(),
        ),
    ];
    let outcome = |check: Verdict, asked: bool| match check.cmp(&verdict) {
        std::cmp::Ordering::Equal => Outcome::Failed,
        std::cmp::Ordering::Less if asked => Outcome::Passed,
        std::cmp::Ordering::Less | std::cmp::Ordering::Greater => Outcome::Skipped,
    };
    let step = |(check, what, asked)| Step { what, outcome: outcome(check, asked) };
    checks.into_iter().map(step).collect()
}

const SECRET_ENDED: &str =
    "The key has expired: its secret was due to be rotated. Rotating it brings it back.";

const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotFound | Verdict::WrongTenant | Verdict::WrongType => {
            "No key that you can see has this secret. Check that all of it was copied, and whose it is."
        }
        Verdict::Revoked => {
            "The key was revoked, or its owner is gone. It never works again: make another one."
        }
        Verdict::Disabled => {
            "The key is switched off, or what it depends on is: its contact center, its owner, or a policy \
             that holds it back."
        }
        Verdict::NotYetValid => "The key begins to work later.",
        Verdict::Expired => "The key has expired. A new expiration date brings it back.",
        Verdict::OriginNotAllowed => {
            "The key works, but not from this origin: its allow-list says so."
        }
        Verdict::AddressNotAllowed => {
            "The key works, but not from this address: its allow-list says so."
        }
        Verdict::RequestNotAllowed => {
            "The key works, but not for this method and path: its allow-list says so."
        }
        Verdict::InsufficientPermissions => "The key works, but lacks a permission.",
        Verdict::RateLimited => "The key works; its limit is used up for now.",
        Verdict::Valid => "The key works now.",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Outcome::{Failed as F, Passed as P, Skipped as S},
        *,
    };

    #[test]
    fn the_step_that_failed_is_the_only_one() {
        let call = ImaginedCall { origin: Some("a.example".to_owned()), ..ImaginedCall::default() };
        let outcomes =
            |verdict| steps(verdict, &call).iter().map(|s| s.outcome).collect::<Vec<_>>();
        assert_eq!(outcomes(Verdict::Valid), [P, P, P, P, P, P, S, S]);
        assert_eq!(outcomes(Verdict::Disabled), [P, P, F, S, S, S, S, S]);
        assert_eq!(outcomes(Verdict::OriginNotAllowed), [P, P, P, P, P, F, S, S]);
        assert_eq!(outcomes(Verdict::NotFound), [F, S, S, S, S, S, S, S]);
    }
}
