//! The built program: what its users type, and what a kill leaves behind.

mod backup;
mod cli;
mod cli_admin;
mod cli_keys;
mod cli_login;
mod cli_sessions;
mod cli_shell;
mod examples;
mod kill;
mod kill_master_key;
mod kill_psk;
mod kill_rotation;
mod outage;
mod published_commands;
mod recover;
mod restore;
mod rules;
mod secrets_at_rest;
mod stop;
