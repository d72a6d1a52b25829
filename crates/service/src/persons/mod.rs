//! Persons: who they are, how they prove it by a password, how they change it; and how others manage
//! them.

mod account_name;
mod authenticate_basic;
mod change_password;
mod changeable;
mod create;
mod delete;
pub(crate) mod granting;
mod list;
mod locks;
mod password_rule;
mod profile;
mod recover;
mod set_password;
mod show;
mod show_own;
mod sign_in;
mod sign_in_notes;
mod unlock;
mod update;
mod user_info;

pub use change_password::ChangePassword;
pub use create::CreatePerson;
pub use list::{ListPersons, MAX_PAGE, PersonPage};
pub use profile::UpdateProfile;
pub use set_password::SetPassword;
pub use sign_in_notes::Notes;
pub use update::UpdatePerson;
pub use user_info::{Authority, UserInfo};

pub(crate) use account_name::qualified;
pub(crate) use sign_in::{Account, SignInFailure, Turns, Via};

use domain::{person::Person, secret::Secret};

/// A person whose password was set.
#[derive(Debug)]
pub struct WithPassword {
    /// The person.
    pub person: Person,
    /// The password, where it was made here: told once.
    pub password: Option<Secret>,
}
