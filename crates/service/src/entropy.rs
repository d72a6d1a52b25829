//! The only place that draws randomness.

use std::{fmt, sync::Arc};
use uuid::Uuid;

/// A source of random bytes. Cheap to clone.
#[derive(Clone)]
pub struct Entropy(Arc<dyn Fn(&mut [u8]) + Send + Sync>);

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

impl Entropy {
    /// The operating system's generator. A machine that has none cannot make a key: the process ends
    /// rather than hand out a secret that somebody could guess.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this module is where randomness is drawn")]
    pub fn system() -> Self {
        Self(Arc::new(|bytes| {
            if let Err(error) = getrandom::fill(bytes) {
                tracing::error!(%error, "no randomness from the operating system");
                std::process::abort();
            }
        }))
    }

    /// Any other source: for tests.
    #[must_use]
    pub fn from_fn(source: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        (self.0)(bytes);
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A version 4 UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// The form that `domain` takes.
    pub fn as_fn(&self) -> impl FnMut(&mut [u8]) {
        let source = Arc::clone(&self.0);
        move |bytes| source(bytes)
    }
}
