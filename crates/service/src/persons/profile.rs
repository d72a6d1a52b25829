//! What may stand in a person's profile, whoever writes it.

use crate::error::Error;
use domain::person::{Profile, is_email, is_part_of_name};

/// What shall change of a profile; `Some(None)` takes a member away.
#[derive(Clone, Debug, Default)]
pub struct UpdateProfile {
    /// The address.
    pub email: Option<Option<String>>,
    /// The given name.
    pub given_name: Option<Option<String>>,
    /// The family name.
    pub family_name: Option<Option<String>>,
}

impl UpdateProfile {
    pub(super) fn applied_to(&self, before: &Profile) -> Profile {
        let member = |new: &Option<Option<String>>, old: &Option<String>| {
            new.clone().unwrap_or_else(|| old.clone())
        };
        Profile {
            email: member(&self.email, &before.email),
            given_name: member(&self.given_name, &before.given_name),
            family_name: member(&self.family_name, &before.family_name),
        }
    }
}

pub(super) fn check(profile: &Profile) -> Result<(), Error> {
    if profile.email.as_deref().is_some_and(|text| !is_email(text)) {
        return Err(Error::invalid("email", "must be an address such as `vera@example.org`"));
    }
    let names = [("givenName", &profile.given_name), ("familyName", &profile.family_name)];
    for (field, name) in names {
        if name.as_deref().is_some_and(|text| !is_part_of_name(text)) {
            let wanted = "1 to 255 characters, no control character, no space at either end";
            return Err(Error::invalid(field, wanted));
        }
    }
    Ok(())
}
