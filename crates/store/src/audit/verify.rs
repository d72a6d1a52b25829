//! Checks the whole log against itself, against its heads, and the things against the log.
//!
//! Whoever can write to the database but has no audit key cannot make a link. So an edited, removed
//! or moved event is found by the links and positions; a cut-off end by the head; a cut-off end with
//! a head to match by the signed heads; a thing that was changed by SQL by its last event.

use super::{
    findings::{Finding, Problem, Report},
    heads,
    rows::Known,
    signed_heads,
};
use crate::{
    Error,
    chain::{AuditKey, Head},
    dialect::Dialect,
    tx::Read,
    value::Row,
};
use domain::{id::Scope, time::Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Events of one read.
const EVENTS: i64 = 2048;

/// Checks everything, in one snapshot. Takes as long as reading all of it takes.
///
/// # Errors
/// The database fails. What is wrong with the log is in the report.
pub fn verify(r: &mut Read, audit_key: &[u8; 32]) -> Result<Report, Error> {
    let begin = match r.driver.dialect() {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    r.driver.batch(begin)?;
    let result = check(r, &AuditKey::new(audit_key)?);
    r.driver.batch("ROLLBACK")?;
    result
}

fn check(r: &mut Read, key: &AuditKey) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut known = Known::default();
    let mut ends: BTreeMap<Scope, Head> = BTreeMap::new();
    for head in heads(r)? {
        ends.insert(head.scope, Head { position: head.position, link: head.link });
    }
    let mut signed: BTreeMap<Scope, BTreeMap<i64, BTreeSet<[u8; 32]>>> = BTreeMap::new();
    for one in signed_heads(r, None)? {
        let chain = signed.entry(one.head.scope).or_default();
        chain.entry(one.head.position).or_default().insert(one.head.link);
    }
    for name in r.query(
        "SELECT scope FROM audit_events UNION SELECT scope FROM audit_heads
         UNION SELECT scope FROM audit_signed_heads",
        &[],
    )? {
        let Ok(scope) = name.scope(0) else {
            report.findings.push(Finding {
                scope: None,
                position: None,
                problem: Problem::Unreadable,
            });
            continue;
        };
        let mut chain = Chain {
            scope,
            key,
            head: Head::START,
            signed: signed.remove(&scope).unwrap_or_default(),
            known: &mut known,
            report: &mut report,
        };
        chain.walk(r)?;
        chain.end(ends.get(&scope).copied());
    }
    super::rows::compare(r, known, &mut report)?;
    Ok(report)
}

/// One chain on its way.
struct Chain<'a> {
    scope: Scope,
    key: &'a AuditKey,
    head: Head,
    signed: BTreeMap<i64, BTreeSet<[u8; 32]>>,
    known: &'a mut Known,
    report: &'a mut Report,
}

impl Chain<'_> {
    fn walk(&mut self, r: &mut Read) -> Result<(), Error> {
        self.report.chains += 1;
        let mut after = i64::MIN;
        loop {
            let rows = r.query(
                "SELECT seq, position, link, event, at, action, actor, subject_kind, subject_id
                 FROM audit_events WHERE scope = $1 AND position > $2 ORDER BY position LIMIT $3",
                &[self.scope.into(), after.into(), EVENTS.into()],
            )?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.int(1)?;
            for row in &rows {
                self.event(row)?;
            }
        }
    }

    fn event(&mut self, row: &Row) -> Result<(), Error> {
        self.report.events += 1;
        let (position, text) = (row.int(1)?, row.str(3)?);
        // A link of another length is no link.
        let link: [u8; 32] = row.bytes(2).unwrap_or([0; 32]);
        if position != self.head.position + 1 {
            self.found(position, Problem::Missing);
        } else if self.key.link(&self.head.link, text) != link {
            self.found(position, Problem::BrokenLink);
        }
        self.head = Head { position, link };
        if let Some(links) = self.signed.remove(&position)
            && (links.len() > 1 || !links.contains(&link))
        {
            self.found(position, Problem::SignedHead);
        }
        match serde_json::from_str::<Text<'_>>(text) {
            Ok(event) => self.columns(row, &event),
            Err(_) => {
                self.found(position, Problem::Unreadable);
                Ok(())
            }
        }
    }

    fn columns(&mut self, row: &Row, event: &Text<'_>) -> Result<(), Error> {
        let position = row.int(1)?;
        let equal = [
            ("scope", event.tenant == self.scope.to_string()),
            ("at", Timestamp::parse(&event.at) == Ok(row.timestamp(4)?)),
            ("action", event.action == row.str(5)?),
            ("actor", event.actor.column() == row.str(6)?),
            ("subject_kind", event.subject.kind == row.str(7)?),
            ("subject_id", event.subject.id == row.str(8)?),
        ];
        for (column, _) in equal.into_iter().filter(|(_, equal)| !equal) {
            self.found(position, Problem::Column(column));
        }
        self.known.learn(
            row.int(0)?,
            self.scope,
            position,
            &event.action,
            (&event.subject.kind, &event.subject.id),
            event.after.get(),
        );
        if event.action == IMPORT
            && let Ok(Imported { keys }) = serde_json::from_str(event.detail.get())
        {
            self.known.learn_import(row.int(0)?, self.scope, position, &keys);
        }
        Ok(())
    }

    /// Holds what was read against the chain's head and what is left of the signed heads.
    fn end(&mut self, head: Option<Head>) {
        if head.unwrap_or(Head::START) != self.head {
            self.found(self.head.position, Problem::Head);
        }
        for position in std::mem::take(&mut self.signed).into_keys() {
            self.found(position, Problem::SignedHead);
        }
    }

    fn found(&mut self, position: i64, problem: Problem) {
        self.report.findings.push(Finding {
            scope: Some(self.scope),
            position: Some(position),
            problem,
        });
    }
}

/// What of an event's text is compared. Texts of names can hold escapes, so they are not borrowed.
#[derive(Deserialize)]
struct Text<'a> {
    action: String,
    at: String,
    tenant: String,
    actor: Who,
    subject: Subject,
    #[serde(borrow)]
    after: &'a RawValue,
    #[serde(borrow)]
    detail: &'a RawValue,
}

/// The one event that speaks of many keys.
const IMPORT: &str = "key.import";

#[derive(Deserialize)]
struct Imported {
    keys: Vec<String>,
}

#[derive(Deserialize)]
struct Who {
    kind: String,
    id: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    kind: String,
    id: String,
}

impl Who {
    /// As `ActorKind` prints it.
    fn column(&self) -> String {
        match (self.kind.as_str(), &self.id) {
            ("key", Some(id)) => id.clone(),
            (kind, Some(id)) => format!("{kind}:{id}"),
            (kind, None) => kind.to_owned(),
        }
    }
}
