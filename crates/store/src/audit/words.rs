//! What an event says of things: the text that the chain covers, and the last words in it.
//!
//! An event says what a thing is when its `after` has a `version` (every thing's `facts()` have
//! one); a reveal or a failed sign-in says nothing about it. `<thing>.delete` ends it. Two events
//! speak of many things: an import of its keys, a cut of the things whose last events it took away.

use crate::changes::{digest_from_hex, hex};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// The things that are compared with the log.
const KINDS: [&str; 11] = [
    "key",
    "tenant",
    "person",
    "client",
    "key_type",
    "key_policy",
    "role",
    "environment",
    "cors",
    "policy",
    "gateway_route",
];
const IMPORT: &str = "key.import";
/// The event of a cut.
pub(super) const PRUNE: &str = "audit.prune";
/// Where a line of a cut has no digest: the thing ended.
const ENDED: &str = "-";

/// What of an event's text is compared. Texts of names can hold escapes, so they are not borrowed.
#[derive(Deserialize)]
pub(super) struct Text<'a> {
    pub(super) action: String,
    pub(super) at: String,
    pub(super) tenant: String,
    pub(super) actor: Who,
    pub(super) subject: Subject,
    #[serde(borrow)]
    after: &'a RawValue,
    #[serde(borrow)]
    detail: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct Who {
    kind: String,
    id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Subject {
    pub(super) kind: String,
    pub(super) id: String,
}

#[derive(Deserialize)]
struct Imported {
    keys: Vec<String>,
}

/// The detail of a cut.
#[derive(Deserialize)]
pub(super) struct Pruned {
    /// The last place that went.
    pub(super) position: i64,
    link: String,
    #[serde(default)]
    things: Vec<String>,
}

impl Pruned {
    /// Its link.
    pub(super) fn link(&self) -> Option<[u8; 32]> {
        from_hex(&self.link)
    }
}

impl Who {
    /// As `ActorKind` prints it.
    pub(super) fn column(&self) -> String {
        match (self.kind.as_str(), &self.id) {
            ("key", Some(id)) => id.clone(),
            (kind, Some(id)) => format!("{kind}:{id}"),
            (kind, None) => kind.to_owned(),
        }
    }
}

/// What an event says of one thing. A digest of the text, not the text: there are keys by the million.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub(super) kind: &'static str,
    pub(super) id: String,
    /// The event's number: of two words the higher one counts.
    pub(super) seq: i64,
    /// `None`: the thing ended.
    pub(super) content: Option<[u8; 32]>,
}

impl Text<'_> {
    /// All that the event with this number says of things.
    pub(super) fn words(&self, seq: i64) -> Vec<Word> {
        match self.action.as_str() {
            IMPORT => serde_json::from_str(self.detail.get())
                .map(|Imported { keys }| {
                    keys.iter().filter_map(|line| Word::imported(seq, line)).collect()
                })
                .unwrap_or_default(),
            PRUNE => self
                .pruned()
                .map(|cut| cut.things.iter().filter_map(|line| Word::parse(line)).collect())
                .unwrap_or_default(),
            _ => self.word(seq).into_iter().collect(),
        }
    }

    /// What the event of a cut says about it.
    pub(super) fn pruned(&self) -> Option<Pruned> {
        let is_cut = self.action == PRUNE;
        is_cut.then(|| serde_json::from_str(self.detail.get()).ok()).flatten()
    }

    fn word(&self, seq: i64) -> Option<Word> {
        let kind = known(&self.subject.kind)?;
        let ended = self.action.strip_prefix(kind) == Some(".delete");
        let after = self.after.get();
        if !ended && !says_version(after) {
            return None;
        }
        let content = (!ended).then(|| digest(after));
        Some(Word { kind, id: self.subject.id.clone(), seq, content })
    }
}

impl Word {
    /// A key of an import, as `keys::import_line` says it.
    fn imported(seq: i64, line: &str) -> Option<Self> {
        let (id, content) = line.split_once(' ')?;
        Some(Self { kind: "key", id: id.to_owned(), seq, content: from_hex(content) })
    }

    /// `<number> <kind> <digest> <id>`: how a cut hands it on.
    pub(super) fn line(&self) -> String {
        let content = self.content.map_or_else(|| ENDED.to_owned(), |digest| hex(&digest));
        format!("{} {} {content} {}", self.seq, self.kind, self.id)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(4, ' ');
        let (seq, kind) = (parts.next()?.parse().ok()?, known(parts.next()?)?);
        let content = match parts.next()? {
            ENDED => None,
            digest => Some(from_hex(digest)?),
        };
        Some(Self { kind, id: parts.next()?.to_owned(), seq, content })
    }
}

fn known(kind: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|one| *one == kind)
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    digest_from_hex(text).map(|digest| *digest.as_bytes())
}

fn says_version(after: &str) -> bool {
    // `facts()` end in it, and no text before it can end an object.
    after
        .rsplit_once(",\"version\":")
        .is_some_and(|(_, n)| n.trim_end_matches('}').bytes().all(|b| b.is_ascii_digit()))
}

/// The digest of a thing's facts as they stand in a text.
pub(super) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_cut_reads_back() {
        for content in [Some([0xab; 32]), None] {
            let word = Word { kind: "role", id: "*/two words".to_owned(), seq: 7, content };
            assert_eq!(Word::parse(&word.line()), Some(word));
        }
        for line in ["", "7 role", "x role - a", "7 nothing - a", "7 role zz a"] {
            assert_eq!(Word::parse(line), None, "{line}");
        }
    }
}
