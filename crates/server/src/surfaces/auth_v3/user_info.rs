//! `GET /auth/v3/userinfo`

use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::Caller,
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::right::Right;
use http::{Response, StatusCode};
use serde::Serialize;
use service::persons;
use std::collections::BTreeMap;

/// `CloudUserDetails`. There is no `dbid`: no Configuration Server stands behind these accounts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    authorities: Vec<Authority<'a>>,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cme_user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_center_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_id: Option<String>,
    login_name: &'a str,
    properties: BTreeMap<&'a str, &'a str>,
}

/// A role and what it gives.
#[derive(Serialize)]
pub(super) struct Authority<'a> {
    name: &'a str,
    privileges: Vec<&'static str>,
}

/// Roles as both kinds of user information show them.
pub(super) fn authorities(info: &persons::UserInfo) -> Vec<Authority<'_>> {
    let of = |a: &'_ persons::Authority| a.rights.iter().map(Right::as_str).collect();
    info.authorities.iter().map(|a| Authority { name: &a.name, privileges: of(a) }).collect()
}

pub(super) fn doc() -> Operation {
    documented("Describes the owner of the presented token")
}

pub(super) async fn user_info(
    State(app): State<App>,
    Caller(caller): Caller,
) -> Result<Response<Body>, Failure> {
    let info = app.service().user_info(&caller).await?;
    // Only persons of a contact center have a name in it.
    let of_tenant = info.unique_name != info.name;
    let answer = Answer {
        authorities: authorities(&info),
        username: &info.unique_name,
        cme_user_name: of_tenant.then_some(info.name.as_str()),
        contact_center_id: info.tenant.map(|id| id.to_string()),
        environment_id: info.environment.map(|id| id.to_string()),
        login_name: &info.name,
        properties: BTreeMap::new(),
    };
    Ok(answer::json(StatusCode::OK, &answer))
}
