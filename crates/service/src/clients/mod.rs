//! OAuth clients, administered by the cluster. A client's secret goes in and never comes out.

mod create;
mod delete;
mod granting;
mod list;
mod settings;
mod show;
mod update;

pub use create::CreateClient;
pub use list::ClientPage;
pub use update::UpdateClient;

use crate::{Service, caller::Caller, error::Error};
use domain::{client::Client, id::ClientId, right::Right, secret::Secret};
use store::clients::ClientSecret;

impl Service {
    /// Clients may speak for any tenant, so only the cluster makes and changes them. Whoever belongs
    /// to a tenant learns nothing here, not even which clients there are.
    fn require_client_admin(caller: &Caller) -> Result<(), Error> {
        if !caller.is_cluster() {
            return Err(Error::NotAllowed { right: Some(Right::ClientsManage) });
        }
        caller.require_rights([Right::ClientsManage].into_iter().collect())
    }

    fn seal_client_secret(&self, id: ClientId, secret: &Secret) -> Result<ClientSecret, Error> {
        let sealed = self.keyring.seal_client_digest(id, &secret.digest());
        let (generation, sealed_digest) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(ClientSecret { generation, sealed_digest })
    }
}

/// A client as the audit log names it.
fn subject(client: &Client) -> (&'static str, String) {
    ("client", client.id.to_string())
}
