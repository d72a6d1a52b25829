//! The audit log: reading it, and finding out whether it is whole. It is written by the transactions
//! of the changes alone.

mod check;
mod export;
mod list;
mod verify;

pub use check::CheckedAudit;
pub use export::AuditExport;
pub use list::{AuditEntry, AuditPage, ListAudit, MAX_PAGE};
pub use verify::{AuditCheck, KnownHead};
