//! Changing an issuer: what is named changes, the rest stays; its tenant, its name and its address always
//! do, for its persons are known by them.

use super::{create::check_secret, reach, subject, withdraw};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    id::IssuerId,
    issuer::{Issuer, JwsAlgorithm, MappedRole, TokenType},
    secret::Secret,
};
use std::sync::Arc;
use store::{Tx, issuers::IssuerSecret};

/// The change; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Debug, Default)]
pub struct UpdateIssuer {
    /// What people read on the sign-in page.
    pub label: Option<String>,
    /// The id under which it knows us.
    pub client_id: Option<Option<String>>,
    /// The secret by which it knows us.
    pub secret: Option<Option<Secret>>,
    /// Scopes that a sign-in asks for.
    pub scopes: Option<Vec<String>>,
    /// Audiences of which a caller's token must name one.
    pub audiences: Option<Vec<String>>,
    /// What a caller's token may say it is.
    pub token_types: Option<Vec<TokenType>>,
    /// How it may sign.
    pub algorithms: Option<Vec<JwsAlgorithm>>,
    /// The claim that names a person for people.
    pub username_claim: Option<String>,
    /// Where in the claims roles stand.
    pub roles_claim: Option<Option<String>>,
    /// Which value there becomes which role here.
    pub role_map: Option<Vec<MappedRole>>,
    /// Whether it signs in to the realm.
    pub sign_in: Option<bool>,
    /// Whether its tokens are taken from callers.
    pub callers: Option<bool>,
    /// Whether it is believed at all; switched off, the sessions and tokens of its persons end.
    pub enabled: Option<bool>,
    /// Only if it is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes an issuer. `agree` holds what else the caller said of it against what is stored.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also where the issuer gives, or its persons hold, more
    /// than the caller, [`Error::Invalid`], [`Error::Conflict`] for one of the configuration,
    /// [`Error::PreconditionFailed`].
    pub async fn update_issuer(
        &self,
        caller: &Caller,
        id: IssuerId,
        update: UpdateIssuer,
        agree: impl FnOnce(&Issuer) -> Result<(), Error>,
    ) -> Result<Issuer, Error> {
        let found = self.show_issuer(caller, id)?;
        reach::require_over(caller, &found)?;
        agree(&found)?;
        check_secret(update.secret.as_ref().and_then(Option::as_ref))?;
        let sealed: Option<Option<IssuerSecret>> = match &update.secret {
            Some(Some(secret)) => Some(Some(self.seal_issuer_secret(id, secret)?)),
            Some(None) => Some(None),
            None => None,
        };
        let origin = caller.origin(self.now().wall);
        let (caller, update, sealed) = (caller.clone(), Arc::new(update), Arc::new(sealed));
        let known = self.issuers.all();
        let configured: Vec<_> = known.into_iter().filter(|other| other.is_configured()).collect();
        let write = move |tx: &mut Tx| {
            let before = store::issuers::find_for_update(tx, id)?.ok_or(Error::NotFound)?;
            reach::require_over(&caller, &before)?;
            check_version(update.if_version, before.source.version())?;
            let after = update.changed(&before);
            let same = after == before;
            if same && update.secret.is_none() {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            after.check().map_err(Error::from)?;
            reach::check_holds_no_more(tx, &caller, &before)?;
            reach::check_map(tx, &caller, &after)?;
            for other in store::issuers::list(tx)?.iter().chain(configured.iter().map(|of| &**of)) {
                reach::check_apart(&after, other)?;
            }
            let after = Issuer { source: before.source.changed(), ..after };
            let secret = sealed.as_ref().as_ref().map(Option::as_ref);
            store::issuers::update(tx, &after, secret)?;
            let mut events = vec![
                AuditEvent::new("issuer.update", after.scope, origin.clone(), subject(&after))
                    .before(before.facts())
                    .after(after.facts()),
            ];
            events.extend(match before.enabled && !after.enabled {
                true => withdraw::all(tx, &after, &origin)?,
                false => withdraw::roles(tx, &before, &after, &origin)?,
            });
            Ok(tx.commit_all(events, after)?)
        };
        settled(self.store.write_urgent(write).await)
    }
}

impl UpdateIssuer {
    /// The issuer as it is afterwards, but for its version.
    fn changed(&self, before: &Issuer) -> Issuer {
        fn or<T: Clone>(new: &Option<T>, old: &T) -> T {
            new.as_ref().unwrap_or(old).clone()
        }
        Issuer {
            label: or(&self.label, &before.label),
            client_id: or(&self.client_id, &before.client_id),
            has_secret: self.secret.as_ref().map_or(before.has_secret, Option::is_some),
            scopes: or(&self.scopes, &before.scopes),
            audiences: or(&self.audiences, &before.audiences),
            token_types: or(&self.token_types, &before.token_types),
            algorithms: or(&self.algorithms, &before.algorithms),
            username_claim: or(&self.username_claim, &before.username_claim),
            roles_claim: or(&self.roles_claim, &before.roles_claim),
            role_map: or(&self.role_map, &before.role_map),
            sign_in: self.sign_in.unwrap_or(before.sign_in),
            callers: self.callers.unwrap_or(before.callers),
            enabled: self.enabled.unwrap_or(before.enabled),
            ..before.clone()
        }
    }
}
