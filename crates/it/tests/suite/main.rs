//! The one test binary of the suite. Each folder states the guarantees of one area; `tidy` those of
//! the source tree itself. No test names the database it runs on: `.ci/run` runs all of them on both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test may fail in the shortest way that says where"
)]

mod allow_lists;
mod audit;
mod auth_v3;
mod bearer;
mod browser;
mod check;
mod chromium;
mod client_libraries;
mod concurrency;
mod console;
mod environment_v3;
mod errors;
mod escalation;
mod experience;
mod ext_authz;
mod faults;
mod gateway;
mod hostile;
mod ids;
mod issuers;
mod jobs;
mod keys;
mod limits;
mod lives;
mod log_lines;
mod master_keys;
mod matrix;
mod native;
mod nexus_v3;
mod nexusone;
mod nodes;
mod oauth2;
mod oidc;
mod openapi;
mod operator;
mod ops;
mod previous_release;
mod program;
mod proxies;
mod restore;
mod rotation;
mod routes;
mod signing;
mod tidy;
mod verify;
mod verify_callers;
mod walk;
