//! `GET /auth/v3/openid/userinfo`

use super::user_info::{Authority, authorities};
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::Caller,
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::actor::PrincipalId;
use http::{Response, StatusCode};
use serde::Serialize;
use std::collections::BTreeMap;

/// `OpenIdUserInfo`. `aud` and `sub` are claims of OpenID Connect and come with the scope `openid`;
/// names and mail addresses are not kept, so they are not there.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
    authorities: Vec<Authority<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_center_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_id: Option<String>,
    properties: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    user_name: &'a str,
}

pub(super) fn doc() -> Operation {
    documented("Describes the owner of the presented token in the claims of OpenID Connect")
}

pub(super) async fn openid_user_info(
    State(app): State<App>,
    Caller(caller): Caller,
) -> Result<Response<Body>, Failure> {
    let info = app.service().user_info(&caller).await?;
    let subject = match info.id {
        PrincipalId::Person(id) => id.to_string(),
        PrincipalId::Client(id) => id.to_string(),
    };
    let answer = Answer {
        aud: info.client_id.as_deref().filter(|_| info.openid),
        authorities: authorities(&info),
        contact_center_id: info.tenant.map(|id| id.to_string()),
        environment_id: info.environment.map(|id| id.to_string()),
        properties: BTreeMap::new(),
        sub: info.openid.then_some(subject),
        user_name: &info.unique_name,
    };
    Ok(answer::json(StatusCode::OK, &answer))
}
