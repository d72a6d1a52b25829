//! Making an issuer believed.

use super::{reach, subject};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::AuditEvent,
    id::{IssuerId, Scope},
    issuer::Issuer,
    policy::Source,
    secret::Secret,
};
use std::sync::Arc;
use store::{Tx, issuers::IssuerSecret};

/// An issuer to make.
#[derive(Debug)]
pub struct CreateIssuer {
    /// Whose persons it speaks for; `None`: the caller's tenant.
    pub scope: Option<Scope>,
    /// All else. Its id, its scope and its source say nothing.
    pub issuer: Issuer,
    /// The secret by which it knows us.
    pub secret: Option<Secret>,
}

impl Service {
    /// Makes an issuer.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] also for whoever would map a role that allows more than they hold,
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::Invalid`],
    /// [`Error::Conflict`] when its name or its address is taken, or when there are as many as there may
    /// be.
    pub async fn create_issuer(
        &self,
        caller: &Caller,
        wanted: CreateIssuer,
    ) -> Result<Issuer, Error> {
        reach::require_some(caller)?;
        let scope = match wanted.scope {
            Some(scope) => scope,
            None => caller.own_scope()?,
        };
        if !caller.reaches(scope) {
            return Err(Error::NotFound);
        }
        let Scope::Tenant(tenant) = scope else {
            let why = "name a tenant: an issuer of the cluster stands in the configuration alone";
            return Err(Error::invalid("tenant", why));
        };
        let id = IssuerId(self.entropy.uuid());
        let origin = caller.origin(self.now().wall);
        let source = Source::Stored { owner: scope, created_at: origin.at, version: 1 };
        let has_secret = wanted.secret.is_some();
        let issuer = Issuer { id, scope, source, has_secret, allow_http: false, ..wanted.issuer };
        issuer.check()?;
        check_secret(wanted.secret.as_ref())?;
        let sealed = match &wanted.secret {
            Some(secret) => Some(self.seal_issuer_secret(id, secret)?),
            None => None,
        };
        let (sealed, caller): (Arc<Option<IssuerSecret>>, _) = (Arc::new(sealed), caller.clone());
        let configured: Vec<_> =
            self.issuers.all().into_iter().filter(|other| other.is_configured()).collect();
        self.store
            .write(move |tx: &mut Tx| {
                let there = store::issuers::count(tx, tenant)?.ok_or(Error::NotFound)?;
                if there >= reach::MAX_OF_TENANT {
                    let detail = format!("there are {there}; delete one first");
                    return Err(Error::conflict("too_many", detail));
                }
                reach::check_map(tx, &caller, &issuer)?;
                reach::check_holds_no_more(tx, &caller, &issuer)?;
                for other in &configured {
                    if other.scope == scope
                        && (other.name == issuer.name || other.issuer == issuer.issuer)
                    {
                        return Err(store::Error::Conflict("issuer").into());
                    }
                    reach::check_apart(&issuer, other)?;
                }
                for other in store::issuers::list(tx)? {
                    reach::check_apart(&issuer, &other)?;
                }
                store::issuers::insert(tx, &issuer, Option::as_ref(&sealed))?;
                let event =
                    AuditEvent::new("issuer.create", scope, origin.clone(), subject(&issuer))
                        .after(issuer.facts());
                Ok(tx.commit(event, issuer.clone())?)
            })
            .await
    }
}

/// Checks what may stand in a header and in a form.
pub(super) fn check_secret(secret: Option<&Secret>) -> Result<(), Error> {
    let good = |secret: &Secret| {
        let text = secret.expose();
        (1..=1_024).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    match secret {
        Some(secret) if !good(secret) => {
            Err(Error::invalid("clientSecret", "must be 1 to 1024 bytes, none of them a control"))
        }
        _ => Ok(()),
    }
}
