//! Who calls, and from where. Made by `server` from what a route's access demanded.

use crate::error::Error;
use domain::{
    actor::{Actor, ActorKind, PrincipalId},
    audit::Origin,
    id::{ClientId, FamilyId, KeyId, PersonId, Scope, SessionId, TenantId},
    right::{Right, Rights},
    secret::SecretDigest,
    time::Timestamp,
    verdict::Standing,
};
use std::{net::IpAddr, sync::Arc};
use verifier::{Principal, PrincipalState};

/// Where a request came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// Its id, as the answer's header and the log line carry it.
    pub request_id: String,
    /// The client's address: the socket's, or what a trusted proxy said.
    pub address: Option<IpAddr>,
}

/// The token that a caller presented.
#[derive(Clone, Debug)]
pub struct PresentedToken {
    /// The client it was issued to.
    pub client: ClientId,
    /// Its refresh family.
    pub family: FamilyId,
    /// Its digest.
    pub digest: SecretDigest,
    /// Its scopes.
    pub scope: Arc<str>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The session of the console that a browser presented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PresentedSession {
    /// Which one.
    pub id: SessionId,
    /// When its person proved who they are, the last time.
    pub authenticated_at: Timestamp,
}

/// For so many seconds a sign-in is fresh enough for what shows or replaces secrets (SE-05).
pub const FRESH_S: i64 = 300;

/// An authenticated person or client.
#[derive(Clone)]
pub struct Caller {
    /// The live state: rights are read from it at each decision.
    pub principal: Arc<Principal>,
    /// The token, unless the caller proved itself by its password or by a session.
    pub token: Option<PresentedToken>,
    /// The session, of a person at the console.
    pub session: Option<PresentedSession>,
    /// Where the request came from.
    pub context: Context,
    /// Whether this is a command on the machine itself, which proves nothing: who may read the data
    /// and the master key may do everything anyhow.
    pub local: bool,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caller({})", self.principal.id)
    }
}

impl Caller {
    /// A command on the machine itself, started by the user of this name: it acts for the whole
    /// cluster and holds every right.
    #[must_use]
    pub fn local(user: &str, context: Context) -> Self {
        let actor = local_actor(user);
        let state = PrincipalState {
            id: PrincipalId::Person(PersonId::from_u128(0)),
            scope: actor.scope,
            name: actor.name,
            rights: Rights::all(),
            roles: Vec::new(),
            contact_centers: Vec::new(),
            standing: Standing::Live,
            version: 1,
        };
        let principal = Principal::apart(&state);
        Self { principal, token: None, session: None, context, local: true }
    }

    /// Whether the caller proved who they are just now. Of a session this is a matter of minutes; whoever
    /// presents a token or a password does so with each call.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.session.is_none_or(|session| now < session.authenticated_at.plus_seconds(FRESH_S))
    }

    /// Demands a fresh proof (SE-05).
    ///
    /// # Errors
    /// [`Error::Unauthenticated`]: the person has to prove themself once more.
    pub fn require_fresh(&self, now: Timestamp) -> Result<(), Error> {
        if self.is_fresh(now) { Ok(()) } else { Err(Error::Unauthenticated) }
    }

    /// Where the caller belongs.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.principal.scope
    }

    /// The one tenant that everything of this caller is confined to, if it is one.
    #[must_use]
    pub fn bound_to(&self) -> Option<TenantId> {
        match (self.scope(), &*self.principal.contact_centers()) {
            (Scope::Tenant(id), _) => Some(id),
            (Scope::Cluster, [id]) => Some(*id),
            (Scope::Cluster, _) => None,
        }
    }

    /// Where things are made that name no place: the caller's own tenant, or the cluster.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a client that serves several tenants.
    pub fn own_scope(&self) -> Result<Scope, Error> {
        match self.bound_to() {
            Some(tenant) => Ok(Scope::Tenant(tenant)),
            None if self.is_cluster() => Ok(Scope::Cluster),
            None => Err(Error::invalid("tenant", "name one of the tenants that you serve")),
        }
    }

    /// Whether the caller acts for the whole cluster.
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        self.scope() == Scope::Cluster && self.principal.contact_centers().is_empty()
    }

    /// Whether the caller may know that things of `scope` exist.
    #[must_use]
    pub fn reaches(&self, scope: Scope) -> bool {
        match (self.scope(), scope) {
            (Scope::Cluster, _) if self.is_cluster() => true,
            (Scope::Cluster, Scope::Tenant(id)) => self.principal.contact_centers().contains(&id),
            (own, wanted) => own == wanted && own != Scope::Cluster,
        }
    }

    /// Whether the caller holds all of `rights`, now.
    #[must_use]
    pub fn has(&self, rights: Rights) -> bool {
        self.principal.standing() == Standing::Live && self.principal.rights().has_all(rights)
    }

    /// Whether the caller holds `right`, now.
    #[must_use]
    pub fn holds(&self, right: Right) -> bool {
        self.has([right].into_iter().collect())
    }

    /// Demands reach and rights: whoever may not know of a thing gets *not found*.
    ///
    /// # Errors
    /// [`Error::NotFound`] out of reach, [`Error::NotAllowed`] without the rights.
    pub fn require(&self, scope: Scope, rights: Rights) -> Result<(), Error> {
        if !self.reaches(scope) {
            return Err(Error::NotFound);
        }
        self.require_rights(rights)
    }

    /// Demands rights alone.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], naming the first right that is missing.
    pub fn require_rights(&self, rights: Rights) -> Result<(), Error> {
        if self.has(rights) {
            return Ok(());
        }
        let held = self.principal.rights();
        Err(Error::NotAllowed { right: rights.iter().find(|r| !held.has(*r)) })
    }

    /// The caller as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let kind = match self.local {
            true => ActorKind::System,
            false => ActorKind::Principal(self.principal.id),
        };
        Actor { kind, name: self.principal.name().to_string(), scope: self.scope() }
    }

    /// Who, when, from where: for an audit event.
    #[must_use]
    pub fn origin(&self, at: Timestamp) -> Origin {
        self.context.origin(self.actor(), at)
    }
}

/// The user of the machine as the audit log names it.
#[must_use]
pub fn local_actor(user: &str) -> Actor {
    Actor::system(&format!("local:{user}"))
}

impl Context {
    /// Who, when, from where: for an audit event.
    #[must_use]
    pub fn origin(&self, actor: Actor, at: Timestamp) -> Origin {
        Origin { actor, address: self.address, request_id: self.request_id.clone(), at }
    }
}

/// Who asks for a verification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerifyCaller {
    /// A person or client with `Keys.canVerify`.
    Principal {
        /// Where it belongs; of a cluster client confined to one tenant, that tenant.
        scope: Scope,
    },
    /// A key with `keyward:keys:verify`.
    Key {
        /// Where it belongs.
        scope: Scope,
        /// Which one.
        key_id: KeyId,
    },
    /// Loopback or a trusted proxy, where the configuration opens verify to it.
    Trusted,
}

impl VerifyCaller {
    /// Whose keys the caller may know of.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Principal { scope } | Self::Key { scope, .. } => scope,
            Self::Trusted => Scope::Cluster,
        }
    }
}
