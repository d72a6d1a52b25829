//! Listing roles.

use super::place;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::{id::Scope, right::Role};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which roles.
#[derive(Clone, Debug, Default)]
pub struct ListRoles {
    /// Those that somebody of this scope can have; `None`: of the caller's own.
    pub scope: Option<Scope>,
    /// How many at most; `None`: [`MAX_PAGE`].
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// A part of the list: the seeded roles by name, then the scope's own by name.
#[derive(Debug)]
pub struct RolePage {
    /// The roles.
    pub roles: Vec<Role>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// A page of roles.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right, [`Error::NotFound`] for a tenant out of reach,
    /// [`Error::Invalid`] for a limit out of range or a cursor of another list.
    pub async fn list_roles(&self, caller: &Caller, list: ListRoles) -> Result<RolePage, Error> {
        let scope = place(caller, list.scope)?;
        let mut roles = self.roles_of(caller, scope).await?;
        let limit = list.limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("must be 1 to {MAX_PAGE}")));
        }
        let id = ListId { route: "list_roles", scope: Some(scope), filter: filter_digest(&[]) };
        if let Some(text) = &list.cursor {
            let after = self.read_long_cursor(&id, text)?;
            roles.retain(|role| place_in_list(role) > after);
        }
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = roles.len() > wanted;
        roles.truncate(wanted);
        let last = roles.last().filter(|_| more);
        let next = last.map(|role| self.sign_cursor(&id, &place_in_list(role)));
        Ok(RolePage { roles, next })
    }
}

fn place_in_list(role: &Role) -> Vec<u8> {
    let mut place = vec![if role.is_seeded() { 0 } else { 1 }];
    place.extend(role.name.bytes());
    place
}
