//! `keyward routes`.

use super::{
    policies::{Delete, Demands, Named},
    session::{IfVersion, Limit, Members, Once, Session},
};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};
use serde_json::{Map, Value};

/// What to do with routes of the gateway.
#[derive(Subcommand, Debug)]
pub(crate) enum Routes {
    /// Make a route: what its calls must present, and where they go
    Create(Box<Create>),
    /// List routes, those of the server's configuration among them
    List(List),
    /// Show a route
    Show(Named),
    /// Change a route
    Update(Box<Update>),
    /// Delete a route: its calls are not found from then on
    Delete(Delete),
}

/// `keyward routes create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Its name [default: that of the preset]
    #[arg(value_name = "NAME", required_unless_present = "preset")]
    name: Option<String>,
    /// What the route is where nothing else is said: `engagement`, `nexus-chat`, `nexus-securemail`,
    /// `nexus-designer`, `client`, `queueadapter`, `telephony`, `openconnect`, `nexusone`
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// Tenant whose keys pass, beside those of the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    ways: Ways,
    #[command(flatten)]
    demands: Demands,
    #[command(flatten)]
    once: Once,
}

/// `keyward routes list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Those for keys of this tenant alone, `*` for those for any
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward routes update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    ways: Ways,
    #[command(flatten)]
    demands: Demands,
    #[command(flatten)]
    version: IfVersion,
}

/// Which calls, and where they go.
#[derive(Args, Debug)]
struct Ways {
    /// Where its calls go, such as `https://orders.example.com`
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// The beginning of their paths, such as `/orders`
    #[arg(long, value_name = "PATH")]
    prefix: Option<String>,
    /// Their host, or `none` for any of the server's own
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Take the prefix off before the path goes upstream
    #[arg(long, value_name = "BOOL")]
    strip_prefix: Option<bool>,
    /// Leave the key in the call that goes upstream
    #[arg(long, value_name = "BOOL")]
    forward_secret: Option<bool>,
    /// Send the client's `Host` upstream in place of the upstream's own
    #[arg(long, value_name = "BOOL")]
    forward_host: Option<bool>,
    /// Milliseconds until the connection to the upstream stands
    #[arg(long, value_name = "MILLISECONDS")]
    connect_ms: Option<u32>,
    /// Milliseconds from the end of the request to the head of the answer
    #[arg(long, value_name = "MILLISECONDS")]
    answer_ms: Option<u32>,
    /// Milliseconds without a byte of a body, or of a tunnel
    #[arg(long, value_name = "MILLISECONDS")]
    idle_ms: Option<u32>,
    /// The longest body of a call, or `none` for any
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    max_body_bytes: Option<Value>,
}

fn bytes(text: &str) -> Result<Value, &'static str> {
    match text {
        "none" => Ok(Value::Null),
        _ => text.parse::<u64>().map(Value::from).map_err(|_| "a number of bytes, or `none`"),
    }
}

impl Ways {
    /// Puts them beside what a call must present.
    fn add_to(self, members: Members) -> Members {
        let timeouts: Map<String, Value> = [
            ("connectMs", self.connect_ms),
            ("answerMs", self.answer_ms),
            ("idleMs", self.idle_ms),
        ]
        .into_iter()
        .filter_map(|(name, ms)| Some((name.to_owned(), Value::from(ms?))))
        .collect();
        members
            .with("upstream", self.upstream)
            .with("prefix", self.prefix)
            .or_none("host", self.host)
            .with("stripPrefix", self.strip_prefix)
            .with("forwardSecret", self.forward_secret)
            .with("forwardHost", self.forward_host)
            .with("timeouts", (!timeouts.is_empty()).then_some(timeouts))
            .with("maxBodyBytes", self.max_body_bytes)
    }
}

fn call(call: impl FnOnce(&[&str]) -> Call, named: &Named) -> Call {
    call(&["v1", "gateway", "routes", &named.name])
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Routes) -> Result<Exit, Failure> {
    match command {
        Routes::Create(create) => {
            let demanded = if create.preset.is_none() {
                create.demands.demand()?;
                create.demands.new_members()
            } else {
                create.demands.members()
            };
            let body = create
                .ways
                .add_to(demanded)
                .with("name", create.name)
                .with("preset", create.preset)
                .with("tenant", create.tenant)
                .value();
            let call = Call::post(&["v1", "gateway", "routes"])
                .json(&body)
                .once(create.once.idempotency_key);
            session.one(&thing::ROUTE, call).await
        }
        Routes::List(list) => {
            let call =
                || Call::get(&["v1", "gateway", "routes"]).query("tenant", list.tenant.as_ref());
            session.many(&thing::ROUTE, list.limit.most(), call).await
        }
        Routes::Show(named) => session.one(&thing::ROUTE, call(Call::get, &named)).await,
        Routes::Update(update) => {
            let body = update.ways.add_to(update.demands.members()).change()?;
            let call =
                call(Call::patch, &update.named).json(&body).if_version(update.version.if_version);
            session.one(&thing::ROUTE, call).await
        }
        Routes::Delete(one) => {
            let call = call(Call::delete, &one.named).if_version(one.version.if_version);
            session.done(call, &format!("deleted {}", one.named.name)).await
        }
    }
}
