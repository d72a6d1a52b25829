//! Browsers that are signed in to realms. A session is a row and nothing else: whoever presents one asks
//! the database, so that an end holds on every node at once (SE-03). What ends the tokens of a person
//! ends their sessions in the same write (`store::tokens::revoke_by_principal`).

mod change_password;
mod console;
mod end;
mod end_others;
mod find;
mod list;
mod open;
pub use console::{AtConsole, SignedIn};
