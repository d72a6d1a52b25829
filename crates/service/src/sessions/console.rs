//! The console's sessions: a person signs in to it, proves themself once more, and is found by what their
//! browser presents.

use super::find::SEEN_EVERY_MS;
use crate::{
    Service,
    caller::{Caller, Context, PresentedSession},
    error::Error,
    persons::{Account, SignInFailure, Via},
};
use domain::{
    id::{PersonId, Scope},
    person::Person,
    secret::Secret,
    session::Session,
    time::Timestamp,
};
use store::Read;

/// What the mark of a session's forms is for.
const FORM: &[u8] = b"form of the console";

/// A browser that is signed in to the console.
#[derive(Debug)]
pub struct SignedIn {
    /// What it presents from now on.
    pub presented: Secret,
    /// Its session.
    pub session: Session,
    /// Whose it is.
    pub person: Person,
}

/// A person at the console.
#[derive(Debug)]
pub struct AtConsole {
    /// Their session.
    pub session: Session,
    /// They, as use cases know them.
    pub caller: Caller,
    /// Whether they have to choose a password before anything else.
    pub must_change_password: bool,
    /// The name of their tenant; `None`: they are of the whole installation.
    pub tenant_name: Option<String>,
    /// The issuer that vouches for them, by its name and what people read: then they have no password here.
    pub outside: Option<(String, String)>,
}

impl Service {
    /// Signs a person in to the console. `username` has its tenant part, unless the person is one of the
    /// cluster; `before` is what the browser presented until then, which is dead from now on (SE-01).
    /// `None`, whatever the reason: nothing tells them apart.
    ///
    /// # Errors
    /// [`Error::Limited`] for a source that keeps guessing, or the store is unavailable.
    pub async fn sign_in_to_console(
        &self,
        username: String,
        password: &Secret,
        before: Option<&Secret>,
        context: &Context,
        agent: Option<&str>,
    ) -> Result<Option<SignedIn>, Error> {
        self.prove_at_console(Account::Named(username), password, None, (before, context, agent))
            .await
    }

    /// The person of a session proves themself once more (SE-05): the session goes on under its id, and
    /// the browser presents something new. `None`: it was not their password.
    ///
    /// # Errors
    /// As [`Self::sign_in_to_console`].
    pub async fn confirm_session(
        &self,
        caller: &Caller,
        presented: &Secret,
        password: &Secret,
        agent: Option<&str>,
    ) -> Result<Option<SignedIn>, Error> {
        let digest = presented.digest();
        let known = self.store.read(move |r: &mut Read| store::sessions::find(r, &digest)).await?;
        let Some(session) = known else { return Ok(None) };
        let account = Account::Of(caller.scope(), caller.principal.name().to_string());
        let way = (Some(presented), &caller.context, agent);
        self.prove_at_console(account, password, Some(session.person), way).await
    }

    async fn prove_at_console(
        &self,
        account: Account,
        password: &Secret,
        only: Option<PersonId>,
        (before, context, agent): (Option<&Secret>, &Context, Option<&str>),
    ) -> Result<Option<SignedIn>, Error> {
        let now = self.now();
        self.check_source(context, now)?;
        let wanted = |person: &Person| only.is_none_or(|only| only == person.id);
        let person = match self.sign_in(account, password, Via::Console, wanted, context).await {
            Ok(person) => person,
            Err(SignInFailure::Refused) => {
                let _ = self.refuse_credential(context, now);
                return Ok(None);
            }
            Err(SignInFailure::Failed(error)) => return Err(error),
        };
        match self.renew_session(&person, before, context, agent).await {
            Ok((presented, session)) => Ok(Some(SignedIn { presented, session, person })),
            // Changed between the proof and now: the proof is worth nothing any more.
            Err(Error::Unauthenticated) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whose session of the console a browser presents. `None`: there is none, it is over, or its person is
    /// out of service.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn authenticate_session(
        &self,
        presented: &Secret,
        context: Context,
    ) -> Result<Option<AtConsole>, Error> {
        let Some((session, principal)) = self.find_session(presented, &context).await? else {
            return Ok(None);
        };
        let (id, scope) = (session.person, principal.scope);
        let known = self.store.read(move |r: &mut Read| {
            let tenant = match scope {
                Scope::Tenant(tenant) => store::tenants::find_by_id(r, tenant)?,
                Scope::Cluster => None,
            };
            Ok::<_, store::Error>((store::persons::find_by_id(r, id)?, tenant))
        });
        let (Some(person), tenant) = known.await? else { return Ok(None) };
        let proof = PresentedSession { id: session.id, authenticated_at: session.authenticated_at };
        let caller = Caller { principal, token: None, session: Some(proof), context, local: false };
        let tenant_name = tenant.map(|tenant| tenant.name);
        let must_change_password = person.must_change_password;
        let outside = self.issuer_of(&person);
        Ok(Some(AtConsole { session, caller, must_change_password, tenant_name, outside }))
    }

    /// Whether what a browser of this caller says of a page is looked at: nobody fills the log with it.
    #[must_use]
    pub fn takes_page_report(&self, caller: &Caller) -> bool {
        self.page_reports.take(caller, self.now().mono_ns).is_ok()
    }

    /// Notes that somebody called, and says when the session ends now: see [`Self::session_ends`].
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn touch_session(&self, session: &Session) -> Result<(Timestamp, bool), Error> {
        let (id, at) = (session.id, self.now().wall);
        self.store.record(move |b| store::sessions::update_seen(b, id, at)).await?;
        Ok(self.ends_after(session, at))
    }

    /// What every form of a session carries: made with a key of ours, so that no other site can know it, and
    /// the same for as long as the session lasts, so that a proof in one tab spoils no form in another (WB-04).
    #[must_use]
    pub fn form_token(&self, session: &Session) -> String {
        let tags = self.keyring.fingerprints(&[FORM, session.id.0.as_bytes()]);
        let tag = tags.first().copied().unwrap_or_default();
        tag.iter().take(16).map(|b| format!("{b:02x}")).collect()
    }

    /// When a session ends unless somebody calls: by rest, or by its age, whichever comes first. The
    /// second value says whether a call would put it off.
    #[must_use]
    pub fn session_ends(&self, session: &Session) -> (Timestamp, bool) {
        let now = self.now().wall;
        // Not every call is noted: what is reckoned with is what was.
        let is_noted = now.millis_since(session.last_seen_at) >= SEEN_EVERY_MS;
        self.ends_after(session, if is_noted { now } else { session.last_seen_at })
    }

    fn ends_after(&self, session: &Session, seen: Timestamp) -> (Timestamp, bool) {
        let rest = seen.plus_seconds(self.settings.session_idle_s.into());
        if rest < session.expires_at { (rest, true) } else { (session.expires_at, false) }
    }
}
