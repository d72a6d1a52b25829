//! `keyward audit list` and `keyward audit export`; the check of the chains is in `audit_verify.rs`.

use super::{
    keys::download,
    session::{Limit, Session},
};
use crate::{
    api::{ApiOptions, Call},
    failure::{Exit, Failure},
    output::thing,
};
use clap::Args;
use std::path::PathBuf;

/// `keyward audit list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
    /// Of one chain: a tenant's id, or `*` for the cluster's
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// What was done, such as `key.revoke`
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Who did it: a name, `person:ID`, `client:ID`, a key's id, `system` or `anonymous`
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// The id of what it was done to
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// From this instant on, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Before this instant, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    to: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward audit export`.
#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
    /// Whose chain: a tenant's id, or `*` for the cluster's [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Prints events, newest first.
pub(crate) async fn list(session: &mut Session, list: List) -> Result<Exit, Failure> {
    let call = || {
        Call::get(&["v1", "audit"])
            .query("tenant", list.tenant.as_ref())
            .query("action", list.action.as_ref())
            .query("actor", list.actor.as_ref())
            .query("subject", list.subject.as_ref())
            .query("from", list.from.as_ref())
            .query("to", list.to.as_ref())
    };
    session.many(&thing::EVENT, list.limit.most(), call).await
}

/// Writes a chain with its links, a line an event.
pub(crate) async fn export(session: &mut Session, export: Export) -> Result<Exit, Failure> {
    let call = Call::get(&["v1", "audit", "export"]).query("tenant", export.tenant);
    download(session, call, export.out.as_deref()).await
}
