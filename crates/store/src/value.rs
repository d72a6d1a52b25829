//! What goes into a statement and what comes out of a row, the same for both databases.

use crate::error::Error;
use domain::{
    id::{ClientId, EnvironmentId, FamilyId, IssuerId, KeyId, PersonId, Scope, TenantId},
    secret::SecretDigest,
    time::Timestamp,
};
use std::fmt;
use uuid::Uuid;

/// One value of a statement or a row.
#[derive(Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// Says the kind alone: a value may be sealed, or a person's.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Text(_) => "Text",
            Self::Blob(_) => "Blob",
        })
    }
}

macro_rules! from {
    ($($type:ty: $value:ident => $made:expr;)+) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self { $made }
        })+
    };
}

from! {
    bool: v => Self::Bool(v);
    i64: v => Self::Int(v);
    i32: v => Self::Int(v.into());
    u32: v => Self::Int(v.into());
    u8: v => Self::Int(v.into());
    &str: v => Self::Text(v.to_owned());
    String: v => Self::Text(v);
    &String: v => Self::Text(v.clone());
    Vec<u8>: v => Self::Blob(v);
    &[u8]: v => Self::Blob(v.to_vec());
    Timestamp: v => Self::Int(v.as_millis());
    Uuid: v => Self::Text(v.hyphenated().to_string());
    TenantId: v => v.0.into();
    EnvironmentId: v => v.0.into();
    PersonId: v => v.0.into();
    ClientId: v => v.0.into();
    FamilyId: v => v.0.into();
    IssuerId: v => v.0.into();
    KeyId: v => Self::Blob(v.as_bytes().to_vec());
    Scope: v => Self::Text(v.to_string());
    SecretDigest: v => Self::Blob(v.as_bytes().to_vec());
    &SecretDigest: v => Self::Blob(v.as_bytes().to_vec());
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer. Columns are read by position; what is not as expected is
/// [`Error::Corrupt`] and names the column.
pub(crate) struct Row(pub(crate) Vec<Value>);

#[allow(dead_code, reason = "one reader a type, whether a table has such a column today or not")]
impl Row {
    fn at(&self, column: usize) -> Result<&Value, Error> {
        self.0.get(column).ok_or_else(|| Error::corrupt(format!("there is no column {column}")))
    }

    pub(crate) fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), Some(Value::Null))
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, Error> {
        let found = self.at(column)?;
        if let Value::Int(n) = found { Ok(*n) } else { Err(unexpected(column, "a number", found)) }
    }

    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>, Error> {
        self.unless_null(column, Self::int)
    }

    pub(crate) fn i32(&self, column: usize) -> Result<i32, Error> {
        i32::try_from(self.int(column)?).map_err(|_| out_of_range(column))
    }

    pub(crate) fn u32(&self, column: usize) -> Result<u32, Error> {
        u32::try_from(self.int(column)?).map_err(|_| out_of_range(column))
    }

    pub(crate) fn opt_u32(&self, column: usize) -> Result<Option<u32>, Error> {
        self.unless_null(column, Self::u32)
    }

    pub(crate) fn u8(&self, column: usize) -> Result<u8, Error> {
        u8::try_from(self.int(column)?).map_err(|_| out_of_range(column))
    }

    /// SQLite has no booleans and gives back 0 or 1.
    pub(crate) fn bool(&self, column: usize) -> Result<bool, Error> {
        match self.at(column)? {
            Value::Bool(b) => Ok(*b),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other @ (Value::Null | Value::Int(_) | Value::Text(_) | Value::Blob(_)) => {
                Err(unexpected(column, "a switch", other))
            }
        }
    }

    pub(crate) fn str(&self, column: usize) -> Result<&str, Error> {
        let found = self.at(column)?;
        if let Value::Text(text) = found {
            Ok(text)
        } else {
            Err(unexpected(column, "a text", found))
        }
    }

    pub(crate) fn opt_str(&self, column: usize) -> Result<Option<&str>, Error> {
        self.unless_null(column, Self::str)
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, Error> {
        self.str(column).map(str::to_owned)
    }

    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<String>, Error> {
        self.unless_null(column, Self::text)
    }

    pub(crate) fn slice(&self, column: usize) -> Result<&[u8], Error> {
        let found = self.at(column)?;
        if let Value::Blob(bytes) = found {
            Ok(bytes)
        } else {
            Err(unexpected(column, "bytes", found))
        }
    }

    pub(crate) fn blob(&self, column: usize) -> Result<Vec<u8>, Error> {
        self.slice(column).map(<[u8]>::to_vec)
    }

    pub(crate) fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, Error> {
        self.unless_null(column, Self::blob)
    }

    pub(crate) fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], Error> {
        self.slice(column)?
            .try_into()
            .map_err(|_| Error::corrupt(format!("column {column} is not of {N} bytes")))
    }

    pub(crate) fn digest(&self, column: usize) -> Result<SecretDigest, Error> {
        self.bytes(column).map(SecretDigest::from_bytes)
    }

    pub(crate) fn uuid(&self, column: usize) -> Result<Uuid, Error> {
        Uuid::try_parse(self.str(column)?).map_err(|_| not_an_id(column))
    }

    pub(crate) fn opt_uuid(&self, column: usize) -> Result<Option<Uuid>, Error> {
        self.unless_null(column, Self::uuid)
    }

    pub(crate) fn key_id(&self, column: usize) -> Result<KeyId, Error> {
        self.bytes(column).map(KeyId::from_bytes)
    }

    pub(crate) fn scope(&self, column: usize) -> Result<Scope, Error> {
        Scope::parse(self.str(column)?).map_err(|_| not_an_id(column))
    }

    pub(crate) fn timestamp(&self, column: usize) -> Result<Timestamp, Error> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn opt_timestamp(&self, column: usize) -> Result<Option<Timestamp>, Error> {
        self.unless_null(column, Self::timestamp)
    }

    fn unless_null<'a, T>(
        &'a self,
        column: usize,
        read: impl FnOnce(&'a Self, usize) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if *self.at(column)? == Value::Null { Ok(None) } else { read(self, column).map(Some) }
    }
}

fn unexpected(column: usize, wanted: &str, found: &Value) -> Error {
    Error::corrupt(format!("column {column} is {found:?}, not {wanted}"))
}

fn out_of_range(column: usize) -> Error {
    Error::corrupt(format!("the number in column {column} is out of range"))
}

fn not_an_id(column: usize) -> Error {
    Error::corrupt(format!("column {column} is not an id"))
}
