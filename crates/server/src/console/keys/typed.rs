//! What somebody typed into the form of a key, and the values that it says.

use super::fields::{Fields, OVERLAPS};
use crate::console::Form;
use domain::{
    allow_list::AllowList,
    id::PersonId,
    key::{Key, Schedule},
    key_type::VERIFY_PERMISSION,
    permission::Permission,
    rate_limit::Limit,
    time::Timestamp,
};

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
}

/// An instant as `datetime-local` fields hold it, in UTC.
pub(super) fn local(at: Timestamp) -> String {
    let iso = at.to_string();
    let (to_minute, seconds) = (iso.get(..16), iso.get(17..19));
    let text = if seconds == Some("00") { to_minute } else { iso.get(..19) };
    text.unwrap_or_default().to_owned()
}

/// The instant that such a field says, or that somebody wrote as programs do; without a zone it is in UTC.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let has_zone = text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-']));
    let whole = match text.len() {
        16 if !has_zone => format!("{text}:00Z"),
        _ if !has_zone => format!("{text}Z"),
        _ => text.to_owned(),
    };
    Timestamp::parse(&whole).ok()
}

/// Whether a schedule's overlap is none of those that are offered.
pub(super) fn is_odd(overlap: &str) -> bool {
    !overlap.is_empty() && !OVERLAPS.iter().any(|(seconds, _)| seconds.to_string() == overlap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_browsers_and_programs_write_it() {
        let wanted = Timestamp::parse("2027-01-31T08:30:00Z").ok();
        assert!(wanted.is_some());
        for text in [
            "2027-01-31T08:30",
            "2027-01-31T08:30:00",
            "2027-01-31T08:30:00.000",
            " 2027-01-31T09:30:00+01:00 ",
        ] {
            assert_eq!(instant(text), wanted, "{text}");
        }
        for text in ["tomorrow", "", "2027-01-31", "2027-13-31T08:30", "é-01-31T08:30:00"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
