//! Calls of our own API: to a server over HTTP, or in process to data that no server holds. The same
//! routes answer both, so commands do not know which one it is.
//!
//! `call.rs` is a request, `http.rs` and `local.rs` carry it, `problem.rs` turns refusals into words,
//! `login.rs` keeps who is signed in, `tokens.rs` asks for the tokens.

mod call;
mod http;
mod local;
pub(crate) mod login;
mod options;
mod pages;
mod problem;
mod tls;
pub(crate) mod tokens;

pub(crate) use self::{
    call::Call,
    http::Server,
    options::{ApiOptions, VARIABLES},
};

use crate::{
    cli::Settings,
    config::Environment,
    failure::{Exit, Failure},
};
use ::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use domain::secret::Secret;
use http_body_util::{BodyExt as _, Full, combinators::UnsyncBoxBody};
use local::Installation;
use login::Login;
use serde_json::Value;

/// The error that a body may end in.
type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// A body on its way, in either direction.
pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// Whoever answers, and as whom it is asked.
pub(crate) struct Api {
    transport: Transport,
    token: Token,
}

enum Transport {
    Server(Box<Server>),
    Local(Box<Installation>),
}

/// As whom a server is asked.
enum Token {
    /// As nobody, or as the operator of the machine.
    None,
    /// By a token from the environment or a file.
    Given(Secret),
    /// As whoever signed in; the place of the login file, to write a fresh token to.
    Login(Box<Login>),
}

/// What came back, its body unread.
pub(crate) struct Answer {
    pub(crate) body: Body,
}

impl Api {
    /// Chooses the transport and the credential from flags, environment and login file, in this order.
    ///
    /// # Errors
    /// They contradict each other, a file cannot be read, or the data cannot be opened.
    pub(crate) async fn open(
        options: &ApiOptions,
        settings: &Settings,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        if settings.data_dir().is_some() {
            options.refuse_beside_data_dir()?;
            let installation = Installation::open(settings, environment).await?;
            let transport = Transport::Local(Box::new(installation));
            return Ok(Self { transport, token: Token::None });
        }
        let login = Login::read(environment)?;
        let server = options.server(environment, login.as_ref())?;
        let token = match options.token(environment)? {
            Some(token) => Token::Given(token),
            // A login is for the server that gave it, and its token goes nowhere else.
            None => match login {
                Some(login) if login.server == server.url().as_str() => {
                    Token::Login(Box::new(login))
                }
                _ => Token::None,
            },
        };
        Ok(Self { transport: Transport::Server(Box::new(server)), token })
    }

    /// The token that is presented.
    pub(crate) fn token(&self) -> Option<&Secret> {
        match &self.token {
            Token::None => None,
            Token::Given(token) => Some(token),
            Token::Login(login) => Some(&login.access_token),
        }
    }

    /// Closes what was opened, and writes what memory still holds.
    pub(crate) async fn close(self) {
        if let Transport::Local(installation) = self.transport {
            installation.close().await;
        }
    }

    /// The answer to a call, read whole: JSON, or nothing at all.
    ///
    /// # Errors
    /// The call was refused or nobody answered.
    pub(crate) async fn ask(&mut self, call: Call) -> Result<Whole, Failure> {
        self.send(call).await?.whole().await
    }

    /// The answer to a call. A login whose token has ended is refreshed, and the call made again.
    ///
    /// # Errors
    /// The call was refused or nobody answered.
    pub(crate) async fn send(&mut self, call: Call) -> Result<Answer, Failure> {
        let response = self.once(&call).await?;
        if response.status() != StatusCode::UNAUTHORIZED || !self.refreshed().await? {
            return self.judged(response).await;
        }
        let response = self.once(&call).await?;
        self.judged(response).await
    }

    async fn once(&mut self, call: &Call) -> Result<Response<Body>, Failure> {
        self.exchange(call.request(whole(call.body().to_vec()))).await
    }

    async fn exchange(&mut self, mut request: Request<Body>) -> Result<Response<Body>, Failure> {
        if let Some(token) = self.token() {
            let text = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
            let mut value = HeaderValue::from_str(&text).map_err(|_| {
                Failure::new(Exit::Usage, "the token has characters that no token has")
            })?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        match &mut self.transport {
            Transport::Server(server) => server.send(request).await,
            Transport::Local(installation) => Ok(installation.answer(request).await),
        }
    }

    /// Whether there is a new token to try with.
    async fn refreshed(&mut self) -> Result<bool, Failure> {
        let (Token::Login(login), Transport::Server(server)) =
            (&mut self.token, &mut self.transport)
        else {
            return Ok(false);
        };
        login.refresh(server).await
    }

    async fn judged(&self, response: Response<Body>) -> Result<Answer, Failure> {
        let status = response.status();
        let answer = Answer { body: response.into_body() };
        if status.is_success() {
            return Ok(answer);
        }
        let bytes = answer.whole().await?.bytes;
        Err(problem::failure(status, &bytes, self.asked_as()))
    }

    fn asked_as(&self) -> problem::AskedAs {
        match (&self.transport, &self.token) {
            (Transport::Local(_), _) => problem::AskedAs::Operator,
            (_, Token::None) => problem::AskedAs::Nobody,
            (_, Token::Given(_)) => problem::AskedAs::Token,
            (_, Token::Login(_)) => problem::AskedAs::Login,
        }
    }
}

/// A whole answer.
pub(crate) struct Whole {
    bytes: Bytes,
}

impl Whole {
    /// The bytes, as the API sent them.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The JSON of it; nothing is `null`.
    ///
    /// # Errors
    /// It is none: whoever answered is not Keyward.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        if self.bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.bytes).map_err(|_| not_keyward())
    }
}

impl Answer {
    /// Reads all of it.
    ///
    /// # Errors
    /// The connection broke.
    pub(crate) async fn whole(self) -> Result<Whole, Failure> {
        let bytes = self.body.collect().await.map_err(|e| broken(&e))?.to_bytes();
        Ok(Whole { bytes })
    }
}

/// The next piece of a body; `None` at its end.
///
/// # Errors
/// The connection broke.
pub(crate) async fn next_piece(body: &mut Body) -> Result<Option<Bytes>, Failure> {
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame.map_err(|e| broken(&e))?.into_data() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// A body that is there already.
pub(crate) fn whole(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed_unsync()
}

fn broken(error: &BoxError) -> Failure {
    Failure::failed(format!("the answer broke off: {error}"))
}

/// Whoever answered does not speak our API.
fn not_keyward() -> Failure {
    Failure::failed("the answer is not one of Keyward's")
        .with_hint("check the address; a proxy in between may have answered")
}
