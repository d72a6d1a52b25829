//! `keyward keys usage`.

use super::super::session::{Id, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, ValueEnum};

/// Which verifications.
#[derive(Args, Debug)]
pub(crate) struct Usage {
    #[command(flatten)]
    key: Id,
    /// How long a line is
    #[arg(long, value_enum, default_value_t = Step::Hour)]
    by: Step,
    /// From this instant on, RFC 3339 [default: 24 hours or 30 days ago]
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Before this instant, RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    to: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Step {
    /// An hour
    Hour,
    /// A day
    Day,
}

impl Usage {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let by = match self.by {
            Step::Hour => "hour",
            Step::Day => "day",
        };
        let call = Call::get(&["v1", "keys", &self.key.id, "usage"])
            .query("by", Some(by))
            .query("from", self.from)
            .query("to", self.to);
        let answer = session.api.ask(call).await?;
        session.output.rows(&thing::USAGE, &answer)?;
        Ok(Exit::Done)
    }
}
