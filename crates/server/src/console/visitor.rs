//! The person at the console, as the access check found them.

use super::cookie::{self, Renewed, Transport};
use crate::{app::App, extract::misrouted, failure::Failure};
use axum::extract::FromRequestParts;
use domain::{
    right::{Deed, Family, Right},
    secret::{Secret, SecretDigest},
    session::Session,
    time::Timestamp,
};
use http::{Uri, request::Parts};
use service::{Caller, PresentedSession};
use std::{ops::Deref, sync::Arc};

/// A person at the console.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// They, as use cases know them.
    pub(super) caller: Caller,
    /// Their session.
    pub(super) session: Session,
    /// The name of their tenant; `None`: they are of the whole installation.
    pub(super) tenant_name: Option<String>,
    /// What their browser calls itself.
    pub(super) agent: Option<String>,
    /// What they asked for.
    pub(super) address: Uri,
    /// When.
    pub(super) now: Timestamp,
    /// How their browser reaches us.
    pub(super) transport: Transport,
    /// Whether they have to choose a password first.
    pub(super) must_change: bool,
    /// The issuer that vouches for them, by its name and what people read: then they have no password here.
    pub(super) outside: Option<(String, String)>,
    /// What their browser presented.
    pub(super) presented: Arc<Secret>,
    /// What every form of theirs carries: nobody else can make it (WB-04).
    pub(super) token: String,
    /// What the browser presents from now on, if that changes.
    pub(super) renewed: Renewed,
}

impl Visitor {
    /// What every form of theirs carries.
    pub(super) fn form_token(&self) -> String {
        self.token.clone()
    }

    /// Whether they hold this right.
    pub(super) fn holds(&self, right: Right) -> bool {
        self.caller.holds(right)
    }

    /// Whether they may do this to the keys of some family.
    pub(super) fn may_some(&self, deed: Deed) -> bool {
        Family::ALL.into_iter().any(|family| self.may(family, deed))
    }

    /// Whether they may make keys of some type. A person makes their personal key in their settings.
    pub(super) fn may_create(&self) -> bool {
        let others = Family::ALL.into_iter().filter(|family| *family != Family::Personal);
        others.into_iter().any(|family| self.may(family, Deed::Create))
    }

    /// Whether the overview has something to tell them.
    pub(super) fn has_overview(&self) -> bool {
        self.may_some(Deed::See) || self.holds(Right::AuditRead)
    }

    /// Whether they may do this to the keys of this family.
    pub(super) fn may(&self, family: Family, deed: Deed) -> bool {
        self.caller.has(family.rights_for(deed))
    }

    /// Whether they proved themselves just now (SE-05).
    pub(super) fn is_fresh(&self) -> bool {
        self.caller.is_fresh(self.now)
    }

    /// The path and query that they asked for.
    pub(super) fn here(&self) -> &str {
        self.address.path_and_query().map_or("/console", |here| here.as_str())
    }
}

/// What the forms of a browser carry that presents this and is not signed in.
pub(super) fn form_token(presented: &Secret) -> String {
    let digest = SecretDigest::of(&format!("keyward console form {}", presented.expose()));
    digest.as_bytes().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The visitor of this request.
#[derive(Clone, Debug)]
pub(super) struct Visiting(Arc<Visitor>);

impl Visiting {
    /// The browser presents something else from now on: its person has just proved who they are.
    pub(super) fn renew(&mut self, app: &App, presented: Secret, session: Session) {
        let visitor = Arc::make_mut(&mut self.0);
        visitor.renewed.note(cookie::set(visitor.transport, &presented));
        let (id, authenticated_at) = (session.id, session.authenticated_at);
        visitor.caller.session = Some(PresentedSession { id, authenticated_at });
        visitor.token = app.service().form_token(&session);
        visitor.presented = Arc::new(presented);
        visitor.session = session;
    }
}

impl Deref for Visiting {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Visiting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let found = parts.extensions.get::<Arc<Visitor>>().cloned();
        found.map(Self).ok_or_else(|| misrouted("visitor"))
    }
}
