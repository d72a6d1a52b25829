//! The origins that count, in memory: what the store tells of at the start and after every change, on
//! whichever node it was made.

use domain::{cors::Cors, id::TenantId};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};
use verifier::LiveTenant;

/// The origins of every tenant.
#[derive(Debug, Default)]
pub(crate) struct KnownOrigins(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    tenants: HashMap<TenantId, OfTenant>,
    /// Who allows an origin.
    holders: HashMap<Arc<str>, HashSet<TenantId>>,
}

#[derive(Debug)]
struct OfTenant {
    version: u32,
    origins: HashSet<Arc<str>>,
    tenant: LiveTenant,
}

impl KnownOrigins {
    /// Takes a tenant's lists over, unless a newer state of them is known.
    pub(crate) fn apply(&self, cors: &Cors, tenant: LiveTenant) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Known { tenants, holders } = &mut *known;
        if tenants.get(&cors.tenant).is_some_and(|old| old.version >= cors.version) {
            return;
        }
        let origins: HashSet<Arc<str>> =
            cors.effective().iter().map(|origin| Arc::from(origin.as_str())).collect();
        for origin in &origins {
            holders.entry(Arc::clone(origin)).or_default().insert(cors.tenant);
        }
        let old = tenants.insert(cors.tenant, OfTenant { version: cors.version, origins, tenant });
        let now = tenants.get(&cors.tenant).map(|of| &of.origins);
        for gone in old.iter().flat_map(|old| &old.origins) {
            if now.is_some_and(|now| now.contains(gone)) {
                continue;
            }
            if let Some(of) = holders.get_mut(gone) {
                of.remove(&cors.tenant);
                if of.is_empty() {
                    holders.remove(gone);
                }
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The origins of browsers that are let in, as of now: those of tenants in service.
#[derive(Clone, Copy, Debug)]
pub struct Origins<'a>(pub(crate) &'a KnownOrigins);

impl Origins<'_> {
    /// Whether this tenant, or without one any tenant, lets pages of `origin` call. The text is that of
    /// a browser's `Origin`: it is compared as it is, for browsers write one origin in one way.
    #[must_use]
    pub fn allows(&self, tenant: Option<TenantId>, origin: &str) -> bool {
        let known = self.0.read();
        let lets = |id: &TenantId| {
            let of = known.tenants.get(id);
            of.is_some_and(|of| of.tenant.is_live() && of.origins.contains(origin))
        };
        match tenant {
            Some(tenant) => lets(&tenant),
            None => known.holders.get(origin).is_some_and(|holders| holders.iter().any(lets)),
        }
    }

    /// Whether this tenant, or without one any tenant, lets pages of any origin call.
    #[must_use]
    pub fn any(&self, tenant: Option<TenantId>) -> bool {
        let known = self.0.read();
        let lets = |of: &OfTenant| of.tenant.is_live() && !of.origins.is_empty();
        match tenant {
            Some(tenant) => known.tenants.get(&tenant).is_some_and(lets),
            None => known.tenants.values().any(lets),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::{
        cors::{Setting, WebOrigin},
        verdict::Standing,
    };
    use verifier::{TenantState, Verifier};

    const A: TenantId = TenantId::from_u128(1);
    const B: TenantId = TenantId::from_u128(2);

    struct World {
        verifier: Verifier,
        known: KnownOrigins,
    }

    impl World {
        fn new() -> Self {
            let verifier = Verifier::new(verifier::Options::default());
            for id in [A, B] {
                verifier.apply_tenant(&TenantState::plain(id, Standing::Live, 1));
            }
            Self { verifier, known: KnownOrigins::default() }
        }

        fn tell(&self, tenant: TenantId, version: u32, origins: &[&str], old: Option<&str>) {
            let cors = Cors {
                tenant,
                origins: origins.iter().map(|o| WebOrigin::parse(o).unwrap()).collect(),
                setting: old.map(|value| Setting {
                    location: "/".to_owned(),
                    shared: true,
                    value: value.to_owned(),
                }),
                version,
            };
            self.known.apply(&cors, self.verifier.tenant(tenant));
        }

        fn allowed(&self, origin: &str) -> [bool; 3] {
            [None, Some(A), Some(B)].map(|tenant| Origins(&self.known).allows(tenant, origin))
        }
    }

    #[test]
    fn a_tenant_lets_in_what_it_lists_and_no_other_does() {
        let world = World::new();
        assert!(!Origins(&world.known).any(None));
        world.tell(A, 1, &["https://a.example", "https://both.example"], None);
        world.tell(B, 1, &["https://both.example"], None);
        assert_eq!(world.allowed("https://a.example"), [true, true, false]);
        assert_eq!(world.allowed("https://both.example"), [true, true, true]);
        for bad in ["null", "", "*", "https://a.example.evil.test", "https://evila.example"] {
            assert_eq!(world.allowed(bad), [false; 3], "{bad}");
        }
        world.tell(A, 2, &["https://both.example"], None);
        assert_eq!(world.allowed("https://a.example"), [false; 3]);
        assert_eq!(world.allowed("https://both.example"), [true, true, true]);
        world.tell(A, 1, &["https://a.example"], None);
        assert_eq!(world.allowed("https://a.example"), [false; 3], "an older state says nothing");
        world.tell(A, 3, &[], None);
        assert!(!Origins(&world.known).any(Some(A)) && Origins(&world.known).any(None));
        assert_eq!(world.allowed("https://both.example"), [true, false, true]);
    }

    #[test]
    fn the_old_list_counts_until_the_new_one_has_an_entry() {
        let world = World::new();
        world.tell(A, 1, &[], Some("https://old.example, https://wwe.example"));
        assert_eq!(world.allowed("https://wwe.example"), [true, true, false]);
        world.tell(A, 2, &["https://new.example"], Some("https://old.example"));
        assert_eq!(world.allowed("https://old.example"), [false; 3]);
        assert_eq!(world.allowed("https://new.example"), [true, true, false]);
    }

    #[test]
    fn a_tenant_out_of_service_lets_nothing_in() {
        let world = World::new();
        world.tell(A, 1, &["https://a.example"], None);
        for (version, standing) in [(2, Standing::Disabled), (4, Standing::Deleted)] {
            world.verifier.apply_tenant(&TenantState::plain(A, standing, version));
            assert_eq!(world.allowed("https://a.example"), [false; 3]);
            assert!(!Origins(&world.known).any(Some(A)) && !Origins(&world.known).any(None));
            world.verifier.apply_tenant(&TenantState::plain(A, Standing::Live, version + 1));
            assert_eq!(world.allowed("https://a.example"), [true, true, false]);
        }
    }
}
