//! What browsers see: they sign in here on behalf of a client, agree, and carry a code back. Realms and
//! `/auth/v3` have the same pages; what differs between them is a [`Door`].
//!
//! 1. A client sends a browser (flow.rs). What it asks for is checked by the use case; what is wrong with
//!    the client or the address is said on a page and leads nowhere.
//! 2. A browser that is signed in goes on at once, another one gets the page (pages.rs).
//! 3. What was asked for travels in the page's form as a ticket (ticket.rs), bound to a cookie of the
//!    browser that asked: a form of another browser or of another site is refused (forms.rs).
//!    Where the realm's tenant believes issuers outside, the page leads there, too (broker.rs).
//! 4. Whoever proved themselves gets a new session (cookies.rs), by 303 from the form (RFC 9700 section
//!    4.12), and goes on to the consent page or back to the client (back.rs).

mod back;
mod broker;
mod cookies;
mod door;
mod flow;
mod forms;
mod pages;
mod sign_out;
mod step;
mod style;
mod ticket;
mod visit;

pub(crate) use back::{redirect, with_query};
pub(crate) use broker::{begin as begin_at_issuer, finish as finish_at_issuer};
pub(crate) use cookies::find as find_cookie;
pub(crate) use door::Door;
pub(crate) use flow::{agree, authorize, show_consent, sign_in};
pub(crate) use pages::{GONE, HTML, dress, harden, html, html_example};
pub(crate) use sign_out::{confirm_sign_out, sign_out};
pub(crate) use style::PAGE;
pub(crate) use visit::{Visit, check_same_site};

use flow::SignedIn;
use ticket::Ticket;
