//! A key as a managed thing, without its secret.

mod rotation;
mod standing;

pub use rotation::{BadSchedule, MAX_EVERY_DAYS, MAX_OVERLAP_S, Rotation, Schedule};
pub use standing::Standing;

use crate::{
    allow_list::AllowList,
    audit::{Fact, Facts},
    id::{KeyId, PersonId, Scope},
    permission::Permission,
    rate_limit::Limit,
    time::Timestamp,
};

/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 255;
/// Longest description, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 1000;
/// "Soon unavailable": revoked or expired within this many days.
pub const SOON_DAYS: i64 = 30;

/// A key. Everything here may be shown to whoever may see the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its public id.
    pub id: KeyId,
    /// The tenant it belongs to, or the cluster.
    pub scope: Scope,
    /// The name of its type.
    pub key_type: String,
    /// The name that people gave it; names need not be unique.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The person it belongs to (personal keys).
    pub owner: Option<PersonId>,
    /// What it may do, in the order given at creation.
    pub permissions: Vec<Permission>,
    /// The reversible switch.
    pub enabled: bool,
    /// Not valid before.
    pub starts_at: Option<Timestamp>,
    /// Not valid from this instant on.
    pub expires_at: Option<Timestamp>,
    /// Revoked for good from this instant on; may lie in the future.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub revoke_reason: Option<String>,
    /// Its limit.
    pub limit: Option<Limit>,
    /// From where, and for what, it is accepted.
    pub allow_list: AllowList,
    /// Prefix and last four characters of the current secret.
    pub hint: String,
    /// When its creator recorded that the secret was stored (types shown once).
    pub acknowledged_at: Option<Timestamp>,
    /// The schedule by which it gets new secrets.
    pub rotation: Option<Rotation>,
    /// When the current secret ends unless the key is rotated before: of types shown once, on a
    /// schedule.
    pub secret_ends_at: Option<Timestamp>,
    /// Since when its tenant's policy holds it back, because nobody used it.
    pub held_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: a user name without its tenant part, or a `client_id`.
    pub created_by: String,
    /// Counts the changes; the ETag. Starts at 1.
    pub version: u32,
}

/// Where a key stands in the lists: what the Status filter tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Availability {
    /// Neither revoked nor expired; a disabled key is available, its switch off.
    Available,
    /// Available, but will be revoked or expire within 30 days.
    SoonUnavailable,
    /// Revoked or expired.
    Unavailable,
}

impl Key {
    /// The instant from which it is expired: its own end, or that of a secret that nobody rotates.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        [self.expires_at, self.secret_ends_at].into_iter().flatten().min()
    }

    /// The instant from which it is revoked or expired, whichever comes first.
    #[must_use]
    pub fn unavailable_at(&self) -> Option<Timestamp> {
        [self.ends_at(), self.revoked_at].into_iter().flatten().min()
    }

    /// Where it stands at `now`.
    #[must_use]
    pub fn availability(&self, now: Timestamp) -> Availability {
        match self.unavailable_at() {
            Some(at) if at <= now => Availability::Unavailable,
            Some(at) if at <= now.plus_seconds(SOON_DAYS * 86_400) => Availability::SoonUnavailable,
            _ => Availability::Available,
        }
    }

    /// Whether it is revoked at `now`, for good.
    #[must_use]
    pub fn is_revoked(&self, now: Timestamp) -> bool {
        self.revoked_at.is_some_and(|at| at <= now)
    }

    /// Everything that the audit log says of a key; the secret is not among it.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let instant = |at: Option<Timestamp>| at.map_or(Fact::Null, |t| Fact::Text(t.to_string()));
        let text = |t: &Option<String>| t.clone().map_or(Fact::Null, Fact::Text);
        let mut facts = vec![
            ("keyType", Fact::Text(self.key_type.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("name", Fact::Text(self.name.clone())),
            ("description", text(&self.description)),
            ("owner", self.owner.map_or(Fact::Null, |o| Fact::Text(o.to_string()))),
            (
                "permissions",
                Fact::List(self.permissions.iter().map(|p| p.as_str().to_owned()).collect()),
            ),
            ("enabled", Fact::Bool(self.enabled)),
            ("startsAt", instant(self.starts_at)),
            ("expiresAt", instant(self.expires_at)),
            ("revokedAt", instant(self.revoked_at)),
            ("revokeReason", text(&self.revoke_reason)),
            ("capacity", self.limit.map_or(Fact::Null, |l| Fact::Int(l.capacity().into()))),
            ("frequency", self.limit.map_or(Fact::Null, |l| Fact::Int(l.frequency_s().into()))),
            ("allowList", Fact::List(self.allow_list.entries())),
            ("hint", Fact::Text(self.hint.clone())),
            ("acknowledgedAt", instant(self.acknowledged_at)),
            ("createdAt", Fact::Text(self.created_at.to_string())),
            ("createdBy", Fact::Text(self.created_by.clone())),
        ];
        // Left out where there is nothing to say: events of earlier releases must still say the same.
        if let Some(rotation) = self.rotation {
            facts.push(("rotateEveryDays", Fact::Int(rotation.every_days.into())));
            facts.push(("rotateOverlapSeconds", Fact::Int(rotation.overlap_s.into())));
            facts.push(("rotateAt", Fact::Text(rotation.due_at.to_string())));
        }
        if self.secret_ends_at.is_some() {
            facts.push(("secretEndsAt", instant(self.secret_ends_at)));
        }
        if self.held_at.is_some() {
            facts.push(("heldAt", instant(self.held_at)));
        }
        facts.push(("version", Fact::Int(self.version.into())));
        facts
    }
}

/// The days that are left until `end`, a day that has begun counting whole; 0 once it has passed.
#[must_use]
pub fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    let left = end.as_millis().saturating_sub(now.as_millis()).max(0);
    left / DAY_MS + i64::from(left % DAY_MS > 0)
}

/// Why a name cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadName;

/// Checks a name: 1 to 255 characters, not only white space, no control characters.
///
/// # Errors
/// The name breaks one of these rules.
pub fn check_name(name: &str) -> Result<(), BadName> {
    let chars = name.chars().count();
    if chars == 0
        || chars > MAX_NAME_CHARS
        || name.trim().is_empty()
        || name.chars().any(char::is_control)
    {
        return Err(BadName);
    }
    Ok(())
}
