//! A key that exists already, as a line of JSON or a row of CSV describes it.

use super::super::{
    allow_list::AllowListBody,
    wire::{self, WholeLimit},
};
use crate::{extract::json, failure::Failure};
use domain::{id::Scope, secret::Secret};
use serde::Deserialize;
use service::{
    Error,
    keys::{CreateKey, Given, ImportKey},
};

/// A line of NDJSON.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Item {
    /// The name of the key's type.
    key_type: String,
    /// A tenant's id, or `*`.
    tenant: String,
    name: String,
    /// The secret itself.
    #[serde(default)]
    secret: Option<String>,
    /// Its SHA-256, in 64 hexadecimal digits or base64, with `sha256:` before it or without.
    #[serde(default)]
    digest: Option<String>,
    /// How the key is shown where only a digest is given.
    #[serde(default)]
    hint: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    starts_at: Option<String>,
    #[serde(default)]
    expires: Option<String>,
    #[serde(default)]
    revoked: Option<String>,
    #[serde(default)]
    limit: Option<WholeLimit>,
    #[serde(default)]
    allow_list: Option<AllowListBody>,
    /// When it was made.
    #[serde(default)]
    created: Option<String>,
    /// Who made it.
    #[serde(default)]
    created_by: Option<String>,
    /// Comes back beside the key's id; it is not kept.
    #[serde(default)]
    external_id: Option<String>,
}

/// The longest name that another system may have for a key.
const MAX_EXTERNAL_ID_CHARS: usize = 255;

/// What was read of a record, and what the sender calls it.
pub(super) struct Read {
    pub(super) external_id: Option<String>,
    pub(super) key: Result<ImportKey, Failure>,
}

impl Item {
    /// Reads a line of NDJSON.
    pub(super) fn of_json(text: &[u8]) -> Read {
        match json::strict::<Self>(text) {
            Ok(item) => item.read(),
            Err(failure) => Read { external_id: None, key: Err(failure) },
        }
    }

    pub(super) fn read(mut self) -> Read {
        let external_id = self.external_id.take();
        if external_id.as_ref().is_some_and(|id| id.chars().count() > MAX_EXTERNAL_ID_CHARS) {
            let detail = format!("must have at most {MAX_EXTERNAL_ID_CHARS} characters");
            let key = Err(Error::invalid("externalId", detail).into());
            return Read { external_id: None, key };
        }
        Read { external_id, key: self.into_key().map_err(Failure::Service) }
    }

    fn into_key(self) -> Result<ImportKey, Error> {
        let at = |field, text: &Option<String>| {
            text.as_deref().map(|t| wire::instant(field, t)).transpose()
        };
        let given = Given::read(self.secret.map(Secret::new), self.digest.as_deref())?;
        let wanted = CreateKey {
            scope: Scope::parse(&self.tenant)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
            permissions: wire::permissions(&self.permissions)?,
            enabled: self.enabled.unwrap_or(true),
            starts_at: at("startsAt", &self.starts_at)?,
            expires_at: at("expires", &self.expires)?,
            rotation: None,
            revoked_at: at("revoked", &self.revoked)?,
            limit: self.limit.map(|limit| limit.read()).transpose()?,
            allow_list: self.allow_list.unwrap_or_default().read()?,
            owner: None,
            secret: None,
            key_type: self.key_type,
            name: self.name,
            description: self.description,
        };
        Ok(ImportKey {
            wanted,
            given,
            hint: self.hint,
            created_at: at("created", &self.created)?,
            created_by: self.created_by,
        })
    }
}

/// The columns of a file of CSV, as its first record names them.
pub(super) struct Columns(Vec<Column>);

type Column = fn(&mut Sheet, &str) -> Result<(), Error>;

/// A row on its way: what stands in one column there is a part of a member here.
#[derive(Default)]
struct Sheet {
    item: Item,
    capacity: Option<u32>,
    frequency: Option<u32>,
}

fn number(field: &'static str, text: &str) -> Result<Option<u32>, Error> {
    text.parse().map(Some).map_err(|_| Error::invalid(field, "must be a whole number"))
}

fn switch(field: &'static str, text: &str) -> Result<bool, Error> {
    text.parse().map_err(|_| Error::invalid(field, "must be `true` or `false`"))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// How a column that is called so is read.
fn column(name: &str) -> Option<Column> {
    macro_rules! set {
        ($sheet:ident, $text:ident, $set:expr) => {
            |$sheet, $text| {
                $set;
                Ok(())
            }
        };
    }
    macro_rules! text {
        ($member:ident) => {
            set!(sheet, text, sheet.item.$member = Some(text.to_owned()))
        };
    }
    macro_rules! entries {
        ($member:ident) => {
            set!(sheet, text, sheet.item.allow_list.get_or_insert_default().$member = words(text))
        };
    }
    Some(match name {
        "keyType" => set!(sheet, text, text.clone_into(&mut sheet.item.key_type)),
        "tenant" => set!(sheet, text, text.clone_into(&mut sheet.item.tenant)),
        "name" => set!(sheet, text, text.clone_into(&mut sheet.item.name)),
        "secret" => text!(secret),
        "digest" => text!(digest),
        "hint" => text!(hint),
        "description" => text!(description),
        "permissions" => set!(sheet, text, sheet.item.permissions = words(text)),
        "enabled" => set!(sheet, text, sheet.item.enabled = Some(switch("enabled", text)?)),
        "startsAt" => text!(starts_at),
        "expires" => text!(expires),
        "revoked" => text!(revoked),
        "capacity" => set!(sheet, text, sheet.capacity = number("capacity", text)?),
        "frequency" => set!(sheet, text, sheet.frequency = number("frequency", text)?),
        "origins" => entries!(origins),
        "addresses" => entries!(addresses),
        "methods" => entries!(methods),
        "paths" => entries!(paths),
        "created" => text!(created),
        "createdBy" => text!(created_by),
        "externalId" => text!(external_id),
        _ => return None,
    })
}

impl Columns {
    /// Reads the first record of a file.
    pub(super) fn read(text: &[u8]) -> Result<Self, Failure> {
        // Spreadsheets write a byte order mark.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let names = record(text)?;
        let mut columns = Vec::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            let name = name.trim();
            let repeated = names.iter().take(place).any(|earlier| earlier.trim() == name);
            match column(name) {
                Some(column) if !repeated => columns.push(column),
                _ => {
                    let detail = format!(
                        "the first line must name columns, each once: not so number {}",
                        place + 1
                    );
                    return Err(Failure::BadJson { field: None, detail });
                }
            }
        }
        Ok(Self(columns))
    }

    /// Reads a row; what is empty counts as absent.
    pub(super) fn item(&self, text: &[u8]) -> Read {
        match self.sheet(text) {
            Ok(item) => item.read(),
            Err(failure) => Read { external_id: None, key: Err(failure) },
        }
    }

    fn sheet(&self, text: &[u8]) -> Result<Item, Failure> {
        let cells = record(text)?;
        if cells.len() != self.0.len() {
            let detail = format!("the row must have {} cells", self.0.len());
            return Err(Failure::BadJson { field: None, detail });
        }
        let mut sheet = Sheet::default();
        for (column, cell) in self.0.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty()) {
            column(&mut sheet, cell)?;
        }
        sheet.item.limit = match (sheet.capacity, sheet.frequency) {
            (None, None) => None,
            (Some(capacity), Some(frequency)) => Some(WholeLimit { capacity, frequency }),
            (None, Some(_)) => return Err(Error::invalid("capacity", "is missing").into()),
            (Some(_), None) => return Err(Error::invalid("frequency", "is missing").into()),
        };
        Ok(sheet.item)
    }
}

/// One record of CSV (RFC 4180).
fn record(text: &[u8]) -> Result<csv::StringRecord, Failure> {
    let bad = || Failure::BadJson { field: None, detail: "the row is not CSV in UTF-8".to_owned() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.records().next().and_then(Result::ok).ok_or_else(bad)
}
