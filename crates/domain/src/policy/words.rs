//! The words of policies: how rows, wires and the audit log name their choices.

use super::{Envelope, LimitedAs, Policy, Source, Tokens};
use crate::{
    audit::{Fact, Facts},
    rate_limit::Limit,
};

impl LimitedAs {
    /// The status that the refusal carries.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooManyRequests => 429,
            Self::Forbidden => 403,
        }
    }

    /// Reads the status.
    #[must_use]
    pub const fn from_status(status: u32) -> Option<Self> {
        match status {
            429 => Some(Self::TooManyRequests),
            403 => Some(Self::Forbidden),
            _ => None,
        }
    }
}

impl Envelope {
    /// Every choice.
    pub const ALL: [Self; 5] =
        [Self::Problem, Self::Ges, Self::Nexus, Self::Experience, Self::Nexusone];

    /// The choice's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Ges => "ges",
            Self::Nexus => "nexus",
            Self::Experience => "experience",
            Self::Nexusone => "nexusone",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|envelope| envelope.as_str() == text)
    }
}

impl Tokens {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Accepted, Self::Only];

    /// The choice's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Only => "only",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tokens| tokens.as_str() == text)
    }
}

impl Source {
    /// Counts the changes; 0 of what the configuration holds.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Configuration => 0,
            Self::Stored { version, .. } => version,
        }
    }

    /// The same thing after one more change.
    #[must_use]
    pub const fn changed(self) -> Self {
        match self {
            Self::Configuration => self,
            Self::Stored { owner, created_at, version } => {
                Self::Stored { owner, created_at, version: version.saturating_add(1) }
            }
        }
    }
}

impl Policy {
    /// What the audit log says of a policy.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = self.facts_less_version();
        facts.push(("version", Fact::Int(self.source.version().into())));
        facts
    }

    /// The same without what must come last.
    pub(crate) fn facts_less_version(&self) -> Facts {
        let limit = |number: Option<u32>| number.map_or(Fact::Null, |n| Fact::Int(n.into()));
        let places = self.presented_in.iter().map(ToString::to_string).collect();
        let identity = self.identity.names().into_iter().map(str::to_owned).collect();
        let owner = match self.source {
            Source::Configuration => Fact::Null,
            Source::Stored { owner, .. } => Fact::Text(owner.to_string()),
        };
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("tenant", self.tenant.map_or(Fact::Null, |id| Fact::Text(id.to_string()))),
            ("owner", owner),
            ("keyTypes", Fact::List(self.key_types.clone())),
            ("any", Fact::Bool(self.wanted.any)),
            ("permissions", Fact::List(self.wanted.permissions.clone())),
            ("presentedIn", Fact::List(places)),
            ("tokens", Fact::Text(self.tokens.as_str().to_owned())),
            ("cost", Fact::Int(self.cost.into())),
            ("capacity", limit(self.limit.map(Limit::capacity))),
            ("frequency", limit(self.limit.map(Limit::frequency_s))),
            ("limitedAs", Fact::Int(self.limited_as.status().into())),
            ("envelope", Fact::Text(self.envelope.as_str().to_owned())),
            ("identityHeaders", Fact::List(identity)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for envelope in Envelope::ALL {
            assert_eq!(Envelope::parse(envelope.as_str()), Some(envelope));
        }
        for tokens in Tokens::ALL {
            assert_eq!(Tokens::parse(tokens.as_str()), Some(tokens));
        }
        for limited_as in [LimitedAs::TooManyRequests, LimitedAs::Forbidden] {
            assert_eq!(LimitedAs::from_status(limited_as.status().into()), Some(limited_as));
        }
        assert_eq!((Envelope::parse("soap"), LimitedAs::from_status(500)), (None, None));
    }
}
