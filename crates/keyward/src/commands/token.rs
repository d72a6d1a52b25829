//! `keyward token`: a token on standard output, for scripts and `curl`.

use crate::{
    api::{ApiOptions, Call, Server, login, tokens},
    config::Environment,
    failure::{Exit, Failure},
    output::Output,
    secret_source::{self, SecretSource},
};
use clap::Args;
use domain::secret::Secret;
use std::path::PathBuf;

/// The client that everybody may use.
const PUBLIC_CLIENT: &str = "nexus_client";

/// By which grant.
#[derive(Args, Debug)]
pub(crate) struct Token {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
    #[command(flatten)]
    pub(crate) grant: Grant,
}

/// Who asks for tokens.
#[derive(Args, Debug)]
pub(crate) struct Grant {
    /// Person to sign in, `domain\name`; of the cluster, the name alone
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Client to ask by; without `--user` it asks for itself [default: nexus_client]
    #[arg(long, value_name = "CLIENT_ID")]
    client_id: Option<String>,
    /// File with the client's secret, `-` for standard input; also `KEYWARD_CLIENT_SECRET`
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// Scope to ask for
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
    #[command(flatten)]
    password: SecretSource,
}

impl Grant {
    /// Whether neither a person nor a client was named.
    pub(crate) fn names_nobody(&self) -> bool {
        self.user.is_none() && self.client_id.is_none()
    }

    /// With this person, unless one was named.
    pub(crate) fn for_user(
        self,
        user: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Self, Failure> {
        let user = match self.user {
            Some(user) => user,
            None => user()?,
        };
        Ok(Self { user: Some(user), ..self })
    }

    pub(crate) fn client(&self) -> &str {
        self.client_id.as_deref().unwrap_or(PUBLIC_CLIENT)
    }

    /// The form of RFC 6749, sections 4.3.2 and 4.4.2, and what the server answered to it.
    ///
    /// # Errors
    /// A secret is missing, or the grant was refused.
    pub(crate) async fn ask(
        &self,
        server: &mut Server,
        environment: &Environment,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
        let client_secret = self.client_secret(environment)?;
        let scope = self.scope.as_deref().map(|scope| ("scope", scope));
        let mut form = vec![
            ("client_id", self.client()),
            ("client_secret", client_secret.as_ref().map_or("", Secret::expose)),
        ];
        form.extend(scope);
        let Some(user) = &self.user else {
            form.push(("grant_type", "client_credentials"));
            return tokens::ask(server, &form).await;
        };
        let variable = secret_source::PASSWORD;
        let password = self.password.required(environment, variable, "Password")?;
        form.extend([
            ("grant_type", "password"),
            ("username", user.as_str()),
            ("password", password.expose()),
        ]);
        tokens::ask(server, &form).await
    }

    fn client_secret(&self, environment: &Environment) -> Result<Option<Secret>, Failure> {
        if let Some(path) = &self.client_secret_file {
            return secret_source::from_file(path).map(Some);
        }
        let variable = secret_source::CLIENT_SECRET;
        if self.user.is_some() {
            return Ok(environment.given(variable).map(|text| Secret::new(text.to_owned())));
        }
        let source = SecretSource::default();
        source.required(environment, variable, "Secret of the client").map(Some)
    }
}

/// Prints the access token, or the whole answer with `--json`.
pub(crate) async fn run(token: Token, environment: &Environment) -> Result<Exit, Failure> {
    let output = Output::new(&token.options, environment);
    let kept = login::Login::read(environment)?;
    let mut server = token.options.server(environment, kept.as_ref())?;
    let answer = token.grant.ask(&mut server, environment).await?;
    let given = tokens::read(&answer)?;
    output.secret(given.access_token.expose(), &answer)?;
    Ok(Exit::Done)
}

/// Prints the token of whoever is signed in, after the server has taken it.
pub(crate) async fn of_login(session: &mut super::session::Session) -> Result<Exit, Failure> {
    session.api.ask(Call::get(&["v1", "whoami"])).await?;
    let Some(token) = session.api.token() else {
        return Err(Failure::new(Exit::Refused, "nobody is signed in")
            .with_hint("sign in with `keyward login`, or name `--user` or `--client-id`"));
    };
    let document = serde_json::json!({ "access_token": token.expose(), "token_type": "bearer" });
    session.output.secret(token.expose(), document.to_string().as_bytes())?;
    Ok(Exit::Done)
}
