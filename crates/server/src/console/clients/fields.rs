//! What the forms of clients offer besides what was typed.

use crate::{app::App, console::Visitor, failure::Failure};
use domain::{client::Grant, id::Scope, right::Right};
use service::roles::ListRoles;

/// A grant to tick: its name on the wire, what people call it, and what it is for.
pub(super) const GRANTS: [(Grant, &str, &str); 4] = [
    (
        Grant::ClientCredentials,
        "As itself",
        "client_credentials: a service signs in with its id and secret, and acts with its own roles.",
    ),
    (
        Grant::AuthorizationCode,
        "Sign-in in the browser",
        "authorization_code: persons sign in here and are led back to a redirect address.",
    ),
    (Grant::RefreshToken, "Refresh", "refresh_token: a new access token without another sign-in."),
    (
        Grant::Password,
        "Password of a person",
        "password: the program sees the password. Only for programs that cannot do otherwise.",
    ),
];

/// What is said of roles: those that there are, as far as the visitor may know them.
pub(super) async fn roles_hint(
    app: &App,
    visitor: &Visitor,
    scope: Option<Scope>,
) -> Result<String, Failure> {
    const ABOUT: &str = "One a line. What the client may do where it acts as itself; you can give no more than \
                         you hold.";
    if !visitor.holds(Right::PersonsManage) {
        return Ok(ABOUT.to_owned());
    }
    let list = ListRoles { scope, ..ListRoles::default() };
    let page = app.service().list_roles(&visitor.caller, list).await?;
    let names: Vec<&str> = page.roles.iter().map(|role| role.name.as_str()).collect();
    Ok(format!("{ABOUT} Known here: {}.", names.join(", ")))
}
