//! Walks through the configuration file and checks each member's name, so that an error can name
//! the line.

use super::{
    Error, definition,
    layers::{Given, Layers, Source},
    path::{Path, Step, join, with, written},
    source::Environment,
};
use std::{collections::BTreeSet, path::Path as FilePath, sync::Arc};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A file's text on its way into the layers.
pub(super) struct File<'a> {
    path: Arc<FilePath>,
    text: &'a str,
    environment: &'a Environment,
}

impl<'a> File<'a> {
    pub(super) fn new(path: &FilePath, text: &'a str, environment: &'a Environment) -> Self {
        Self { path: Arc::from(path), text, environment }
    }

    /// Puts every value of the file in its place.
    pub(super) fn add_to(&self, layers: &mut Layers) -> Result<(), Error> {
        let table = DeTable::parse(self.text).map_err(|e| {
            let line = e.span().map_or(1, |span| self.line(span.start));
            // Only the message: the error's own display quotes the line, which may hold a secret.
            Error::new(format!("{}: {}", self.place(line), e.message()))
        })?;
        self.table(layers, table.get_ref(), "", &Path::new())
    }

    fn table(
        &self,
        layers: &mut Layers,
        table: &DeTable<'_>,
        pattern: &str,
        path: &Path,
    ) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for (name, value) in table {
            let line = self.line(name.span().start);
            let name = definition::spelt(pattern, name.get_ref());
            let path = with(path, Step::Name(name.to_string()));
            self.value(layers, value, &join(pattern, &name), &path, line)?;
            if !seen.insert(name) {
                let twice = format!("`{}` is given in both spellings", written(&path));
                return Err(Error::new(format!("{}: {twice}", self.place(line))));
            }
        }
        Ok(())
    }

    fn value(
        &self,
        layers: &mut Layers,
        value: &Spanned<DeValue<'_>>,
        pattern: &str,
        path: &Path,
        line: usize,
    ) -> Result<(), Error> {
        let refused = |line, what: &str| {
            Error::new(format!("{}: `{}` must be {what}", self.place(line), written(path)))
        };
        let is_list = definition::has_below(pattern, "[].");
        if let (DeValue::Array(items), true) = (value.get_ref(), is_list) {
            for (at, item) in items.iter().enumerate() {
                let table = item
                    .get_ref()
                    .as_table()
                    .ok_or_else(|| refused(self.line(item.span().start), "a list of tables"))?;
                let path = with(path, Step::At(at));
                self.table(layers, table, &format!("{pattern}[]"), &path)?;
            }
            return Ok(());
        }
        if definition::has_below(pattern, ".") {
            let table = value.get_ref().as_table().ok_or_else(|| refused(line, "a table"))?;
            return self.table(layers, table, pattern, path);
        }
        let Some(setting) = definition::find(pattern) else {
            if is_list {
                return Err(refused(line, "a list of tables"));
            }
            return Err(self.unknown(line, pattern, path));
        };
        let source = Source::File { path: Arc::clone(&self.path), line };
        let given = Given::Toml(value.get_ref());
        layers.put(path.clone(), setting, &given, source, self.environment)
    }

    fn unknown(&self, line: usize, pattern: &str, path: &Path) -> Error {
        let parent = pattern.rsplit_once('.').map_or("", |(parent, _)| parent);
        let known = definition::members_of(parent).join("`, `");
        let within = if parent.is_empty() { "at the top" } else { &format!("in `{parent}`") };
        Error::new(format!("{}: unknown member `{}`", self.place(line), written(path)))
            .with_hint(format!("known {within}: `{known}`"))
    }

    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|&b| b == b'\n').count() + 1
    }

    fn place(&self, line: usize) -> String {
        format!("`{}` line {line}", self.path.display())
    }
}
