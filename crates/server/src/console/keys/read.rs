//! What the fields of a key's form say: each is read by itself, and what is wrong with one is said at it.

use super::{
    entries::{Entry, Kind, entries},
    fields::{Fields, PRESETS},
    typed::{self, Typed, Values, local},
};
use crate::console::{
    Faults,
    form::{cut, sentence},
};
use domain::{
    allow_list::AllowList,
    key::{Key, Schedule},
    permission::Permission,
    rate_limit::Limit,
    time::Timestamp,
};
use service::Error;

const DAY_S: i64 = 86_400;
const A_PERMISSION: &str =
    "it has 2 to 6 parts of a-z, 0-9, _ and -, joined by colons; the last may be *";

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Typed {
    /// The values of the fields that there are. `before`: the key that is changed; an instant that stands
    /// as it was shown is kept to the millisecond.
    pub(super) fn read(
        &self,
        fields: &Fields,
        before: Option<&Key>,
        now: Timestamp,
    ) -> Result<Values, Faults> {
        let mut faults = Faults::default();
        let mut values = Values {
            name: self.name.trim().to_owned(),
            description: filled(&self.description),
            enabled: self.enabled || !fields.enabled,
            ..Values::default()
        };
        if values.name.is_empty() && fields.name {
            faults.add("name", "Enter a name.");
        }
        values.permissions = self.read_permissions(fields, &mut faults);
        if fields.expiry {
            let is_new = before.is_none();
            values.expires_at =
                self.read_end(before.and_then(|key| key.expires_at), is_new, now, &mut faults);
            let before = before.and_then(|key| key.starts_at);
            values.starts_at = instant("starts", &self.starts, before, &mut faults);
        }
        if fields.limit {
            values.limit = self.read_limit(&mut faults);
        }
        if fields.rotation {
            values.rotation = self.read_rotation(&mut faults);
        }
        if fields.allow_list {
            values.allow_list = self.read_allow_list(&mut faults);
        }
        if !fields.owners.is_empty() {
            let text = self.owner.trim();
            values.owner = fields.owners.iter().find(|owner| owner.is(text)).map(|owner| owner.id);
            match text {
                _ if values.owner.is_some() => {}
                "" => faults.add("owner", "Choose whose key it is."),
                _ => faults.add("owner", "There is no such person here."),
            }
        }
        if faults.is_empty() { Ok(values) } else { Err(faults) }
    }

    fn read_permissions(&self, fields: &Fields, faults: &mut Faults) -> Vec<Permission> {
        let mut texts: Vec<&str> = Vec::new();
        if !fields.choices.is_empty() {
            texts.extend(self.ticked.iter().map(String::as_str));
            if texts.is_empty() && !fields.writes_permissions {
                faults.add("permission", "Choose what the key may do: one at least.");
            }
        }
        let field = if fields.writes_permissions { "permissions" } else { "permission" };
        if fields.writes_permissions {
            texts.extend(self.permissions.lines().map(str::trim).filter(|line| !line.is_empty()));
        }
        let mut found: Vec<Permission> = Vec::with_capacity(texts.len());
        for text in texts {
            match Permission::parse(text) {
                Ok(permission) if found.contains(&permission) => {}
                Ok(permission) => found.push(permission),
                Err(_) if faults.of(field).is_none() => {
                    faults.add(field, format!("“{}” is no permission: {A_PERMISSION}.", cut(text)));
                }
                Err(_) => {}
            }
        }
        found
    }

    fn read_end(
        &self,
        before: Option<Timestamp>,
        is_new: bool,
        now: Timestamp,
        faults: &mut Faults,
    ) -> Option<Timestamp> {
        match self.life.as_str() {
            // What was typed there was meant; what stands as it was shown was not.
            "never" | "" if !self.expires.trim().is_empty() && !self.shows(before) => {
                let text =
                    "There is a date here, but it is not chosen above: choose it, or clear it.";
                faults.add("expires", text);
                None
            }
            "never" | "" => None,
            "date" if self.expires.trim().is_empty() => {
                faults.add("expires", "Enter the date and time at which the key expires.");
                None
            }
            "date" => {
                let end = instant("expires", &self.expires, before, faults)?;
                if is_new && end <= now {
                    faults.add(
                        "expires",
                        "The expiration date lies in the past: choose a later one.",
                    );
                }
                Some(end)
            }
            days => match PRESETS.into_iter().find(|preset| preset.to_string() == days) {
                Some(days) => Some(now.plus_seconds(i64::from(days) * DAY_S)),
                None => {
                    faults.add("expires", "Choose when the key expires.");
                    None
                }
            },
        }
    }

    /// Whether the field of the end stands as it was shown.
    fn shows(&self, before: Option<Timestamp>) -> bool {
        before.is_some_and(|before| local(before) == self.expires.trim())
    }

    fn read_limit(&self, faults: &mut Faults) -> Option<Limit> {
        let (capacity, frequency) = (self.capacity.trim(), self.frequency.trim());
        if capacity.is_empty() && frequency.is_empty() {
            return None;
        }
        let missing = "Enter how many requests.";
        let capacity = number("capacity", capacity, (missing, "Requests"), faults);
        let missing = "Enter in how many seconds.";
        let frequency = number("frequency", frequency, (missing, "Seconds"), faults);
        let made = Limit::new(capacity?, frequency?).map_err(service::keys::bad_limit);
        made.map_err(|error| add(&error, faults)).ok()
    }

    fn read_rotation(&self, faults: &mut Faults) -> Option<Schedule> {
        let days = self.every_days.trim();
        if days.is_empty() {
            return None;
        }
        let days = number("every-days", days, ("Enter a number of days.", "Days"), faults);
        let missing = "Choose for how long the old secret works on.";
        let overlap = number("overlap", self.overlap.trim(), (missing, "Seconds"), faults);
        let made = service::keys::schedule(days?, overlap?);
        made.map_err(|error| add(&error, faults)).ok()
    }

    fn read_allow_list(&self, faults: &mut Faults) -> AllowList {
        let mut read = |kind: Kind, text: &str| entries(kind, text, faults);
        let texts = |entries: Vec<Entry>| entries.into_iter().filter_map(Entry::text).collect();
        AllowList {
            origins: read(Kind::Origin, &self.origins)
                .into_iter()
                .filter_map(Entry::origin)
                .collect(),
            addresses: read(Kind::Address, &self.addresses)
                .into_iter()
                .filter_map(Entry::address)
                .collect(),
            methods: texts(read(Kind::Method, &self.methods)),
            paths: texts(read(Kind::Path, &self.paths)),
        }
    }
}

/// Reads such a field. What stands as `before` was shown is `before`.
fn instant(
    field: &str,
    text: &str,
    before: Option<Timestamp>,
    faults: &mut Faults,
) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(before) = before.filter(|before| local(*before) == text) {
        return Some(before);
    }
    let read = typed::instant(text);
    if read.is_none() {
        faults.add(field, "Enter a date and a time such as 2027-01-31T17:00, in UTC.");
    }
    read
}

/// Reads a whole number. `missing`: what is said where there is none; `what`: what is counted.
fn number(
    field: &str,
    text: &str,
    (missing, what): (&str, &str),
    faults: &mut Faults,
) -> Option<u32> {
    let read = text.parse::<u32>().ok();
    match read {
        None if text.is_empty() => faults.add(field, missing),
        None => faults.add(field, format!("{what} must be a whole number, such as 60.")),
        Some(_) => {}
    }
    read
}

/// What a use case says of a number, at its field.
fn add(error: &Error, faults: &mut Faults) {
    if let Error::Invalid { field, detail } = error {
        let known = KNOWN.iter().find(|(name, _)| name == field);
        faults.add(known.map_or("name", |(_, form)| *form), sentence(detail));
    }
}

/// The fields by the names that the use cases have for them.
const KNOWN: [(&str, &str); 17] = [
    ("name", "name"),
    ("description", "description"),
    ("permissions", "permissions"),
    ("startsAt", "starts"),
    ("expires", "expires"),
    ("expiry", "expires"),
    ("capacity", "capacity"),
    ("frequency", "frequency"),
    ("limit", "capacity"),
    ("rotation.everyDays", "every-days"),
    ("rotation.overlapSeconds", "overlap"),
    ("allowList", "origins"),
    ("owner", "owner"),
    ("secret", "secret"),
    ("tenant", "new-tenant"),
    ("keyType", "new-type"),
    ("enabled", "enabled"),
];

/// What a use case has against the values, beside the fields of the form.
pub(super) fn faults_of(error: Error, fields: &Fields) -> Result<Faults, crate::failure::Failure> {
    let error = match error {
        Error::Conflict { what: "secret", detail } => Error::invalid("secret", detail),
        other => other,
    };
    let mut known = KNOWN;
    if !fields.writes_permissions
        && let Some(place) = known.iter_mut().find(|(name, _)| *name == "permissions")
    {
        place.1 = "permission";
    }
    Faults::of_error(error, &known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_that_stands_as_it_was_shown_is_kept_to_the_millisecond() {
        let at = Timestamp::from_millis(1_772_366_415_123);
        let mut faults = Faults::default();
        assert_eq!(local(at), "2026-03-01T12:00:15");
        assert_eq!(instant("x", &local(at), Some(at), &mut faults), Some(at));
        let other = instant("x", "2026-03-01T12:00", Some(at), &mut faults);
        assert_eq!(other, Some(Timestamp::from_millis(1_772_366_400_000)));
        assert!(faults.is_empty());
        assert_eq!(instant("x", "soon", None, &mut faults), None);
        assert!(faults.of("x").is_some());
    }
}
