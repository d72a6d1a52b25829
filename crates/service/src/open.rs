//! How an installation comes to life: connect, find or make the keys, unlock, load.
//!
//! Nothing is written to a database before its master key is known to be the right one.

use crate::{
    Inner, Service,
    bootstrap::{Bootstrap, FirstStart},
    clock::Clock,
    entropy::Entropy,
    error::Error,
    guard::Guard,
    heads::HeadSigner,
    key_file::{self, KeyFileError},
    master_key::MasterKey,
    master_keys::MasterKeyring,
    password::Passwords,
    seal::{Keyring, SealFailed},
    settings::Settings,
    unlock::{Unlocking, named, unlock},
};
use domain::rate_limit::Limit;
use std::{fmt, path::PathBuf, sync::Arc};
use store::{Database, Installation, MasterKeyRow, NewInstallation, SealedKeyRow, Store, Unlocked};
use verifier::Verifier;
use zeroize::Zeroizing;

/// Names under which the long-lived keys are sealed.
pub(crate) const AUDIT: &str = "audit";
const HEADS: &str = "head-sign";
const ATTEMPTS: &str = "attempts";

/// Where the master keys come from.
#[derive(Debug)]
pub enum MasterKeys {
    /// Given by the configuration.
    Given(Vec<MasterKey>),
    /// In this file, which is made together with a new, empty database.
    File(PathBuf),
}

/// Everything that opening needs.
pub struct Opening {
    /// Which database.
    pub database: Database,
    /// Where the master keys come from.
    pub master_keys: MasterKeys,
    /// What the first start makes.
    pub bootstrap: Bootstrap,
    /// What the operator configured.
    pub settings: Settings,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Why an installation cannot be opened. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Store(#[from] store::Error),
    /// The key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The database was written with another master key.
    #[error(
        "the database was written with another master key than the one given; nothing was changed"
    )]
    WrongMasterKey,
    /// A master key that still protects rows is not given any more.
    #[error("master key `{0}` is in use and is not among those given")]
    MasterKeyInUse(String),
    /// A use case failed.
    #[error("the first start failed: {0}")]
    FirstStart(Error),
    /// Keys could not be derived or opened.
    #[error(transparent)]
    Seal(#[from] SealFailed),
    /// Settings that cannot be served.
    #[error("{0}")]
    Settings(Error),
}

impl Service {
    /// Opens an installation; at its first start also makes it.
    ///
    /// # Errors
    /// Says what stands in the way; a database that is not ours, or not unlocked, is left as it was.
    pub async fn open(opening: Opening) -> Result<(Self, Option<FirstStart>), OpenError> {
        let Opening { database, master_keys, bootstrap, settings, clock, entropy } = opening;
        let options = store::Options {
            readers: settings.database_connections,
            fsync: settings.durable,
            connections: settings.database_connections,
            ..store::Options::default()
        };
        let shared = matches!(database, Database::Postgres { .. });
        let store = Store::connect(database, options).await?;
        let mut installation = match store.installation().await? {
            Some(installation) => installation,
            None => install(&store, &master_keys, &entropy).await?,
        };
        let with =
            Unlocking { node: entropy.uuid(), max_seals: settings.max_seals, at: clock.now().wall };
        let keys = unlock(&store, &mut installation, &master_keys, with).await?;
        let service =
            Self::assemble((store, shared), &installation, keys, settings, clock, entropy)?;
        service.start(&installation).await?;
        if let Err(error) = service.settle_master_keys_now().await {
            tracing::warn!(%error, "the master keys stay as they were; the next round looks again");
        }
        let first = service.bootstrap(bootstrap).await.map_err(OpenError::FirstStart)?;
        Ok((service, first))
    }

    fn assemble(
        (store, shared_database): (Store, bool),
        installation: &Installation,
        (keyring, master_keys): (Keyring, MasterKeyring),
        settings: Settings,
        clock: Clock,
        entropy: Entropy,
    ) -> Result<Self, OpenError> {
        let passwords = Passwords::new(
            settings.password_cost,
            settings.password_hashes_at_once,
            entropy.clone(),
        )
        .map_err(OpenError::Settings)?;
        let verifier = Verifier::new(verifier::Options {
            nodes: settings.nodes,
            limiter_memory_cap: settings.limiter_bytes,
            expected_keys: settings.expected_keys,
            seed: entropy.bytes(),
            stale_after_ms: settings.stale_after_ms,
        });
        let head_signer = HeadSigner::from_seed(&named(&keyring, installation, HEADS)?)
            .map_err(OpenError::Settings)?;
        let attempts_key = named(&keyring, installation, ATTEMPTS)?;
        let per_minute = |n| {
            Limit::new(n, 60)
                .map_err(|_| OpenError::Settings(Error::invalid("limit", "out of range")))
        };
        let failures = match settings.failed_credentials {
            Some(limit) => limit,
            None => per_minute(1_000_000)?,
        };
        Ok(Self(Arc::new(Inner {
            store,
            shared_database,
            verifier: Arc::new(verifier),
            clock,
            entropy,
            keyring,
            master_keys,
            passwords,
            rules: Arc::new(crate::rules::KnownRules::new(settings.nodes)),
            settings,
            key_types: Arc::new(crate::key_types::KeyTypes::new()),
            origins: Arc::default(),
            issuers: Arc::default(),
            outbound: std::sync::OnceLock::new(),
            signing: Arc::default(),
            key_signers: crate::keys::KnownSigners::default(),
            openconnect_routes: crate::tenants::OpenConnectRoutes::default(),
            failed_credentials: Guard::new(failures),
            read_through: Guard::new(per_minute(600)?),
            attempts_key,
            head_signer,
            sign_in_turns: crate::persons::Turns::default(),
            sign_in_notes: crate::persons::Notes::default(),
            taken_answers: crate::keys::TakenAnswers::new(),
            revealing_lists: crate::per_caller::PerCaller::new(per_minute(600)?),
            look_ups: crate::per_caller::PerCaller::new(per_minute(600)?),
            validations: crate::per_caller::PerCaller::new(per_minute(60)?),
            audit_checks: crate::per_caller::PerCaller::new(per_minute(12)?),
            audit_turns: Arc::default(),
            page_reports: crate::per_caller::PerCaller::new(per_minute(12)?),
            whole_lists: crate::keys::WholeLists::default(),
            figures: crate::figures::Figures::default(),
        })))
    }

    /// Hands the store what it needs to keep memory true, and waits until memory is loaded.
    async fn start(&self, installation: &Installation) -> Result<(), OpenError> {
        let unlocked = Unlocked {
            audit_key: named(&self.keyring, installation, AUDIT)?,
            opener: {
                let service = self.clone();
                Arc::new(move |row| service.keyring.open_digest(row))
            },
            knows: {
                let service = self.clone();
                Arc::new(move |wanted| {
                    let here = service.keyring.numbers();
                    wanted.iter().all(|n| here.contains(n))
                })
            },
            key_types: {
                let key_types = Arc::clone(&self.key_types);
                Arc::new(move |of_type| key_types.apply(of_type))
            },
            cors: {
                let (known, verifier) = (Arc::clone(&self.origins), Arc::clone(&self.verifier));
                Arc::new(move |cors| known.apply(cors, verifier.tenant(cors.tenant)))
            },
            rules: {
                let rules = Arc::clone(&self.rules);
                Arc::new(move |stored| rules.apply(stored))
            },
            issuers: {
                let issuers = Arc::clone(&self.issuers);
                Arc::new(move |change| issuers.apply(change))
            },
            signing_keys: {
                let signing = Arc::clone(&self.signing);
                Arc::new(move |tenant| signing.forget(tenant))
            },
        };
        let clock = {
            let clock = self.clock.clone();
            store::Clock(Arc::new(move || clock.now()))
        };
        Ok(self.store.start(unlocked, Arc::clone(&self.verifier), clock).await?)
    }

    /// Stops writing: flushes, signs, and closes the database in good order.
    pub async fn close(&self) {
        if let Err(error) = self.count_seals().await {
            tracing::warn!(%error, "how often the master keys have sealed was not written");
        }
        self.leave_other_nodes().await;
        self.store.shutdown().await;
    }
}

/// Writes the identity of a new database: its id, the master keys' check values, the sealed keys.
async fn install(
    store: &Store,
    master_keys: &MasterKeys,
    entropy: &Entropy,
) -> Result<Installation, OpenError> {
    let made;
    let read;
    let masters: Vec<&MasterKey> = match master_keys {
        MasterKeys::Given(keys) => keys.iter().collect(),
        MasterKeys::File(path) => match key_file::read(path) {
            Ok(keys) => {
                read = keys;
                read.iter().collect()
            }
            Err(KeyFileError::Missing(_)) => {
                made = key_file::create(path, entropy)?;
                tracing::warn!(file = %path.display(), "made a master key; keep a copy elsewhere: without it no key can be read");
                vec![&made]
            }
            Err(error) => return Err(error.into()),
        },
    };
    let id = entropy.uuid();
    let numbered: Vec<(i32, &MasterKey)> = (1..).zip(masters.iter().copied()).collect();
    let keyring = Keyring::derive(id, &numbered)?;
    let rows =
        numbered.iter().zip(keyring.check_values()).map(|((n, master), (_, check))| MasterKeyRow {
            n: *n,
            name: master.name().to_owned(),
            check,
            state: if *n == 1 { "writer".to_owned() } else { "known".to_owned() },
        });
    let sealed = [AUDIT, HEADS, ATTEMPTS].map(|name| {
        let key = Zeroizing::new(entropy.bytes::<32>());
        keyring.seal_named(name, key.as_slice()).map(|(generation, sealed)| SealedKeyRow {
            name: name.to_owned(),
            generation,
            sealed,
        })
    });
    let sealed = sealed.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(store.install(NewInstallation { id, master_keys: rows.collect(), sealed }).await?)
}
