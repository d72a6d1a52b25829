//! Issuers outside: OpenID providers whose word about persons a tenant believes.
//!
//! Who may say which issuer is believed stands in the operations (`create.rs` and its neighbours) and in
//! reach.rs. What comes from outside goes one way: `provider.rs` asks the issuer where its keys are,
//! `jwt.rs` takes a token apart, `verify.rs` and `jwks.rs` prove it, `person.rs` finds or makes the person
//! it speaks of. `caller.rs` does that for callers of our API, `sign_in.rs` for browsers.

mod at_console;
mod caller;
mod create;
mod delete;
mod jwks;
mod jwt;
mod known;
mod list;
mod percent;
mod person;
mod provider;
mod reach;
mod secret;
mod show;
mod sign_in;
#[cfg(test)]
mod tests;
mod update;
mod verify;
mod withdraw;

pub use create::CreateIssuer;
pub use known::{ConfiguredIssuer, KnownIssuers};
pub use sign_in::{Begun, Finished, ProviderAnswer, SIGN_IN_S, SignInRefused};
pub use update::UpdateIssuer;

use crate::{Service, error::Error, outbound::Outbound};
use domain::{
    id::{IssuerId, Scope},
    issuer::Issuer,
};
use sha2::{Digest, Sha256};

impl Service {
    /// Lets use cases call others by `outbound`. The first one that is handed over stays.
    pub fn call_by(&self, outbound: Outbound) {
        let _ = self.outbound.set(outbound);
    }

    /// Takes the issuers of the configuration over, before anything is served.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that cannot be, [`Error::Conflict`] for two that stand in each other's
    /// way.
    pub fn configure_issuers(&self, configured: Vec<ConfiguredIssuer>) -> Result<(), Error> {
        check_configured(&configured)?;
        self.issuers.configure(configured);
        Ok(())
    }
}

/// Checks the issuers of a configuration on their own and together.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`].
pub fn check_configured(configured: &[ConfiguredIssuer]) -> Result<(), Error> {
    for (at, one) in configured.iter().enumerate() {
        one.issuer.check()?;
        let others = configured.iter().take(at).map(|other| &other.issuer);
        for other in others {
            let issuer = &one.issuer;
            if other.scope == issuer.scope
                && (other.name == issuer.name || other.issuer == issuer.issuer)
            {
                let detail = format!("`{}` is there twice", issuer.name);
                return Err(Error::conflict("issuer", detail));
            }
            reach::check_apart(issuer, other)?;
        }
    }
    Ok(())
}

/// The id of an issuer of the configuration: the same on every node and after every start.
#[must_use]
pub fn configured_id(scope: Scope, name: &str) -> IssuerId {
    let digest = Sha256::digest(format!("issuer of the configuration\0{scope}\0{name}"));
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    IssuerId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// An issuer as the audit log names it.
fn subject(issuer: &Issuer) -> (&'static str, String) {
    ("issuer", issuer.id.to_string())
}
