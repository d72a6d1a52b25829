//! What a client asks for: as it came, and checked; and why there is no code for it.

use crate::{error::Error, oauth2::Realm};
use domain::{client::Client, id::PersonId, secret::Secret};

/// The parameters as they came; an empty one is an absent one.
#[derive(Debug, Default)]
pub struct Parameters {
    /// `client_id`
    pub client_id: Option<String>,
    /// `redirect_uri`
    pub redirect_uri: Option<String>,
    /// `response_type`
    pub response_type: Option<String>,
    /// `response_mode`
    pub response_mode: Option<String>,
    /// `scope`
    pub scope: Option<String>,
    /// `state`
    pub state: Option<String>,
    /// `nonce`
    pub nonce: Option<String>,
    /// `prompt`
    pub prompt: Option<String>,
    /// `max_age`
    pub max_age: Option<String>,
    /// `login_hint`
    pub login_hint: Option<String>,
    /// `id_token_hint`
    pub id_token_hint: Option<Secret>,
    /// `code_challenge`
    pub code_challenge: Option<String>,
    /// `code_challenge_method`
    pub code_challenge_method: Option<String>,
    /// `request`
    pub request: Option<String>,
    /// `request_uri`
    pub request_uri: Option<String>,
}

/// A request that was checked.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// The realm that is asked; `None`: `/auth/v3`.
    pub realm: Option<Realm>,
    /// Who asks.
    pub client: Client,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// What is granted, joined by spaces.
    pub scope: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// What the ID token repeats.
    pub nonce: Option<String>,
    /// Whether the person is to be asked.
    pub prompt: Prompt,
    /// The most seconds that may have passed since they proved who they are.
    pub max_age_s: Option<u32>,
    /// What they may want to call themselves.
    pub login_hint: Option<String>,
    /// Whom the client believes to be there.
    pub hinted: Option<PersonId>,
    /// The challenge of RFC 7636; `None`: the client may do without, and does.
    pub challenge: Option<String>,
}

/// Whether the person is to be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prompt {
    /// Nothing may be shown.
    pub none: bool,
    /// They prove who they are, signed in or not.
    pub login: bool,
    /// They are asked whether they agree, even if they did.
    pub consent: bool,
}

/// How the answer goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ResponseMode {
    /// In the query of the address.
    #[default]
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// Why nobody is asked to sign in and nobody is sent anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadRequest {
    /// There is no such client here, or it is out of service.
    Client,
    /// There is no address.
    NoRedirect,
    /// The client did not register this address.
    Redirect,
}

/// Why there is no code.
#[derive(Debug)]
pub enum Refusal {
    /// A page says so.
    Page(BadRequest),
    /// The client is told.
    Client {
        /// Where.
        redirect_uri: String,
        /// How.
        mode: ResponseMode,
        /// Its `state`.
        state: Option<String>,
        /// The registered word.
        error: &'static str,
        /// A sentence for whoever wrote the client.
        description: &'static str,
    },
    /// The check itself failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}
