//! What every command that asks the API starts with, and the arguments that several of them share.

use super::runtime;
use crate::{
    api::{Api, ApiOptions, Call},
    cli::Settings,
    config::Environment,
    failure::{Exit, Failure},
    output::{Output, Thing},
};
use clap::{Args, Subcommand};
use serde_json::{Map, Value};

/// Commands about one kind of thing.
#[derive(Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Family<C: Subcommand> {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
    #[command(subcommand)]
    pub(crate) command: C,
}

/// Whoever answers, and how the answer is printed.
pub(crate) struct Session {
    pub(crate) api: Api,
    pub(crate) output: Output,
    pub(crate) environment: Environment,
}

/// Opens the API, does the work, and closes what was opened.
///
/// # Errors
/// It does not open, or the work fails.
pub(crate) fn with<W>(
    options: &ApiOptions,
    settings: &Settings,
    environment: Environment,
    work: W,
) -> Result<Exit, Failure>
where
    W: AsyncFnOnce(&mut Session) -> Result<Exit, Failure>,
{
    runtime()?.block_on(async {
        let output = Output::new(options, &environment);
        let api = Api::open(options, settings, &environment).await?;
        let mut session = Session { api, output, environment };
        let outcome = work(&mut session).await;
        session.api.close().await;
        outcome
    })
}

impl Session {
    /// Makes a call and prints the thing that it answers.
    ///
    /// # Errors
    /// The call was refused, or printing fails.
    pub(crate) async fn one(&mut self, thing: &Thing, call: Call) -> Result<Exit, Failure> {
        let answer = self.api.ask(call).await?;
        self.output.one(thing, &answer)?;
        Ok(Exit::Done)
    }

    /// Makes a call that answers with nothing, and says what it did.
    ///
    /// # Errors
    /// The call was refused, or printing fails.
    pub(crate) async fn done(&mut self, call: Call, what: &str) -> Result<Exit, Failure> {
        self.api.ask(call).await?;
        self.output.done(what)?;
        Ok(Exit::Done)
    }

    /// Prints a list.
    ///
    /// # Errors
    /// A call was refused, or printing fails.
    pub(crate) async fn many(
        &mut self,
        thing: &'static Thing,
        limit: Option<usize>,
        call: impl Fn() -> Call,
    ) -> Result<Exit, Failure> {
        let mut list = self.output.list(thing, thing.many);
        let next = self.api.pages(call, thing.many, limit, |page| list.add(page)).await?;
        list.end(next.as_deref())?;
        Ok(Exit::Done)
    }
}

/// How long a list may be.
#[derive(Args, Debug)]
pub(crate) struct Limit {
    /// Print so many at most [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

impl Limit {
    pub(crate) fn most(&self) -> Option<usize> {
        self.limit.and_then(|limit| usize::try_from(limit).ok())
    }
}

/// Which version a change is for.
#[derive(Args, Debug)]
pub(crate) struct IfVersion {
    /// Only if it still has this version; else exit code 7 and nothing changed
    #[arg(long, value_name = "VERSION")]
    pub(crate) if_version: Option<u32>,
}

/// What makes a repetition harmless.
#[derive(Args, Debug)]
pub(crate) struct Once {
    /// Do it once, however often it is asked with this text within a day
    #[arg(long, value_name = "TEXT", value_parser = idempotency_key)]
    pub(crate) idempotency_key: Option<String>,
}

fn idempotency_key(text: &str) -> Result<String, &'static str> {
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err("1 to 255 visible ASCII characters") }
}

/// A thing by its id, at a version.
#[derive(Args, Debug)]
pub(crate) struct OneOf {
    /// Its id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) version: IfVersion,
}

/// A thing by its id.
#[derive(Args, Debug)]
pub(crate) struct Id {
    /// Its id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

/// Whose they are, of what a person has.
#[derive(Args, Debug)]
pub(crate) struct Whose {
    /// Id of the person whose they are [default: you]
    #[arg(long, value_name = "ID")]
    person: Option<String>,
}

impl Whose {
    /// The person's id.
    ///
    /// # Errors
    /// Nobody was named, and whoever asks is no person.
    pub(crate) async fn id(self, session: &mut Session) -> Result<String, Failure> {
        if let Some(person) = self.person {
            return Ok(person);
        }
        let who = session.api.ask(Call::get(&["v1", "whoami"])).await?.json()?;
        let id = who.get("id").filter(|_| who.get("kind") == Some(&Value::from("person")));
        id.and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
            Failure::new(Exit::Usage, "you are no person, so there is nothing of yours")
                .with_hint("name the person by `--person`")
        })
    }
}

/// The switch of things that have one.
#[derive(Args, Debug)]
pub(crate) struct Switch {
    /// Switch it on
    #[arg(long, conflicts_with = "disabled")]
    enabled: bool,
    /// Switch it off
    #[arg(long)]
    disabled: bool,
}

impl Switch {
    /// `None` leaves it as it is.
    pub(crate) fn state(&self) -> Option<bool> {
        match (self.enabled, self.disabled) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// A body under construction: members that were given.
#[derive(Default)]
pub(crate) struct Members(Map<String, Value>);

impl Members {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A member, where there is a value.
    pub(crate) fn with(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    /// A member that `none` takes away.
    pub(crate) fn or_none(self, name: &str, value: Option<String>) -> Self {
        let value = value.map(|text| match text.as_str() {
            "none" => Value::Null,
            _ => Value::from(text),
        });
        self.with(name, value)
    }

    /// A list, where it has entries; one `none` empties it.
    pub(crate) fn list(self, name: &str, values: Vec<String>) -> Self {
        match values.as_slice() {
            [] => self,
            [only] if only == "none" => self.with(name, Some(Vec::<Value>::new())),
            _ => self.with(name, Some(values)),
        }
    }

    /// Whether nothing was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body of a change.
    ///
    /// # Errors
    /// Nothing was given: nobody means that.
    pub(crate) fn change(self) -> Result<Value, Failure> {
        if self.is_empty() {
            return Err(Failure::new(Exit::Usage, "nothing to change was given")
                .with_hint("`--help` lists what can be changed"));
        }
        Ok(self.value())
    }

    pub(crate) fn value(self) -> Value {
        Value::Object(self.0)
    }
}
