//! What the forms of clients offer besides what was typed.

use crate::{
    app::App,
    console::{
        Visitor,
        roles::offered::{self, Offered},
    },
    failure::Failure,
};
use domain::{client::Grant, id::Scope, right::Right};

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

/// The roles to tick. What a client has and this visitor could not give stays ticked: whoever leaves it so
/// changes nothing of it. `None`: the visitor may not read which there are, and types them.
pub(super) async fn roles(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    given: &[String],
) -> Result<Option<Vec<Offered>>, Failure> {
    if !visitor.holds(Right::PersonsManage) {
        return Ok(None);
    }
    let known = offered::all(app, visitor, scope).await?;
    let mut all = offered::offered(visitor, scope, &known, given);
    let rest = |all: &[Offered], name: &String| all.iter().all(|role| role.name != *name);
    let others: Vec<&String> = given.iter().filter(|name| rest(&all, name)).collect();
    all.extend(others.into_iter().map(|name| Offered {
        name: name.clone(),
        words: "You cannot give it here".to_owned(),
        given: true,
    }));
    Ok(Some(all))
}
