//! `keyward keys update`.

use super::{
    super::session::{Members, OneOf, Session, Switch},
    create::{AllowList, Rate, Schedule},
};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::Args;
use serde_json::{Value, json};

/// What changes; the rest stays.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    key: OneOf,
    /// Another name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Another description; `none` takes it away
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What it may do, in place of all before. May be repeated
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    #[command(flatten)]
    switch: Switch,
    /// First instant at which it works, or `none`
    #[arg(long, value_name = "INSTANT")]
    starts_at: Option<String>,
    /// Instant from which it works no more, or `none`
    #[arg(long, value_name = "INSTANT")]
    expires: Option<String>,
    #[command(flatten)]
    rate: Rate,
    /// Take the limit away
    #[arg(long, conflicts_with_all = ["capacity", "frequency"])]
    no_limit: bool,
    #[command(flatten)]
    schedule: Schedule,
    /// Take the schedule of rotation away
    #[arg(long, conflicts_with_all = ["rotate_every_days", "rotation_overlap"])]
    no_rotation: bool,
    #[command(flatten)]
    allow_list: AllowList,
    /// Accept it from anywhere, for anything
    #[arg(long, conflicts_with_all = ["origins", "addresses", "methods", "paths"])]
    no_allow_list: bool,
}

impl Update {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let limit = if self.no_limit { Some(Value::Null) } else { self.rate.member() };
        let rotation = if self.no_rotation { Some(Value::Null) } else { self.schedule.member() };
        let allow_list =
            if self.no_allow_list { Some(json!({})) } else { self.allow_list.member() };
        let body = Members::new()
            .with("name", self.name)
            .or_none("description", self.description)
            .list("permissions", self.permissions)
            .with("enabled", self.switch.state())
            .or_none("startsAt", self.starts_at)
            .or_none("expires", self.expires)
            .with("limit", limit)
            .with("rotation", rotation)
            .with("allowList", allow_list)
            .change()?;
        let call = Call::patch(&["v1", "keys", &self.key.id])
            .json(&body)
            .if_version(self.key.version.if_version);
        session.one(&thing::KEY, call).await
    }
}
