//! The OpenAPI document, and the page made from it.

mod document;
mod examples;
mod objects;
mod page;
