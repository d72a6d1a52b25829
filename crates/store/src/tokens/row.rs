//! A token as a row.

use super::State;
use crate::{Error, Row};
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, PersonId},
    token::{Token, TokenKind},
};
use uuid::Uuid;

pub(super) const LIVE: i64 = 0;
const USED: i64 = 1;
const REVOKED: i64 = 2;

pub(super) fn parts(principal: PrincipalId) -> (i64, [u8; 16]) {
    match principal {
        PrincipalId::Person(id) => (0, *id.0.as_bytes()),
        PrincipalId::Client(id) => (1, *id.0.as_bytes()),
    }
}

pub(super) fn read(row: &Row) -> Result<Token, Error> {
    let uuid = |column| row.bytes(column).map(Uuid::from_bytes);
    Ok(Token {
        digest: row.digest(0)?,
        kind: match row.int(1)? {
            0 => TokenKind::Access,
            1 => TokenKind::Refresh,
            _ => return Err(Error::corrupt("a token of an unknown kind")),
        },
        family: FamilyId(uuid(2)?),
        principal: match row.int(3)? {
            0 => PrincipalId::Person(PersonId(uuid(4)?)),
            1 => PrincipalId::Client(ClientId(uuid(4)?)),
            _ => return Err(Error::corrupt("a token of an unknown kind of principal")),
        },
        client: ClientId(uuid(5)?),
        scope: row.text(6)?,
        issued_at: row.timestamp(7)?,
        expires_at: row.timestamp(8)?,
    })
}

pub(super) fn read_state(row: &Row) -> Result<State, Error> {
    match row.int(9)? {
        LIVE => Ok(State::Live),
        USED => Ok(State::Used {
            at: row.timestamp(10)?,
            client: ClientId(row.bytes(5).map(Uuid::from_bytes)?),
        }),
        REVOKED => Ok(State::Revoked),
        _ => Err(Error::corrupt("a token in an unknown state")),
    }
}
