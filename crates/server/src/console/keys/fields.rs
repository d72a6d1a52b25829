//! Which fields the form of a key has: that follows from its type, from whether it is made or changed, and
//! from the policy that governs it.

use super::{
    names,
    owners::{Owner, named, owners},
    permitted::{others, permissions, shown},
};
use crate::{
    app::App,
    console::{
        Visitor,
        when::{When, exact},
    },
    failure::Failure,
};
use domain::{
    id::Scope,
    key::Key,
    key_policy::KeyPolicy,
    key_type::{Format, KeyType, Permissions, Reveal},
    right::Family,
    time::Timestamp,
};
use service::Error;

/// Days from now that are offered as a life.
pub(super) const PRESETS: [u32; 4] = [7, 30, 60, 90];
/// How long an old secret may work on, in seconds.
pub(super) const OVERLAPS: [(u32, &str); 6] = [
    (0, "not at all"),
    (3_600, "1 hour"),
    (86_400, "1 day"),
    (259_200, "3 days"),
    (604_800, "7 days"),
    (2_592_000, "30 days"),
];

/// A permission to tick.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
}

/// A life to choose.
#[derive(Clone, Debug)]
pub(super) struct Preset {
    pub(super) days: u32,
    pub(super) until: When,
}

/// The fields.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a row of switches, read as a table")]
pub(super) struct Fields {
    pub(super) of_type: KeyType,
    /// What people call the type.
    pub(super) type_label: String,
    pub(super) policy: Option<KeyPolicy>,
    /// Whether a key is made; otherwise one is changed.
    pub(super) is_new: bool,
    pub(super) name: bool,
    pub(super) description: bool,
    /// Whether the policy wants one.
    pub(super) description_required: bool,
    /// Permissions to tick.
    pub(super) choices: Vec<Choice>,
    /// Whether others can be written.
    pub(super) writes_permissions: bool,
    /// What it may do, where nobody chooses that.
    pub(super) fixed: Option<String>,
    pub(super) enabled: bool,
    pub(super) expiry: bool,
    pub(super) presets: Vec<Preset>,
    /// What *never* means here; `None`: a key must end.
    pub(super) never: Option<String>,
    pub(super) allow_list: bool,
    /// Whether methods and paths are asked for, too.
    pub(super) requests: bool,
    pub(super) limit: bool,
    pub(super) rotation: bool,
    /// Whether the secret is chosen by whoever makes the key.
    pub(super) secret: bool,
    pub(super) owners: Vec<Owner>,
    /// Whether there are more persons than are offered: one types.
    pub(super) writes_owner: bool,
    scope: Scope,
}

impl Fields {
    /// The fields of a new key of this type, there.
    pub(super) async fn of_new(
        app: &App,
        visitor: &Visitor,
        of_type: KeyType,
        scope: Scope,
    ) -> Result<Self, Failure> {
        let service = app.service();
        let policy = service.governing_key_policy(&visitor.caller, scope, &of_type.name).await?;
        let mut fields = Self::of(visitor, of_type, scope, policy, None);
        if fields.of_type.permissions == Permissions::OwnersRoles {
            (fields.owners, fields.writes_owner) = owners(app, visitor, scope).await?;
        }
        Ok(fields)
    }

    /// The fields of a key that is changed.
    pub(super) async fn of_key(app: &App, visitor: &Visitor, key: &Key) -> Result<Self, Failure> {
        let service = app.service();
        let of_type = service.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)?;
        let policy =
            service.governing_key_policy(&visitor.caller, key.scope, &key.key_type).await?;
        Ok(Self::of(visitor, of_type, key.scope, policy, Some(key)))
    }

    fn of(
        visitor: &Visitor,
        of_type: KeyType,
        scope: Scope,
        policy: Option<KeyPolicy>,
        key: Option<&Key>,
    ) -> Self {
        let now = visitor.now;
        let (settings, actions) = (of_type.settings, of_type.actions);
        let is_new = key.is_none();
        // Of a revoked key the words may change, nothing else.
        let lives = key.is_none_or(|key| !key.is_revoked(now));
        let longest = policy.as_ref().and_then(|policy| policy.longest_life_days);
        let (choices, writes, fixed) = permissions(visitor, &of_type, scope, key);
        let may_choose = lives && (is_new || settings.permissions);
        Self {
            type_label: names::of_type(&of_type.name).to_owned(),
            name: is_new || settings.name,
            description: is_new || settings.description,
            description_required: policy
                .as_ref()
                .is_some_and(|policy| policy.lacks_description(&of_type, None)),
            choices: if may_choose { choices } else { Vec::new() },
            writes_permissions: may_choose && writes,
            fixed: if may_choose { fixed } else { key.map(|key| shown(key, fixed)) },
            enabled: lives && actions.enable,
            expiry: lives && settings.expiry,
            presets: PRESETS
                .into_iter()
                .filter(|days| longest.is_none_or(|most| *days <= most))
                .map(|days| Preset {
                    days,
                    until: When::of(now.plus_seconds(i64::from(days) * 86_400), now),
                })
                .collect(),
            never: never(policy.as_ref(), &of_type, is_new, now),
            allow_list: lives
                && if is_new { of_type.takes_allow_list() } else { settings.allow_list },
            requests: settings.allow_list,
            limit: lives && settings.limit,
            rotation: lives && actions.rotate && of_type.family != Family::ExperienceCloud,
            secret: is_new && matches!(of_type.format, Format::Chosen),
            owners: Vec::new(),
            writes_owner: false,
            scope,
            is_new,
            policy,
            of_type,
        }
    }

    /// The same for a copy: what the source may do can be ticked, too.
    pub(super) fn with_choices_of(mut self, source: &Key) -> Self {
        if !self.choices.is_empty() && !self.writes_permissions {
            let known = |other: &Choice| self.choices.iter().any(|c| c.value == other.value);
            let more: Vec<Choice> = others(source).into_iter().filter(|o| !known(o)).collect();
            self.choices.extend(more);
        }
        self
    }

    /// The same once an owner is named who is not among those that are offered.
    pub(super) async fn with_owner(
        mut self,
        app: &App,
        visitor: &Visitor,
        text: &str,
    ) -> Result<Self, Failure> {
        let text = text.trim();
        let known = self.owners.iter().any(|owner| owner.is(text));
        if self.writes_owner && !known && !text.is_empty() {
            self.owners.extend(named(app, visitor, (self.scope, text)).await?);
        }
        Ok(self)
    }

    /// Whether the button says *Generate token*.
    pub(super) fn generates(&self) -> bool {
        self.of_type.family == Family::ExperienceCloud
    }

    /// Whether the server keeps its secrets.
    pub(super) fn recoverable(&self) -> bool {
        self.of_type.reveal == Reveal::Recoverable
    }

    /// Whether the permissions stay for good once the key is made.
    pub(super) fn permissions_stay(&self) -> bool {
        !self.of_type.settings.permissions
    }

    /// What the policy says of descriptions, lives and numbers, in sentences.
    pub(super) fn policy_says(&self) -> Vec<String> {
        let Some(policy) = &self.policy else { return Vec::new() };
        let mut says = Vec::new();
        if self.of_type.settings.expiry {
            says.extend(policy.longest_life_days.map(|n| format!("A key lives at most {n} days.")));
        }
        says.extend(
            policy.most_keys.map(|n| format!("There may be at most {n} keys of this type.")),
        );
        says.extend(
            policy
                .most_keys_per_person
                .map(|n| format!("One person may have at most {n} of them.")),
        );
        says.extend(
            policy
                .unused_days
                .map(|n| format!("A key that nobody uses for {n} days is held back.")),
        );
        says
    }
}

/// What it means to name no end.
fn never(
    policy: Option<&KeyPolicy>,
    of_type: &KeyType,
    is_new: bool,
    now: Timestamp,
) -> Option<String> {
    let unlimited = Some("Will never expire".to_owned());
    let Some(policy) = policy else { return unlimited };
    if !is_new {
        return if policy.longest_life_days.is_some() { None } else { unlimited };
    }
    match policy.end_of_new(of_type, None, now) {
        Ok(Some(end)) => Some(format!("As the policy says: until {}", exact(end))),
        Ok(None) => unlimited,
        Err(_) => None,
    }
}
