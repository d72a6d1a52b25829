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

/// Whether a schedule's overlap is none of those that are offered.
pub(super) fn is_odd(overlap: &str) -> bool {
    !overlap.is_empty() && !OVERLAPS.iter().any(|(seconds, _)| seconds.to_string() == overlap)
}
