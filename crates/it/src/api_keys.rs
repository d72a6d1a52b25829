//! Keys of our own type, which have no wire yet: made by the use case, as an administrator.

use crate::{Caller, World, world::tenant};
use domain::{
    allow_list::{AddressRule, AllowList},
    permission::Permission,
    rate_limit::Limit,
    time::Timestamp,
};
use service::{Context, keys::CreateKey};

/// What opens verify to a key.
pub const ASKS: &str = "keyward:keys:verify";

/// An `api` key of the first tenant that somebody is about to make.
pub struct ApiKey {
    wanted: CreateKey,
}

impl ApiKey {
    /// One that holds `permission` and nothing else.
    #[must_use]
    pub fn with(permission: &str) -> Self {
        let permissions = vec![Permission::parse(permission).expect("a permission")];
        Self {
            wanted: CreateKey {
                key_type: "api".to_owned(),
                scope: tenant(),
                name: "gateway".to_owned(),
                description: None,
                permissions,
                enabled: true,
                starts_at: None,
                expires_at: None,
                rotation: None,
                revoked_at: None,
                limit: None,
                allow_list: AllowList::default(),
                owner: None,
                secret: None,
            },
        }
    }

    /// With a limit of its own.
    #[must_use]
    pub fn limited(mut self, capacity: u32, seconds: u32) -> Self {
        self.wanted.limit = Some(Limit::new(capacity, seconds).expect("a limit"));
        self
    }

    /// Switched off.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.wanted.enabled = false;
        self
    }

    /// Over at this instant.
    #[must_use]
    pub const fn until(mut self, end: Timestamp) -> Self {
        self.wanted.expires_at = Some(end);
        self
    }

    /// Accepted from these addresses alone.
    #[must_use]
    pub fn from_addresses(mut self, network: &str) -> Self {
        self.wanted.allow_list.addresses = vec![AddressRule::parse(network).expect("a network")];
        self
    }

    /// Makes it by the administrator that `admin` is signed in as; returns the secret.
    pub async fn made(self, world: &World, admin: &Caller) -> String {
        let context = Context { request_id: "test".to_owned(), address: None };
        let token = admin.token.as_deref().expect("a token");
        let caller = world.service.authenticate(token, context).await.expect("a caller");
        let created = world.service.create_key(&caller, self.wanted).await.expect("a key");
        created.secret.expose().to_owned()
    }
}
