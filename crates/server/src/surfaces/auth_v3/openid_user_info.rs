//! `GET /auth/v3/openid/userinfo`

use super::user_info::{Authority, authorities};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    extract::Caller,
    failure::Failure,
};
use axum::extract::State;
use domain::actor::PrincipalId;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// `OpenIdUserInfo`. `aud` and `sub` are claims of OpenID Connect and come with the scope `openid`;
/// names and mail addresses are not kept, so they are not there.
#[derive(Serialize, ToSchema)]
struct Answer<'a> {
    /// The id of the client that the token was issued to; with the scope `openid` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    aud: Option<&'a str>,
    authorities: Vec<Authority<'a>>,
    /// Absent for who belongs to the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    contact_center_id: Option<String>,
    /// Absent where the contact center has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    environment_id: Option<String>,
    /// Always empty here.
    properties: BTreeMap<&'a str, &'a str>,
    /// The person's or the client's id; with the scope `openid` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    sub: Option<String>,
    /// The name to sign in with.
    user_name: &'a str,
}

pub(super) fn doc() -> Operation {
    operation("Describe the owner of a token in claims of OpenID Connect")
        .about(
            "As `/auth/v3/userinfo`, in the names that OpenID Connect has. `aud` and `sub` come with \
             the scope `openid`; mail addresses and names of people are not kept, so they are not \
             there.",
        )
        .answers::<Answer<'_>>(
            200,
            "The owner of the token.",
            json!({
                "aud": "wwe",
                "authorities": [
                    {"name": "viewer", "privileges": ["Nexus.ApiKeys.canView", "Nexus.ApiKeys.canRead"]},
                ],
                "contact_center_id": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
                "environment_id": "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11",
                "properties": {},
                "sub": "0c0e2f5e-6d0f-4f2b-9f0a-7a3e0c4b1d22",
                "user_name": "578ec98e-f07c-46ad-9675-f36c22f3ba9f\\vera",
            }),
        )
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
