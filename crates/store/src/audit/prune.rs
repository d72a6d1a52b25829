//! Lets the oldest events of a chain go, so that a check of the rest says as much as before.
//!
//! A cut leaves three things behind: the head at the last event that went, signed; an event at the
//! chain's end that names it; and in that event the last words on things (words.rs) that only the
//! gone events had. What does not fit its links is evidence and stays: nothing behind it is cut.

use super::{
    ChainHead,
    words::{PRUNE, Text, Word},
};
use crate::{
    Error,
    chain::{self, AuditKey, Head},
    tx::{Read, Tx},
};
use domain::{id::Scope, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Events of one cut.
const EVENTS: i64 = 1_000;
/// Last words of one cut, those of its last event not counted.
const WORDS: usize = 500;
/// Later events of a thing that are looked through for a word on it.
const LATER: i64 = 20;

/// What one cut took away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The last event that went.
    pub head: ChainHead,
    /// How many went.
    pub events: u64,
    /// The last words that went with them, a line each: what the event of the cut hands on.
    pub things: Vec<String>,
}

/// How far each chain may be cut: to its newest signed head before the first event that is not older
/// than `before`, never to its last event. Chains in which nothing but cuts would go are left out.
///
/// # Errors
/// The database fails.
pub fn list_for_prune(r: &mut Read, before: Timestamp) -> Result<Vec<ChainHead>, Error> {
    let mut due = Vec::new();
    for head in super::heads(r)? {
        let kept = r.query_one(
            "SELECT position FROM audit_events WHERE scope = $1 AND at >= $2
             ORDER BY position LIMIT 1",
            &[head.scope.into(), before.into()],
        )?;
        let kept = kept.map_or(Ok(head.position), |row| row.int(0))?.min(head.position);
        let signed = r.query_one(
            "SELECT position, link FROM audit_signed_heads WHERE scope = $1 AND position < $2
             ORDER BY position DESC LIMIT 1",
            &[head.scope.into(), kept.into()],
        )?;
        let Some(signed) = signed else { continue };
        let to = ChainHead { position: signed.int(0)?, link: signed.bytes(1)?, ..head };
        let worth = r.query_one(
            "SELECT 1 FROM audit_events WHERE scope = $1 AND position <= $2 AND action <> $3 LIMIT 1",
            &[to.scope.into(), to.position.into(), PRUNE.into()],
        )?;
        if worth.is_some() {
            due.push(to);
        }
    }
    Ok(due)
}

/// Deletes the oldest events of a chain, as many as fit one write, at most up to the signed head `to`.
/// The caller signs the head that it gets and commits it with the cut's event. `None`: none are left.
///
/// # Errors
/// The database fails, or the events do not fit their links: then nothing may go.
pub fn prune(tx: &mut Tx, to: ChainHead) -> Result<Option<Cut>, Error> {
    let (scope, key) = (to.scope, chain::key(tx)?);
    // Whoever writes to this chain waits here: what is the last word on a thing stays so meanwhile.
    chain::lock(tx, scope)?;
    let rows = tx.query(
        "SELECT position, link, event, seq FROM audit_events WHERE scope = $1 AND position <= $2
         ORDER BY position LIMIT $3",
        &[scope.into(), to.position.into(), EVENTS.into()],
    )?;
    let Some(first) = rows.first() else { return Ok(None) };
    let before = first.int(0)?.saturating_sub(1);
    let signed = signed_links(tx, scope, before)?;
    let begins = beginning(&key, &signed, before, first.str(2)?, &first.bytes(1)?);
    let mut head = begins.ok_or_else(|| not_whole(scope))?;
    let (mut events, mut words) = (0_u64, BTreeMap::new());
    for row in &rows {
        let (position, link, text) = (row.int(0)?, row.bytes(1)?, row.str(2)?);
        if position != head.position + 1 || key.link(&head.link, text) != link {
            return Err(not_whole(scope));
        }
        head = Head { position, link };
        events += 1;
        take_words(row.int(3)?, text, &mut words).ok_or_else(|| not_whole(scope))?;
        if words.len() >= WORDS {
            break;
        }
    }
    if head.position == to.position && head.link != to.link {
        return Err(not_whole(scope));
    }
    let things = last_words(tx, scope, head.position, words)?;
    tx.execute(
        "DELETE FROM audit_events WHERE scope = $1 AND position <= $2",
        &[scope.into(), head.position.into()],
    )?;
    let head = ChainHead { scope, position: head.position, link: head.link };
    Ok(Some(Cut { head, events, things }))
}

/// The last event that was pruned from a chain, as the chain itself says; `None`: none was.
///
/// # Errors
/// The database fails.
pub fn last_cut(r: &mut Read, scope: Scope) -> Result<Option<ChainHead>, Error> {
    let first = r.query_one(
        "SELECT position FROM audit_events WHERE scope = $1 ORDER BY position LIMIT 1",
        &[scope.into()],
    )?;
    let before = first.map_or(Ok(1), |row| row.int(0))?.saturating_sub(1);
    if before == 0 {
        return Ok(None);
    }
    let said = r.query_one(
        "SELECT event FROM audit_events WHERE scope = $1 AND action = $2
         ORDER BY position DESC LIMIT 1",
        &[scope.into(), PRUNE.into()],
    )?;
    let Some(said) = said else { return Ok(None) };
    let cut = serde_json::from_str::<Text<'_>>(said.str(0)?).ok().and_then(|event| event.pruned());
    let link = cut.filter(|cut| cut.position == before).and_then(|cut| cut.link());
    Ok(link.map(|link| ChainHead { scope, position: before, link }))
}

/// Whether this event was one of the chain and was pruned. Its link is compared where a signed head
/// has kept it.
///
/// # Errors
/// The database fails.
pub fn is_pruned(r: &mut Read, known: &ChainHead) -> Result<bool, Error> {
    let cut = last_cut(r, known.scope)?;
    if cut.is_none_or(|cut| cut.position < known.position) {
        return Ok(false);
    }
    let signed = signed_links(r, known.scope, known.position)?;
    Ok(signed.is_empty() || signed.contains(&known.link))
}

/// The links of the signed heads at this place: one, unless somebody wrote another.
fn signed_links(r: &mut Read, scope: Scope, position: i64) -> Result<BTreeSet<[u8; 32]>, Error> {
    r.query(
        "SELECT link FROM audit_signed_heads WHERE scope = $1 AND position = $2",
        &[scope.into(), position.into()],
    )?
    .iter()
    .map(|row| row.bytes(0))
    .collect()
}

/// What stands before a chain's first event: nothing, or one of the signed heads there that fits it.
pub(super) fn beginning(
    key: &AuditKey,
    signed: &BTreeSet<[u8; 32]>,
    before: i64,
    text: &str,
    link: &[u8; 32],
) -> Option<Head> {
    if before == 0 {
        return Some(Head::START);
    }
    let fits = signed.iter().find(|previous| key.link(previous, text) == *link)?;
    Some(Head { position: before, link: *fits })
}

type Words = BTreeMap<(&'static str, String), Word>;

fn take_words(seq: i64, text: &str, words: &mut Words) -> Option<()> {
    for word in serde_json::from_str::<Text<'_>>(text).ok()?.words(seq) {
        let thing = (word.kind, word.id.clone());
        if words.get(&thing).is_none_or(|known| known.seq < word.seq) {
            words.insert(thing, word);
        }
    }
    Some(())
}

/// Those words that no later event has. Of what ended only tenants are handed on: with them ended
/// things that no event names.
fn last_words(
    r: &mut Read,
    scope: Scope,
    position: i64,
    words: Words,
) -> Result<Vec<String>, Error> {
    let mut things = Vec::new();
    for ((kind, id), word) in words {
        if word.content.is_none() && kind != "tenant" {
            continue;
        }
        let later = r.query(
            "SELECT seq, event FROM audit_events
             WHERE subject_kind = $1 AND subject_id = $2 AND seq > $3
               AND NOT (scope = $4 AND position <= $5)
             ORDER BY seq DESC LIMIT $6",
            &[
                kind.into(),
                id.as_str().into(),
                word.seq.into(),
                scope.into(),
                position.into(),
                LATER.into(),
            ],
        )?;
        let mut said = false;
        for row in &later {
            let mut newer = Words::new();
            take_words(row.int(0)?, row.str(1)?, &mut newer);
            said |= newer.contains_key(&(kind, id.clone()));
        }
        if !said {
            things.push(word.line());
        }
    }
    Ok(things)
}

fn not_whole(scope: Scope) -> Error {
    Error::corrupt(format!("the audit chain {scope} is not whole, so nothing of it is pruned"))
}
