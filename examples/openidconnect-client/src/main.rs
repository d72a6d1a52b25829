//! Signs a person in at a realm of Keyward, by authorization code with PKCE, and says who they are: what a
//! program of the terminal does (RFC 8252). README.md says how to run it.

use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, ProviderMetadata,
    RedirectUrl, RevocationUrl, Scope, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
        CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType, CoreUserInfoClaims,
    },
    reqwest,
    url::Url,
};
use serde::{Deserialize, Serialize};
use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
};

/// What the crate leaves to others of the discovery document.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Revocation {
    revocation_endpoint: RevocationUrl,
}

impl AdditionalProviderMetadata for Revocation {}

type Metadata = ProviderMetadata<
    Revocation,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut http = reqwest::blocking::ClientBuilder::new()
        // Whoever follows one could be sent anywhere.
        .redirect(reqwest::redirect::Policy::none());
    if let Ok(file) = env::var("CA_FILE") {
        http = http.add_root_certificate(reqwest::Certificate::from_pem(&fs::read(file)?)?);
    }
    let http = http.build()?;
    let issuer = IssuerUrl::new(env::var("ISSUER")?)?;
    let metadata = Metadata::discover(&issuer, &http)?;
    let revocation = metadata.additional_metadata().revocation_endpoint.clone();

    // Any free port will do: at loopback addresses Keyward compares everything but the port.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let redirect = format!("http://{}/callback", listener.local_addr()?);
    let secret = env::var("CLIENT_SECRET").ok().map(ClientSecret::new);
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new(env::var("CLIENT_ID")?), secret)
            .set_redirect_uri(RedirectUrl::new(redirect.clone())?)
            .set_revocation_url(revocation);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    println!("open {url}");
    let answer = answer_at(&listener, &redirect)?;
    let parameter = |name: &str| {
        answer
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .ok_or("refused")
    };
    let expected = state.into_secret();
    // Whose answer it is (RFC 9207), and to which of our requests.
    if parameter("iss")? != issuer.as_str() || parameter("state")? != expected {
        return Err("an answer of somebody else".into());
    }
    let tokens = client
        .exchange_code(AuthorizationCode::new(parameter("code")?))?
        .set_pkce_verifier(verifier)
        .request(&http)?;

    // Signature, issuer, audience, expiry and nonce.
    let id_token = tokens.id_token().ok_or("no ID token")?;
    let id_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_verifier, &nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let (algorithm, key) = (id_token.signing_alg()?, id_token.signing_key(&id_verifier)?);
        if AccessTokenHash::from_token(tokens.access_token(), algorithm, key)? != *expected {
            return Err("the ID token belongs to another access token".into());
        }
    }
    let person: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?
        .request(&http)?;
    let name = person.preferred_username().ok_or("no name")?;
    println!("signed in as {} by {:?}", name.as_str(), id_token.signing_alg()?);

    let refresh = tokens.refresh_token().ok_or("no refresh token")?;
    let fresh = client.exchange_refresh_token(refresh)?.request(&http)?;
    println!("a fresh token for {} seconds", fresh.expires_in().unwrap_or_default().as_secs());
    let last = fresh.refresh_token().ok_or("no second refresh token")?.clone();
    // Over plain HTTP, as in a first try on one machine, the crate refuses this one request.
    match client.revoke_token(last.into()) {
        Ok(request) => request.request(&http)?,
        Err(refusal) => return Ok(println!("not signed out: {refusal}")),
    }
    let after: Result<CoreUserInfoClaims, _> =
        client.user_info(fresh.access_token().clone(), None)?.request(&http);
    println!("signed out: {}", after.is_err());
    Ok(())
}

/// The address that the browser comes back to, once.
fn answer_at(listener: &TcpListener, redirect: &str) -> Result<Url, Box<dyn Error>> {
    let (mut stream, _) = listener.accept()?;
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line)?;
    let page = "You are signed in; go back to your terminal.";
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )?;
    Ok(Url::parse(redirect)?.join(line.split(' ').nth(1).ok_or("no request")?)?)
}
