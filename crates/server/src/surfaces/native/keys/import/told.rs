//! The answer of an import: a line for each record, and one that counts them.

use crate::failure::Failure;
use domain::id::KeyId;
use serde::Serialize;
use service::{Error, keys::Imported};

/// What became of one record: a line of the answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultLine {
    /// The line of the body that the record began on.
    pub(super) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_id: Option<String>,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

#[derive(Serialize, Default)]
pub(super) struct Outcome {
    /// `created`, `exists`, `refused`; of a rehearsal `would-create`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Outcome {
    pub(super) fn of(imported: Imported) -> Self {
        let done = |status, id: Option<KeyId>| Self {
            status,
            id: id.map(|id| id.to_string()),
            ..Self::default()
        };
        match imported {
            Imported::Created(id) => done("created", Some(id)),
            Imported::WouldCreate => done("would-create", None),
            Imported::Exists(id) => done("exists", Some(id)),
            Imported::WouldExist => done("exists", None),
            Imported::Refused(error) => Self::refused(&Failure::Service(error)),
        }
    }

    pub(super) fn refused(failure: &Failure) -> Self {
        let conflict = match failure {
            Failure::Service(Error::Conflict { what, .. }) => Some(*what),
            _ => None,
        };
        let detail = match failure {
            Failure::Service(Error::Invalid { detail, .. }) => detail.clone(),
            other => other.detail().into_owned(),
        };
        Self {
            status: "refused",
            id: None,
            code: Some(failure.code()),
            field: failure.field().or(conflict).map(str::to_owned),
            detail: Some(detail),
        }
    }

    /// A batch answers for each of its keys; this would be a defect.
    pub(super) fn lost() -> Self {
        Self::refused(&Failure::Panic)
    }
}

/// The last line of the answer.
#[derive(Serialize)]
pub(super) struct Last {
    pub(super) summary: Summary,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) records: u64,
    created: u64,
    would_create: u64,
    exists: u64,
    refused: u64,
    pub(super) dry_run: bool,
    /// Whether the whole body was read.
    pub(super) complete: bool,
    /// Why not: a code of the errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stopped: Option<&'static str>,
    /// The first line of which nothing was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_line: Option<u64>,
}

impl Summary {
    pub(super) fn new(dry_run: bool) -> Self {
        Self { dry_run, complete: true, ..Self::default() }
    }

    pub(super) fn add(&mut self, outcome: &Outcome) {
        self.records += 1;
        let count = match outcome.status {
            "created" => &mut self.created,
            "would-create" => &mut self.would_create,
            "exists" => &mut self.exists,
            _ => &mut self.refused,
        };
        *count += 1;
    }
}
