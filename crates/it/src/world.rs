//! A fresh installation for one test: two tenants, persons, clients, a clock that stands still.
//!
//! The database is the one that `KEYWARD_TEST_DATABASE` names (`sqlite` unless told otherwise); no
//! test knows which.

use crate::{caller::Caller, people::bootstrap, postgres, tables};
use domain::{
    id::{Scope, TenantId},
    rate_limit::Limit,
    secret::Secret,
    time::Timestamp,
};
use server::{AppService, ServerConfig};
use service::{
    Service, Settings,
    clock::Clock,
    entropy::Entropy,
    master_key::MasterKey,
    open::{MasterKeys, OpenError, Opening},
    password::Cost,
};
use std::path::{Path, PathBuf};
use store::Database;
use uuid::Uuid;

/// The tenant of the published commands.
pub const TENANT: &str = "578ec98e-f07c-46ad-9675-f36c22f3ba9f";
/// Another tenant, whose things the first must never see.
pub const OTHER_TENANT: &str = "ed4c03f3-6275-4419-8b2b-11d14af10655";
/// A tenant that exists nowhere.
pub const NO_TENANT: &str = "00000000-0000-4000-8000-000000000000";
/// The password of every person of the world.
pub const PASSWORD: &str = "wandering otters carry lamps";
/// The secret of every confidential client of the world.
pub const CLIENT_SECRET: &str = "a-client-secret-of-the-test-world";
/// When the clock stands at the beginning: 2026-03-01T12:00:00Z.
pub const START: Timestamp = Timestamp::from_millis(1_772_366_400_000);

/// An installation of its own, gone with this value.
pub struct World {
    /// The use cases, for what has no wire yet.
    pub service: Service,
    /// Moves when a test moves it.
    pub clock: Clock,
    /// HTTP in process.
    pub app: AppService,
    place: Place,
}

/// Where the database lies. A second node opens the same place.
pub struct Place {
    folder: PathBuf,
    postgres: Option<postgres::Database>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    /// A new place on the database of this run, where nothing is installed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::of(|| postgres::fresh_database(Some(&tables::template()?)))
    }

    /// A new place whose database has not even tables: for tests that fill it themselves.
    #[must_use]
    pub fn without_tables() -> Self {
        Self::of(|| postgres::fresh_database(None))
    }

    fn of(postgres: impl FnOnce() -> anyhow::Result<postgres::Database>) -> Self {
        let folder = std::env::temp_dir().join(format!("keyward-it-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let on_postgres = std::env::var("KEYWARD_TEST_DATABASE").is_ok_and(|d| d == "postgres");
        let postgres = on_postgres.then(|| postgres().expect("a database for the test"));
        Self { folder, postgres }
    }

    /// The database here.
    #[must_use]
    pub fn database(&self) -> Database {
        match &self.postgres {
            Some(database) => Database::Postgres { url: Secret::new(database.url()) },
            None => Database::Sqlite { path: self.folder.join("keyward.db") },
        }
    }

    /// The folder of the test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The configuration's word for the database: for tests that start the program itself.
    #[must_use]
    pub fn database_value(&self) -> String {
        self.postgres.as_ref().map_or_else(|| "sqlite".to_owned(), postgres::Database::url)
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A fresh world.
    pub async fn start() -> Self {
        Self::start_with(|_, _| {}).await
    }

    /// A fresh world with other settings.
    pub async fn start_with(adjust: impl FnOnce(&mut Settings, &mut ServerConfig)) -> Self {
        Self::open(Place::new(), Clock::manual(START), adjust).await.expect("a world opens")
    }

    /// Opens the installation of a place; makes it there if it is new.
    ///
    /// # Errors
    /// What `Service::open` says.
    pub async fn open(
        place: Place,
        clock: Clock,
        adjust: impl FnOnce(&mut Settings, &mut ServerConfig),
    ) -> Result<Self, OpenError> {
        let (service, app) = node(&place, clock.clone(), adjust).await?;
        Ok(Self { service, clock, app, place })
    }

    /// A second node on the same database; only PostgreSQL has such. `None` on SQLite.
    pub async fn second_node(&self) -> Option<(Service, AppService)> {
        self.place.postgres.as_ref()?;
        Some(node(&self.place, self.clock.clone(), |_, _| {}).await.expect("a second node opens"))
    }

    /// Stops the installation and opens it again, the clock as it stands.
    pub async fn restart(self) -> Self {
        self.restart_with(|_, _| {}).await
    }

    /// Stops the installation and opens it again with other settings.
    pub async fn restart_with(self, adjust: impl FnOnce(&mut Settings, &mut ServerConfig)) -> Self {
        let Self { service, clock, app, place } = self;
        drop(app);
        service.close().await;
        drop(service);
        Self::open(place, clock, adjust).await.expect("a world opens again")
    }

    /// Where the database lies.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Somebody without credentials.
    #[must_use]
    pub fn anonymous(&self) -> Caller {
        Caller::new(self.app.clone())
    }

    /// A person with a fresh token: `ops`, `t100\nexus`, `t100\vera`, `t200\bob`, …
    pub async fn person(&self, username: &str) -> Caller {
        self.anonymous().signed_in(username, PASSWORD).await
    }

    /// A confidential client with a fresh token of its own.
    pub async fn client(&self, client_id: &str) -> Caller {
        self.anonymous().client_token(client_id, CLIENT_SECRET).await
    }
}

async fn node(
    place: &Place,
    clock: Clock,
    adjust: impl FnOnce(&mut Settings, &mut ServerConfig),
) -> Result<(Service, AppService), OpenError> {
    let mut opening = opening(place, &clock);
    let public_url = opening.settings.public_url.clone();
    let mut config = ServerConfig::new(public_url, [7; 16]);
    adjust(&mut opening.settings, &mut config);
    let (service, _) = Service::open(opening).await?;
    let app = server::app(service.clone(), config);
    Ok((service, app))
}

/// How the installation of a place is opened.
#[must_use]
pub fn opening(place: &Place, clock: &Clock) -> Opening {
    let settings = Settings {
        password_cost: Cost { memory_kib: 8, passes: 1, lanes: 1 },
        password_hashes_at_once: 4,
        failed_credentials: Limit::new(1_000, 60).ok(),
        database_connections: 4,
        durable: false,
        ..Settings::default()
    };
    Opening {
        database: place.database(),
        master_keys: MasterKeys::Given(MasterKey::parse_list(&master_key()).expect("a master key")),
        bootstrap: bootstrap(),
        settings,
        clock: clock.clone(),
        entropy: Entropy::system(),
    }
}

/// The master key of every test world.
#[must_use]
pub fn master_key() -> Secret {
    Secret::new("test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned())
}

/// The scope of the first tenant.
#[must_use]
pub fn tenant() -> Scope {
    Scope::Tenant(TenantId::parse(TENANT).expect("a tenant id"))
}
