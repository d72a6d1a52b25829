//! Experience Cloud's OpenConnect (`/openconnect`): events of contact centers, each with a key of type
//! `openconnect`. The three other types of its keys open routes of the gateway, by presets.
//!
//! Answered ahead of the router, as the gateway's calls are, because a call may be handed on to one of its
//! routes: `call` is one from head to head, `event` what is read of it. docs/surfaces/experience.md says what
//! was chosen where nothing is published, which is nearly everywhere.

mod call;
mod event;

pub(crate) use call::answer;

use crate::{
    access::Access,
    failure::ErrorStyle,
    gateway::envelopes,
    route::{Handler, Route, Surface},
};
use domain::policy::Envelope;
use http::Method;

const STYLE: ErrorStyle = envelopes::EXPERIENCE;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "experience",
    about: "Experience Cloud's OpenConnect: events of contact centers.",
    prefixes: &[(PATH, STYLE)],
    documented: true,
    routes: ROUTES,
};

const PATH: &str = "/openconnect";
/// What is served there.
const METHODS: &str = "GET, POST, OPTIONS";
/// In whose words a call is refused, whatever the route says that it is handed to.
const ENVELOPE: Envelope = Envelope::Experience;
const NO_KEY_YET: &str = "a browser asks before the call itself, and has no key then";

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("send_event", Method::POST, PATH, Access::Key, STYLE,
        Handler::OpenConnect, event::doc::send),
    Route::new("send_event_by_query", Method::GET, PATH, Access::Key, STYLE,
        Handler::OpenConnect, event::doc::send_by_query),
    Route::new("ask_before_event", Method::OPTIONS, PATH, Access::Public(NO_KEY_YET), STYLE,
        Handler::OpenConnect, event::doc::ask_before),
];
