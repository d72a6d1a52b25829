//! `GET /console`: what there is, how it is used, what ends soon and what was done last.

use super::{Section, Shell, Visiting, page};
use crate::{answer::Body, app::App, failure::Failure};
use askama::Template;
use axum::extract::State;
use http::Response;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Overview {
    shell: Shell,
}

pub(super) async fn overview(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let shell = Shell::of(&app, &visitor, Section::Overview, "Overview");
    let page = Overview { shell };
    Ok(page::show(&app, &page.shell, &page))
}
