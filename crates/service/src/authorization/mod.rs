//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2), without its wire
//! and its pages: what a client asks for is checked (check.rs), a person signs in (sign_in.rs), agrees
//! (consent.rs), and gets a code to carry back (grant.rs). Between the pages the request travels with the
//! browser, under a seal (ticket.rs).

mod check;
mod consent;
mod grant;
pub(crate) mod pkce;
mod redirect;
mod request;
mod sign_in;
mod sign_out;
mod ticket;

pub use consent::HeldConsent;
pub(crate) use grant::random_text;
pub use request::{Authorization, BadRequest, Parameters, Prompt, Refusal, ResponseMode};
pub use sign_in::BrowserSignIn;
pub use sign_out::{SignOut, SignedOut};

/// Seconds for which a code may be exchanged.
pub const CODE_S: i64 = 60;
