//! Where things belong, for whoever administers more than one place: what forms and filters offer, and what
//! a place is called.

use super::Visitor;
use crate::{app::App, failure::Failure};
use domain::id::{Scope, TenantId};
use service::Error;
use std::{collections::BTreeMap, pin::Pin};

/// Tenants that a choice offers.
const MOST: u32 = 200;
/// What is of no tenant is of this.
pub(super) const WHOLE: &str = "Whole installation";

/// One entry of a choice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) chosen: bool,
}

impl Choice {
    /// Entries of these values and texts, with this one chosen.
    pub(super) fn among(entries: &[(&str, &str)], chosen: &str) -> Vec<Self> {
        let entry = |(value, text): &(&str, &str)| Self {
            value: (*value).to_owned(),
            text: (*text).to_owned(),
            chosen: *value == chosen,
        };
        entries.iter().map(entry).collect()
    }
}

/// The places that a visitor may choose among: none of them, where there is but one.
pub(super) async fn choices(
    app: &App,
    visitor: &Visitor,
    chosen: Option<Scope>,
) -> Result<Vec<Choice>, Failure> {
    let caller = &visitor.caller;
    if !caller.is_cluster() {
        return Ok(Vec::new());
    }
    let mut tenants = app.service().tenants_in_reach(caller, MOST).await?;
    if let Some(Scope::Tenant(id)) = chosen
        && tenants.iter().all(|(known, _)| *known != id)
    {
        tenants.extend(app.service().names_of_tenants(caller, [id]).await?);
    }
    let entry = |scope: Scope, text: String| Choice {
        value: scope.to_string(),
        text,
        chosen: chosen == Some(scope),
    };
    let mut all = vec![entry(Scope::Cluster, WHOLE.to_owned())];
    all.extend(tenants.into_iter().map(|(id, name)| entry(Scope::Tenant(id), name)));
    Ok(all)
}

/// What places are called.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<TenantId, String>);

impl Names {
    /// The names of these places, as far as the visitor may know them. Which ones is read at once: nothing
    /// of `scopes` is held while the store is asked.
    pub(super) fn of<'a>(
        app: &'a App,
        visitor: &'a Visitor,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Pin<Box<dyn Future<Output = Result<Self, Failure>> + Send + 'a>> {
        let ids: Vec<TenantId> = scopes.into_iter().filter_map(Scope::tenant).collect();
        Box::pin(
            async move { Ok(Self(app.service().names_of_tenants(&visitor.caller, ids).await?)) },
        )
    }

    /// What this place is called.
    pub(super) fn name(&self, scope: Scope) -> String {
        match scope {
            Scope::Cluster => WHOLE.to_owned(),
            Scope::Tenant(id) => self.0.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        }
    }
}

/// The place that a form or an address names; nothing is the visitor's own.
pub(super) fn read(visitor: &Visitor, text: Option<&str>) -> Result<Scope, Failure> {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => Scope::parse(text).map_err(|_| Failure::Service(Error::NotFound)),
        None => Ok(visitor.caller.own_scope()?),
    }
}

/// `1 person`, `3 persons`, `50 or more persons`.
pub(super) fn count(n: usize, more: bool, one: &str, several: &str) -> String {
    match (n, more) {
        (1, false) => format!("1 {one}"),
        (n, false) => format!("{n} {several}"),
        (n, true) => format!("{n} or more {several}"),
    }
}

/// What was typed, or nothing.
pub(super) fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
