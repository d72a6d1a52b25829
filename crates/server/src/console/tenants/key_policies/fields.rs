//! What a form says of a policy.

use crate::console::{Faults, Form};
use domain::{key_policy::KeyPolicy, key_type::KeyType};
use service::key_policies::SetKeyPolicy;

/// Where what a use case says of a member stands in the form.
pub(super) const KNOWN: &[(&str, &str)] = &[
    ("defaultLifeDays", "defaultLifeDays"),
    ("longestLifeDays", "longestLifeDays"),
    ("descriptionRequired", "descriptionRequired"),
    ("mostKeys", "mostKeys"),
    ("mostKeysPerPerson", "mostKeysPerPerson"),
    ("mostNewPerMinute", "mostNewPerMinute"),
    ("unusedDays", "unusedDays"),
];

/// What the fields hold, as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) default_life: String,
    pub(super) longest_life: String,
    pub(super) description_required: bool,
    pub(super) most: String,
    pub(super) most_per_person: String,
    pub(super) most_new: String,
    pub(super) unused: String,
    pub(super) version: String,
    /// Whether keys of the type have an end that could be set.
    pub(super) ends: bool,
    /// Whether they have a description.
    pub(super) speaks: bool,
}

impl Fields {
    /// What is there.
    pub(super) fn of(policy: Option<&KeyPolicy>) -> Self {
        let Some(policy) = policy else { return Self::default() };
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        Self {
            default_life: number(policy.default_life_days),
            longest_life: number(policy.longest_life_days),
            description_required: policy.description_required,
            most: number(policy.most_keys),
            most_per_person: number(policy.most_keys_per_person),
            most_new: number(policy.most_new_per_minute),
            unused: number(policy.unused_days),
            version: policy.version.to_string(),
            ..Self::default()
        }
    }

    /// What was sent.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name: &str| form.text(name).trim().to_owned();
        Self {
            default_life: text("defaultLifeDays"),
            longest_life: text("longestLifeDays"),
            description_required: form.is_on("descriptionRequired"),
            most: text("mostKeys"),
            most_per_person: text("mostKeysPerPerson"),
            most_new: text("mostNewPerMinute"),
            unused: text("unusedDays"),
            version: text("version"),
            ..Self::default()
        }
    }

    /// The fields that a policy for keys of this type has; `None`: for every type.
    pub(super) fn for_type(self, of_type: Option<&KeyType>) -> Self {
        let settings = of_type.map(|of_type| of_type.settings);
        Self {
            ends: settings.is_none_or(|settings| settings.expiry),
            speaks: settings.is_none_or(|settings| settings.description),
            ..self
        }
    }

    /// The policy.
    pub(super) fn wanted(&self) -> Result<SetKeyPolicy, Faults> {
        let mut faults = Faults::default();
        let mut number = |field: &str, text: &str| {
            if text.is_empty() {
                return None;
            }
            let read: Option<u32> = text.parse().ok();
            if read.is_none() {
                faults.add(field, "Must be a whole number, or empty.");
            }
            read
        };
        let wanted = SetKeyPolicy {
            default_life_days: number("defaultLifeDays", &self.default_life),
            longest_life_days: number("longestLifeDays", &self.longest_life),
            description_required: self.description_required,
            most_keys: number("mostKeys", &self.most),
            most_keys_per_person: number("mostKeysPerPerson", &self.most_per_person),
            most_new_per_minute: number("mostNewPerMinute", &self.most_new),
            unused_days: number("unusedDays", &self.unused),
            if_version: self.version.parse().ok(),
        };
        if faults.is_empty() { Ok(wanted) } else { Err(faults) }
    }
}

/// What a policy says, in words.
pub(super) fn in_words(policy: &KeyPolicy) -> Vec<String> {
    let days = |n: u32| if n == 1 { "1 day".to_owned() } else { format!("{n} days") };
    let keys = |n: u32| if n == 1 { "1 key".to_owned() } else { format!("{n} keys") };
    let mut said = Vec::new();
    said.extend(policy.default_life_days.map(|n| format!("a new key ends after {}", days(n))));
    said.extend(policy.longest_life_days.map(|n| format!("lives for {} at most", days(n))));
    said.extend(policy.description_required.then(|| "a description is needed".to_owned()));
    said.extend(policy.most_keys.map(|n| format!("{} at most", keys(n))));
    said.extend(policy.most_keys_per_person.map(|n| format!("{} a person at most", keys(n))));
    said.extend(policy.most_new_per_minute.map(|n| format!("{} a minute at most", keys(n))));
    said.extend(policy.unused_days.map(|n| format!("unused for {}, a key is held back", days(n))));
    said
}
