//! `keyward whoami`: whom the server takes the caller for.

use super::session::Session;
use crate::{
    api::{ApiOptions, Call},
    failure::{Exit, Failure},
    output::thing,
};
use clap::Args;

/// `keyward whoami`.
#[derive(Args, Debug)]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
}

/// Prints it.
pub(crate) async fn run(session: &mut Session) -> Result<Exit, Failure> {
    session.one(&thing::CALLER, Call::get(&["v1", "whoami"])).await
}
