//! In whose words a refusal is said: one style for each envelope that a policy can name.

mod experience;
mod ges;
mod nexus;
mod nexusone;

use crate::{error_style::ErrorStyle, surfaces::native};
use domain::policy::Envelope;

/// Experience Cloud's, for its own surface.
pub(crate) const EXPERIENCE: ErrorStyle = experience::STYLE;

/// The style of an envelope.
#[must_use]
pub(crate) fn style(envelope: Envelope) -> ErrorStyle {
    match envelope {
        Envelope::Problem => native::STYLE,
        Envelope::Ges => ges::STYLE,
        Envelope::Nexus => nexus::STYLE,
        Envelope::Experience => experience::STYLE,
        Envelope::Nexusone => nexusone::STYLE,
    }
}

#[cfg(test)]
mod tests;
