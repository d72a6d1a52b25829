//! What realms sign with: [`crate::Service::sign_jwt`] makes a JWT, [`crate::Service::realm_keys`] says which keys
//! are published, [`crate::Service::verify_own`] tells whether a JWT is one that the realm made.
//!
//! A realm gets its first key when somebody asks for it (ensure.rs). Its successor is published an hour
//! before it signs, and itself stays published until whatever it signed has ended (rotate.rs); its
//! private half goes as soon as it has stopped signing (retire.rs). Nothing here decides whether a token
//! of ours is good: a token is looked up by its digest, and signatures are for others (JW-03).

mod ensure;
mod key_pair;
mod known;
mod list;
mod realm_keys;
mod retire;
mod rotate;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use key_pair::thumbprint;
pub(crate) use known::KnownKeys;
pub use list::SigningKeys;
pub use realm_keys::RealmKeys;
pub use rotate::RotateSigningKey;

/// Days after which a signing key gets a successor, unless it is configured otherwise.
pub const DEFAULT_DAYS: u32 = 90;
/// Seconds for which a successor is published before it signs.
pub const PUBLISHED_BEFORE_S: i64 = 3_600;
/// Seconds for which others may keep the set of keys: less than [`PUBLISHED_BEFORE_S`] by more than
/// what another node needs to learn of a new key.
pub const CACHED_FOR_S: u32 = 900;
/// Keys that a realm publishes at once, at most.
pub const MAX_PUBLISHED: usize = 50;
