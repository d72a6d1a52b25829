//! The policies, ready to be asked: made anew when the rules are another snapshot.

use crate::{
    app::App,
    enforce::{Compiled, Holder},
};
use arc_swap::ArcSwap;
use service::rules::Rules;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// The policies of the snapshot that was seen last.
#[derive(Default)]
pub(crate) struct Policies {
    current: ArcSwap<Ready>,
    making: Mutex<()>,
}

#[derive(Default)]
struct Ready {
    of: Arc<Rules>,
    policies: HashMap<String, Arc<Compiled>>,
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policies")
    }
}

impl Policies {
    /// The policy of this name.
    pub(crate) fn find(&self, app: &App, name: &str) -> Option<Arc<Compiled>> {
        let rules = app.service().rules();
        let ready = self.current.load();
        if Arc::ptr_eq(&ready.of, &rules) {
            return ready.policies.get(name).map(Arc::clone);
        }
        self.make(app, &rules).policies.get(name).map(Arc::clone)
    }

    fn make(&self, app: &App, rules: &Arc<Rules>) -> Arc<Ready> {
        let _one = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current.load_full();
        if Arc::ptr_eq(&before.of, rules) {
            return before;
        }
        let policies = rules.policies().iter().map(|(name, policy)| {
            let known = before.policies.get(name).filter(|known| known.policy() == &**policy);
            let ready = known
                .map_or_else(|| Arc::new(Compiled::of(app, Holder::Policy, policy)), Arc::clone);
            (name.clone(), ready)
        });
        let ready = Arc::new(Ready { of: Arc::clone(rules), policies: policies.collect() });
        self.current.store(Arc::clone(&ready));
        ready
    }
}
