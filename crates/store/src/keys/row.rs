//! A key as a row.

use crate::{
    Error, json_list,
    value::{Row, Value},
};
use domain::{
    allow_list::AllowList,
    id::{KeyId, PersonId},
    key::{Key, Rotation},
    permission::Permission,
    rate_limit::Limit,
};

/// How many columns [`read`] reads.
pub(super) const COLUMNS: usize = 25;

/// `SELECT` every column that [`read`] reads, in its order, of `keys k`, and `$more` ones;
/// then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        select!("", $rest)
    };
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT k.id, k.scope, k.key_type, k.name, k.description, k.owner, k.permissions, k.enabled,
                 k.starts_at, k.expires_at, k.revoked_at, k.revoke_reason, k.capacity, k.frequency_s,
                 k.allow_list, k.hint, k.acknowledged_at, k.created_at, k.created_by, k.version,
                 k.rotate_every_days, k.rotate_overlap_s, k.rotate_at, k.secret_ends_at, k.held_at",
            $more,
            " FROM ",
            $rest
        )
    };
}
pub(super) use select;

pub(super) fn read(row: &Row) -> Result<Key, Error> {
    let entries = json_list::read(row.str(14)?)?;
    Ok(Key {
        id: KeyId::from_bytes(row.bytes(0)?),
        scope: row.scope(1)?,
        key_type: row.text(2)?,
        name: row.text(3)?,
        description: row.opt_text(4)?,
        owner: row.opt_uuid(5)?.map(PersonId),
        permissions: json_list::read_as(row.str(6)?, |p| Permission::parse(p).ok())?,
        enabled: row.bool(7)?,
        starts_at: row.opt_timestamp(8)?,
        expires_at: row.opt_timestamp(9)?,
        revoked_at: row.opt_timestamp(10)?,
        revoke_reason: row.opt_text(11)?,
        limit: read_limit(row.opt_u32(12)?, row.opt_u32(13)?)?,
        allow_list: AllowList::from_entries(entries.iter().map(String::as_str))
            .map_err(|_| Error::corrupt("an allow-list cannot be read"))?,
        hint: row.text(15)?,
        acknowledged_at: row.opt_timestamp(16)?,
        created_at: row.timestamp(17)?,
        created_by: row.text(18)?,
        version: row.u32(19)?,
        rotation: read_rotation(row)?,
        secret_ends_at: row.opt_timestamp(23)?,
        held_at: row.opt_timestamp(24)?,
    })
}

/// What both an insert and an update write, as $1 to $17; the id is the last.
pub(super) fn values(key: &Key) -> Vec<Value> {
    vec![
        key.name.as_str().into(),
        key.description.as_deref().into(),
        json_list::write(key.permissions.iter().map(Permission::as_str)).into(),
        key.enabled.into(),
        key.starts_at.into(),
        key.expires_at.into(),
        key.revoked_at.into(),
        key.revoke_reason.as_deref().into(),
        key.limit.map(Limit::capacity).into(),
        key.limit.map(Limit::frequency_s).into(),
        json_list::write(key.allow_list.entries()).into(),
        key.hint.as_str().into(),
        key.acknowledged_at.into(),
        key.version.into(),
        key.unavailable_at().into(),
        search_text(key).into(),
        key.id.as_bytes().into(),
    ]
}

/// What a search looks through. A name has no line break, so nothing is found across the border.
fn search_text(key: &Key) -> String {
    format!("{}\n{}", key.name.to_lowercase(), key.created_by.to_lowercase())
}

/// The columns of its schedule, in the order in which they are read.
pub(super) fn schedule(key: &Key) -> [Value; 3] {
    let rotation = key.rotation;
    [
        rotation.map(|r| u32::from(r.every_days)).into(),
        rotation.map(|r| r.overlap_s).into(),
        rotation.map(|r| r.due_at).into(),
    ]
}

fn read_rotation(row: &Row) -> Result<Option<Rotation>, Error> {
    let half = || Error::corrupt("half of a schedule of rotation");
    match (row.opt_u32(20)?, row.opt_u32(21)?, row.opt_timestamp(22)?) {
        (None, None, None) => Ok(None),
        (Some(days), Some(overlap_s), Some(due_at)) => {
            let every_days = u16::try_from(days).map_err(|_| half())?;
            Ok(Some(Rotation { every_days, overlap_s, due_at }))
        }
        _ => Err(half()),
    }
}

fn read_limit(capacity: Option<u32>, frequency_s: Option<u32>) -> Result<Option<Limit>, Error> {
    match (capacity, frequency_s) {
        (None, None) => Ok(None),
        (Some(capacity), Some(frequency_s)) => Limit::new(capacity, frequency_s)
            .map(Some)
            .map_err(|_| Error::corrupt("a limit is out of range")),
        _ => Err(Error::corrupt("half of a limit")),
    }
}
