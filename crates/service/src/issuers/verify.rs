//! What makes a JWT of an issuer outside good: its header (JW-01, JW-02), its signature, its claims
//! (JW-03 to JW-05).

use super::{jwks::KeySet, jwt::Jwt};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    issuer::{Issuer, JwsAlgorithm, TokenType},
    time::Timestamp,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

/// Seconds that an issuer's clock may be off (JW-04).
pub(super) const LEEWAY_S: i64 = 60;
/// The longest `sub` (OpenID Connect Core section 2), and the longest of all else that is kept.
const MAX_TEXT_BYTES: usize = 255;
/// Values of a claim of roles that are looked at.
const MAX_ROLES: usize = 1_000;

/// Why a JWT is not believed: for the log, never for whoever presents it.
pub(super) type Refused = &'static str;

/// What an issuer says of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub(super) subject: String,
    pub(super) username: Option<String>,
    pub(super) email: Option<String>,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    /// Values of the claim where roles stand.
    pub(super) roles: Vec<String>,
    /// When it was said, in seconds.
    pub(super) issued_at: i64,
    /// Until when it holds, in seconds.
    pub(super) expires_at: i64,
}

/// The name of the key that a header asks for, before anything is proved.
pub(super) fn kid<'a>(jwt: &'a Jwt<'_>) -> Result<Option<&'a str>, Refused> {
    match jwt.header.get("kid") {
        None => Ok(None),
        Some(Value::String(kid)) => Ok(Some(kid)),
        Some(_) => Err("`kid` is no text"),
    }
}

/// Holds header and signature against what the issuer may sign with and its keys.
pub(super) fn check_signature(
    jwt: &Jwt<'_>,
    issuer: &Issuer,
    keys: &KeySet,
) -> Result<JwsAlgorithm, Refused> {
    let algorithm = jwt.header.get("alg").and_then(Value::as_str).and_then(JwsAlgorithm::parse);
    let algorithm = algorithm.filter(|algorithm| issuer.algorithms.contains(algorithm));
    let algorithm = algorithm.ok_or("`alg` is none that the issuer may sign with")?;
    // Nothing that could stand in it is understood here (RFC 7515 section 4.1.11).
    if jwt.header.contains_key("crit") {
        return Err("`crit` names what is not understood");
    }
    if !keys.verifies(kid(jwt)?, algorithm, jwt.message, &jwt.signature) {
        return Err("the signature does not hold");
    }
    Ok(algorithm)
}

/// What an access token says (RFC 9068 section 4), whose signature holds.
pub(super) fn check_access_token(
    jwt: &Jwt<'_>,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<Said, Refused> {
    let typ =
        jwt.header.get("typ").map(|typ| typ.as_str().ok_or("`typ` is no text")).transpose()?;
    let is = |wanted: &str| {
        let bare = typ.map(|typ| strip_prefix_any_case(typ, "application/"));
        bare.is_some_and(|bare| bare.eq_ignore_ascii_case(wanted))
    };
    if is(TokenType::AtJwt.as_str()) {
        if !issuer.token_types.contains(&TokenType::AtJwt) {
            return Err("`typ` is `at+jwt`, which the issuer's tokens are not");
        }
    } else {
        // Many issuers leave it out, which says the same as `JWT`.
        if !(typ.is_none() || is("JWT")) || !issuer.token_types.contains(&TokenType::Jwt) {
            return Err("`typ` is none of the issuer's access tokens");
        }
        check_is_no_other_token(jwt, issuer)?;
    }
    let audiences = audiences(jwt)?;
    if !audiences.iter().any(|audience| issuer.audiences.iter().any(|ours| ours == audience)) {
        return Err("`aud` names nobody that the issuer's tokens are taken for");
    }
    said(jwt, issuer, now)
}

/// Told from an access token by its claims, where the header does not tell.
fn check_is_no_other_token(jwt: &Jwt<'_>, issuer: &Issuer) -> Result<(), Refused> {
    if let Some(typ) = jwt.claims.get("typ") {
        return if typ == "Bearer" { Ok(()) } else { Err("the claim `typ` is not `Bearer`") };
    }
    if ["at_hash", "c_hash", "s_hash", "nonce", "events"]
        .iter()
        .any(|of| jwt.claims.contains_key(*of))
    {
        return Err("it has claims of an ID token or of a logout token");
    }
    // An ID token is for the client itself.
    let for_us = |audience: &&str| issuer.client_id.as_deref() == Some(*audience);
    if audiences(jwt)?.iter().any(for_us) {
        return Err("nothing tells it from an ID token");
    }
    Ok(())
}

/// What an ID token says (OpenID Connect Core section 3.1.3.7), whose signature by this algorithm holds.
pub(super) fn check_id_token(
    jwt: &Jwt<'_>,
    issuer: &Issuer,
    algorithm: JwsAlgorithm,
    (nonce, access_token): (&str, Option<&str>),
    now: Timestamp,
) -> Result<Said, Refused> {
    match jwt.header.get("typ") {
        None => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
        Some(_) => return Err("`typ` is not an ID token's"),
    }
    if jwt.claims.get("typ").is_some_and(|typ| typ != "ID") {
        return Err("the claim `typ` is not `ID`");
    }
    let client = issuer.client_id.as_deref().ok_or("the issuer knows us by no id")?;
    let audiences = audiences(jwt)?;
    if !audiences.contains(&client) {
        return Err("`aud` is somebody else");
    }
    match jwt.claims.get("azp") {
        Some(azp) if azp != client => return Err("`azp` is somebody else"),
        None if audiences.len() > 1 => return Err("several in `aud` and no `azp`"),
        _ => {}
    }
    let told = jwt.text("nonce").ok_or("there is no `nonce`")?;
    if !bool::from(told.as_bytes().ct_eq(nonce.as_bytes())) {
        return Err("`nonce` is that of another sign-in");
    }
    if let Some(hash) = jwt.claims.get("at_hash")
        && access_token.is_none_or(|token| hash.as_str() != Some(&half_hash(algorithm, token)))
    {
        return Err("`at_hash` is that of another token");
    }
    if !jwt.claims.contains_key("iat") {
        return Err("there is no `iat`");
    }
    said(jwt, issuer, now)
}

/// The roles that an access token names which came with an ID token of this subject. Whom it is for is not
/// asked: it opens nothing here.
pub(super) fn check_beside(
    jwt: &Jwt<'_>,
    issuer: &Issuer,
    subject: &str,
    now: Timestamp,
) -> Result<Vec<String>, Refused> {
    let said = said(jwt, issuer, now)?;
    if said.subject != subject {
        return Err("`sub` is somebody else");
    }
    Ok(said.roles)
}

/// Whether the claim where roles stand is missing.
pub(super) fn lacks_roles(jwt: &Jwt<'_>, issuer: &Issuer) -> bool {
    issuer.roles_claim.as_deref().is_some_and(|path| at_path(&jwt.claims, path).is_none())
}

/// What both kinds must say, and what is taken from them.
fn said(jwt: &Jwt<'_>, issuer: &Issuer, now: Timestamp) -> Result<Said, Refused> {
    if jwt.text("iss") != Some(issuer.issuer.as_str()) {
        return Err("`iss` is somebody else");
    }
    let subject = jwt.text("sub").filter(|sub| is_kept(sub)).ok_or("there is no `sub`")?;
    let now = now.as_seconds();
    let expires_at = date(&jwt.claims, "exp")?.ok_or("there is no `exp`")?;
    if expires_at.saturating_add(LEEWAY_S) <= now {
        return Err("it has expired");
    }
    for name in ["nbf", "iat"] {
        if date(&jwt.claims, name)?.is_some_and(|at| at > now.saturating_add(LEEWAY_S)) {
            return Err("it is not valid yet");
        }
    }
    let text = |name: &str| jwt.text(name).filter(|text| is_kept(text)).map(str::to_owned);
    Ok(Said {
        subject: subject.to_owned(),
        username: text(&issuer.username_claim),
        email: text("email"),
        given_name: text("given_name"),
        family_name: text("family_name"),
        roles: issuer.roles_claim.as_deref().map_or_else(Vec::new, |path| roles(&jwt.claims, path)),
        issued_at: date(&jwt.claims, "iat")?.unwrap_or(0),
        expires_at,
    })
}

/// A numeric date: whole seconds from 1970 on, as an integer (JW-05).
fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, Refused> {
    match claims.get(name) {
        None => Ok(None),
        Some(at) => match at.as_i64() {
            Some(at) if at >= 0 => Ok(Some(at)),
            _ => Err("a date is no whole number of seconds"),
        },
    }
}

/// Everybody whom it is for.
fn audiences<'a>(jwt: &'a Jwt<'_>) -> Result<Vec<&'a str>, Refused> {
    let wrong = "`aud` is neither a text nor a list of texts";
    match jwt.claims.get("aud") {
        None => Err("there is no `aud`"),
        Some(Value::String(one)) => Ok(vec![one]),
        Some(Value::Array(some)) => some.iter().map(|of| of.as_str().ok_or(wrong)).collect(),
        Some(_) => Err(wrong),
    }
}

/// What stands at a path. A claim whose name is the whole path goes first: names may hold dots.
fn at_path<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let within = || {
        let mut names = path.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    };
    claims.get(path).or_else(within)
}

/// The values at a path.
fn roles(claims: &Map<String, Value>, path: &str) -> Vec<String> {
    match at_path(claims, path) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(some)) => {
            some.iter().take(MAX_ROLES).filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn is_kept(text: &str) -> bool {
    (1..=MAX_TEXT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> &'a str {
    match text.split_at_checked(prefix.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(prefix) => rest,
        _ => text,
    }
}

/// The left half of the hash that goes with the algorithm (OpenID Connect Core section 3.1.3.6).
fn half_hash(algorithm: JwsAlgorithm, token: &str) -> String {
    use JwsAlgorithm as A;
    let hash = match algorithm {
        A::Rs256 | A::Ps256 | A::Es256 => Sha256::digest(token).to_vec(),
        A::Rs384 | A::Ps384 | A::Es384 => Sha384::digest(token).to_vec(),
        A::Rs512 | A::Ps512 | A::EdDsa => Sha512::digest(token).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}
