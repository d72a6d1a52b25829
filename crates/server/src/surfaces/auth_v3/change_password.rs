//! `POST /auth/v3/change-password`

use super::envelope;
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation},
    extract::{Context, Json, MaybeCaller},
    failure::Failure,
};
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use service::{Error, persons::ChangePassword};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordChange)]
pub(super) struct Request {
    /// Hard to guess; not the old one.
    #[schema(min_length = 15, max_length = 256, pattern = "^[^\\x00]*$")]
    new_password: String,
    /// The proof. Presenting it counts as a sign-in attempt.
    #[schema(pattern = "^[^\\x00]*$")]
    old_password: String,
    /// Whose: `<contact-center id or domain>\<user>`, or the bare name of a person of the cluster.
    /// Left out or empty: the owner of the presented token.
    #[schema(pattern = "^[^\\x00]*$")]
    user_name: Option<String>,
}

pub(super) fn doc() -> Operation {
    let request = Named::of::<Request>();
    let data = envelope::reference(&request);
    operation("Change a password")
        .about(
            "The old password is the proof, with a token or without one; a token, if there is one, \
             must hold and be the person's own. Whatever is wrong with the name or the old password \
             is one and the same 403, and it counts as a failed sign-in. Every other token of the \
             person ends.",
        )
        .takes_as(
            "application/json",
            envelope::request("ChangePasswordRequest", &data, request),
            json!({"data": {
                "userName": "t100\\vera",
                "oldPassword": "what-it-was-until-now",
                "newPassword": "five-quiet-boats-at-noon",
            }}),
        )
        .answers_as(
            200,
            "The new password holds.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
        .fails([
            Error::NotAllowed { right: None },
            Error::invalid("newPassword", "the new password must differ from the old one"),
            Error::invalid("userName", "name the person, or present a token"),
            Error::Limited { retry_after_s: 30 },
        ])
}

pub(super) async fn change_password(
    State(app): State<App>,
    Context(context): Context,
    MaybeCaller(caller): MaybeCaller,
    Json(request): Json<envelope::Wrapped<Request>>,
) -> Result<Response<Body>, Failure> {
    let change = ChangePassword {
        username: request.data.user_name.filter(|name| !name.is_empty()),
        old: Secret::new(request.data.old_password),
        new: Secret::new(request.data.new_password),
    };
    app.service().change_password(caller.as_ref(), change, &context).await?;
    Ok(envelope::done())
}
