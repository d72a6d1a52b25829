//! What is said of verdicts.

use domain::verdict::Verdict;

/// Why a key that holds is refused; it tells its holder what to change.
pub(super) const fn forbidden(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OriginNotAllowed => "the API key may not be used from this origin",
        Verdict::AddressNotAllowed => "the API key may not be used from this address",
        Verdict::RequestNotAllowed => "the API key may not be used for this method or path",
        _ => "the API key lacks a permission",
    }
}
