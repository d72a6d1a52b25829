//! What comes first of a new key: its type, and whose it will be. Both decide what else is asked.

use super::{names, opened::Opened};
use crate::{
    app::App,
    console::{Faults, Visitor, form::sentence, places},
    failure::Failure,
};
use domain::{
    id::Scope,
    key_type::KeyType,
    right::{Deed, Family, Right},
    tenant::Tenant,
};
use service::{
    Error,
    by_name::{self, ListByName},
    tenants::{ListTenants, MAX_PAGE},
};

/// Somebody's choice to make.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) about: String,
    /// What it stands under.
    pub(super) group: &'static str,
    pub(super) chosen: bool,
}

/// What may be chosen, and what is.
#[derive(Debug)]
pub(super) struct Choosing {
    pub(super) types: Vec<Choice>,
    /// Empty: there is no choice.
    pub(super) tenants: Vec<Choice>,
    /// Whether there are too many to list, or they may not be listed: an id is typed.
    pub(super) writes_tenant: bool,
    /// What was asked for.
    pub(super) asked_tenant: String,
    /// What the form carries.
    pub(super) type_value: String,
    pub(super) tenant_value: String,
    /// Where the key will be, in words; where somebody could wonder.
    pub(super) place: Option<String>,
    /// What is wrong with the choice.
    pub(super) faults: Faults,
}

impl Choosing {
    /// The types by what they stand under.
    pub(super) fn groups(&self) -> Vec<(&'static str, Vec<&Choice>)> {
        let mut groups: Vec<(&'static str, Vec<&Choice>)> = Vec::new();
        for choice in &self.types {
            match groups.iter_mut().find(|(label, _)| *label == choice.group) {
                Some((_, of_group)) => of_group.push(choice),
                None => groups.push((choice.group, vec![choice])),
            }
        }
        groups
    }

    /// What the chosen type is for.
    pub(super) fn about(&self) -> &str {
        self.types.iter().find(|c| c.chosen).map(|c| c.about.as_str()).unwrap_or_default()
    }
}

/// A type and a place for a new key.
pub(super) type Chosen = (Scope, KeyType);

/// Reads what was chosen; `None`: something is left to choose.
pub(super) async fn choose(
    app: &App,
    visitor: &Visitor,
    opened: Opened,
    (asked_type, asked_tenant): (&str, &str),
) -> Result<(Choosing, Option<Chosen>), Failure> {
    let several = visitor.caller.bound_to().is_none();
    let (tenants, whole) = if several { tenants(app, visitor).await? } else { (Vec::new(), true) };
    let known = makeable(app, visitor, opened)?;
    let value = |of_type: &KeyType| value(visitor, of_type);
    let found = known.iter().find(|of_type| value(of_type) == asked_type).cloned();
    let mut faults = Faults::default();
    if found.is_none() && !asked_type.is_empty() {
        faults.add("type", "There is no such key type, or you may not make keys of it.");
    }
    let name = |scope: Scope| {
        scope.tenant().and_then(|id| tenants.iter().find(|t| t.id == id)).map(|t| t.name.clone())
    };
    let label = |of_type: &KeyType| match of_type.tenant.filter(|_| several).map(Scope::Tenant) {
        Some(scope) => {
            format!("{} ({})", of_type.name, name(scope).unwrap_or_else(|| scope.to_string()))
        }
        None => names::of_type(&of_type.name).to_owned(),
    };
    let choice = |of_type: &KeyType| Choice {
        value: value(of_type),
        label: label(of_type),
        about: about(of_type),
        group: group(of_type),
        chosen: found.as_ref() == Some(of_type),
    };
    let types = known.iter().map(choice).collect();
    let own = found.as_ref().and_then(|of_type| of_type.tenant).map(Scope::Tenant);
    let cluster = found.as_ref().is_none_or(|of_type| of_type.cluster_keys);
    let bound = own.or(visitor.caller.bound_to().map(Scope::Tenant));
    let scope = match bound {
        Some(scope) => Some(scope),
        None if !asked_tenant.is_empty() => {
            place(app, visitor, (asked_tenant, cluster), &mut faults).await?
        }
        None => only(&tenants).filter(|_| !cluster),
    };
    let mut choosing = Choosing {
        types,
        tenants: Vec::new(),
        writes_tenant: several && own.is_none() && !whole,
        asked_tenant: asked_tenant.to_owned(),
        type_value: found.as_ref().map(value).unwrap_or_default(),
        tenant_value: scope.map(|s| s.to_string()).unwrap_or_default(),
        place: own.filter(|_| several).and_then(name),
        faults,
    };
    if several && own.is_none() && whole {
        choosing.tenants = offered(&tenants, visitor, cluster, scope);
    }
    Ok((choosing, found.and_then(|of_type| Some((scope?, of_type)))))
}

/// What names a type in the form: a type of a tenant's own says whose the key is, for of one name there may
/// be several.
fn value(visitor: &Visitor, of_type: &KeyType) -> String {
    match of_type.tenant.filter(|_| visitor.caller.bound_to().is_none()) {
        Some(tenant) => format!("{tenant}/{}", of_type.name),
        None => of_type.name.clone(),
    }
}

/// The same as the parameter `type` of a link to the form.
pub(in crate::console) fn in_link(visitor: &Visitor, of_type: &KeyType) -> String {
    form_urlencoded::byte_serialize(value(visitor, of_type).as_bytes()).collect()
}

/// Every type that the visitor may know of.
pub(in crate::console) fn every_type(
    app: &App,
    visitor: &Visitor,
) -> Result<Vec<KeyType>, Failure> {
    let mut list = ListByName { scope: None, limit: by_name::MAX_PAGE, cursor: None };
    let mut all = Vec::new();
    loop {
        let page = app.service().list_key_types(&visitor.caller, &list)?;
        all.extend(page.things);
        list.cursor = page.next;
        if list.cursor.is_none() {
            return Ok(all);
        }
    }
}

/// The types of which the visitor may make keys here.
fn makeable(app: &App, visitor: &Visitor, opened: Opened) -> Result<Vec<KeyType>, Failure> {
    let known = every_type(app, visitor)?;
    let may = |t: &KeyType| opened.offers(t.family) && visitor.may(t.family, Deed::Create);
    Ok(known.into_iter().filter(may).collect())
}

/// The one tenant that there is.
fn only(tenants: &[Tenant]) -> Option<Scope> {
    match tenants {
        [one] => Some(Scope::Tenant(one.id)),
        _ => None,
    }
}

/// The place of this name or id, as far as the visitor reaches it and keys of the type may be there.
async fn place(
    app: &App,
    visitor: &Visitor,
    (asked, cluster): (&str, bool),
    faults: &mut Faults,
) -> Result<Option<Scope>, Failure> {
    let found = match places::find(app, visitor, asked).await {
        Ok(found) => found.filter(|scope| visitor.caller.reaches(*scope)),
        Err(Error::NotFound) => None,
        Err(Error::Invalid { detail, .. }) => {
            faults.add("tenant", sentence(&detail));
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    match found {
        Some(Scope::Cluster) if !cluster => {
            faults.add("tenant", "Keys of this type belong to one contact center: choose it.");
            Ok(None)
        }
        None => {
            faults.add("tenant", "There is no such contact center.");
            Ok(None)
        }
        found => Ok(found),
    }
}

fn offered(
    tenants: &[Tenant],
    visitor: &Visitor,
    cluster: bool,
    chosen: Option<Scope>,
) -> Vec<Choice> {
    let choice = |scope: Scope, label: String| Choice {
        value: scope.to_string(),
        label,
        about: String::new(),
        group: "",
        chosen: chosen == Some(scope),
    };
    let whole = (cluster && visitor.caller.is_cluster())
        .then(|| choice(Scope::Cluster, format!("{} (*)", places::WHOLE)));
    let tenants = tenants.iter().map(|t| choice(Scope::Tenant(t.id), t.name.clone()));
    whole.into_iter().chain(tenants).collect()
}

/// The tenants to choose from, and whether these are all.
async fn tenants(app: &App, visitor: &Visitor) -> Result<(Vec<Tenant>, bool), Failure> {
    if !visitor.holds(Right::TenantsManage) {
        return Ok((Vec::new(), false));
    }
    let list = ListTenants { route: "list_tenants", search: None, limit: MAX_PAGE, cursor: None };
    let page = app.service().list_tenants(&visitor.caller, list).await?;
    Ok((page.tenants, page.next.is_none()))
}

/// The system that keys of the type are for.
const fn group(of_type: &KeyType) -> &'static str {
    match of_type.family {
        _ if of_type.tenant.is_some() => "Types of contact centers",
        Family::Nexus => "Digital Channels",
        Family::Callback => "Callback",
        Family::ExperienceCloud => "Experience Cloud",
        Family::Native | Family::Personal => "APIs and NexusOne",
    }
}

fn about(of_type: &KeyType) -> String {
    let known = match of_type.name.as_str() {
        _ if of_type.tenant.is_some() => None,
        "client" => Some(
            "Events of the Experience Client or the CRM workspace: action buttons, workspace events.",
        ),
        "openconnect" => Some("Events of OpenConnect."),
        "queueadapter" => Some("Events of the QueueAdapter."),
        "telephony" => Some("Events and actions of the older Media Bar."),
        _ => None,
    };
    let described = || of_type.description.clone().unwrap_or_default();
    known.map_or_else(described, str::to_owned)
}
