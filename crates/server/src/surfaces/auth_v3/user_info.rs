//! `GET /auth/v3/userinfo`

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    extract::Caller,
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::persons;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// `CloudUserDetails`. There is no `dbid`: no Configuration Server stands behind these accounts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    authorities: Vec<Authority<'a>>,
    /// The name to sign in with: `<contact-center id>\<user>`, of the cluster's persons the bare
    /// name; of a client its id.
    username: &'a str,
    /// The name in its contact center; absent for who belongs to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cme_user_name: Option<&'a str>,
    /// Absent for who belongs to the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    contact_center_id: Option<String>,
    /// Absent where the contact center has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    environment_id: Option<String>,
    login_name: &'a str,
    /// Always empty here.
    properties: BTreeMap<&'a str, &'a str>,
}

/// A role and what it gives.
#[derive(Serialize, ToSchema)]
pub(super) struct Authority<'a> {
    /// The role; `rights` for what comes by no role.
    name: &'a str,
    privileges: Vec<&'static str>,
}

/// Roles as both kinds of user information show them.
pub(super) fn authorities(info: &persons::UserInfo) -> Vec<Authority<'_>> {
    let of = |a: &'_ persons::Authority| a.rights.iter().map(Right::as_str).collect();
    info.authorities.iter().map(|a| Authority { name: &a.name, privileges: of(a) }).collect()
}

pub(super) fn doc() -> Operation {
    operation("Describe the owner of a token")
        .about(
            "Who the presented token belongs to, what roles they have and what those give them. The \
             bare object, without an envelope. There is no `dbid`, because no Configuration Server \
             stands behind these accounts.",
        )
        .answers::<Answer<'_>>(
            200,
            "The owner of the token.",
            json!({
                "authorities": [
                    {"name": "viewer", "privileges": ["Nexus.ApiKeys.canView", "Nexus.ApiKeys.canRead"]},
                ],
                "username": "578ec98e-f07c-46ad-9675-f36c22f3ba9f\\vera",
                "cmeUserName": "vera",
                "contactCenterId": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
                "environmentId": "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11",
                "loginName": "vera",
                "properties": {},
            }),
        )
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
