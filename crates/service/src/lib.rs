//! Use cases: authorise, decide, write, audit. One operation, one file. Knows no HTTP and no SQL.
//!
//! Read [`open`] for how an installation comes to life, [`authenticate`] for who a caller is, and
//! then the operation you look for: `keys/create.rs` holds `Service::create_key`.

pub mod audit;
pub mod authenticate;
pub mod authorization;
pub mod backup;
pub mod bootstrap;
pub mod by_name;
pub mod caller;
pub mod clients;
pub mod clock;
pub mod cors;
mod cursor;
pub mod data_keys;
pub mod demo;
pub mod entropy;
pub mod environments;
pub mod error;
pub mod figures;
pub mod gateway_routes;
pub mod guard;
pub mod heads;
pub mod idempotency;
pub mod issuers;
pub mod jobs;
pub mod key_file;
pub mod key_policies;
pub mod key_types;
pub mod keys;
pub mod master_key;
pub mod master_keys;
pub mod oauth2;
pub mod open;
pub mod outbound;
pub mod overview;
pub mod password;
mod per_caller;
pub mod personal_keys;
pub mod persons;
pub mod policies;
pub mod restore;
pub mod roles;
pub mod rules;
pub mod seal;
pub mod sessions;
pub mod settings;
pub mod signing;
pub mod tenants;
mod unchanged;
mod unlock;
pub mod whoami;

pub use caller::{Caller, Context, PresentedSession, VerifyCaller};
pub use error::Error;
pub use settings::Settings;

use clock::Clock;
use domain::{id::Scope, key_type::KeyType};
use entropy::Entropy;
use guard::Guard;
use heads::HeadSigner;
use password::Passwords;
use seal::Keyring;
use std::sync::Arc;
use store::Store;
use verifier::{Now, Verifier};
use zeroize::Zeroizing;

/// Everything that a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

#[doc(hidden)]
pub struct Inner {
    pub(crate) store: Store,
    /// Whether other nodes may write to the database: then memory can be behind for a moment.
    pub(crate) shared_database: bool,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) keyring: Keyring,
    /// Where master keys come from, and what becomes of them.
    pub(crate) master_keys: master_keys::MasterKeyring,
    pub(crate) passwords: Passwords,
    pub(crate) settings: Settings,
    pub(crate) key_types: Arc<key_types::KeyTypes>,
    /// The origins of browsers that tenants let call.
    pub(crate) origins: Arc<cors::KnownOrigins>,
    /// What realms sign with.
    pub(crate) signing: Arc<signing::KnownKeys>,
    /// What the JWTs of keys are signed with.
    pub(crate) key_signers: keys::KnownSigners,
    /// Where tenants want their calls of `OpenConnect`.
    pub(crate) openconnect_routes: tenants::OpenConnectRoutes,
    /// Issuers outside, and what is kept of what they said.
    pub(crate) issuers: Arc<issuers::KnownIssuers>,
    /// How this process calls issuers; set once, by whoever knows HTTP.
    pub(crate) outbound: std::sync::OnceLock<outbound::Outbound>,
    /// Policies and the routes of the gateway.
    pub(crate) rules: Arc<rules::KnownRules>,
    /// Credentials that proved nothing, per source.
    pub(crate) failed_credentials: Guard,
    /// Token misses that are looked up in the store, per source.
    pub(crate) read_through: Guard,
    /// Names in sign-in attempts are stored under this key.
    pub(crate) attempts_key: Zeroizing<[u8; 32]>,
    pub(crate) head_signer: HeadSigner,
    /// Sign-in attempts queue here, one name and source at a time.
    pub(crate) sign_in_turns: persons::Turns,
    /// Sign-ins that wait for the audit log.
    pub(crate) sign_in_notes: persons::Notes,
    /// How often each tenant was told that a secret is taken.
    pub(crate) taken_answers: keys::TakenAnswers,
    /// Lists that show secrets.
    pub(crate) revealing_lists: per_caller::PerCaller,
    /// Look-ups of whose a secret is.
    pub(crate) look_ups: per_caller::PerCaller,
    /// Validations of keys.
    pub(crate) validations: per_caller::PerCaller,
    /// Checks of the audit log.
    pub(crate) audit_checks: per_caller::PerCaller,
    /// Held by the check of the audit log that runs.
    pub(crate) audit_turns: Arc<tokio::sync::Mutex<()>>,
    /// What browsers say of pages.
    pub(crate) page_reports: per_caller::PerCaller,
    pub(crate) whole_lists: keys::WholeLists,
    pub(crate) figures: figures::Figures,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Service")
    }
}

impl std::ops::Deref for Service {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Service {
    /// Every key of the installation in memory.
    #[must_use]
    pub fn verifier(&self) -> &Arc<Verifier> {
        &self.0.verifier
    }

    /// Both clocks, read once: a request reads them once and passes them down.
    #[must_use]
    pub fn now(&self) -> Now {
        self.0.clock.now()
    }

    /// What the operator configured.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Randomness.
    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// The key type of that name which `scope` may use.
    #[must_use]
    pub fn key_type(&self, scope: Scope, name: &str) -> Option<KeyType> {
        self.0.key_types.find(scope, name)
    }
}
