//! What came of a restore, and the words for it.

use super::LIST_FILE;
use domain::time::Timestamp;
use service::restore::Merged;
use std::{fmt::Write as _, path::Path};

/// What came of it.
pub(super) struct Outcome {
    pub(super) taken_at: Timestamp,
    pub(super) merged: Merged,
    pub(super) proven: bool,
    pub(super) named: bool,
    pub(super) live_keys: u64,
    pub(super) remarks: Vec<String>,
}

impl Outcome {
    /// For the operator.
    pub(super) fn text(&self, dir: &Path, aside: Option<&Path>) -> String {
        let Self { taken_at, merged, proven, named, live_keys, remarks } = self;
        let mut text = String::new();
        for remark in remarks {
            let _ = writeln!(text, "{remark}");
        }
        let _ = writeln!(text, "restored `{}` as it was at {taken_at}", dir.display());
        if let Some(aside) = aside {
            let _ = writeln!(text, "the database that was there is in `{}`", aside.display());
        }
        let Merged { keys, persons, clients, tenants, roles, rules, lost_keys } = merged;
        let _ = writeln!(
            text,
            "ended since, and kept so: {keys} keys, {persons} persons, {clients} clients, {tenants} tenants, \
         {roles} roles, {rules} rules of the gateway; \
         made since, and lost: {lost_keys} keys\nevery token is ended: all sign in anew"
        );
        if *proven {
            text.push_str("nothing that ended since works again\n");
            return text;
        }
        let list = dir.join(LIST_FILE);
        let _ = writeln!(
            text,
            "what ended after {taken_at} and stands in no database named here may work again: {live_keys} \
         live keys are listed in `{}`",
            list.display()
        );
        if !named {
            let _ = writeln!(
                text,
                "`keyward serve` refuses until that is said: `keyward restore --data-dir {} \
                 --accept-loss {taken_at}`",
                dir.display()
            );
        }
        text
    }
}
