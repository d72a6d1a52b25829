//! Who did it.

use crate::id::{ClientId, KeyId, PersonId, Scope};
use std::fmt;

/// A person or a client: whoever may hold rights and tokens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PrincipalId {
    /// A human account.
    Person(PersonId),
    /// A client acting for itself (its service account).
    Client(ClientId),
}

impl fmt::Display for PrincipalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Client(id) => write!(f, "client:{id}"),
        }
    }
}

impl PrincipalId {
    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// The text is of another form.
    pub fn parse(text: &str) -> Result<Self, crate::id::NotAnId> {
        if let Some(id) = text.strip_prefix("person:") {
            PersonId::parse(id).map(Self::Person)
        } else if let Some(id) = text.strip_prefix("client:") {
            ClientId::parse(id).map(Self::Client)
        } else {
            Err(crate::id::NotAnId)
        }
    }
}

/// Who acted, as the audit log names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// What kind of thing acted, and which one.
    pub kind: ActorKind,
    /// The name shown: a user name without its tenant part, a `client_id`, a job's name.
    pub name: String,
    /// Where the actor belongs.
    pub scope: Scope,
}

/// What kind of thing acted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActorKind {
    /// A person or a client with a token or a session.
    Principal(PrincipalId),
    /// A caller that presented a key.
    Key(KeyId),
    /// Keyward itself: first start, a job, a command on the machine.
    System,
    /// Someone who proved nothing (a failed sign-in).
    Anonymous,
}

impl fmt::Display for ActorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(id) => id.fmt(f),
            Self::Key(id) => id.fmt(f),
            Self::System => f.write_str("system"),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

impl Actor {
    /// Keyward itself, under the name of the work it does.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self { kind: ActorKind::System, name: name.to_owned(), scope: Scope::Cluster }
    }
}
