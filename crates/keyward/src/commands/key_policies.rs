//! `keyward key-policies`.

use super::session::{IfVersion, Limit, Members, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};
use serde_json::Value;

/// What to do with policies for keys.
#[derive(Subcommand, Debug)]
pub(crate) enum KeyPolicies {
    /// List policies
    List(List),
    /// Show a policy
    Show(OfType),
    /// Set a policy, the whole of it: what it said before and is not named here is gone
    Set(Set),
    /// Delete a policy: the one for `*` governs keys of its type from then on
    Delete(Delete),
}

/// Whose keys.
#[derive(Args, Debug)]
struct Whose {
    /// Tenant whose keys they are; `*`: the cluster's own [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// A policy by what it governs.
#[derive(Args, Debug)]
pub(crate) struct OfType {
    /// Key type, or `*` for every type without a policy of its own
    #[arg(value_name = "TYPE")]
    key_type: String,
    #[command(flatten)]
    whose: Whose,
}

/// `keyward key-policies list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward key-policies set`.
#[derive(Args, Debug)]
pub(crate) struct Set {
    #[command(flatten)]
    of: OfType,
    /// Days that a key lives whose creator named no end
    #[arg(long, value_name = "DAYS")]
    default_life_days: Option<u32>,
    /// Days after which a key must have ended
    #[arg(long, value_name = "DAYS")]
    longest_life_days: Option<u32>,
    /// Demand that keys say what they are for
    #[arg(long)]
    description_required: bool,
    /// Most keys of the type
    #[arg(long, value_name = "COUNT")]
    most_keys: Option<u32>,
    /// Most keys of the type from one person or client
    #[arg(long, value_name = "COUNT")]
    most_keys_per_person: Option<u32>,
    /// Most keys of the type that are made within a minute
    #[arg(long, value_name = "COUNT")]
    most_new_per_minute: Option<u32>,
    /// Days without use after which a key is held back until somebody enables it
    #[arg(long, value_name = "DAYS")]
    unused_days: Option<u32>,
    /// Set a policy that says nothing: keys of the type are then free of the one for `*`
    #[arg(long)]
    clear: bool,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward key-policies delete`.
#[derive(Args, Debug)]
pub(crate) struct Delete {
    #[command(flatten)]
    of: OfType,
    #[command(flatten)]
    version: IfVersion,
}

impl Whose {
    /// The tenant that was named, or whoever asks belongs to.
    async fn tenant(self, session: &mut Session) -> Result<String, Failure> {
        if let Some(tenant) = self.tenant {
            return Ok(tenant);
        }
        let answer = session.api.ask(Call::get(&["v1", "whoami"])).await?.json()?;
        answer.pointer("/tenant").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
            Failure::new(Exit::Usage, "`--tenant` is missing")
                .with_hint("name the tenant whose keys are meant, or `*` for the cluster's")
        })
    }
}

impl OfType {
    async fn call(
        self,
        session: &mut Session,
        call: impl FnOnce(&[&str]) -> Call,
    ) -> Result<Call, Failure> {
        let tenant = self.whose.tenant(session).await?;
        Ok(call(&["v1", "tenants", &tenant, "key-policies", &self.key_type]))
    }
}

impl Set {
    /// What the policy says. One that says nothing has to be meant.
    fn body(&self) -> Result<Value, Failure> {
        let said = Members::new()
            .with("defaultLifeDays", self.default_life_days)
            .with("longestLifeDays", self.longest_life_days)
            .with("descriptionRequired", self.description_required.then_some(true))
            .with("mostKeys", self.most_keys)
            .with("mostKeysPerPerson", self.most_keys_per_person)
            .with("mostNewPerMinute", self.most_new_per_minute)
            .with("unusedDays", self.unused_days);
        match (said.is_empty(), self.clear) {
            (true, false) => {
                Err(Failure::new(Exit::Usage, "the policy would say nothing")
                    .with_hint(SAYS_NOTHING))
            }
            (false, true) => {
                Err(Failure::new(Exit::Usage, "`--clear` goes with no other flag of the policy"))
            }
            _ => Ok(said.value()),
        }
    }
}

/// What somebody may have meant who named nothing.
const SAYS_NOTHING: &str = "name all that it says: `--default-life-days`, `--longest-life-days`, \
    `--description-required`, `--most-keys`, `--most-keys-per-person`, `--most-new-per-minute`, \
    `--unused-days`; or `--clear`, if it is to say nothing";

/// Does it.
pub(crate) async fn run(session: &mut Session, command: KeyPolicies) -> Result<Exit, Failure> {
    match command {
        KeyPolicies::List(list) => {
            let tenant = list.whose.tenant(session).await?;
            let call = || Call::get(&["v1", "tenants", &tenant, "key-policies"]);
            session.many(&thing::KEY_POLICY, list.limit.most(), call).await
        }
        KeyPolicies::Show(of) => {
            let call = of.call(session, Call::get).await?;
            session.one(&thing::KEY_POLICY, call).await
        }
        KeyPolicies::Set(set) => {
            let (body, version) = (set.body()?, set.version.if_version);
            let call = set.of.call(session, Call::put).await?.json(&body).if_version(version);
            session.one(&thing::KEY_POLICY, call).await
        }
        KeyPolicies::Delete(one) => {
            let what = format!("deleted the policy for `{}`", one.of.key_type);
            let call = one.of.call(session, Call::delete).await?;
            session.done(call.if_version(one.version.if_version), &what).await
        }
    }
}
