//! Whose a personal key may be: the persons of its tenant, to choose from; where there are many, one types.

use crate::{app::App, console::Visitor, failure::Failure};
use domain::{
    id::{PersonId, Scope},
    person::Person,
};
use service::{
    Error,
    persons::{ListPersons, MAX_PAGE},
};

/// Persons that a choice offers; where there are more, one types.
const MOST: u32 = 100;

/// A person whose key it may be.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) id: PersonId,
    pub(super) name: String,
}

impl Owner {
    fn of(person: Person) -> Self {
        Self { id: person.id, name: person.username }
    }

    /// Whether this text means them.
    pub(super) fn is(&self, text: &str) -> bool {
        self.name == text || self.id.to_string() == text
    }
}

/// The persons of the place; `true`: there are more than these.
pub(super) async fn owners(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
) -> Result<(Vec<Owner>, bool), Failure> {
    let list = ListPersons { scope: Some(scope), limit: Some(MOST), ..ListPersons::default() };
    let page = app.service().list_persons(&visitor.caller, list).await?;
    Ok((page.persons.into_iter().map(Owner::of).collect(), page.next.is_some()))
}

/// The person of this place whom somebody named by user name or id.
pub(super) async fn named(
    app: &App,
    visitor: &Visitor,
    (scope, text): (Scope, &str),
) -> Result<Option<Owner>, Failure> {
    let (service, caller) = (app.service(), &visitor.caller);
    if let Ok(id) = PersonId::parse(text) {
        return match service.show_person(caller, id).await {
            Ok(person) => Ok(Some(person).filter(|p| p.scope == scope).map(Owner::of)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        };
    }
    let mut list = ListPersons {
        scope: Some(scope),
        search: Some(text.to_owned()),
        limit: Some(MAX_PAGE),
        ..ListPersons::default()
    };
    loop {
        let page = service.list_persons(caller, list.clone()).await?;
        let found = page.persons.into_iter().find(|person| person.username == text);
        list.cursor = page.next;
        if found.is_some() || list.cursor.is_none() {
            return Ok(found.map(Owner::of));
        }
    }
}
