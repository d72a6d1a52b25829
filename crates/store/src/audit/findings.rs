//! What a check of the audit log can find.

use domain::id::Scope;

/// What a check found, and how much it looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Events read.
    pub events: u64,
    /// Chains read.
    pub chains: u64,
    /// Rows compared with their last event.
    pub rows: u64,
    /// What is wrong; empty: nothing.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The chain; `None` when the finding is about a row that no event speaks of, or when the chain's
    /// name itself cannot be read.
    pub scope: Option<Scope>,
    /// The place in the chain, where there is one.
    pub position: Option<i64>,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// The events before this one up to the last good one are gone.
    Missing,
    /// The text is not what was linked, or the link before it is not the one it was linked to.
    BrokenLink,
    /// A column beside the text says something else than the text does; names the column.
    Column(&'static str),
    /// The text is not an event.
    Unreadable,
    /// The chain's last event is not the one that its head names: something was cut off or added.
    Head,
    /// A signed head names an event that is gone or has another link.
    SignedHead,
    /// A thing is not as its last event left it; names it as `kind id`.
    Row(String),
    /// A thing that no event speaks of; names it as `kind id`.
    RowWithoutEvent(String),
    /// A thing that its last event left behind is gone; names it as `kind id`.
    RowGone(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("events before this one are missing"),
            Self::BrokenLink => f.write_str("the link does not fit the text and the link before"),
            Self::Column(name) => write!(f, "the column {name} differs from the text"),
            Self::Unreadable => f.write_str("the text is not an event"),
            Self::Head => f.write_str("the chain does not end where its head says"),
            Self::SignedHead => f.write_str("a signed head names another event"),
            Self::Row(what) => write!(f, "{what} was changed without an event"),
            Self::RowWithoutEvent(what) => write!(f, "{what} was made without an event"),
            Self::RowGone(what) => write!(f, "{what} was removed without an event"),
        }
    }
}
