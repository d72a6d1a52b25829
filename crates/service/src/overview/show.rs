//! Counts the keys that somebody may see, and the calls with them.

use crate::{
    Error, Service,
    caller::Caller,
    keys::{UsagePart, UsageStep, scope_exists},
};
use domain::{id::Scope, key::Key, time::Timestamp, verdict::Verdict};
use std::collections::BTreeMap;
use store::{Read, keys::KeyCounts, usage::TypeSpan};

/// How many of the keys that end soonest are told.
const SOONEST: u32 = 10;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct ShowOverview {
    /// Where the keys belong; `None`: everywhere that the caller reaches.
    pub scope: Option<Scope>,
    /// How long the parts of the calls are.
    pub step: UsageStep,
    /// The first instant of the calls; `None`: the last day of hours, or the last thirty days.
    pub from: Option<Timestamp>,
    /// The first one that counts no more; `None`: now.
    pub to: Option<Timestamp>,
}

/// What there is.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The keys, by where they stand; one may stand in several places.
    pub keys: KeyCounts,
    /// The same by type, by the types' names.
    pub by_type: BTreeMap<String, KeyCounts>,
    /// Those that will be revoked or expire within 30 days, the soonest first, ten at most.
    pub soonest: Vec<Key>,
    /// The first instant of the calls.
    pub from: Timestamp,
    /// The first one that counts no more.
    pub to: Timestamp,
    /// Calls with these keys, oldest first; parts without calls are left out. Whoever sees every tenant's
    /// keys sees calls with secrets that belong to no key, too.
    pub calls: Vec<UsagePart>,
}

impl Service {
    /// Tells what there is of the keys that the caller may see. Calls of the last minute may be missing.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see keys of any type, [`Error::NotFound`] for a tenant
    /// that is not there for this caller, [`Error::Invalid`] for a span that ends before it begins or has
    /// too many parts.
    pub async fn show_overview(
        &self,
        caller: &Caller,
        asked: ShowOverview,
    ) -> Result<Overview, Error> {
        self.require_some_type(caller)?;
        let scope = self.listed_scope(caller, asked.scope)?;
        let key_types = self.seen_types(caller, scope);
        let now = self.now().wall;
        let (from, to) = asked.step.parts_of((asked.from, asked.to), now)?;
        let (types, span) = (key_types.clone(), asked.step.span());
        let (counts, soonest, calls) = self
            .store
            .read(move |r: &mut Read| {
                if let Some(scope) = scope
                    && !scope_exists(r, scope)?
                {
                    return Ok(None);
                }
                let counts = store::keys::count(r, scope, now)?;
                let soonest = store::keys::list_ending(r, scope, &types, now, SOONEST)?;
                let calls = store::usage::totals(r, span, scope, (from, to))?;
                Ok(Some((counts, soonest, calls)))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)?;
        let seen = |name: &String| key_types.is_empty() || key_types.contains(name);
        let by_type: BTreeMap<String, KeyCounts> =
            counts.into_iter().filter(|(name, _)| seen(name)).collect();
        let keys = by_type.values().fold(KeyCounts::default(), |sum, of| sum.plus(*of));
        let calls = calls.into_iter().filter(|c| c.key_type.as_ref().is_none_or(seen));
        Ok(Overview { keys, by_type, soonest, from, to, calls: together(calls) })
    }
}

/// Calls of all types together, part by part; they come in the order of their parts.
fn together(spans: impl Iterator<Item = TypeSpan>) -> Vec<UsagePart> {
    let mut parts: Vec<UsagePart> = Vec::new();
    for TypeSpan { span, .. } in spans {
        if parts.last().is_none_or(|last| last.start != span.start) {
            let counts = [0; Verdict::ALL.len()];
            parts.push(UsagePart { start: span.start, counts });
        }
        if let Some(last) = parts.last_mut() {
            for (sum, count) in last.counts.iter_mut().zip(span.counts) {
                *sum = sum.saturating_add(count);
            }
        }
    }
    parts
}
