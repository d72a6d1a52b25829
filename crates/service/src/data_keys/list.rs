//! Lists the keys of data products, newest first, also those that were deleted.

use super::{KEY_TYPES, place};
use crate::{
    Service,
    caller::Caller,
    cursor::{self, ListId, PLACE_BYTES, filter_digest},
    error::Error,
};
use domain::{id::KeyId, right::Deed, time::Timestamp};
use store::{
    Read,
    keys::{DataKey, DataKeyFilter, Position},
};

/// Which of them, and how many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListDataKeys {
    /// Whether those that were deleted are among them.
    pub with_deleted: bool,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// A part of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataKeyPage {
    /// The keys.
    pub keys: Vec<DataKey>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the keys of the caller's tenant, without secrets.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Native.ApiKeys.canView` and `canRead`, and for whoever belongs to no
    /// one tenant; [`Error::Invalid`] for a cursor of another list.
    pub async fn list_data_keys(
        &self,
        caller: &Caller,
        list: ListDataKeys,
    ) -> Result<DataKeyPage, Error> {
        self.require_deed(caller, KEY_TYPES, Deed::See)?;
        let scope = place(caller)?;
        let with_deleted = if list.with_deleted { "deleted" } else { "" };
        let id = ListId {
            route: "list_data_keys",
            scope: Some(scope),
            filter: filter_digest(&[with_deleted]),
        };
        let after: Option<[u8; PLACE_BYTES]> =
            list.cursor.as_deref().map(|text| self.read_cursor(&id, text)).transpose()?;
        let filter = DataKeyFilter {
            scope,
            with_deleted: list.with_deleted,
            after: after.as_ref().map(|place| position(cursor::place(place))),
            limit: list.limit,
        };
        let page = self
            .store
            .read(move |r: &mut Read| store::keys::list_data_keys(r, &filter))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let bytes = |at: Position| {
            cursor::place_bytes(at.created_at, u128::from_be_bytes(*at.id.as_bytes()))
        };
        let next = page.next.map(|at| self.sign_cursor(&id, &bytes(at)));
        Ok(DataKeyPage { keys: page.items, next })
    }
}

fn position((created_at, id): (Timestamp, u128)) -> Position {
    Position { created_at, id: KeyId::from_bytes(id.to_be_bytes()) }
}
