//! Makes a key of a data product.

use super::{KEY_TYPES, place};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    keys::{CreateKey, Created, MAX_DAYS},
};
use domain::{allow_list::AllowList, key_type::DATA_TYPE, right::Deed};

/// What a creator wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateDataKey {
    /// The data product, as the system behind calls it: never read here.
    pub product: String,
    /// What the key is for.
    pub description: Option<String>,
    /// For how many days it serves.
    pub validity_days: u32,
}

impl Service {
    /// Makes a key in the caller's tenant.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Native.ApiKeys.canCreate`, and for whoever belongs to no one tenant;
    /// [`Error::Invalid`] for a value that cannot be.
    pub async fn create_data_key(
        &self,
        caller: &Caller,
        wanted: CreateDataKey,
    ) -> Result<Created, Error> {
        self.require_deed(caller, KEY_TYPES, Deed::Create)?;
        let scope = place(caller)?;
        if !(1..=MAX_DAYS).contains(&wanted.validity_days) {
            return Err(Error::invalid("validityDays", format!("must be 1 to {MAX_DAYS}")));
        }
        let lives_s = i64::from(wanted.validity_days) * 86_400;
        let wanted = CreateKey {
            key_type: DATA_TYPE.to_owned(),
            scope,
            name: wanted.product,
            description: wanted.description,
            permissions: Vec::new(),
            enabled: true,
            starts_at: None,
            expires_at: Some(self.now().wall.plus_seconds(lives_s)),
            rotation: None,
            revoked_at: None,
            limit: None,
            allow_list: AllowList::default(),
            owner: None,
            secret: None,
        };
        self.create_key(caller, wanted).await
    }
}
