//! Listing persons.

use super::granting;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::{
    id::{PersonId, Scope},
    person::Person,
};
use store::persons::{PersonFilter, Position};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which persons.
#[derive(Clone, Debug, Default)]
pub struct ListPersons {
    /// Where they belong; `None`: everywhere that the caller reaches.
    pub scope: Option<Scope>,
    /// A part of the user name, in any case.
    pub search: Option<String>,
    /// The name of a role that they hold.
    pub role: Option<String>,
    /// The switch.
    pub enabled: Option<bool>,
    /// How many at most; `None`: [`MAX_PAGE`].
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// A part of the list, in the order of the user names.
#[derive(Debug)]
pub struct PersonPage {
    /// The persons.
    pub persons: Vec<Person>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// A page of persons.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`] for a tenant out of reach,
    /// [`Error::Invalid`] for a limit out of range or a cursor of another list.
    pub async fn list_persons(
        &self,
        caller: &Caller,
        list: ListPersons,
    ) -> Result<PersonPage, Error> {
        caller.require_rights(granting::manage())?;
        let scope = self.listed_scope(caller, list.scope)?;
        let limit = list.limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("must be 1 to {MAX_PAGE}")));
        }
        let id = ListId { route: "list_persons", scope, filter: list.digest() };
        let after = match &list.cursor {
            Some(text) => Some(position(&self.read_long_cursor(&id, text)?)?),
            None => None,
        };
        let filter = PersonFilter {
            search: list.search,
            role: list.role,
            enabled: list.enabled,
            after,
            // One more than asked for tells whether there is a next page.
            limit: limit + 1,
        };
        let mut persons = self.store.read(move |r| store::persons::list(r, scope, &filter)).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = persons.len() > wanted;
        persons.truncate(wanted);
        let last = persons.last().filter(|_| more).map(Position::of);
        let next =
            last.map(|at| self.sign_cursor(&id, format!("{}{}", at.id, at.folded).as_bytes()));
        Ok(PersonPage { persons, next })
    }
}

/// An id, whose text has one length, and a folded name behind it.
fn position(bytes: &[u8]) -> Result<Position, Error> {
    let read = || {
        let (id, folded) = std::str::from_utf8(bytes).ok()?.split_at_checked(36)?;
        Some(Position { id: PersonId::parse(id).ok()?, folded: folded.to_owned() })
    };
    read().ok_or_else(|| Error::invalid("cursor", "does not belong to this list; begin it anew"))
}

impl ListPersons {
    fn digest(&self) -> [u8; 32] {
        let text = |t: &Option<String>| t.as_deref().map_or_else(String::new, |t| format!("={t}"));
        let enabled = self.enabled.map_or("", |on| if on { "on" } else { "off" });
        filter_digest(&[&text(&self.search), &text(&self.role), enabled])
    }
}
