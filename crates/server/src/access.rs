//! Who may call a route: fixed by the table, never by a body, a header or a branch (AP-12).
//!
//! `admit` runs before the handler and before anything of the body is judged. What it established
//! lies in the request's extensions; extractors only take it from there, so a handler that asks for
//! nobody is protected all the same. The exact right over a key follows from its type and is decided
//! in the use case.

use crate::{
    app::{App, Operator},
    credentials::{self, Authorization, UserPass},
    extract::{client, identity},
    failure::{Failure, Proof, Scheme},
    trace::Trace,
};
use axum::extract::Request;
use domain::{
    actor::PrincipalId,
    right::{Deed, Family, Right, Rights},
};
use service::Caller;

/// What a route demands before its handler runs.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// Nobody is asked; says why that is safe.
    Public(&'static str),
    /// A Bearer token is used when there is one, and must then hold; says why none is needed.
    OptionalBearer(&'static str),
    /// A Bearer token.
    Bearer(Need),
    /// A Bearer token, or the token alone without a scheme (CW-08).
    BareOrBearer(Need),
    /// A Bearer token, or name and password of a person of the cluster.
    BearerOrBasic(Need),
    /// An OAuth client's credentials, by Basic or in the form; the use case proves them.
    Client,
    /// An OAuth client's credentials in the realm of the path. The handler proves them: this wire finds
    /// the realm, the name of the grant and the client in an order of its own, and says which failed.
    RealmClient,
    /// An access token of the realm of the path, in the header or in the form. The handler proves it, for
    /// the realm comes first on this wire.
    RealmToken,
    /// A Bearer token, or a key as Bearer or in `x-api-key`, whatever it may do.
    TokenOrKey,
    /// Who may ask for verifications: a token with the right, a key with the permission, or what the
    /// configuration trusts. To anyone else there is nothing here: 404.
    VerifyCaller,
    /// As `VerifyCaller`, for a proxy on whose calls `Authorization` is its client's: a trusted proxy, or a
    /// credential in `X-Keyward-Authorization`. To anyone else there is nothing here: 404.
    CheckCaller,
    /// The session of a browser at the console. Whoever has none is led to the sign-in.
    Session(Need),
    /// A key, in the places that the row's own policy reads: judged, ahead of the router, before anything
    /// else that the call says.
    Key,
}

/// What the caller must hold beside an identity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Nothing.
    Identity,
    /// This right.
    Right(Right),
    /// This right, held by a person: a client has no things of its own.
    Person(Right),
    /// This right, over the whole cluster.
    ClusterRight(Right),
    /// One of these rights.
    AnyOf(&'static [Right]),
    /// The right to do this to the keys of at least one family.
    SomeFamily(Deed),
}

impl Access {
    /// The reason for letting anybody in.
    #[must_use]
    pub const fn public_because(&self) -> Option<&'static str> {
        match self {
            Self::Public(why) | Self::OptionalBearer(why) => Some(why),
            Self::Bearer(_)
            | Self::BareOrBearer(_)
            | Self::BearerOrBasic(_)
            | Self::Client
            | Self::RealmClient
            | Self::RealmToken
            | Self::TokenOrKey
            | Self::VerifyCaller
            | Self::CheckCaller
            | Self::Session(_)
            | Self::Key => None,
        }
    }

    /// Whether a call without credentials is refused: with 401, but where a wire has other words for it.
    #[must_use]
    pub const fn wants_credentials(&self) -> bool {
        self.public_because().is_none() && !matches!(self, Self::VerifyCaller | Self::CheckCaller)
    }
}

impl Need {
    pub(crate) fn check(self, caller: &Caller) -> Result<(), Failure> {
        match self {
            Self::Identity => Ok(()),
            Self::Right(right) => Ok(caller.require_rights(rights(right))?),
            Self::Person(_) if !matches!(caller.principal.id, PrincipalId::Person(_)) => {
                Err(service::Error::NotAllowed { right: None }.into())
            }
            Self::Person(right) => Ok(caller.require_rights(rights(right))?),
            // Whoever belongs to a tenant learns nothing, not even what there is.
            Self::ClusterRight(right) if !caller.is_cluster() => {
                Err(service::Error::NotAllowed { right: Some(right) }.into())
            }
            Self::ClusterRight(right) => Ok(caller.require_rights(rights(right))?),
            Self::AnyOf(some) if some.iter().any(|right| caller.holds(*right)) => Ok(()),
            Self::AnyOf(_) => Err(service::Error::NotAllowed { right: None }.into()),
            Self::SomeFamily(deed) => {
                let some = Family::ALL.into_iter().any(|f| caller.has(f.rights_for(deed)))
                    || caller.holds(Right::PersonalKeysUse);
                if some { Ok(()) } else { Err(service::Error::NotAllowed { right: None }.into()) }
            }
        }
    }
}

fn rights(right: Right) -> Rights {
    [right].into_iter().collect()
}

/// Lets the request through with what was established, or refuses it.
pub(crate) async fn admit(
    app: &App,
    access: &Access,
    trace: &Trace,
    mut request: Request,
) -> Result<Request, Failure> {
    let (need, places) = match access {
        Access::Public(_) | Access::VerifyCaller => return Ok(request),
        // Judged by the handler, after what this wire asks first; a test calls each without credentials.
        Access::RealmClient | Access::RealmToken => return Ok(request),
        // Answered ahead of the router; here it fails closed.
        Access::CheckCaller | Access::Key => return Err(Failure::NoRoute),
        // Established by the console, which has an answer of its own for whoever has none.
        Access::Session(_) => return Err(Failure::NoRoute),
        Access::Client => {
            client::establish(&mut request).await?;
            return Ok(request);
        }
        Access::TokenOrKey if request.extensions().get::<Operator>().is_none() => {
            identity::establish(app, trace, &mut request).await?;
            return Ok(request);
        }
        Access::OptionalBearer(_) | Access::TokenOrKey => (None, Places::BEARER),
        Access::Bearer(need) => (Some(need), Places::BEARER),
        Access::BareOrBearer(need) => (Some(need), Places { bare: true, ..Places::BEARER }),
        Access::BearerOrBasic(need) => (Some(need), Places { basic: true, ..Places::BEARER }),
    };
    if let Some(Operator(user)) = request.extensions_mut().remove() {
        let caller = Caller::local(&user, trace.context());
        trace.name_actor(&caller);
        request.extensions_mut().insert(caller);
        return Ok(request);
    }
    let presented = match (presented(&request, places), need) {
        (Err(Failure::Unauthenticated { proof: Proof::Absent, .. }), None) => return Ok(request),
        (presented, _) => presented?,
    };
    let caller = prove(app, trace, presented).await?;
    trace.name_actor(&caller);
    if let Some(need) = need {
        need.check(&caller)?;
    }
    request.extensions_mut().insert(caller);
    Ok(request)
}

/// Where a route looks for a caller, beside `Bearer`.
#[derive(Clone, Copy)]
struct Places {
    bare: bool,
    basic: bool,
}

impl Places {
    const BEARER: Self = Self { bare: false, basic: false };
}

/// The credential that was presented, owned: the request cannot be borrowed over an await.
enum Presented {
    Token(domain::secret::Secret),
    Pair(UserPass),
}

async fn prove(app: &App, trace: &Trace, presented: Presented) -> Result<Caller, Failure> {
    let context = trace.context();
    let (scheme, outcome) = match presented {
        Presented::Token(token) => {
            (Scheme::Bearer, app.service().authenticate(token.expose(), context).await)
        }
        Presented::Pair(pair) => (
            Scheme::Basic,
            app.service().authenticate_basic(&pair.user, pair.password, context).await,
        ),
    };
    outcome.map_err(|error| {
        if matches!(error, service::Error::Unauthenticated) {
            Failure::Unauthenticated { scheme, proof: Proof::Refused }
        } else {
            Failure::Service(error)
        }
    })
}

fn presented(request: &Request, places: Places) -> Result<Presented, Failure> {
    let absent = Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Absent };
    let Some(found) = credentials::authorization(request.headers(), places.bare)? else {
        return Err(absent);
    };
    if credentials::token_in_query(request.uri()) {
        return Err(Failure::TwoCredentials);
    }
    match found {
        Authorization::Bearer(token) => {
            Ok(Presented::Token(domain::secret::Secret::new(token.0.to_owned())))
        }
        Authorization::Basic(pair) if places.basic => Ok(Presented::Pair(pair)),
        Authorization::Basic(_) | Authorization::Other => Err(absent),
    }
}

#[cfg(test)]
mod tests;
