//! Checks the whole log against itself, against its heads, and the things against the log.
//!
//! Whoever can write to the database but has no audit key cannot make a link. So an edited, removed
//! or moved event is found by the links and positions; a cut-off end by the head; a cut-off end with
//! a head to match by the signed heads; a thing that was changed by SQL by its last event. A beginning
//! that is gone is found unless an event of the chain names just that cut (prune.rs).

use super::{
    ChainHead, SignedHead,
    findings::{Finding, Problem, Report},
    head, heads,
    prune::beginning,
    rows::Known,
    signed_heads,
    words::Text,
};
use crate::{
    Error,
    chain::{AuditKey, Head},
    dialect::Dialect,
    tx::Read,
    value::Row,
};
use domain::{id::Scope, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Events of one read.
const EVENTS: i64 = 2048;

/// Checks everything, in one snapshot. Takes as long as reading all of it takes.
///
/// # Errors
/// The database fails. What is wrong with the log is in the report.
pub fn verify(r: &mut Read, audit_key: &[u8; 32]) -> Result<Report, Error> {
    in_snapshot(r, audit_key, check)
}

/// Checks one chain against itself, its head and the heads that were signed, in one snapshot. The things it
/// speaks of are left alone: what became of them another chain may say.
///
/// # Errors
/// The database fails. What is wrong with the chain is in the report.
pub fn verify_chain(
    r: &mut Read,
    audit_key: &[u8; 32],
    scope: Scope,
) -> Result<CheckedChain, Error> {
    in_snapshot(r, audit_key, |r, key| {
        let mut report = Report::default();
        let heads = signed_heads(r, Some(scope))?;
        let mut signed: BTreeMap<i64, BTreeSet<[u8; 32]>> = BTreeMap::new();
        for one in &heads {
            signed.entry(one.head.position).or_default().insert(one.head.link);
        }
        let head = head(r, scope)?;
        let end = head.map(|head| Head { position: head.position, link: head.link });
        let mut known = Known::default();
        let mut chain = Chain::new(scope, key, signed, &mut known, &mut report);
        chain.walk(r)?;
        chain.end(end);
        Ok(CheckedChain { head, signed: heads, report })
    })
}

/// One chain as a check read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedChain {
    /// Where it says that it ends; `None`: nothing was ever written to it, or its head is gone.
    pub head: Option<ChainHead>,
    /// The heads that were signed.
    pub signed: Vec<SignedHead>,
    /// What was found.
    pub report: Report,
}

fn in_snapshot<T>(
    r: &mut Read,
    audit_key: &[u8; 32],
    check: impl FnOnce(&mut Read, &AuditKey) -> Result<T, Error>,
) -> Result<T, Error> {
    let begin = match r.driver.dialect() {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    r.driver.batch(begin)?;
    let result = AuditKey::new(audit_key).and_then(|key| check(r, &key));
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
        let signed = signed.remove(&scope).unwrap_or_default();
        let mut chain = Chain::new(scope, key, signed, &mut known, &mut report);
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
    /// What stood before the first event, where the events up to there are gone.
    cut: Option<Head>,
    /// Whether an event of the chain names that cut.
    cut_named: bool,
    signed: BTreeMap<i64, BTreeSet<[u8; 32]>>,
    known: &'a mut Known,
    report: &'a mut Report,
}

impl<'a> Chain<'a> {
    fn new(
        scope: Scope,
        key: &'a AuditKey,
        signed: BTreeMap<i64, BTreeSet<[u8; 32]>>,
        known: &'a mut Known,
        report: &'a mut Report,
    ) -> Self {
        let head = Head::START;
        Self { scope, key, head, cut: None, cut_named: false, signed, known, report }
    }

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
            if after == i64::MIN
                && let Some(first) = rows.first()
            {
                self.begin(first)?;
            }
            after = last.int(1)?;
            for row in &rows {
                self.event(row)?;
            }
        }
    }

    /// A chain that was pruned begins behind a signed head; whether it may, its events say.
    fn begin(&mut self, first: &Row) -> Result<(), Error> {
        let (before, text) = (first.int(1)?.saturating_sub(1), first.str(3)?);
        let link: [u8; 32] = first.bytes(2).unwrap_or([0; 32]);
        if before > 0
            && let Some(signed) = self.signed.get(&before)
            && let Some(cut) = beginning(self.key, signed, before, text, &link)
        {
            self.head = cut;
            self.cut = Some(cut);
        }
        Ok(())
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
        for word in event.words(row.int(0)?) {
            self.known.learn(self.scope, position, word);
        }
        if let (Some(pruned), Some(cut)) = (event.pruned(), self.cut) {
            self.cut_named |= pruned.position == cut.position && pruned.link() == Some(cut.link);
        }
        Ok(())
    }

    /// Holds what was read against the chain's head and what is left of the signed heads.
    fn end(&mut self, head: Option<Head>) {
        if head.unwrap_or(Head::START) != self.head {
            self.found(self.head.position, Problem::Head);
        }
        if let Some(cut) = self.cut {
            if !self.cut_named {
                self.found(cut.position + 1, Problem::Missing);
            }
            // Heads of events that went say nothing any more; at the cut there is one link.
            self.signed.retain(|position, links| {
                *position > cut.position || (*position == cut.position && links.len() > 1)
            });
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
