//! The console: pages for people, made here, with nothing of anybody else's. Every page and every form works
//! without scripts; the one script makes them quick. It is a surface as the wires are: each page enters at a
//! use case, and can do nothing that the API cannot.
//!
//! A page is a folder or a file of its own with its templates below `templates/console`. [`admit()`] says who
//! is there; [`Shell`] is what stands around each page; [`Form`] and [`Faults`] are what comes back from one.

mod admit;
mod assets;
mod audit;
mod calls;
mod chart;
mod clients;
mod cookie;
mod error;
mod extend;
mod form;
mod home;
mod key_types;
mod keys;
mod numbers;
mod outside;
mod overview;
mod page;
mod persons;
mod places;
mod reports;
mod roles;
mod secret_page;
mod settings;
mod setup;
mod shell;
mod sign_in;
mod sign_out;
mod status;
mod step_up;
mod table;
mod tenants;
mod validate;
mod visitor;
mod when;

pub(crate) use admit::{Admission, admit};
pub(crate) use page::guard;
pub(crate) use table::SURFACE;

use form::{Faults, Form};
use shell::{Section, Shell};
use visitor::{Visiting, Visitor};
