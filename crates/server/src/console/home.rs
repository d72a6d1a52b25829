//! `GET /`: whoever comes without a path is a person, and is led to the console.

use super::page::see_other;
use crate::{answer::Body, app::App};
use axum::extract::State;
use http::Response;

pub(super) async fn home(State(app): State<App>) -> Response<Body> {
    see_other(&app, "/console")
}
