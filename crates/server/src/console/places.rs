//! Where things belong, for whoever administers more than one place: what forms and filters offer, and what
//! a place is called.

use super::{Faults, Visitor};
use crate::{app::App, failure::Failure};
use domain::{
    id::{Scope, TenantId},
    right::Right,
    tenant::Tenant,
};
use service::{Error, tenants::ListTenants};
use std::{collections::BTreeMap, pin::Pin};

/// Tenants that a choice offers; where there are more, one types.
const MOST: u32 = 100;
/// Tenants that are named to whoever typed a part of a name.
const NEAR: u32 = 10;
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

/// The places that a visitor may choose among.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    choices: Vec<Choice>,
    /// Whether there are more than are offered: then a field takes a name or an id.
    pub(super) many: bool,
    /// What stands in that field.
    pub(super) typed: String,
}

impl Places {
    /// Whether there is no choice: the visitor belongs to one place.
    pub(super) const fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// The places, or the first of many.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Choice> {
        self.choices.iter()
    }

    /// The contact centers alone: what the whole installation has need not be chosen.
    #[must_use]
    pub(super) fn of_tenants(mut self) -> Self {
        self.choices.retain(|choice| choice.value != "*");
        self
    }

    /// The same with what was typed, where that is the fault.
    #[must_use]
    pub(super) fn or_typed(mut self, text: &str, faults: &Faults) -> Self {
        if faults.of("tenant").is_some() {
            text.clone_into(&mut self.typed);
        }
        self
    }
}

/// The places that a visitor may choose among: none of them, where there is but one.
pub(super) async fn choices(
    app: &App,
    visitor: &Visitor,
    chosen: Option<Scope>,
) -> Result<Places, Failure> {
    let (service, caller) = (app.service(), &visitor.caller);
    if !caller.is_cluster() {
        return Ok(Places::default());
    }
    let mut tenants = service.tenants_in_reach(caller, MOST + 1).await?;
    let many = tenants.len() > MOST as usize;
    tenants.truncate(MOST as usize);
    if let Some(Scope::Tenant(id)) = chosen
        && tenants.iter().all(|(known, _)| *known != id)
    {
        tenants.extend(service.names_of_tenants(caller, [id]).await?);
    }
    let entry = |scope: Scope, text: String| Choice {
        value: scope.to_string(),
        text,
        chosen: chosen == Some(scope),
    };
    let mut all = vec![entry(Scope::Cluster, WHOLE.to_owned())];
    let called = |(id, name): (TenantId, String)| (Scope::Tenant(id), own_name(id, &name));
    all.extend(tenants.into_iter().map(called).map(|(scope, name)| entry(scope, name)));
    let typed = match all.iter().find(|choice| choice.chosen).filter(|_| many) {
        // By its name, unless another one has it, too.
        Some(choice) => match find(app, visitor, &choice.text).await {
            Ok(found) if found == chosen => choice.text.clone(),
            _ => choice.value.clone(),
        },
        None => String::new(),
    };
    Ok(Places { choices: all, many, typed })
}

/// The place that a filter or a form names: by its id, or by a name that one place alone has. Nothing: none.
///
/// # Errors
/// [`Error::Invalid`] of `tenant`, with names that are near, where somebody who may choose typed something
/// else; [`Error::NotFound`] for everybody else.
pub(super) async fn find(app: &App, visitor: &Visitor, text: &str) -> Result<Option<Scope>, Error> {
    let (service, caller, text) = (app.service(), &visitor.caller, text.trim());
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(scope) = Scope::parse(text) {
        return Ok(Some(scope));
    }
    if !caller.is_cluster() {
        return Err(Error::NotFound);
    }
    if text.eq_ignore_ascii_case(WHOLE) {
        return Ok(Some(Scope::Cluster));
    }
    if let Some(id) = service.tenant_of_name(caller, text).await? {
        return Ok(Some(Scope::Tenant(id)));
    }
    let near = near(app, visitor, text).await?;
    let detail = match near.is_empty() {
        true => format!("there is no one contact center named “{text}”; its id will do, too"),
        false => format!("there is no one contact center named “{text}”, but: {}", near.join(", ")),
    };
    Err(Error::invalid("tenant", detail))
}

/// The place that an address narrows a list to, or what is wrong with it.
pub(super) async fn narrowed(
    app: &App,
    visitor: &Visitor,
    text: &str,
) -> Result<(Option<Scope>, Faults), Failure> {
    match find(app, visitor, text).await {
        Ok(scope) => Ok((scope, Faults::default())),
        Err(error) => Ok((None, Faults::of_error(error, &[("tenant", "tenant")])?)),
    }
}

/// What a form carries of the place that it makes something in: the place, or what names none, so that the
/// answer says so again.
pub(super) fn carried(scope: Scope, typed: &str, faults: &Faults) -> String {
    match faults.of("tenant") {
        Some(_) => typed.to_owned(),
        None => scope.to_string(),
    }
}

/// Names that hold this text, as far as the visitor may read the list of them; with the id, where a name
/// comes twice.
async fn near(app: &App, visitor: &Visitor, text: &str) -> Result<Vec<String>, Error> {
    if !visitor.holds(Right::TenantsManage) {
        return Ok(Vec::new());
    }
    let search = Some(text.to_owned());
    let list = ListTenants { route: "console_near_tenants", search, limit: NEAR, cursor: None };
    let found = app.service().list_tenants(&visitor.caller, list).await?.tenants;
    let name = |one: &Tenant| match found.iter().filter(|other| other.name == one.name).count() {
        1 => one.name.clone(),
        _ => format!("{} ({})", one.name, one.id),
    };
    Ok(found.iter().map(name).collect())
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
            Scope::Tenant(id) => {
                self.0.get(&id).map_or_else(|| id.to_string(), |name| own_name(id, name))
            }
        }
    }
}

/// A tenant's name, or its id where the name would be read as another place: tenants name themselves.
fn own_name(id: TenantId, name: &str) -> String {
    let text = name.trim();
    match Scope::parse(text).is_ok() || text.eq_ignore_ascii_case(WHOLE) {
        true => id.to_string(),
        false => name.to_owned(),
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

/// A page that says what was done, by one of the words of the shell.
pub(super) fn saying(page: &str, done: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "done");
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(kept).append_pair("done", done).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_tenant_goes_by_the_name_of_another_place() {
        let (own, other) = (TenantId::from_u128(1), TenantId::from_u128(2).to_string());
        assert_eq!(own_name(own, "Harbor"), "Harbor");
        for name in ["*", " * ", &other, WHOLE, "whole installation "] {
            assert_eq!(own_name(own, name), own.to_string(), "{name}");
        }
    }
}
