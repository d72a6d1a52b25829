//! A store of one test, and things to put into it.

use crate::{
    Bookkeeping, Clock, Database, Error, Options, Read, Secret, Store, StoredSecret, Tx, Unlocked,
};
use domain::{
    actor::Actor,
    allow_list::AllowList,
    audit::{AuditEvent, Origin},
    id::{KeyId, PersonId, Scope, TenantId},
    key::Key,
    permission::Permission,
    person::Person,
    secret::SecretDigest,
    tenant::Tenant,
    time::Timestamp,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use uuid::Uuid;
use verifier::{Now, Verifier};
use zeroize::Zeroizing;

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) verifier: Arc<Verifier>,
    folder: Option<PathBuf>,
    /// The server's database that this world made for itself.
    own: Option<String>,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some(name) = self.own.take() {
            // On a thread of its own: the test's runtime must not be blocked, and may be gone.
            let _ = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let _ = runtime.block_on(run(&server(), &drop));
                std::io::Result::Ok(())
            })
            .join();
        }
    }
}

async fn run(server: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(sql).await
}

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

impl World {
    pub(crate) async fn new() -> Self {
        let (database, folder) = database().await;
        let own = match &database {
            Database::Postgres { url } => {
                let path = url.expose().rsplit('/').next().unwrap();
                path.split('?').next().map(str::to_owned)
            }
            Database::Sqlite { .. } => None,
        };
        let mut world = Self::open(database, folder).await;
        world.own = own;
        world
    }

    pub(crate) async fn open(database: Database, folder: Option<PathBuf>) -> Self {
        let options = Options { fsync: false, connections: 10, ..Options::default() };
        let store = Store::connect(database, options).await.unwrap();
        let verifier = Arc::new(Verifier::new(verifier::Options::default()));
        // Sealing is not this crate's business: here a sealed digest is the digest.
        let opener = Arc::new(|sealed: &crate::SealedDigest| {
            sealed.sealed.as_slice().try_into().ok().map(SecretDigest::from_bytes)
        });
        let unlocked = Unlocked {
            audit_key: Zeroizing::new([7; 32]),
            opener,
            knows: Arc::new(|_| true),
            key_types: Arc::new(|_| ()),
            cors: Arc::new(|_| ()),
            rules: Arc::new(|_| ()),
            issuers: Arc::new(|_| ()),
            signing_keys: Arc::new(|_| ()),
        };
        let clock = Clock(Arc::new(now));
        store.start(unlocked, Arc::clone(&verifier), clock).await.unwrap();
        // Rows of tests carry these generations.
        let sql = "INSERT INTO master_keys (n, name, check_value, state) VALUES ($1, $2, $3, $2)
                   ON CONFLICT DO NOTHING";
        for (n, state) in [(1, "writer"), (3, "retiring")] {
            let args = [n.into(), state.into(), [0_u8; 32].into()];
            store.record(move |b| b.execute(sql, &args)).await.unwrap();
        }
        Self { store, verifier, folder, own: None }
    }

    /// An audited write of a test.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        op: impl Fn(&mut Tx) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        self.store
            .write(move |tx| {
                let value = op(tx)?;
                tx.commit(event(), value)
            })
            .await
    }

    pub(crate) async fn record<T: Send + 'static>(
        &self,
        op: impl Fn(&mut Bookkeeping) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        self.store.record(op).await
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        op: impl FnOnce(&mut Read) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.store.read(op).await.unwrap()
    }
}

pub(crate) fn now() -> Now {
    Now { wall: NOW, mono_ns: 1_000_000_000 }
}

pub(crate) fn event() -> AuditEvent {
    let origin = Origin {
        actor: Actor::system("test"),
        address: None,
        request_id: "request".to_owned(),
        at: NOW,
    };
    AuditEvent::new("test.write", Scope::Cluster, origin, ("test", "1".to_owned()))
}

#[track_caller]
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, Error>, what: &str) {
    match result {
        Err(Error::Conflict(found)) => assert_eq!(found, what),
        other => panic!("a conflict over {what} was expected, not {other:?}"),
    }
}

pub(crate) fn tenant(n: u128) -> Tenant {
    Tenant {
        id: TenantId(Uuid::from_u128(n)),
        name: format!("tenant {n}"),
        domains: vec![format!("t{n}"), format!("alias{n}")],
        environment: None,
        realm: Some(format!("realm{n}")),
        auth: "configServer".to_owned(),
        key_prefix: None,
        enabled: true,
        unacknowledged: domain::tenant::Unacknowledged::Live,
        allow_list_required: false,
        signing_algorithm: domain::signing::Algorithm::default(),
        warning_days: domain::tenant::WarningDays::default(),
        openconnect_route: None,
        created_at: NOW,
        version: 1,
    }
}

pub(crate) fn scope(n: u128) -> Scope {
    Scope::Tenant(TenantId(Uuid::from_u128(n)))
}

pub(crate) fn person(n: u128, scope: Scope, username: &str) -> Person {
    Person {
        id: PersonId(Uuid::from_u128(n)),
        scope,
        username: username.to_owned(),
        roles: Vec::new(),
        enabled: true,
        must_change_password: false,
        profile: domain::person::Profile::default(),
        outside: None,
        created_at: NOW,
        version: 1,
    }
}

pub(crate) fn key(n: u128, scope: Scope) -> Key {
    Key {
        id: KeyId::from_bytes(n.to_be_bytes()),
        scope,
        key_type: "nexus".to_owned(),
        name: format!("key {n}"),
        description: None,
        owner: None,
        permissions: vec![Permission::parse("nexus:consumer:chat").unwrap()],
        enabled: true,
        starts_at: None,
        expires_at: None,
        revoked_at: None,
        revoke_reason: None,
        limit: None,
        allow_list: AllowList::default(),
        hint: "…1234".to_owned(),
        acknowledged_at: None,
        rotation: None,
        secret_ends_at: None,
        held_at: None,
        created_at: NOW,
        created_by: "nexus".to_owned(),
        version: 1,
    }
}

pub(crate) fn secret_text(n: u128) -> String {
    Uuid::from_u128(n).hyphenated().to_string()
}

pub(crate) fn digest(n: u128) -> SecretDigest {
    SecretDigest::of(&secret_text(n))
}

/// The secret number `n` in a slot. Its look-up value is its digest turned round.
pub(crate) fn stored(n: u128, slot: u8) -> StoredSecret {
    let digest = *digest(n).as_bytes();
    let mut lookup = digest;
    lookup.reverse();
    StoredSecret {
        slot,
        lookup,
        generation: 1,
        sealed_digest: digest.to_vec(),
        sealed_secret: Some(b"sealed".to_vec()),
        hint: "…1234".to_owned(),
        ends_at: None,
        created_at: None,
    }
}

/// Inserts keys whose secret has the number of the key.
pub(crate) async fn insert_keys(world: &World, keys: Vec<Key>) {
    world
        .write(move |tx| {
            for key in &keys {
                let n = u128::from_be_bytes(*key.id.as_bytes());
                crate::keys::insert(tx, key, &[stored(n, 0)], &[digest(n)])?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[allow(
    clippy::disallowed_methods,
    reason = "a test's harness finds its database in the environment"
)]
pub(crate) async fn database() -> (Database, Option<PathBuf>) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("keyward_tables_{}_{n}", std::process::id());
    if std::env::var("KEYWARD_TEST_DATABASE").is_ok_and(|d| d == "postgres") {
        let server = server();
        run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        run(&server, &format!("CREATE DATABASE {name}")).await.unwrap();
        let url = match server.split_once('?') {
            Some((address, query)) => format!("{}/{name}?{query}", before_path(address)),
            None => format!("{}/{name}", before_path(&server)),
        };
        return (Database::Postgres { url: Secret::new(url) }, None);
    }
    let folder = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    (Database::Sqlite { path: folder.join("keyward.db") }, Some(folder))
}

#[allow(
    clippy::disallowed_methods,
    reason = "a test's harness finds its database in the environment"
)]
fn server() -> String {
    std::env::var("KEYWARD_TEST_POSTGRES").expect("KEYWARD_TEST_POSTGRES names a server")
}

fn before_path(address: &str) -> &str {
    match address.rsplit_once('/') {
        Some((server, _)) if !server.ends_with('/') => server,
        _ => address,
    }
}
