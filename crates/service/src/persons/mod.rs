//! Persons: who they are, how they prove it by a password, how they change it.

mod account_name;
mod authenticate_basic;
mod change_password;
mod sign_in;
mod sign_in_notes;
mod user_info;

pub use change_password::ChangePassword;
pub use sign_in_notes::Notes;
pub use user_info::{Authority, UserInfo};

pub(crate) use account_name::qualified;
pub(crate) use sign_in::{Account, SignInFailure, Turns, Via};
