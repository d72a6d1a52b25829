//! `keyward keys list`.

use super::super::session::{Limit, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::Args;

/// Which keys.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Part of the name or of the creator's name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Of this type
    #[arg(long, value_name = "TYPE")]
    key_type: Option<String>,
    /// That cover this permission
    #[arg(long, value_name = "PERMISSION")]
    permission: Option<String>,
    /// Some of `available`, `soonUnavailable`, `unavailable`, with commas
    #[arg(long, value_name = "STATES")]
    availability: Option<String>,
    /// `revoked`, `expired`, `disabled`, `held` or `notYetValid`
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Whose secret somebody confirmed to have stored, or nobody did
    #[arg(long, value_name = "BOOL")]
    acknowledged: Option<bool>,
    /// Held back because nobody used them, or not
    #[arg(long, value_name = "BOOL")]
    held: Option<bool>,
    /// Of this tenant; `*`: the cluster's own
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

impl List {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let call = || {
            Call::get(&["v1", "keys"])
                .query("search", self.search.as_ref())
                .query("keyType", self.key_type.as_ref())
                .query("permission", self.permission.as_ref())
                .query("availability", self.availability.as_ref())
                .query("status", self.status.as_ref())
                .query("acknowledged", self.acknowledged)
                .query("held", self.held)
                .query("tenant", self.tenant.as_ref())
        };
        session.many(&thing::KEY, self.limit.most(), call).await
    }
}
