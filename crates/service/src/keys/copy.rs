//! Copies a key: the same settings under the name `X_N`, with a secret of its own.

use super::{CreateKey, Created};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::{KeyId, Scope},
    key::{MAX_NAME_CHARS, Rotation},
    key_type::Permissions,
    right::Deed,
    secret::Secret,
    time::Timestamp,
};
use std::collections::HashSet;
use store::Read;

/// Digits of the largest number that an ending may have.
const MAX_DIGITS: usize = 9;

/// What differs in the copy.
#[derive(Debug, Default)]
pub struct CopyKey {
    /// Its name; `None`: the source's with the next number behind it.
    pub name: Option<String>,
    /// Its secret, where the type lets the caller choose it.
    pub secret: Option<Secret>,
    /// Its end; `None`: the source's.
    pub expires_at: Option<Timestamp>,
}

impl Service {
    /// Makes a key with the settings of another one. Nothing else of that one moves: neither its
    /// secret, nor its use, nor its revocation (OT-04).
    ///
    /// # Errors
    /// Those of [`Service::create_key`]; [`Error::NotFound`] where the source cannot be seen;
    /// [`Error::Invalid`] for an end that has passed, be it the source's.
    pub async fn copy_key(
        &self,
        caller: &Caller,
        id: KeyId,
        copy: CopyKey,
    ) -> Result<Created, Error> {
        let source = self.find_for(caller, id, Deed::See).await?;
        let of_type = self.type_of(&source)?;
        let expires_at = copy.expires_at.or(source.expires_at);
        self.require_end_ahead(expires_at)?;
        let name = match copy.name {
            Some(name) => name,
            None if of_type.names_a_product() => source.name.clone(),
            None => self.next_name(source.scope, &source.name).await?,
        };
        let permissions = match of_type.permissions {
            // They follow from the owner.
            Permissions::OwnersRoles => Vec::new(),
            Permissions::Within(_) | Permissions::Fixed(_) | Permissions::TenantsOwn => {
                source.permissions
            }
        };
        let wanted = CreateKey {
            key_type: source.key_type,
            scope: source.scope,
            name,
            description: source.description,
            permissions,
            enabled: source.enabled,
            starts_at: source.starts_at,
            expires_at,
            revoked_at: None,
            limit: source.limit,
            rotation: source.rotation.map(Rotation::schedule),
            allow_list: source.allow_list,
            owner: source.owner,
            secret: copy.secret,
        };
        self.make_key(caller, wanted, Some(id)).await
    }

    /// Demands that a new key does not end before it begins: nobody could ever use it. Wires that bring keys
    /// along as they were elsewhere, ended or not, do not ask.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an end that has passed.
    pub fn require_end_ahead(&self, expires_at: Option<Timestamp>) -> Result<(), Error> {
        match expires_at.is_some_and(|end| end <= self.now().wall) {
            true => Err(Error::invalid("expires", "has passed: nobody could ever use the key")),
            false => Ok(()),
        }
    }

    /// The name that a copy gets: for whoever fills a form with the settings of another key.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the source cannot be seen.
    pub async fn name_of_copy(&self, caller: &Caller, id: KeyId) -> Result<String, Error> {
        let source = self.find_for(caller, id, Deed::See).await?;
        if self.type_of(&source)?.names_a_product() {
            return Ok(source.name);
        }
        self.next_name(source.scope, &source.name).await
    }

    /// Makes a copy whose settings somebody looked through: of the same type and in the same place, with
    /// these values.
    ///
    /// # Errors
    /// Those of [`Service::create_key`]; [`Error::NotFound`] where the source cannot be seen;
    /// [`Error::Invalid`] for an end that has passed.
    pub async fn copy_key_as(
        &self,
        caller: &Caller,
        id: KeyId,
        wanted: CreateKey,
    ) -> Result<Created, Error> {
        let source = self.find_for(caller, id, Deed::See).await?;
        self.require_end_ahead(wanted.expires_at)?;
        let wanted = CreateKey { key_type: source.key_type, scope: source.scope, ..wanted };
        self.make_key(caller, wanted, Some(id)).await
    }

    async fn next_name(&self, scope: Scope, name: &str) -> Result<String, Error> {
        let stem = stem(name).to_owned();
        let sought = shortened(&stem, MAX_DIGITS + 1).to_owned();
        let taken = self
            .store
            .read(move |r: &mut Read| store::keys::names_beginning_with(r, scope, &sought))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        Ok(first_free(&stem, &taken.into_iter().collect()))
    }
}

/// The name without an ending `_N`.
fn stem(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, number))
            if !stem.trim().is_empty()
                && (1..=MAX_DIGITS).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            stem
        }
        _ => name,
    }
}

/// The beginning of a name that leaves room for `room` more characters.
fn shortened(stem: &str, room: usize) -> &str {
    match stem.char_indices().nth(MAX_NAME_CHARS.saturating_sub(room)) {
        Some((end, _)) => stem.get(..end).unwrap_or(stem),
        None => stem,
    }
}

fn first_free(stem: &str, taken: &HashSet<String>) -> String {
    let named = |n: u64| {
        let ending = format!("_{n}");
        format!("{}{ending}", shortened(stem, ending.len()))
    };
    // One more number than there are names: one of them is free.
    let last = u64::try_from(taken.len()).unwrap_or(u64::MAX).saturating_add(2);
    (2..last).map(named).find(|name| !taken.contains(name)).unwrap_or_else(|| named(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(name: &str, taken: &[&str]) -> String {
        first_free(stem(name), &taken.iter().map(|&t| t.to_owned()).collect())
    }

    #[test]
    fn a_copy_takes_the_smallest_free_number_from_2_on() {
        assert_eq!(copied("chat", &["chat"]), "chat_2");
        assert_eq!(copied("chat", &["chat", "chat_2", "chat_4"]), "chat_3");
        assert_eq!(copied("chat_3", &["chat_3", "chat_2"]), "chat_4");
        assert_eq!(copied("chat_9", &["chat_9"]), "chat_2");
        assert_eq!(copied("a_b", &["a_b"]), "a_b_2");
        assert_eq!(copied("_7", &["_7"]), "_7_2");
    }

    #[test]
    fn a_long_name_is_shortened_to_make_room() {
        let long = "ä".repeat(255);
        let copy = copied(&long, &[&long]);
        assert_eq!(copy, format!("{}_2", "ä".repeat(253)));
        assert_eq!(copied(&copy, &[&long, &copy]), format!("{}_3", "ä".repeat(253)));
    }
}
