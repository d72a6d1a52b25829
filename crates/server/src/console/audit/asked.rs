//! The filters of the log, as the address has them.

use super::actions::ACTIONS;
use crate::{browser, console::Faults, extract::Parameters};
use domain::{
    id::{KeyId, PersonId, Scope},
    time::Timestamp,
};
use service::audit::ListAudit;

/// Days begin and end in UTC.
const DAY_S: i64 = 86_400;
const A_DAY: &str = "Enter a date such as 2026-03-01.";
const AN_ID: &str =
    "Enter a key's id: key_ and 22 characters. Its secret has no place in an address.";

/// What was asked for, as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) action: String,
    pub(super) actor: String,
    pub(super) key: String,
    pub(super) tenant: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// Takes the filters out of an address; what else stands there is no concern of theirs.
    pub(super) fn of(query: &mut Parameters) -> Self {
        let mut text = |name| query.take_text(name).unwrap_or_default().trim().to_owned();
        Self {
            action: text("action"),
            actor: text("actor"),
            key: text("key"),
            tenant: text("tenant"),
            from: text("from"),
            to: text("to"),
            cursor: query.take_text("cursor"),
        }
    }

    /// The list that this means, or what cannot be meant. `scope`: what the contact center's name stands for.
    pub(super) fn list(&self, limit: u32, scope: Option<Scope>) -> Result<ListAudit, Faults> {
        let mut faults = Faults::default();
        let mut instant = |name: &str, text: &str, after_s: i64| {
            let at = instant(text, after_s);
            if at.is_none() && !text.is_empty() {
                faults.add(name, A_DAY);
            }
            at
        };
        let from = instant("from", &self.from, 0);
        // The last day counts whole.
        let to = instant("to", &self.to, DAY_S);
        if !self.key.is_empty() && !is_id(&self.key) {
            faults.add("key", AN_ID);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        Ok(ListAudit {
            scope,
            action: some(&self.action),
            actor: some(&self.actor),
            subject: some(&self.key),
            from,
            to,
            limit: Some(limit),
            cursor: self.cursor.clone(),
        })
    }

    /// Whether anything narrows the list.
    pub(super) fn is_filtered(&self) -> bool {
        !self.filters().is_empty()
    }

    /// The filters in words, and where each of them is gone. `place`: what the contact center is called.
    pub(super) fn chosen(&self, path: &str, place: &str) -> Vec<Chosen> {
        let all = self.filters();
        let one = |(name, value): &(&'static str, &str)| {
            let (label, text) = match *name {
                "action" => ("Action", super::actions::words(value)),
                "actor" => ("Who", *value),
                "key" => ("Key", *value),
                "tenant" => ("Contact center", place),
                "from" => ("From", *value),
                _ => ("To", *value),
            };
            let others: Vec<(&str, &str)> =
                all.iter().filter(|(other, _)| other != name).copied().collect();
            let href = match others.is_empty() {
                true => path.to_owned(),
                false => browser::with_query(path, &others),
            };
            Chosen { label, text: text.to_owned(), href }
        };
        all.iter().map(one).collect()
    }

    fn filters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("action", self.action.as_str()),
            ("actor", &self.actor),
            ("key", &self.key),
            ("tenant", &self.tenant),
            ("from", &self.from),
            ("to", &self.to),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// An address with these filters and with this besides.
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let all: Vec<(&str, &str)> =
            self.filters().into_iter().chain(more.iter().copied()).collect();
        if all.is_empty() { path.to_owned() } else { browser::with_query(path, &all) }
    }

    /// The actions that the filter offers, by what they are done to: the chosen one is among them, whoever
    /// wrote it.
    pub(super) fn actions(&self) -> Vec<ActionGroup> {
        let mut groups: Vec<ActionGroup> = Vec::new();
        for (action, words) in ACTIONS {
            let kind = action.split('.').next().unwrap_or_default();
            let label = super::actions::kind(kind);
            let choice = (*action, *words, self.action == *action);
            match groups.last_mut().filter(|group| group.label == label) {
                Some(group) => group.choices.push(choice),
                None => groups.push(ActionGroup { label, choices: vec![choice] }),
            }
        }
        groups
    }

    /// An action that is asked for and that this release does not know.
    pub(super) fn other_action(&self) -> Option<&str> {
        let known = ACTIONS.iter().any(|(action, _)| *action == self.action);
        (!known && !self.action.is_empty()).then_some(self.action.as_str())
    }
}

/// A filter that narrows the list.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) label: &'static str,
    pub(super) text: String,
    /// The list without it.
    pub(super) href: String,
}

/// Actions on things of one kind.
#[derive(Debug)]
pub(super) struct ActionGroup {
    pub(super) label: &'static str,
    /// The action, its words, whether it is chosen.
    pub(super) choices: Vec<(&'static str, &'static str, bool)>,
}

/// Whether this is an id, or a kind and an id: whatever else stands here may be a secret.
fn is_id(text: &str) -> bool {
    let kind = |kind: &str| kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    KeyId::parse(text).is_ok()
        || PersonId::parse(text).is_ok()
        || text.split_once(':').is_some_and(|(of, id)| kind(of) && !of.is_empty() && !id.is_empty())
}

/// A day as its beginning, moved; or an instant as it stands.
fn instant(text: &str, after_s: i64) -> Option<Timestamp> {
    if text.contains('T') {
        return Timestamp::parse(text).ok();
    }
    let day = Timestamp::parse(&format!("{text}T00:00:00Z")).ok()?;
    Some(day.plus_seconds(after_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_whole_and_in_utc() {
        let text = |text, after| instant(text, after).map(|at| at.to_string());
        assert_eq!(text("2026-03-01", 0).as_deref(), Some("2026-03-01T00:00:00.000Z"));
        assert_eq!(text("2026-03-01", DAY_S).as_deref(), Some("2026-03-02T00:00:00.000Z"));
        assert_eq!(
            text("2026-03-01T10:00:00Z", DAY_S).as_deref(),
            Some("2026-03-01T10:00:00.000Z")
        );
        assert_eq!(text("yesterday", 0), None);
    }

    #[test]
    fn what_is_no_id_may_be_a_secret() {
        for id in
            ["key_0H7mQXr2vLk9TzB4cWfYpN", "1b080433-352d-46de-97e8-3fb8ef975940", "role:*/admin"]
        {
            assert!(is_id(id), "{id}");
        }
        for text in ["kw_0H7mQXr2vLk9TzB4cWfYpN0H7mQXr2vLk9TzB4", "eyJ.a.b", ":x", "K:x"] {
            assert!(!is_id(text), "{text}");
        }
    }

    #[test]
    fn an_address_keeps_the_filters() {
        let asked = Asked { actor: "vera b".to_owned(), ..Asked::default() };
        assert_eq!(asked.address("/a", &[("x", "1")]), "/a?actor=vera%20b&x=1");
        assert_eq!(Asked::default().address("/a", &[]), "/a");
        let asked = Asked { action: "key.rotate".to_owned(), ..asked };
        let chosen: Vec<_> = asked.chosen("/a", "").into_iter().map(|c| (c.text, c.href)).collect();
        let one = |text: &str, href: &str| (text.to_owned(), href.to_owned());
        let wanted =
            [one("Key rotated", "/a?actor=vera%20b"), one("vera b", "/a?action=key.rotate")];
        assert_eq!(chosen, wanted);
    }
}
