//! The console without scripts, in process: what its pages show, and what their forms do. What needs a real
//! browser stands in `chromium`.

mod forgery;
mod headers;
mod rows;
mod sessions;
mod sign_in;
mod smoke;
