//! A real installation made for a run: the first start through the use cases, the keys through the
//! store in large batches, a caller and its token.

use super::made::{self, Pattern};
use anyhow::{Context as _, Result, bail};
use domain::{
    actor::{Actor, PrincipalId},
    audit::{AuditEvent, Fact, Origin},
    client::Grant,
    id::{FamilyId, Scope, TenantId},
    key::Key,
    right::Right,
    secret::{Secret, SecretDigest},
    time::Timestamp,
    token::{Token, TokenKind},
};
use service::{
    Service, Settings,
    bootstrap::{Bootstrap, NewClient, NewPerson, NewTenant},
    clock::Clock,
    entropy::Entropy,
    key_file,
    open::{MasterKeys, Opening},
    seal::Keyring,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Instant,
};
use store::{Database, Store, StoredSecret, Unlocked};
use verifier::Verifier;

/// Keys in one transaction, which is one event of the audit log.
const BATCH: u64 = 20_000;
/// The client that every run calls as.
const CLIENT: &str = "bench";
/// Who opens pages of the console.
pub(super) const PERSON: &str = "bench";
pub(super) const PASSWORD: &str = "of-a-run-and-gone-with-it";
/// Where they are.
pub(super) const TENANT: &str = CLIENT;
/// The client of the cluster that imports.
const IMPORTER: &str = "bench-importer";

/// A folder that goes with this value.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new one in `parent`, or where temporary files lie.
    pub(super) fn new(parent: Option<&Path>) -> Result<Self> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let name = format!("keyward-bench-{}", Entropy::system().uuid().simple());
        let path = parent.join(name);
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An installation that nothing runs on yet.
pub(super) struct Installation {
    pub(super) folder: Folder,
    /// The address of the database on PostgreSQL.
    pub(super) postgres: Option<String>,
    /// An access token of a client that may verify and manage keys.
    pub(super) token: Secret,
    /// One of a client of the whole cluster that may import keys.
    pub(super) cluster_token: Secret,
    pub(super) tenant: TenantId,
    /// How long the keys took to write, in seconds.
    pub(super) filled_in: f64,
}

impl Installation {
    /// Makes one with so many keys. A database that is there already must be empty.
    pub(super) async fn make(folder: Folder, postgres: Option<String>, keys: u64) -> Result<Self> {
        let tenant = TenantId(made::uuid_of(0, 6));
        let drawn = || domain::secret::random_uuid(&mut Entropy::system().as_fn());
        let (token, cluster_token) = (drawn(), drawn());
        let mut this = Self { folder, postgres, token, cluster_token, tenant, filled_in: 0.0 };
        this.first_start().await?;
        this.fill(keys).await?;
        Ok(this)
    }

    /// Where the database, the master key and the configuration lie.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(super) fn database(&self) -> Database {
        match &self.postgres {
            Some(url) => Database::Postgres { url: Secret::new(url.clone()) },
            None => Database::Sqlite { path: self.data().join("keyward.db") },
        }
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.data().join("master.key")
    }

    async fn first_start(&self) -> Result<()> {
        fs::create_dir_all(self.data())?;
        let opening = Opening {
            database: self.database(),
            master_keys: MasterKeys::File(self.key_file()),
            bootstrap: bootstrap(self.tenant),
            settings: Settings::default(),
            clock: Clock::system(Timestamp::from_millis(0)),
            entropy: Entropy::system(),
        };
        let (service, first) = Service::open(opening).await?;
        service.close().await;
        if first.is_none() {
            bail!("the database is in use; a benchmark needs an empty one");
        }
        Ok(())
    }

    async fn fill(&mut self, keys: u64) -> Result<()> {
        let (store, keyring) = self.started().await?;
        issue(&store, CLIENT, &self.token).await?;
        issue(&store, IMPORTER, &self.cluster_token).await?;
        let begin = Instant::now();
        let tenant = self.tenant;
        // A year ago, so that none of them was made in the future.
        let at = Clock::system(Timestamp::from_millis(0)).wall().plus_seconds(-31_536_000);
        // Sealing costs as much as writing, so another thread does it.
        let (sender, batches) = mpsc::sync_channel(2);
        let sealing = std::thread::spawn(move || {
            let pattern = Pattern::new(vec![tenant], at);
            for first in (0..keys).step_by(usize::try_from(BATCH).unwrap_or(1)) {
                let batch = sealed(&pattern, &keyring, first..keys.min(first + BATCH));
                if sender.send(batch).is_err() {
                    break;
                }
            }
        });
        for batch in batches {
            write(&store, Arc::new(batch?), Scope::Tenant(tenant), at).await?;
        }
        drop(sealing.join());
        self.filled_in = begin.elapsed().as_secs_f64();
        store.shutdown().await;
        Ok(())
    }

    /// The store below the use cases, started on a memory that is thrown away.
    pub(super) async fn started(&self) -> Result<(Store, Arc<Keyring>)> {
        // Ids are random, so without a large cache most of the time goes to pages that come and go.
        let options =
            store::Options { fsync: false, cache_kib: 1 << 20, ..store::Options::default() };
        let store = Store::connect(self.database(), options).await?;
        let (unlocked, keyring) = self.unlocked(&store).await?;
        store
            .start(unlocked, Arc::new(Verifier::new(verifier::Options::default())), clock())
            .await?;
        Ok((store, keyring))
    }

    /// What the store needs of the sealed keys.
    pub(super) async fn unlocked(&self, store: &Store) -> Result<(Unlocked, Arc<Keyring>)> {
        let found = store.installation().await?.context("no installation")?;
        let masters = key_file::read(&self.key_file())?;
        let numbered: Vec<_> = (1..).zip(&masters).collect();
        let keyring = Arc::new(Keyring::derive(found.id, &numbered)?);
        let sealed = found.sealed.iter().find(|key| key.name == "audit").context("no audit key")?;
        let audit_key = keyring.open_named("audit", sealed.generation, &sealed.sealed)?;
        let opener = {
            let keyring = Arc::clone(&keyring);
            Arc::new(move |row: &store::SealedDigest| keyring.open_digest(row))
        };
        let (key_types, cors) = (Arc::new(|_| ()), Arc::new(|_: &_| ()));
        let (rules, signing_keys) = (Arc::new(|_| ()), Arc::new(|_| ()));
        let issuers = Arc::new(|_| ());
        let knows = Arc::new(|_: &_| true);
        let unlocked =
            Unlocked { audit_key, opener, knows, key_types, cors, rules, issuers, signing_keys };
        Ok((unlocked, keyring))
    }
}

/// Stores a token that a run calls with.
async fn issue(store: &Store, client: &'static str, token: &Secret) -> Result<()> {
    let found = store.read(move |r| store::clients::find_by_client_id(r, client)).await?;
    let (client, _) = found.context("a client of the first start")?;
    let issued_at = Clock::system(Timestamp::from_millis(0)).wall();
    let token = Token {
        digest: token.digest(),
        kind: TokenKind::Access,
        family: FamilyId(Entropy::system().uuid()),
        principal: PrincipalId::Client(client.id),
        client: client.id,
        scope: "*".to_owned(),
        issued_at,
        expires_at: issued_at.plus_seconds(86_400),
    };
    store.record(move |b| store::tokens::insert_pair(b, &token, None)).await?;
    Ok(())
}

/// Both clocks of the machine, for the store.
pub(super) fn clock() -> store::Clock {
    let clock = Clock::system(Timestamp::from_millis(0));
    store::Clock(Arc::new(move || clock.now()))
}

fn bootstrap(tenant: TenantId) -> Bootstrap {
    let rights = [
        Right::KeysVerify,
        Right::NexusView,
        Right::NexusRead,
        Right::NexusCreate,
        Right::NexusUpdate,
    ];
    Bootstrap {
        ops: None,
        environments: Vec::new(),
        tenants: vec![NewTenant {
            id: Some(tenant),
            environment: None,
            name: CLIENT.to_owned(),
            domains: vec![CLIENT.to_owned()],
            realm: None,
            persons: vec![NewPerson {
                username: PERSON.to_owned(),
                password: Some(Secret::new(PASSWORD.to_owned())),
                roles: vec!["admin".to_owned()],
            }],
        }],
        clients: vec![
            client(CLIENT, Some(tenant), &rights),
            client(
                IMPORTER,
                None,
                &[Right::NexusCreate, Right::NativeCreate, Right::TenantsManage],
            ),
        ],
    }
}

fn client(id: &str, tenant: Option<TenantId>, rights: &[Right]) -> NewClient {
    NewClient {
        client_id: id.to_owned(),
        secret: None,
        tenant,
        grants: vec![Grant::ClientCredentials],
        scopes: vec!["*".to_owned()],
        redirect_uris: Vec::new(),
        roles: Vec::new(),
        rights: rights.iter().copied().collect(),
    }
}

type Sealed = Vec<(Key, StoredSecret, SecretDigest)>;

fn sealed(pattern: &Pattern, keyring: &Keyring, numbers: std::ops::Range<u64>) -> Result<Sealed> {
    numbers
        .map(|number| {
            let (key, secret) = (pattern.key(number), made::owned_secret(number));
            let stored = keyring.seal_secret(&key, 0, &secret, true)?;
            Ok((key, stored, secret.digest()))
        })
        .collect()
}

async fn write(store: &Store, keys: Arc<Sealed>, scope: Scope, at: Timestamp) -> Result<()> {
    store
        .write(move |tx| {
            for (key, stored, digest) in keys.iter() {
                store::keys::insert(tx, key, std::slice::from_ref(stored), &[*digest])?;
            }
            let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
            let event =
                AuditEvent::new("key.import", scope, origin(at), ("tenant", scope.to_string()))
                    .detail(vec![("count", Fact::Int(count))]);
            tx.commit(event, ())
        })
        .await?;
    Ok(())
}

/// Who did it, in the audit log of a run.
pub(super) fn origin(at: Timestamp) -> Origin {
    Origin { actor: Actor::system(CLIENT), address: None, request_id: CLIENT.to_owned(), at }
}
