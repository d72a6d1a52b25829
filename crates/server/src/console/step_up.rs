//! A person proves themself once more before what shows or replaces a secret (SE-05). The browser presents
//! something new from then on: the answer carries it, whatever the answer is.

use super::{Faults, Form, Visiting};
use crate::{app::App, failure::Failure};
use std::sync::Arc;

/// The field of the password; `p::prove(shell, faults)` shows it where it is needed.
pub(super) const FIELD: &str = "current-password";

/// Sees to it that the visitor's proof is fresh: it is, or the form holds their password. From then on the
/// visitor's caller counts as just proved.
///
/// # Errors
/// The store is unavailable.
pub(super) async fn prove(
    app: &App,
    visitor: &mut Visiting,
    form: &mut Form,
) -> Result<Result<(), Faults>, Failure> {
    if visitor.is_fresh() {
        return Ok(Ok(()));
    }
    let Some(password) = form.take(FIELD) else {
        let text = match &visitor.outside {
            Some((_, label)) => format!("Prove who you are at {label} first."),
            None => "Enter your password.".to_owned(),
        };
        return Ok(Err(Faults::one(FIELD, text)));
    };
    let (presented, agent) = (Arc::clone(&visitor.presented), visitor.agent.clone());
    let confirmed = app
        .service()
        .confirm_session(&visitor.caller, &presented, &password, agent.as_deref())
        .await;
    match confirmed {
        Ok(Some(signed_in)) => {
            visitor.renew(app, signed_in.presented, signed_in.session);
            Ok(Ok(()))
        }
        Ok(None) => Ok(Err(Faults::one(FIELD, "This is not your password."))),
        Err(error) => Ok(Err(Faults::of_error(error, &[])?)),
    }
}
