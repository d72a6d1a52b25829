//! The statement of a page of keys, which grows with what narrows the list.

use super::list::{KeyFilter, Position, coverings};
use crate::{like, value::Value};
use domain::{
    id::Scope,
    key::{SOON_DAYS, Standing},
    time::Timestamp,
};

/// A text that grows with its values, which stay apart from it.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) args: Vec<Value>,
}

impl Statement {
    pub(super) fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), args: Vec::new() }
    }

    pub(super) fn text(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    pub(super) fn value(&mut self, value: impl Into<Value>) {
        self.args.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.args.len().to_string());
    }

    pub(super) fn between(
        &mut self,
        scope: Option<Scope>,
        after: Option<Position>,
        end: Option<Position>,
    ) {
        if let Some(scope) = scope {
            self.text(" AND scope = ");
            self.value(scope);
        }
        for (position, compare) in [(after, "<"), (end, ">=")] {
            if let Some(position) = position {
                self.text(" AND (created_at, id) ");
                self.text(compare);
                self.text(" (");
                self.value(position.created_at);
                self.text(", ");
                self.value(*position.id.as_bytes());
                self.text(")");
            }
        }
    }

    pub(super) fn narrow(&mut self, f: &KeyFilter) {
        self.any_of(f.key_types.iter().map(|name| ("key_type = ", name.into())));
        self.status(f);
        if let Some(standing) = f.standing {
            self.standing(standing, f.now);
        }
        match f.acknowledged {
            Some(true) => self.text(" AND acknowledged_at IS NOT NULL"),
            Some(false) => self.text(" AND unacknowledged_since IS NOT NULL"),
            None => {}
        }
        match f.held {
            Some(true) => self.text(" AND held_at IS NOT NULL"),
            Some(false) => self.text(" AND held_at IS NULL"),
            None => {}
        }
        if let Some(search) = &f.search {
            let pattern = like::containing(&search.to_lowercase());
            self.any_of([("search LIKE ", pattern.into())]);
        }
        if let Some(wanted) = &f.permission {
            let patterns = coverings(wanted);
            self.any_of(
                patterns.iter().map(|held| ("permissions LIKE ", like::listing(held).into())),
            );
        }
    }

    /// Adds `AND (condition OR condition …)`, unless there is none.
    fn any_of(&mut self, conditions: impl IntoIterator<Item = (&'static str, Value)>) {
        let mut first = true;
        for (condition, value) in conditions {
            self.text(if first { " AND (" } else { " OR " });
            self.text(condition);
            self.value(value);
            if condition.ends_with("LIKE ") {
                self.text(" ESCAPE '!'");
            }
            first = false;
        }
        if !first {
            self.text(")");
        }
    }

    /// The three states cut the line of `unavailable_at` into parts; what is pressed unites.
    fn status(&mut self, f: &KeyFilter) {
        let soon = f.now.plus_seconds(SOON_DAYS * 86_400);
        match (f.available, f.unavailable, f.soon_unavailable) {
            (false, false, false) | (true, true, _) => {}
            (true, false, _) => {
                self.text(" AND (unavailable_at IS NULL OR unavailable_at > ");
                self.value(f.now);
                self.text(")");
            }
            (false, true, false) => {
                self.text(" AND unavailable_at <= ");
                self.value(f.now);
            }
            (false, true, true) => {
                self.text(" AND unavailable_at <= ");
                self.value(soon);
            }
            (false, false, true) => {
                self.text(" AND unavailable_at > ");
                self.value(f.now);
                self.text(" AND unavailable_at <= ");
                self.value(soon);
            }
        }
    }

    /// What is against a key hides what comes behind it.
    fn standing(&mut self, standing: Standing, now: Timestamp) {
        match standing {
            Standing::Revoked | Standing::Expired => self.text(" AND unavailable_at <= "),
            Standing::Disabled | Standing::Held | Standing::NotYetValid => {
                self.text(" AND (unavailable_at IS NULL OR unavailable_at > ");
            }
        }
        self.value(now);
        match standing {
            Standing::Revoked => {
                self.text(" AND revoked_at <= ");
                self.value(now);
            }
            Standing::Expired => {
                self.text(" AND (revoked_at IS NULL OR revoked_at > ");
                self.value(now);
                self.text(")");
            }
            Standing::Disabled => self.text(") AND NOT enabled"),
            Standing::Held => self.text(") AND enabled AND held_at IS NOT NULL"),
            Standing::NotYetValid => {
                self.text(") AND enabled AND held_at IS NULL AND starts_at > ");
                self.value(now);
            }
        }
    }
}
