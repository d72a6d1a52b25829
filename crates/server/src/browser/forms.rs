//! What the pages' forms and the client's requests hold.

use crate::extract::Parameters;
use domain::secret::Secret;
use service::authorization::Parameters as Asked;

/// What is kept of a request. What else a client sends is let pass unread (OpenID Connect Core section
/// 3.1.2.1): `display`, `ui_locales`, `claims`, `acr_values` among them.
const KEPT: [&str; 16] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "hideTenant",
];

/// What a client asks for, by name.
pub(super) fn kept(parameters: &mut Parameters) -> Vec<(String, String)> {
    KEPT.iter().filter_map(|name| Some(((*name).to_owned(), parameters.take_text(name)?))).collect()
}

/// The value of a name.
pub(super) fn value<'a>(kept: &'a [(String, String)], name: &str) -> Option<&'a str> {
    kept.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The same for the use case.
pub(super) fn asked(kept: &[(String, String)]) -> Asked {
    let text = |name| value(kept, name).map(str::to_owned);
    Asked {
        client_id: text("client_id"),
        redirect_uri: text("redirect_uri"),
        response_type: text("response_type"),
        response_mode: text("response_mode"),
        scope: text("scope"),
        state: text("state"),
        nonce: text("nonce"),
        prompt: text("prompt"),
        max_age: text("max_age"),
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint").map(Secret::new),
        code_challenge: text("code_challenge"),
        code_challenge_method: text("code_challenge_method"),
        request: text("request"),
        request_uri: text("request_uri"),
    }
}

/// What was typed into the sign-in page.
pub(super) struct Typed {
    pub(super) ticket: String,
    pub(super) tenant: String,
    pub(super) username: String,
    pub(super) password: Option<Secret>,
}

impl Typed {
    pub(super) fn of(form: &mut Parameters) -> Self {
        let mut text = |name| form.take_text(name).unwrap_or_default();
        let (ticket, tenant, username) = (text("ticket"), text("tenant"), text("username"));
        Self { ticket, tenant, username, password: form.take("password") }
    }

    /// The name with its tenant part, where one was typed beside it.
    pub(super) fn account(&self) -> String {
        match self.tenant.trim() {
            "" => self.username.trim().to_owned(),
            tenant => format!("{tenant}\\{}", self.username.trim()),
        }
    }
}
