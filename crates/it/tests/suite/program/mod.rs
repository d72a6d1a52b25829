//! The built program: what its users type, and what a kill leaves behind.

mod backup;
mod examples;
mod kill;
mod outage;
mod published_commands;
mod recover;
mod secrets_at_rest;
mod stop;
