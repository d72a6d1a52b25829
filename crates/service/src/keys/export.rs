//! Reads all keys that a caller may see, page by page, without their secrets. That it was asked is
//! audited before the first page is read.

use super::{ALL_TYPES, ListKeys, StatusFilter, WHOLE_LIST_PAGE, WholeList};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    id::Scope,
    key::Key,
    time::Timestamp,
};
use store::Tx;

/// An export under way: one page in memory at a time.
#[derive(Debug)]
pub struct Export {
    service: Service,
    caller: Caller,
    scope: Option<Scope>,
    next: Next,
    /// The caller's other whole lists wait for this one.
    _turn: WholeList,
}

#[derive(Debug)]
enum Next {
    Page(Option<String>),
    Nothing,
}

impl Service {
    /// Begins an export of the keys of one scope, or of all that the caller reaches.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see keys of some type, [`Error::NotFound`] for a
    /// tenant that is not there for this caller.
    pub async fn export_keys(
        &self,
        caller: &Caller,
        scope: Option<Scope>,
    ) -> Result<Export, Error> {
        let scope = self.listed_scope(caller, scope)?;
        let turn = self.begin_whole_list(caller).await;
        let export = Export {
            service: self.clone(),
            caller: caller.clone(),
            scope,
            next: Next::Page(None),
            _turn: turn,
        };
        // Whoever may not see keys, or not there, is told so before anything is written.
        export.page(None, 1).await?;
        let chain = scope.unwrap_or(Scope::Cluster);
        let subject = ("export", scope.map_or_else(|| "all".to_owned(), |scope| scope.to_string()));
        let event =
            AuditEvent::new("key.export", chain, caller.origin(self.now().wall), subject).detail(
                vec![("tenant", scope.map_or(Fact::Null, |scope| Fact::Text(scope.to_string())))],
            );
        self.store
            .write(move |tx: &mut Tx| tx.commit(event.clone(), ()).map_err(Error::from))
            .await?;
        Ok(export)
    }
}

impl Export {
    /// The next keys, newest first, with the instant by which their states are told; `None` at the
    /// end. A page may be empty although there is a next one.
    ///
    /// # Errors
    /// The caller lost its rights meanwhile, or the store is unavailable.
    pub async fn next_page(&mut self) -> Result<Option<(Vec<Key>, Timestamp)>, Error> {
        let cursor = match &mut self.next {
            Next::Page(cursor) => cursor.take(),
            Next::Nothing => return Ok(None),
        };
        let page = self.page(cursor, WHOLE_LIST_PAGE).await?;
        self.next = match page.next {
            Some(cursor) => Next::Page(Some(cursor)),
            None => Next::Nothing,
        };
        Ok(Some((page.keys, self.service.now().wall)))
    }

    async fn page(&self, cursor: Option<String>, limit: u32) -> Result<super::KeyPage, Error> {
        let list = ListKeys {
            route: "export_keys",
            scope: self.scope,
            key_types: ALL_TYPES,
            key_type: None,
            search: None,
            status: StatusFilter::default(),
            standing: None,
            permission: None,
            acknowledged: None,
            held: None,
            limit,
            cursor,
        };
        self.service.list_keys(&self.caller, list).await
    }
}
