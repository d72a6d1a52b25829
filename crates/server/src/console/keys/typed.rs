//! What somebody typed into the form of a key, and the values that it says.

use super::{
    entries::{Entry, Kind, cut, entries},
    fields::{Fields, OVERLAPS, PRESETS},
};
use crate::console::{Faults, Form, form::sentence};
use domain::{
    allow_list::AllowList,
    id::PersonId,
    key::{Key, Schedule},
    key_type::VERIFY_PERMISSION,
    permission::Permission,
    rate_limit::Limit,
    time::Timestamp,
};
use service::Error;

const DAY_S: i64 = 86_400;

/// The fields as they are shown: all of them text.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) description: String,
    /// Those that were ticked.
    pub(super) ticked: Vec<String>,
    /// Those that were written, one a line.
    pub(super) permissions: String,
    pub(super) enabled: bool,
    /// `never`, `date`, or a number of days.
    pub(super) life: String,
    pub(super) expires: String,
    pub(super) starts: String,
    pub(super) origins: String,
    pub(super) addresses: String,
    pub(super) methods: String,
    pub(super) paths: String,
    pub(super) capacity: String,
    pub(super) frequency: String,
    pub(super) every_days: String,
    pub(super) overlap: String,
    pub(super) owner: String,
}

/// The values that were typed.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) permissions: Vec<Permission>,
    pub(super) enabled: bool,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) limit: Option<Limit>,
    pub(super) rotation: Option<Schedule>,
    pub(super) allow_list: AllowList,
    pub(super) owner: Option<PersonId>,
}

impl Typed {
    /// The fields of a new key before anybody typed.
    pub(super) fn of_new(fields: &Fields) -> Self {
        let limit = fields.of_type.default_limit;
        Self {
            enabled: true,
            life: "never".to_owned(),
            capacity: limit.map(|l| l.capacity().to_string()).unwrap_or_default(),
            frequency: limit.map(|l| l.frequency_s().to_string()).unwrap_or_default(),
            overlap: DAY_S.to_string(),
            ..Self::default()
        }
    }

    /// The fields as a key fills them.
    pub(super) fn of_key(key: &Key) -> Self {
        let lines = |texts: Vec<String>| texts.join("\n");
        let list = &key.allow_list;
        let permissions: Vec<String> =
            key.permissions.iter().map(|p| p.as_str().to_owned()).collect();
        // That one has a box of its own.
        let written = permissions.iter().filter(|p| *p != VERIFY_PERMISSION).cloned().collect();
        let rotation = key.rotation;
        Self {
            name: key.name.clone(),
            description: key.description.clone().unwrap_or_default(),
            permissions: lines(written),
            ticked: permissions,
            enabled: key.enabled,
            life: if key.expires_at.is_some() { "date" } else { "never" }.to_owned(),
            expires: key.expires_at.map(local).unwrap_or_default(),
            starts: key.starts_at.map(local).unwrap_or_default(),
            origins: lines(list.origins.iter().map(ToString::to_string).collect()),
            addresses: lines(list.addresses.iter().map(ToString::to_string).collect()),
            methods: lines(list.methods.clone()),
            paths: lines(list.paths.clone()),
            capacity: key.limit.map(|l| l.capacity().to_string()).unwrap_or_default(),
            frequency: key.limit.map(|l| l.frequency_s().to_string()).unwrap_or_default(),
            every_days: rotation.map(|r| r.every_days.to_string()).unwrap_or_default(),
            overlap: rotation.map_or(DAY_S.to_string(), |r| r.overlap_s.to_string()),
            owner: key.owner.map(|owner| owner.to_string()).unwrap_or_default(),
        }
    }

    /// What was sent. Secrets are no part of it: they are not shown again.
    pub(super) fn of_form(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            name: text("name"),
            description: text("description"),
            ticked: form.all("permission"),
            permissions: text("permissions"),
            enabled: form.is_on("enabled"),
            life: text("life"),
            expires: text("expires"),
            starts: text("starts"),
            origins: text("origins"),
            addresses: text("addresses"),
            methods: text("methods"),
            paths: text("paths"),
            capacity: text("capacity"),
            frequency: text("frequency"),
            every_days: text("every-days"),
            overlap: text("overlap"),
            owner: text("owner"),
        }
    }

    /// Whether this permission is ticked.
    pub(super) fn has(&self, permission: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == permission)
    }

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
            values.owner = PersonId::parse(self.owner.trim()).ok();
            if values.owner.is_none() {
                faults.add("owner", "Choose whose key it is.");
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
            "never" | "" if is_new && !self.expires.trim().is_empty() => {
                let text =
                    "There is a date here, but it is not chosen above: choose it, or clear it.";
                faults.add("expires", text);
                None
            }
            "never" | "" => None,
            "date" if self.expires.trim().is_empty() => {
                faults.add("expires", "Enter a date and a time.");
                None
            }
            "date" => {
                let end = instant("expires", &self.expires, before, faults)?;
                if is_new && end <= now {
                    faults.add("expires", "This lies in the past: choose a later instant.");
                }
                Some(end)
            }
            days => match PRESETS.into_iter().find(|preset| preset.to_string() == days) {
                Some(days) => Some(now.plus_seconds(i64::from(days) * DAY_S)),
                None => {
                    faults.add("expires", "Choose one of these.");
                    None
                }
            },
        }
    }

    fn read_limit(&self, faults: &mut Faults) -> Option<Limit> {
        let (capacity, frequency) = (self.capacity.trim(), self.frequency.trim());
        if capacity.is_empty() && frequency.is_empty() {
            return None;
        }
        let capacity = number("capacity", capacity, "Enter how many requests.", faults);
        let frequency = number("frequency", frequency, "Enter in how many seconds.", faults);
        let made = Limit::new(capacity?, frequency?).map_err(service::keys::bad_limit);
        made.map_err(|error| add(&error, faults)).ok()
    }

    fn read_rotation(&self, faults: &mut Faults) -> Option<Schedule> {
        let days = self.every_days.trim();
        if days.is_empty() {
            return None;
        }
        let days = number("every-days", days, "Enter a number of days.", faults);
        let overlap = number("overlap", self.overlap.trim(), "Choose one of these.", faults);
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

const A_PERMISSION: &str =
    "it has 2 to 6 parts of a-z, 0-9, _ and -, joined by colons; the last may be *";

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An instant as `datetime-local` fields hold it, in UTC.
pub(super) fn local(at: Timestamp) -> String {
    let iso = at.to_string();
    let (to_minute, seconds) = (iso.get(..16), iso.get(17..19));
    let text = if seconds == Some("00") { to_minute } else { iso.get(..19) };
    text.unwrap_or_default().to_owned()
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
    let seconds = if text.len() == 16 { ":00" } else { "" };
    let read = Timestamp::parse(&format!("{text}{seconds}Z"));
    if read.is_err() {
        faults.add(field, "Enter a date and a time such as 2027-01-31T17:00, in UTC.");
    }
    read.ok()
}

fn number(field: &str, text: &str, missing: &str, faults: &mut Faults) -> Option<u32> {
    let read = text.parse::<u32>().ok();
    match read {
        None if text.is_empty() => faults.add(field, missing),
        None => faults.add(field, "This must be a whole number."),
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
    ("tenant", "tenant"),
    ("keyType", "type"),
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

/// Whether a schedule's overlap is none of those that are offered.
pub(super) fn is_odd(overlap: &str) -> bool {
    !overlap.is_empty() && !OVERLAPS.iter().any(|(seconds, _)| seconds.to_string() == overlap)
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
