//! Passwords: the rule for new ones, and Argon2id hashes that carry their own settings.

use crate::{entropy::Entropy, error::Error};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::secret::Secret;
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Shortest password where it is the only factor (NIST SP 800-63B-4 section 3.1.1.2).
pub const MIN_CHARS: usize = 15;
/// Longest password; longer texts only cost time.
pub const MAX_CHARS: usize = 256;
/// How long a sign-in waits for its turn to hash before it is told to come back.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// The cost of one Argon2id hash (RFC 9106).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane: the OWASP minimum, about 20 ms of one core.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

/// Hashes and compares passwords, a bounded number at a time (AP-04).
#[derive(Clone, Debug)]
pub struct Passwords {
    cost: Cost,
    entropy: Entropy,
    turns: Arc<Semaphore>,
    /// The hash that unknown names are compared with, so that they cost the same (EN-01).
    decoy: Arc<str>,
}

/// Whether a password was right, and whether its hash should be made anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Match {
    /// Not the password.
    Wrong,
    /// The password.
    Right {
        /// The stored hash has other settings than today's (PW-03).
        outdated: bool,
    },
}

impl Passwords {
    /// Makes a hasher that works on `at_once` passwords in parallel.
    ///
    /// # Errors
    /// The cost is outside of what Argon2 allows.
    pub fn new(cost: Cost, at_once: usize, entropy: Entropy) -> Result<Self, Error> {
        let decoy = hash(cost, &entropy, &Secret::new("a password that nobody has".to_owned()))?;
        Ok(Self {
            cost,
            entropy,
            turns: Arc::new(Semaphore::new(at_once.max(1))),
            decoy: decoy.as_str().into(),
        })
    }

    /// Hashes a new password into a PHC string.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait.
    pub async fn hash(&self, password: &Secret) -> Result<Zeroizing<String>, Error> {
        let password = normalized(password);
        let (cost, entropy) = (self.cost, self.entropy.clone());
        self.turn().await?.run(move || hash_normalized(cost, &entropy, &password)).await?
    }

    /// Compares `password` with `record`, or with a decoy where there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait.
    pub async fn check(&self, password: &Secret, record: Option<&str>) -> Result<Match, Error> {
        self.check_in(self.turn().await?, password, record).await
    }

    /// The same in a turn that was waited for.
    pub(crate) async fn check_in(
        &self,
        turn: Turn,
        password: &Secret,
        record: Option<&str>,
    ) -> Result<Match, Error> {
        let password = normalized(password);
        // Whom an issuer outside signs in has an empty one: as good as none, and no quicker.
        let record = record.filter(|record| !record.is_empty());
        let known = record.is_some();
        let record: Zeroizing<String> = Zeroizing::new(record.unwrap_or(&self.decoy).to_owned());
        let cost = self.cost;
        let matched = turn.run(move || compare(cost, &password, &record)).await?;
        Ok(if known { matched } else { Match::Wrong })
    }

    /// Waits for a turn to hash, before anything is counted that only a hash can take back.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait.
    pub(crate) async fn turn(&self) -> Result<Turn, Error> {
        let busy = || Error::Unavailable { retry_after_s: 2 };
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let permit = turn.map_err(|_| busy())?.map_err(|_| busy())?;
        Ok(Turn { _permit: permit })
    }
}

/// The right to hash one password now.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        tokio::task::spawn_blocking(move || {
            let _turn = self;
            work()
        })
        .await
        .map_err(|error| Error::Internal(Box::new(error)))
    }
}

/// Unicode NFC, once (RFC 8265 section 4.2.1), so that one password typed on two keyboards is one.
fn normalized(password: &Secret) -> Zeroizing<String> {
    Zeroizing::new(password.expose().nfc().collect())
}

fn argon2(cost: Cost) -> Result<Argon2<'static>, Error> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None);
    let params = params.map_err(|e| Error::Internal(Box::from(format!("argon2 settings: {e}"))))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(cost: Cost, entropy: &Entropy, password: &Secret) -> Result<Zeroizing<String>, Error> {
    hash_normalized(cost, entropy, &normalized(password))
}

fn hash_normalized(
    cost: Cost,
    entropy: &Entropy,
    password: &str,
) -> Result<Zeroizing<String>, Error> {
    let salt = entropy.bytes::<16>();
    let record = argon2(cost)?.hash_password_with_salt(password.as_bytes(), &salt);
    let record: PasswordHash =
        record.map_err(|e| Error::Internal(Box::from(format!("argon2: {e}"))))?;
    Ok(Zeroizing::new(record.to_string()))
}

fn compare(cost: Cost, password: &str, record: &str) -> Match {
    let Ok(parsed) = PasswordHash::new(record) else { return Match::Wrong };
    let Ok(hasher) = argon2(cost) else { return Match::Wrong };
    if hasher.verify_password(password.as_bytes(), &parsed).is_err() {
        return Match::Wrong;
    }
    let today = format!("m={},t={},p={}", cost.memory_kib, cost.passes, cost.lanes);
    Match::Right { outdated: !record.contains(&today) }
}

/// Checks a password that somebody chose: 15 characters or more, no composition rule, not common,
/// not made of words that everybody here knows (`context`: user, tenant, product).
///
/// # Errors
/// [`Error::Invalid`] on `field`, saying what to do.
pub fn check_new(field: &'static str, password: &Secret, context: &[&str]) -> Result<(), Error> {
    let normalized = normalized(password);
    let chars = normalized.chars().count();
    if chars < MIN_CHARS {
        return Err(Error::invalid(
            field,
            format!("use at least {MIN_CHARS} characters; several words do well"),
        ));
    }
    if chars > MAX_CHARS {
        return Err(Error::invalid(field, format!("use at most {MAX_CHARS} characters")));
    }
    let mut words: Vec<&str> = context.to_vec();
    words.push("keyward");
    if zxcvbn::zxcvbn(&normalized, &words).score() < zxcvbn::Score::Three {
        return Err(Error::invalid(
            field,
            "this password is common or easy to guess; choose unrelated words",
        ));
    }
    Ok(())
}

/// A password for somebody who is told it once: 24 characters from 32 that are hard to confuse.
#[must_use]
pub fn generate(entropy: &Entropy) -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = Zeroizing::new(String::new());
    for (at, byte) in entropy.bytes::<24>().iter().enumerate() {
        if at > 0 && at % 6 == 0 {
            text.push('-');
        }
        // 256 is a multiple of 32: no letter is likelier than another.
        text.push(char::from(LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'a')));
    }
    Secret::new(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEAK: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn pw_01_length_is_the_only_rule_of_form() {
        assert!(check_new("password", &secret("vierzehnzeiche"), &[]).is_err());
        assert!(check_new("password", &secret("correct horse battery staple"), &[]).is_ok());
        assert!(check_new("password", &secret(&"wandering-otter-lamp ".repeat(4)), &[]).is_ok());
        assert!(check_new("password", &secret(&"ä".repeat(257)), &[]).is_err());
    }

    #[test]
    fn pw_02_common_and_context_passwords_are_refused() {
        for bad in [
            "passwordpassword",
            "111111111111111",
            "qwertyuiopasdfgh",
            "keywardkeyward1",
            "abcdefghijklmnop",
        ] {
            assert!(check_new("password", &secret(bad), &["nexus"]).is_err(), "{bad}");
        }
        assert!(
            check_new("password", &secret("premise_tenantpremise"), &["premise_tenant"]).is_err()
        );
    }

    #[tokio::test]
    async fn pw_03_hashes_carry_their_settings_and_say_when_they_are_outdated() {
        let entropy = Entropy::from_fn(|b| b.fill(3));
        let old = Passwords::new(WEAK, 2, entropy.clone()).unwrap();
        let record = old.hash(&secret("correct horse battery staple")).await.unwrap();
        assert!(record.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        let new = Passwords::new(Cost { memory_kib: 16, ..WEAK }, 2, entropy).unwrap();
        let right = secret("correct horse battery staple");
        assert_eq!(
            new.check(&right, Some(&record)).await.unwrap(),
            Match::Right { outdated: true }
        );
        assert_eq!(
            old.check(&right, Some(&record)).await.unwrap(),
            Match::Right { outdated: false }
        );
        assert_eq!(old.check(&secret("wrong"), Some(&record)).await.unwrap(), Match::Wrong);
        assert_eq!(old.check(&right, None).await.unwrap(), Match::Wrong);
    }

    #[tokio::test]
    async fn pw_01_one_password_typed_in_two_unicode_forms_is_one() {
        let passwords = Passwords::new(WEAK, 1, Entropy::from_fn(|b| b.fill(3))).unwrap();
        let record = passwords.hash(&secret("u\u{308}ber den wolken fliegen")).await.unwrap();
        let typed = secret("\u{fc}ber den wolken fliegen");
        assert_eq!(
            passwords.check(&typed, Some(&record)).await.unwrap(),
            Match::Right { outdated: false }
        );
    }
}
