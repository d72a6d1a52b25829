//! `/console/settings/password`: another password, with the one until now as the proof. Whoever was given a
//! password by somebody else is led here before anything else.

use super::super::{
    Faults, Form, Section, Shell, Visiting,
    page::{self, see_other},
};
use crate::{answer::Body, app::App, failure::Failure};
use askama::Template;
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use service::{Error, password::MIN_CHARS};

const OLD: &str = "current-password";
const NEW: &str = "new-password";
const AGAIN: &str = "new-password-again";

#[derive(Template)]
#[template(path = "console/settings/password.html")]
struct Password<'a> {
    shell: Shell,
    faults: Faults,
    username: &'a str,
    must_change: bool,
    /// What a password must be.
    rule: String,
    /// Who signs this person in, where it is not Keyward: then there is no password to change.
    outside: Option<String>,
}

/// `GET`.
pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, Faults::default()).await
}

/// `POST`.
pub(in super::super) async fn change(
    State(app): State<App>,
    mut visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let (old, new) = match read(&mut form) {
        Ok(passwords) => passwords,
        Err(faults) => return render(&app, &visitor, faults).await,
    };
    let agent = visitor.agent.clone();
    let changed = app
        .service()
        .change_password_at_console(
            &visitor.caller,
            &visitor.presented,
            (old, new),
            agent.as_deref(),
        )
        .await;
    match changed {
        Ok(signed_in) => {
            let to = match visitor.must_change {
                true => "/console?done=password-changed",
                false => "/console/settings?done=password-changed",
            };
            visitor.renew(&app, signed_in.presented, signed_in.session);
            Ok(see_other(&app, to))
        }
        // One answer for everything that lies in the old password; who is there was settled before.
        Err(Error::NotAllowed { right: None }) => {
            let text = "This is not your password until now. Check it and try again.";
            render(&app, &visitor, Faults::one(OLD, text)).await
        }
        Err(error) => {
            let faults = Faults::of_error(error, &[("newPassword", NEW)])?;
            render(&app, &visitor, faults).await
        }
    }
}

/// The old password and the new one, which was typed twice.
fn read(form: &mut Form) -> Result<(Secret, Secret), Faults> {
    let (old, new, again) = (form.take(OLD), form.take(NEW), form.take(AGAIN));
    match (old, new, again) {
        (Some(old), Some(new), Some(again)) if new.digest().same_as(&again.digest()) => {
            Ok((old, new))
        }
        (Some(_), Some(_), Some(_)) => {
            Err(Faults::one(AGAIN, "This differs from the new password above. Type both again."))
        }
        (old, new, again) => {
            let mut faults = Faults::default();
            if old.is_none() {
                faults.add(OLD, "Enter your password until now.");
            }
            if new.is_none() {
                faults.add(NEW, "Enter a new password.");
            }
            if again.is_none() {
                faults.add(AGAIN, "Enter the new password again.");
            }
            Err(faults)
        }
    }
}

async fn render(app: &App, visitor: &Visiting, faults: Faults) -> Result<Response<Body>, Failure> {
    let person = app.service().show_own_person(&visitor.caller).await?;
    let title = if visitor.must_change { "Choose your password" } else { "Change password" };
    let page = Password {
        shell: Shell::of(app, visitor, Section::Settings, title),
        faults,
        username: &person.username,
        must_change: visitor.must_change,
        rule: format!(
            "At least {MIN_CHARS} characters; several unrelated words do well. Spaces and letters of any script \
             are welcome, digits and signs are not demanded. Common passwords and those made of your user \
             name or the name of your contact center are refused."
        ),
        outside: person.outside.map(|outside| outside.issuer),
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
