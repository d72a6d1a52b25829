//! Tenants and principals: shared, with live state. Disabling one is one store.

use crate::{
    Verifier,
    feed::{PrincipalState, TenantState},
};
use arc_swap::{ArcSwap, Guard};
use domain::{
    actor::PrincipalId,
    id::{Scope, TenantId},
    permission::Permission,
    right::Rights,
    tenant::WarningDays,
    time::Timestamp,
    verdict::Standing,
};
use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

/// Whether a role's name makes a permission of its holder's personal keys, and which.
fn personal_permission(role: &str) -> Option<Permission> {
    let name = role.strip_prefix("nx1_")?;
    Permission::parse(&format!("nx1:{name}")).ok()
}

/// A tenant's standing, shared by every key, token and principal of it.
///
/// A tenant that was named before it was told of is disabled: what is not known does not serve.
#[derive(Debug)]
pub(crate) struct Tenant {
    /// version << 8 | standing
    live: AtomicU64,
    /// For how many minutes a key serves that nobody acknowledged.
    lapse_minutes: AtomicU32,
    /// Two words: who reads them as they change may see one of each, and warns by a day of either.
    warning_days: [AtomicU64; 2],
}

/// For as long as it lives.
const NEVER: u32 = u32::MAX;

impl Tenant {
    pub(crate) fn unknown() -> Self {
        Self {
            live: AtomicU64::new(pack(Standing::Disabled, 0)),
            lapse_minutes: AtomicU32::new(NEVER),
            warning_days: WarningDays::default().words().map(AtomicU64::new),
        }
    }

    pub(crate) fn standing(&self) -> Standing {
        unpack(self.live.load(Ordering::Acquire))
    }

    /// Whether a key that nobody acknowledged since then is held back now.
    pub(crate) fn holds(&self, since: Timestamp, now: Timestamp) -> bool {
        match self.lapse_minutes.load(Ordering::Acquire) {
            NEVER => false,
            0 => true,
            minutes => since.plus_seconds(i64::from(minutes) * 60) <= now,
        }
    }

    pub(crate) fn warning_days(&self) -> WarningDays {
        let [high, low] = &self.warning_days;
        WarningDays::from_words([high.load(Ordering::Relaxed), low.load(Ordering::Relaxed)])
    }

    /// Applies a newer state; called by the one writer only.
    pub(crate) fn apply(&self, state: &TenantState) {
        if version(self.live.load(Ordering::Acquire)) >= state.version {
            return;
        }
        let minutes = state.unacknowledged.minutes().unwrap_or(NEVER);
        self.lapse_minutes.store(minutes, Ordering::Release);
        for (to, word) in self.warning_days.iter().zip(state.warning_days.words()) {
            to.store(word, Ordering::Relaxed);
        }
        raise(&self.live, state.standing, state.version);
    }
}

/// A tenant, live, for whoever keeps something of it beside the keys.
#[derive(Clone, Debug)]
pub struct LiveTenant(Arc<Tenant>);

impl LiveTenant {
    /// Whether it is in service, now.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.0.standing() == Standing::Live
    }

    /// The version of it that was told of last; 0 before any was.
    #[must_use]
    pub fn version(&self) -> u32 {
        version(self.0.live.load(Ordering::Acquire))
    }
}

impl Verifier {
    /// A tenant by id. One that the store has not told of yet is out of service until it does.
    #[must_use]
    pub fn tenant(&self, id: TenantId) -> LiveTenant {
        LiveTenant(self.writer().tenant(id))
    }
}

/// A person or a client, live: what it says changes under whoever holds it.
pub struct Principal {
    /// Which one.
    pub id: PrincipalId,
    /// Where it belongs.
    pub scope: Scope,
    tenant: Option<Arc<Tenant>>,
    /// version << 8 | standing
    live: AtomicU64,
    rights: AtomicU64,
    profile: ArcSwap<Profile>,
}

/// What of a principal is read whole.
pub(crate) struct Profile {
    name: Arc<str>,
    roles: Arc<[String]>,
    contact_centers: Arc<[TenantId]>,
    /// What its personal keys, and calls in its name, may do.
    pub(crate) personal: Arc<[Permission]>,
}

impl Profile {
    fn of(state: &PrincipalState) -> Self {
        Self {
            name: state.name.as_str().into(),
            roles: state.roles.as_slice().into(),
            contact_centers: state.contact_centers.as_slice().into(),
            personal: state.roles.iter().filter_map(|r| personal_permission(r)).collect(),
        }
    }
}

impl Principal {
    pub(crate) fn new(state: &PrincipalState, tenant: Option<Arc<Tenant>>) -> Self {
        Self {
            id: state.id,
            scope: state.scope,
            tenant,
            live: AtomicU64::new(pack(state.standing, state.version)),
            rights: AtomicU64::new(state.rights.bits()),
            profile: ArcSwap::from_pointee(Profile::of(state)),
        }
    }

    /// One that stands in no table: nothing that the store tells changes it, and no token names it.
    #[must_use]
    pub fn apart(state: &PrincipalState) -> Arc<Self> {
        Arc::new(Self::new(state, None))
    }

    /// Applies a newer state; called by the one writer only.
    pub(crate) fn apply(&self, state: &PrincipalState) {
        if version(self.live.load(Ordering::Acquire)) >= state.version {
            return;
        }
        // What is taken away goes first: nobody may see a new standing with old rights.
        let narrower = self.rights.load(Ordering::Acquire) & state.rights.bits();
        self.rights.store(narrower, Ordering::Release);
        self.profile.store(Arc::new(Profile::of(state)));
        raise(&self.live, state.standing, state.version);
        self.rights.store(state.rights.bits(), Ordering::Release);
    }

    /// Its own standing, whatever its tenant's is.
    #[must_use]
    pub fn standing(&self) -> Standing {
        unpack(self.live.load(Ordering::Acquire))
    }

    /// Whether it and its tenant are both in service.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.standing() == Standing::Live
            && self.tenant.as_ref().is_none_or(|t| t.standing() == Standing::Live)
    }

    /// What it may do, now.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights::from_bits(self.rights.load(Ordering::Acquire))
    }

    /// The names of its roles, now.
    #[must_use]
    pub fn roles(&self) -> Arc<[String]> {
        Arc::clone(&self.profile.load().roles)
    }

    /// What its personal keys, and calls in its name, may do, now: `nx1:<role>` for its roles.
    #[must_use]
    pub fn personal_permissions(&self) -> Arc<[Permission]> {
        Arc::clone(&self.profile.load().personal)
    }

    /// The user name, or the `client_id`.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.profile.load().name)
    }

    /// The tenants that it is confined to; empty: its scope.
    #[must_use]
    pub fn contact_centers(&self) -> Arc<[TenantId]> {
        Arc::clone(&self.profile.load().contact_centers)
    }

    pub(crate) fn profile(&self) -> Guard<Arc<Profile>> {
        self.profile.load()
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("id", &self.id)
            .field("scope", &self.scope)
            .field("standing", &self.standing())
            .finish_non_exhaustive()
    }
}

/// A principal's place: keys and tokens may name it before the store tells of it.
#[derive(Debug, Default)]
pub(crate) struct Seat(OnceLock<Arc<Principal>>);

impl Seat {
    pub(crate) fn principal(&self) -> Option<&Arc<Principal>> {
        self.0.get()
    }

    /// Its own standing; one that is not known does not serve.
    pub(crate) fn standing(&self) -> Standing {
        self.principal().map_or(Standing::Disabled, |p| p.standing())
    }

    pub(crate) fn apply(&self, state: &PrincipalState, tenant: Option<Arc<Tenant>>) {
        let principal = self.0.get_or_init(|| Arc::new(Principal::new(state, tenant)));
        principal.apply(state);
    }
}

const fn pack(standing: Standing, version: u32) -> u64 {
    let standing = match standing {
        Standing::Live => 0,
        Standing::Disabled => 1,
        Standing::Deleted => 2,
    };
    (version as u64) << 8 | standing
}

const fn unpack(live: u64) -> Standing {
    match live & 0xff {
        0 => Standing::Live,
        1 => Standing::Disabled,
        _ => Standing::Deleted,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "packed from a u32 above eight bits")]
const fn version(live: u64) -> u32 {
    (live >> 8) as u32
}

fn raise(live: &AtomicU64, standing: Standing, to: u32) -> bool {
    live.fetch_update(Ordering::AcqRel, Ordering::Acquire, |old| {
        (version(old) < to).then(|| pack(standing, to))
    })
    .is_ok()
}
