//! `[bootstrap]`: what the first start makes. Ids, grants and rights are read here, where the place
//! in the file is known; `service` checks the rest when it makes them.

use super::{
    Error,
    given::{self, Hidden},
    resolve::Check,
};
use domain::{
    client::Grant,
    id::{EnvironmentId, NotAnId, TenantId},
    right::Right,
    secret::Secret,
};
use service::bootstrap::{Bootstrap, NewClient, NewEnvironment, NewPerson, NewTenant};

/// Makes the plan of the first start. Whatever is left out, `service` makes as documented.
pub(super) fn resolve(given: given::Bootstrap, check: &Check<'_>) -> Result<Bootstrap, Error> {
    let environments = given.environments.unwrap_or_default().into_iter().enumerate();
    let tenants = given.tenants.unwrap_or_default().into_iter().enumerate();
    let clients = given.clients.unwrap_or_default().into_iter().enumerate();
    let plan = Bootstrap {
        ops: given.ops.map(|ops| self::ops(ops, check)).transpose()?,
        environments: environments
            .map(|(at, e)| environment(e, at, check))
            .collect::<Result<_, _>>()?,
        tenants: tenants.map(|(at, t)| tenant(t, at, check)).collect::<Result<_, _>>()?,
        clients: clients.map(|(at, c)| client(c, at, check)).collect::<Result<_, _>>()?,
    };
    check_references(&plan, check)?;
    Ok(plan)
}

/// The setting that holds a password of fewer than `least` characters, if any does.
pub(super) fn short_password(plan: &Bootstrap, least: usize) -> Option<String> {
    let short = |person: &NewPerson| {
        person.password.as_ref().is_some_and(|p| p.expose().chars().count() < least)
    };
    if plan.ops.as_ref().is_some_and(short) {
        return Some("bootstrap.ops.password".to_owned());
    }
    let persons = plan.tenants.iter().enumerate().flat_map(|(t, tenant)| {
        tenant.persons.iter().enumerate().map(move |(p, person)| (t, p, person))
    });
    persons
        .into_iter()
        .find(|(_, _, person)| short(person))
        .map(|(t, p, _)| format!("bootstrap.tenants[{t}].persons[{p}].password"))
}

fn ops(given: given::Ops, check: &Check<'_>) -> Result<NewPerson, Error> {
    Ok(NewPerson {
        username: given.username.unwrap_or_else(|| "ops".to_owned()),
        password: password(given.password, "bootstrap.ops.password", check)?,
        roles: Vec::new(),
    })
}

fn environment(
    given: given::Environment,
    at: usize,
    check: &Check<'_>,
) -> Result<NewEnvironment, Error> {
    let setting = |name: &str| format!("bootstrap.environments[{at}].{name}");
    Ok(NewEnvironment {
        id: id(given.id.as_deref(), EnvironmentId::parse, &setting("id"), check)?,
        name: required(given.name, &setting("name"), check)?,
    })
}

fn tenant(given: given::Tenant, at: usize, check: &Check<'_>) -> Result<NewTenant, Error> {
    let setting = |name: &str| format!("bootstrap.tenants[{at}].{name}");
    let persons = given.persons.unwrap_or_default().into_iter().enumerate();
    Ok(NewTenant {
        id: id(given.id.as_deref(), TenantId::parse, &setting("id"), check)?,
        environment: id(
            given.environment.as_deref(),
            EnvironmentId::parse,
            &setting("environment"),
            check,
        )?,
        name: required(given.name, &setting("name"), check)?,
        domains: given.domains.unwrap_or_default(),
        realm: given.realm,
        persons: persons
            .map(|(p, person)| self::person(person, &setting(&format!("persons[{p}]")), check))
            .collect::<Result<_, _>>()?,
    })
}

fn person(given: given::Person, setting: &str, check: &Check<'_>) -> Result<NewPerson, Error> {
    Ok(NewPerson {
        username: required(given.username, &format!("{setting}.username"), check)?,
        password: password(given.password, &format!("{setting}.password"), check)?,
        roles: given.roles.unwrap_or_default(),
    })
}

fn client(given: given::Client, at: usize, check: &Check<'_>) -> Result<NewClient, Error> {
    let setting = |name: &str| format!("bootstrap.clients[{at}].{name}");
    let secret = client_secret(given.secret, given.public, &setting("secret"), check)?;
    let grant = |text: &String| {
        Grant::parse(text).ok_or_else(|| {
            let known: Vec<_> = Grant::ALL.iter().map(|g| g.as_str()).collect();
            check
                .fault(&setting("grants"), format!("there is no grant `{text}`"))
                .with_hint(format!("known: `{}`", known.join("`, `")))
        })
    };
    let right = |text: &String| {
        Right::parse(text).ok_or_else(|| {
            check
                .fault(&setting("rights"), format!("there is no right `{text}`"))
                .with_hint("rights look like `Keys.canVerify` or `Nexus.ApiKeys.canCreate`")
        })
    };
    let grants = required(given.grants, &setting("grants"), check)?;
    Ok(NewClient {
        client_id: required(given.client_id, &setting("client_id"), check)?,
        secret,
        tenant: id(given.tenant.as_deref(), TenantId::parse, &setting("tenant"), check)?,
        grants: grants.iter().map(grant).collect::<Result<_, _>>()?,
        scopes: given.scopes.unwrap_or_default(),
        redirect_uris: given.redirect_uris.unwrap_or_default(),
        roles: given.roles.unwrap_or_default(),
        rights: given.rights.unwrap_or_default().iter().map(right).collect::<Result<_, _>>()?,
    })
}

/// The empty secret makes a client public, so it must be meant: written out as `""`, or `public`
/// said so. A variable that is empty by accident opens no client.
fn client_secret(
    given: Option<Hidden>,
    public: Option<bool>,
    setting: &str,
    check: &Check<'_>,
) -> Result<Option<Secret>, Error> {
    match (given.map(|hidden| hidden.0), public) {
        (None, Some(true)) => Ok(Some(Secret::new(String::new()))),
        (None, _) => Ok(None),
        (Some(text), Some(true)) if !text.expose().is_empty() => {
            Err(check.fault(setting, "a public client has no secret"))
        }
        (Some(text), Some(false)) if text.expose().is_empty() => {
            Err(check.fault(setting, "a client that is not public needs a secret"))
        }
        (Some(text), None) if text.expose().is_empty() && !check.is_literal(setting) => Err(check
            .fault(setting, "the secret is empty")
            .with_hint("a public client needs `public = true`")),
        (Some(text), _) => Ok(Some(text)),
    }
}

fn password(
    given: Option<Hidden>,
    setting: &str,
    check: &Check<'_>,
) -> Result<Option<Secret>, Error> {
    match given {
        Some(text) if text.0.expose().is_empty() => {
            Err(check.fault(setting, "the password is empty"))
        }
        other => Ok(other.map(|text| text.0)),
    }
}

fn required<T>(given: Option<T>, setting: &str, check: &Check<'_>) -> Result<T, Error> {
    given.ok_or_else(|| check.fault(setting, "missing"))
}

fn id<T>(
    given: Option<&str>,
    parse: fn(&str) -> Result<T, NotAnId>,
    setting: &str,
    check: &Check<'_>,
) -> Result<Option<T>, Error> {
    let read = |text| parse(text).map_err(|NotAnId| check.fault(setting, "not a UUID"));
    given.map(read).transpose()
}

/// What is named must be there: a tenant's environment, a client's tenant.
fn check_references(plan: &Bootstrap, check: &Check<'_>) -> Result<(), Error> {
    for (at, tenant) in plan.tenants.iter().enumerate() {
        let known = |id| plan.environments.iter().any(|e| e.id == Some(id));
        if tenant.environment.is_some_and(|id| !known(id)) {
            let setting = format!("bootstrap.tenants[{at}].environment");
            return Err(check.fault(&setting, "no entry of `bootstrap.environments` has this id"));
        }
    }
    for (at, client) in plan.clients.iter().enumerate() {
        let known = |id| plan.tenants.iter().any(|t| t.id == Some(id));
        if client.tenant.is_some_and(|id| !known(id)) {
            let setting = format!("bootstrap.clients[{at}].tenant");
            return Err(check.fault(&setting, "no entry of `bootstrap.tenants` has this id"));
        }
    }
    Ok(())
}
