//! `/console/validate`: whether a text that somebody was handed is a key. It is sent by POST, taken for a
//! secret, and stands on no page afterwards. Whoever may see keys of its type learns what stands against it.

mod told;

use self::told::{Imagined, Judged, Outcome};
use super::{Faults, Form, Section, Shell, Visiting, page};
use crate::{answer::Body, app::App, failure::Failure};
use askama::Template;
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use service::keys::ImaginedCall;

const KEY: &str = "key";
/// A longer text is presented nowhere.
const MAX_BYTES: usize = 8_192;

#[derive(Template)]
#[template(path = "console/validate.html")]
struct Validate {
    shell: Shell,
    faults: Faults,
    imagined: Imagined,
    judged: Option<Judged>,
}

/// `GET`.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let page = Validate {
        shell: Shell::of(&app, &visitor, Section::Validation, "API key validation"),
        faults: Faults::default(),
        imagined: Imagined::default(),
        judged: None,
    };
    Ok(page::show(&app, &page.shell, &page))
}

/// `POST`.
pub(super) async fn validate(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let secret = form.take(KEY).map(|text| Secret::new(text.expose().trim().to_owned()));
    let imagined = Imagined::of(&form);
    let (judged, faults) = match asked(secret, &imagined) {
        Err(faults) => (None, faults),
        Ok((secret, call)) => {
            match app.service().examine_key(&visitor.caller, None, &secret, &call).await {
                Ok(examined) => (Some(Judged::of(examined, &call, visitor.now)), Faults::default()),
                Err(error) => (None, Faults::of_error(error, &[])?),
            }
        }
    };
    let title = "API key validation";
    let shell = Shell::of(&app, &visitor, Section::Validation, title);
    let page = Validate { shell, faults, imagined, judged };
    Ok(page::show_as(&app, page.faults.status(), &page.shell, &page))
}

/// The text and the call, as the use case takes them.
fn asked(secret: Option<Secret>, imagined: &Imagined) -> Result<(Secret, ImaginedCall), Faults> {
    let mut faults = Faults::default();
    let secret = secret.filter(|secret| !secret.expose().is_empty());
    if secret.is_none() {
        faults.add(KEY, "Paste the API key that you want to know about.");
    }
    if secret.as_ref().is_some_and(|secret| secret.expose().len() > MAX_BYTES) {
        faults.add(KEY, "This is longer than any API key.");
    }
    let call = imagined.call(&mut faults);
    match secret {
        Some(secret) if faults.is_empty() => Ok((secret, call)),
        Some(_) | None => Err(faults),
    }
}
