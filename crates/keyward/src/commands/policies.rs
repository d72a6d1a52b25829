//! `keyward policies`, and what a policy says, which routes of the gateway say too.

use super::session::{IfVersion, Limit, Members, Once, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

/// What to do with policies.
#[derive(Subcommand, Debug)]
pub(crate) enum Policies {
    /// Make a policy, for `/check/NAME` and ext_authz
    Create(Create),
    /// List policies, those of the server's configuration among them
    List(List),
    /// Show a policy
    Show(Named),
    /// Change a policy
    Update(Update),
    /// Delete a policy: calls to `/check/NAME` are not found from then on
    Delete(Delete),
}

/// A rule by its name.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

/// `keyward policies create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    #[command(flatten)]
    named: Named,
    /// Tenant whose keys pass, beside those of the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    demands: Demands,
    #[command(flatten)]
    once: Once,
}

/// `keyward policies list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Those for keys of this tenant alone, `*` for those for any
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward policies update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    demands: Demands,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward policies delete`.
#[derive(Args, Debug)]
pub(crate) struct Delete {
    #[command(flatten)]
    pub(super) named: Named,
    #[command(flatten)]
    pub(super) version: IfVersion,
}

/// What a call must present.
#[derive(Args, Debug)]
pub(super) struct Demands {
    /// Key type that passes. May be repeated
    #[arg(long = "key-type", value_name = "TYPE")]
    key_types: Vec<String>,
    /// Let keys of any type pass
    #[arg(long, conflicts_with = "key_types")]
    any_key_type: bool,
    /// Permission that the key must hold, all of them where there are more; `none` lets keys without
    /// any pass. May be repeated
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    /// Permission of which the key must hold one. May be repeated
    #[arg(long = "any-permission", value_name = "PERMISSION", conflicts_with = "permissions")]
    any_permissions: Vec<String>,
    /// Where a key is presented: `bearer`, `header:NAME` or `parameter:NAME`. May be repeated
    #[arg(long = "presented-in", value_name = "PLACE", value_parser = super::key_types::place)]
    presented_in: Vec<Value>,
    /// Whether an access token, as `Authorization: Bearer`, passes
    #[arg(long, value_enum)]
    tokens: Option<Tokens>,
    /// Units that a call takes from the key's limit
    #[arg(long, value_name = "UNITS")]
    cost: Option<u32>,
    /// Calls, all together, that pass in every interval of `--frequency`
    #[arg(long, value_name = "CALLS", requires = "frequency")]
    capacity: Option<u32>,
    /// Seconds of the interval
    #[arg(long, value_name = "SECONDS", requires = "capacity")]
    frequency: Option<u32>,
    /// Take the limit over all calls away
    #[arg(long, conflicts_with_all = ["capacity", "frequency"])]
    no_limit: bool,
    /// Status of a call over a limit; 403 for nginx, which makes 500 of a 429
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16))]
    limited_as: Option<u16>,
    /// In whose words a refusal is said
    #[arg(long, value_enum)]
    envelope: Option<Envelope>,
    /// Header in which the upstream learns something: `tenant:NAME`, `keyId:NAME`, `keyName:NAME`,
    /// `permissions:NAME`. May be repeated
    #[arg(long = "identity-header", value_name = "HEADER", value_parser = identity_header)]
    identity_headers: Vec<(String, String)>,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Tokens {
    /// No token does
    Refused,
    /// A token or a key
    Accepted,
    /// Nothing but a token
    Only,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Envelope {
    /// Our own, RFC 9457
    Problem,
    /// Callback's
    Ges,
    /// Digital Channels'
    Nexus,
    /// Experience Cloud's
    Experience,
    /// NexusOne's
    Nexusone,
}

fn identity_header(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once(':') {
        Some((what @ ("tenant" | "keyId" | "keyName" | "permissions"), name))
            if !name.is_empty() =>
        {
            Ok((what.to_owned(), name.to_owned()))
        }
        _ => Err("write `tenant:NAME`, `keyId:NAME`, `keyName:NAME` or `permissions:NAME`"),
    }
}

impl Demands {
    fn takes_tokens_alone(&self) -> bool {
        matches!(self.tokens, Some(Tokens::Only))
    }

    /// What a new rule without a preset has to say: of one that says nothing, every live key would pass.
    pub(super) fn demand(&self) -> Result<(), Failure> {
        let permissions = self.permissions.len() + self.any_permissions.len();
        let missing = [
            ("--key-type", self.key_types.is_empty() && !self.any_key_type),
            ("--permission", permissions == 0),
            ("--presented-in", self.presented_in.is_empty() && !self.takes_tokens_alone()),
        ];
        match missing.into_iter().find(|(_, missing)| *missing) {
            Some((flag, _)) => Err(Failure::new(Exit::Usage, format!("`{flag}` is missing"))
                .with_hint(
                    "say what keys pass: `--key-type` or `--any-key-type`, `--permission` or \
                     `--permission none`, and `--presented-in`",
                )),
            None => Ok(()),
        }
    }

    /// Of a new rule: where nothing but tokens pass, no key has a place.
    pub(super) fn new_members(self) -> Members {
        let nowhere = self.presented_in.is_empty() && self.takes_tokens_alone();
        self.members().with("presentedIn", nowhere.then(Vec::<Value>::new))
    }

    pub(super) fn members(self) -> Members {
        let limit = match (self.no_limit, self.capacity.zip(self.frequency)) {
            (true, _) => Some(Value::Null),
            (false, limit) => limit.map(|(c, f)| json!({ "capacity": c, "frequency": f })),
        };
        let permission = match (self.permissions.as_slice(), self.any_permissions.is_empty()) {
            (_, false) => Some(json!({ "any": self.any_permissions })),
            ([], true) => None,
            ([none], true) if none == "none" => Some(Value::Null),
            ([one], true) => Some(json!(one)),
            (all, true) => Some(json!({ "all": all })),
        };
        let tokens = self.tokens.and_then(|t| t.to_possible_value());
        let named = self.any_key_type || !self.key_types.is_empty();
        let envelope = self.envelope.and_then(|e| e.to_possible_value());
        let identity = self.identity_headers.into_iter();
        let identity: serde_json::Map<_, _> =
            identity.map(|(what, name)| (what, Value::from(name))).collect();
        Members::new()
            .with("keyTypes", named.then_some(self.key_types))
            .with("permission", permission)
            .with("presentedIn", (!self.presented_in.is_empty()).then_some(self.presented_in))
            .with("tokens", tokens.map(|t| t.get_name().to_owned()))
            .with("cost", self.cost)
            .with("limit", limit)
            .with("limitedAs", self.limited_as)
            .with("envelope", envelope.map(|e| e.get_name().to_owned()))
            .with("identityHeaders", (!identity.is_empty()).then_some(identity))
    }
}

impl Named {
    fn call(&self, call: impl FnOnce(&[&str]) -> Call) -> Call {
        call(&["v1", "policies", &self.name])
    }
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Policies) -> Result<Exit, Failure> {
    match command {
        Policies::Create(create) => {
            create.demands.demand()?;
            let members = create.demands.new_members().with("name", Some(create.named.name));
            let body = members.with("tenant", create.tenant).value();
            let call =
                Call::post(&["v1", "policies"]).json(&body).once(create.once.idempotency_key);
            session.one(&thing::POLICY, call).await
        }
        Policies::List(list) => {
            let call = || Call::get(&["v1", "policies"]).query("tenant", list.tenant.as_ref());
            session.many(&thing::POLICY, list.limit.most(), call).await
        }
        Policies::Show(named) => session.one(&thing::POLICY, named.call(Call::get)).await,
        Policies::Update(update) => {
            let body = update.demands.members().change()?;
            let call =
                update.named.call(Call::patch).json(&body).if_version(update.version.if_version);
            session.one(&thing::POLICY, call).await
        }
        Policies::Delete(one) => {
            let call = one.named.call(Call::delete).if_version(one.version.if_version);
            session.done(call, &format!("deleted {}", one.named.name)).await
        }
    }
}
