//! What rights and roles mean to whoever gives them.

use crate::console::form::quoted;
use domain::right::{Right, Rights, Role};

/// Rights over the same things.
pub(in super::super) struct Group {
    pub(in super::super) label: &'static str,
    pub(in super::super) rights: Vec<Given>,
}

/// A right in a form or on a page.
pub(in super::super) struct Given {
    pub(in super::super) name: &'static str,
    pub(in super::super) meaning: String,
    pub(in super::super) given: bool,
}

const GROUPS: [(&str, &str); 4] = [
    ("Nexus.", "Digital Channels keys"),
    ("Callback.", "Callback keys"),
    ("ExperienceCloud.", "Experience Cloud keys"),
    ("Native.", "Keys of other types"),
];
const OTHERS: &str = "Administration and everything else";

/// What a right allows.
pub(in super::super) fn in_words_of(right: Right) -> String {
    quoted(right.meaning())
}

/// The rights of `offered` by what they are over; ticked are those of `given`.
pub(in super::super) fn groups(offered: Rights, given: Rights) -> Vec<Group> {
    let of = |right: Right| GROUPS.iter().find(|(head, _)| right.as_str().starts_with(head));
    let entry = |right: Right| Given {
        name: right.as_str(),
        meaning: in_words_of(right),
        given: given.has(right),
    };
    let labels = GROUPS.iter().map(|(_, label)| *label).chain([OTHERS]);
    let group = |label: &'static str| Group {
        label,
        rights: offered
            .iter()
            .filter(|right| of(*right).map_or(OTHERS, |(_, label)| label) == label)
            .map(entry)
            .collect(),
    };
    labels.map(group).filter(|group| !group.rights.is_empty()).collect()
}

/// What a role is for, in a line.
pub(in super::super) fn in_words(role: &Role) -> String {
    if role.is_seeded() {
        let words = match role.name.as_str() {
            "ops" => "Everything, over the whole installation",
            "admin" => "Everything in its contact center",
            "viewer" => "Sees keys and the audit log, and changes nothing",
            "service" => {
                "For programs: Callback and Digital Channels keys, and whether keys are valid"
            }
            _ => "A NexusOne role: may have a personal key, which carries the role",
        };
        return words.to_owned();
    }
    let mut rights = role.rights.iter().map(in_words_of);
    let first: Vec<String> = rights.by_ref().take(2).collect();
    match (first.is_empty(), rights.count()) {
        (true, _) => "Allows nothing".to_owned(),
        (false, 0) => first.join("; "),
        (false, more) => format!("{}; and {more} more", first.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_in_one_group() {
        let groups = groups(Rights::all(), Rights::NONE);
        let names: Vec<&str> = groups.iter().flat_map(|g| &g.rights).map(|r| r.name).collect();
        assert_eq!(names.len(), Right::ALL.len());
        assert_eq!(groups.len(), GROUPS.len() + 1);
        assert!(groups.iter().flat_map(|g| &g.rights).all(|r| !r.meaning.contains('`')));
    }
}
