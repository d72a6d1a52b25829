//! The form of a realm's endpoints. A repeated parameter is refused late here, after the client: this
//! wire has it so.

use crate::{
    extract::{Parameters, body, form},
    failure::Failure,
};
use axum::extract::{FromRequest, Request};

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters; no body at all has none.
#[derive(Debug, Default)]
pub(super) struct RealmForm {
    pub(super) parameters: Parameters,
    /// Whether one came twice; the first one counts until that is found.
    pub(super) repeated: bool,
}

impl<S: Sync> FromRequest<S> for RealmForm {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let is_form = form::is_type(request.headers(), |essence| essence == FORM);
        let bytes = body::of_request(request).await?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if !is_form {
            return Err(Failure::UnsupportedMediaType { wanted: FORM });
        }
        let (parameters, repeated) = Parameters::parse_repeating(&bytes)
            .map_err(|(field, detail)| Failure::BadForm { field, detail })?;
        Ok(Self { parameters, repeated: repeated.is_some() })
    }
}
