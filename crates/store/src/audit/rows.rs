//! Things against the last words on them (words.rs): finds what was changed by SQL.

use super::{
    findings::{Finding, Problem, Report},
    words::{Word, digest},
};
use crate::{
    Error, clients, cors, event_text, key_policies, key_types, keys,
    persons::{self, PersonFilter, Position},
    roles,
    rules::{self, StoredRules},
    tenants,
    tx::Read,
};
use domain::{
    audit::Facts,
    id::{KeyId, Scope, TenantId},
};
use std::collections::{HashMap, HashSet};

const PAGE: u32 = 2048;

/// What the log says of each thing.
#[derive(Default)]
pub(super) struct Known {
    things: HashMap<(&'static str, String), Last>,
    ended_tenants: HashSet<TenantId>,
}

struct Last {
    seq: i64,
    scope: Scope,
    position: i64,
    /// `None`: it was deleted.
    content: Option<[u8; 32]>,
}

impl Known {
    /// Takes a word, from the event at this place.
    pub(super) fn learn(&mut self, scope: Scope, position: i64, word: Word) {
        let Word { kind, id, seq, content } = word;
        if content.is_none()
            && kind == "tenant"
            && let Ok(id) = TenantId::parse(&id)
        {
            self.ended_tenants.insert(id);
        }
        let last = Last { seq, scope, position, content };
        let known = self.things.entry((kind, id));
        known
            .and_modify(|known| {
                if known.seq < last.seq {
                    *known = Last { ..last };
                }
            })
            .or_insert(last);
    }

    /// Holds one thing against its last event, and strikes it off.
    fn compare(
        &mut self,
        kind: &'static str,
        id: String,
        facts: &Facts,
        report: &mut Report,
    ) -> Result<(), Error> {
        report.rows += 1;
        let name = format!("{kind} {id}");
        let finding = match self.things.remove(&(kind, id)) {
            None => {
                Finding { scope: None, position: None, problem: Problem::RowWithoutEvent(name) }
            }
            Some(last) if last.content == Some(digest(&event_text::facts(facts)?)) => return Ok(()),
            Some(last) => Finding {
                scope: Some(last.scope),
                position: Some(last.position),
                problem: Problem::Row(name),
            },
        };
        report.findings.push(finding);
        Ok(())
    }
}

/// Reads everything there is and compares it; what the log knows and nobody has is gone.
pub(super) fn compare(r: &mut Read, mut known: Known, report: &mut Report) -> Result<(), Error> {
    let mut scopes = vec![Scope::Cluster];
    let mut after = None;
    loop {
        let page = tenants::list(r, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some((last.created_at, last.id));
        for tenant in &page {
            scopes.push(Scope::Tenant(tenant.id));
            known.compare("tenant", tenant.id.to_string(), &tenant.facts(), report)?;
        }
    }
    for scope in scopes {
        compare_persons(r, scope, &mut known, report)?;
    }
    for of_type in key_types::list(r)? {
        let id = key_types::change_id(&of_type);
        known.compare("key_type", id, &of_type.facts(), report)?;
    }
    for policy in key_policies::list(r)? {
        known.compare("key_policy", policy.id(), &policy.facts(), report)?;
    }
    compare_environments(r, &mut known, report)?;
    compare_cors(r, &mut known, report)?;
    compare_rules(r, &mut known, report)?;
    // The seeded ones came with the installation, without an event of each one's own.
    for role in roles::all(r)?.iter().filter(|role| !role.is_seeded()) {
        known.compare("role", format!("{}/{}", role.scope, role.name), &role.facts(), report)?;
    }
    compare_clients(r, &mut known, report)?;
    compare_keys(r, &mut known, report)?;
    for ((kind, id), last) in known.things {
        let with_its_tenant =
            last.scope.tenant().is_some_and(|tenant| known.ended_tenants.contains(&tenant));
        if last.content.is_some() && !with_its_tenant {
            report.findings.push(Finding {
                scope: Some(last.scope),
                position: Some(last.position),
                problem: Problem::RowGone(format!("{kind} {id}")),
            });
        }
    }
    Ok(())
}

fn compare_persons(
    r: &mut Read,
    scope: Scope,
    known: &mut Known,
    report: &mut Report,
) -> Result<(), Error> {
    let mut after: Option<Position> = None;
    loop {
        let filter = PersonFilter { after: after.take(), limit: PAGE, ..PersonFilter::default() };
        let page = persons::list(r, Some(scope), &filter)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(Position::of(last));
        for person in &page {
            known.compare("person", person.id.to_string(), &person.facts(), report)?;
        }
    }
}

fn compare_environments(r: &mut Read, known: &mut Known, report: &mut Report) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = tenants::list_environments(r, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some((last.created_at, last.id));
        // Those of the first start have no details, and no event that says all of them.
        for environment in page.iter().filter(|one| one.details.is_some()) {
            let id = environment.id.to_string();
            known.compare("environment", id, &environment.facts(), report)?;
        }
    }
}

fn compare_cors(r: &mut Read, known: &mut Known, report: &mut Report) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = cors::list(r, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.tenant);
        for of_tenant in &page {
            known.compare("cors", of_tenant.tenant.to_string(), &of_tenant.facts(), report)?;
        }
    }
}

/// A row that cannot be read is as no event left it.
fn compare_rules(r: &mut Read, known: &mut Known, report: &mut Report) -> Result<(), Error> {
    let StoredRules { policies, routes, .. } = rules::all(r)?;
    for policy in policies {
        let (name, facts) = policy.map_or_else(
            |unreadable| (unreadable.name, Facts::new()),
            |policy| (policy.name.clone(), policy.facts()),
        );
        known.compare("policy", name, &facts, report)?;
    }
    for route in routes {
        let (name, facts) = route.map_or_else(
            |unreadable| (unreadable.name, Facts::new()),
            |route| (route.policy.name.clone(), route.facts()),
        );
        known.compare("gateway_route", name, &facts, report)?;
    }
    Ok(())
}

fn compare_clients(r: &mut Read, known: &mut Known, report: &mut Report) -> Result<(), Error> {
    let mut after: Option<String> = None;
    loop {
        let page = clients::list(r, None, None, after.as_deref(), PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.client_id.clone());
        for client in &page {
            // Tenants end their clients with them, without an event of each one's own.
            let ended =
                client.scope.tenant().is_some_and(|tenant| known.ended_tenants.contains(&tenant));
            if !ended {
                known.compare("client", client.id.to_string(), &client.facts(), report)?;
            }
        }
    }
}

fn compare_keys(r: &mut Read, known: &mut Known, report: &mut Report) -> Result<(), Error> {
    let mut after: Option<KeyId> = None;
    loop {
        let page = keys::whole(r, after, PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (id, key) in &page {
            if let Some(key) = key {
                known.compare("key", id.to_string(), &key.facts(), report)?;
                continue;
            }
            known.things.remove(&("key", id.to_string()));
            let problem = Problem::Row(format!("key {id}"));
            report.findings.push(Finding { scope: None, position: None, problem });
        }
    }
}
