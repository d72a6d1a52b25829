//! By which of its three buttons the form of a new key was opened.

use domain::right::Family;

/// What the form of a new key was opened by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opened {
    /// *Add API key*: any type.
    Plain,
    /// *Setup integration*: any type, `OpenConnect` unless another one is asked for.
    Setup,
    /// *Generate new key*: the types of Experience Cloud.
    Generate,
}

impl Opened {
    /// Reads the parameter `from` of an address or a form.
    pub(super) fn of(from: &str) -> Self {
        match from {
            "setup" => Self::Setup,
            "generate" => Self::Generate,
            _ => Self::Plain,
        }
    }

    /// The same, as the address says it; `None`: it says nothing.
    pub(super) const fn word(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Setup => Some("setup"),
            Self::Generate => Some("generate"),
        }
    }

    /// The type of a form that was opened so and names none.
    pub(super) const fn own_type(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Setup => "openconnect",
            Self::Generate => "client",
        }
    }

    /// Whether it offers types of this family.
    pub(super) fn offers(self, family: Family) -> bool {
        self != Self::Generate || family == Family::ExperienceCloud
    }
}
