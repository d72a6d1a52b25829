//! How many keys there are, for policies that say how many there may be.

use crate::{Error, Read, value::Value};
use domain::{
    id::{PersonId, Scope},
    time::Timestamp,
};

/// Whose keys are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CountedOf<'a> {
    /// All of the scope.
    Everybody,
    /// Those that belong to this person.
    Owner(PersonId),
    /// Those that whoever has this name made.
    Maker(&'a str),
}

/// How many keys of a type are there that are neither deleted nor revoked nor past their end at `at`;
/// counts no further than `most`. A key whose secret ended, because nobody rotated it, is there: a
/// rotation brings it back.
///
/// # Errors
/// The database fails.
pub fn count_live(
    r: &mut Read,
    (scope, key_type): (Scope, &str),
    of: CountedOf<'_>,
    at: Timestamp,
    most: u32,
) -> Result<u32, Error> {
    let args = [scope.into(), key_type.into(), at.into(), most.into()];
    let with = |who: Value| [args.as_slice(), &[who]].concat();
    let row = match of {
        CountedOf::Everybody => r.query_one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM keys WHERE scope = $1 AND key_type = $2
                 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
                 AND (revoked_at IS NULL OR revoked_at > $3) LIMIT $4) counted",
            &args,
        ),
        CountedOf::Owner(owner) => r.query_one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM keys WHERE scope = $1 AND key_type = $2
                 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
                 AND (revoked_at IS NULL OR revoked_at > $3) AND owner = $5 LIMIT $4) counted",
            &with(owner.into()),
        ),
        CountedOf::Maker(name) => r.query_one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM keys WHERE scope = $1 AND key_type = $2
                 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
                 AND (revoked_at IS NULL OR revoked_at > $3) AND created_by = $5 LIMIT $4) counted",
            &with(name.into()),
        ),
    }?;
    row.map_or(Ok(0), |row| row.u32(0))
}

/// When the `nth` newest key of a type was made, if that was after `since`; deleted ones are among them,
/// what imports brought is not.
///
/// # Errors
/// The database fails.
pub fn nth_newest(
    r: &mut Read,
    (scope, key_type): (Scope, &str),
    since: Timestamp,
    nth: u32,
) -> Result<Option<Timestamp>, Error> {
    r.query_one(
        "SELECT made.created_at FROM (
             SELECT id, created_at FROM keys
             WHERE scope = $1 AND created_at > $3 AND key_type = $2 AND deleted_at IS NULL
             UNION ALL
             SELECT id, created_at FROM keys
             WHERE scope = $1 AND created_at > $3 AND key_type = $2 AND deleted_at IS NOT NULL) made
         WHERE NOT EXISTS (SELECT 1 FROM key_imports i WHERE i.key_id = made.id)
         ORDER BY made.created_at DESC LIMIT 1 OFFSET $4",
        &[scope.into(), key_type.into(), since.into(), nth.saturating_sub(1).into()],
    )?
    .map(|row| row.timestamp(0))
    .transpose()
}
