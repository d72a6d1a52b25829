//! OAuth clients, administered by the cluster or by the tenant that they are bound to. A client's
//! secret is told when it is made, and never again.

mod changeable;
mod create;
mod delete;
mod granting;
mod list;
mod regenerate_secret;
mod settings;
mod show;
mod update;

pub use create::CreateClient;
pub use list::{ClientPage, ListClients, MAX_PAGE};
pub use update::UpdateClient;

use crate::{Service, entropy::Entropy, error::Error};
use domain::{
    base62,
    client::Client,
    id::ClientId,
    right::{Right, Rights},
    secret::Secret,
};
use store::clients::ClientSecret;
use zeroize::Zeroizing;

/// Random digits of a secret that is made here: 285 bits.
const SECRET_DIGITS: usize = 48;

/// A client whose secret was set.
#[derive(Debug)]
pub struct WithSecret {
    /// The client.
    pub client: Client,
    /// The secret, where it was made here: told once.
    pub secret: Option<Secret>,
}

impl Service {
    fn seal_client_secret(&self, id: ClientId, secret: &Secret) -> Result<ClientSecret, Error> {
        let sealed = self.keyring.seal_client_digest(id, &secret.digest());
        let (generation, sealed_digest) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(ClientSecret { generation, sealed_digest })
    }
}

fn manage() -> Rights {
    [Right::ClientsManage].into_iter().collect()
}

fn make_secret(entropy: &Entropy) -> Secret {
    let mut text = Zeroizing::new(String::with_capacity(SECRET_DIGITS));
    while text.len() < SECRET_DIGITS {
        let pool = Zeroizing::new(entropy.bytes::<64>());
        let left = SECRET_DIGITS - text.len();
        // 248 = 4 × 62: bytes above it would favour the first digits.
        text.extend(
            pool.iter().filter(|&&b| b < 248).take(left).map(|&b| char::from(base62::digit(b))),
        );
    }
    Secret::new(std::mem::take(&mut *text))
}

/// A client as the audit log names it.
fn subject(client: &Client) -> (&'static str, String) {
    ("client", client.id.to_string())
}
