//! What stands above each page of a contact center.

use crate::console::{Visitor, status::Chip};
use domain::tenant::Tenant;

/// The tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tab {
    Details,
    Cors,
    KeyPolicies,
}

/// Whose page it is, and what may be done to it.
pub(super) struct Head {
    /// In addresses: its id, or `*`.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) tab: Tab,
    pub(super) chip: Option<Chip>,
    pub(super) enabled: bool,
    /// Whether the visitor acts for the whole installation.
    pub(super) of_cluster: bool,
}

impl Head {
    pub(super) fn of(tenant: &Tenant, visitor: &Visitor, tab: Tab) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: tenant.name.clone(),
            tab,
            chip: Some(Chip::switched(tenant.enabled)),
            enabled: tenant.enabled,
            of_cluster: visitor.caller.is_cluster(),
        }
    }

    /// Of the installation itself, which has but policies.
    pub(super) fn of_installation() -> Self {
        Self {
            id: "*".to_owned(),
            name: crate::console::places::WHOLE.to_owned(),
            tab: Tab::KeyPolicies,
            chip: None,
            enabled: true,
            of_cluster: true,
        }
    }

    /// Whether it is a contact center.
    pub(super) fn is_tenant(&self) -> bool {
        self.chip.is_some()
    }

    /// `page` where the tab is the one that is open.
    pub(super) fn is_at(&self, tab: &str) -> bool {
        match self.tab {
            Tab::Details => tab == "details",
            Tab::Cors => tab == "cors",
            Tab::KeyPolicies => tab == "key-policies",
        }
    }
}
