//! Puts the layers on each other: flags over environment over file over defaults, a setting at a
//! time, and remembers where each value came from.
//!
//! `file.rs` walks through the file; what the values mean together is `resolve.rs`'s affair.

use super::{
    Error, Flag,
    definition::{self, settings},
    file::File,
    path::{Path, Step, element, member, written},
    setting::{Kind, Setting},
    source::{Environment, Reference},
    value,
    variables::path_of_variable,
};
use std::{collections::BTreeMap, fmt, path::Path as FilePath, sync::Arc};
use toml::{Value, de::DeValue};
use zeroize::Zeroize as _;

/// Where a value came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    File { path: Arc<FilePath>, line: usize },
    Variable(String),
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "file {} line {line}", path.display()),
            Self::Variable(name) => write!(f, "env {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// A value that was given, by the layer that won.
pub(crate) struct Entry {
    pub(crate) setting: &'static Setting,
    pub(crate) value: Value,
    pub(crate) source: Source,
    /// The `env:…` or `file:…` that stood in the value's place.
    pub(crate) reference: Option<Reference>,
}

impl Entry {
    fn is_secret(&self) -> bool {
        matches!(self.setting.kind, Kind::Secret | Kind::DatabaseAddress)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let (true, Value::String(text)) = (self.is_secret(), &mut self.value) {
            text.zeroize();
        }
    }
}

/// Everything that was given.
#[derive(Default)]
pub(crate) struct Layers {
    entries: BTreeMap<Path, Entry>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers").finish_non_exhaustive()
    }
}

impl Layers {
    /// Reads the file's text, if there is one, then the environment, then the flags.
    ///
    /// # Errors
    /// The first member or value that cannot be used, with its place.
    pub(crate) fn read(
        file: Option<(&FilePath, &str)>,
        environment: &Environment,
        flags: &[Flag],
    ) -> Result<Self, Error> {
        let mut layers = Self::default();
        if let Some((path, text)) = file {
            File::new(path, text, environment).add_to(&mut layers)?;
        }
        layers.add_environment(environment)?;
        for flag in flags {
            let Some(setting) = definition::find(flag.path) else { continue };
            let path = flag.path.split('.').map(|name| Step::Name(name.to_owned())).collect();
            layers.put(
                path,
                setting,
                &Given::Text(&flag.value),
                Source::Flag(flag.name),
                environment,
            )?;
        }
        Ok(layers)
    }

    /// The environment's variables that secrets came from.
    pub(crate) fn secret_variables(&self) -> Vec<String> {
        let mut names = Vec::new();
        for entry in self.entries.values().filter(|entry| entry.is_secret()) {
            if let Source::Variable(name) = &entry.source {
                names.push(name.clone());
            }
            if let Some(Reference::Variable(name)) = &entry.reference {
                names.push(name.clone());
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A value by its path without lists (`log.level`).
    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        let path: Path = path.split('.').map(|name| Step::Name(name.to_owned())).collect();
        self.entries.get(&path)
    }

    /// A value by its path as [`written`].
    pub(crate) fn find(&self, setting: &str) -> Option<&Entry> {
        self.entries.iter().find(|(path, _)| written(path) == setting).map(|(_, entry)| entry)
    }

    /// Every value that was given, lists in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Path, &Entry)> {
        self.entries.iter()
    }

    /// The values as one table.
    ///
    /// # Errors
    /// A list has a gap: its table N is given by environment and table N-1 by nobody.
    pub(crate) fn to_table(&self) -> Result<toml::Table, Error> {
        let mut root = Value::Table(toml::Table::new());
        for (path, entry) in &self.entries {
            let mut place = &mut root;
            for step in path {
                place = match step {
                    Step::Name(name) => member(place, name),
                    Step::At(at) => element(place, *at),
                }
                .ok_or_else(|| gap(path, entry))?;
            }
            *place = entry.value.clone();
        }
        root.try_into().map_err(|e: toml::de::Error| Error::new(e.message().to_owned()))
    }

    fn add_environment(&mut self, environment: &Environment) -> Result<(), Error> {
        for (name, text) in environment.iter() {
            let found = settings().find_map(|s| Some((s, path_of_variable(s, name)?)));
            if let Some((setting, path)) = found {
                let source = Source::Variable(name.to_owned());
                self.put(path, setting, &Given::Text(text), source, environment)?;
            }
        }
        Ok(())
    }

    /// Puts a value in its place, over what a lower layer said there. A list and the single value
    /// that may stand for it (`listen`) replace each other.
    pub(super) fn put(
        &mut self,
        path: Path,
        setting: &'static Setting,
        given: &Given<'_>,
        source: Source,
        environment: &Environment,
    ) -> Result<(), Error> {
        let at_fault = |e: Error| e.at(&source, &written(&path));
        let reference = given.text().and_then(Reference::parse);
        let value = match (&reference, given) {
            // The key file has rules of its own (mode, first start): service reads it.
            (Some(Reference::File(file)), _) if setting.path == "master_key" => {
                Value::String(file.display().to_string())
            }
            (Some(reference), _) => {
                let text = reference.fetch(environment).map_err(at_fault)?;
                value::from_text(setting.kind, &text).map_err(at_fault)?
            }
            (None, Given::Text(text)) => value::from_text(setting.kind, text).map_err(at_fault)?,
            (None, Given::Toml(value)) => {
                value::from_toml(setting.kind, value, environment).map_err(at_fault)?
            }
        };
        self.entries.retain(|known, _| {
            let shorter = known.len().min(path.len());
            known == &path || known.get(..shorter) != path.get(..shorter)
        });
        self.entries.insert(path, Entry { setting, value, source, reference });
        Ok(())
    }
}

/// A value as it came in.
pub(super) enum Given<'a> {
    Text(&'a str),
    Toml(&'a DeValue<'a>),
}

impl Given<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Toml(value) => value.as_str(),
        }
    }
}

fn gap(path: &Path, entry: &Entry) -> Error {
    Error::new(format!("`{}` leaves a gap in its list", written(path))).with_hint(format!(
        "tables are numbered from 0 without gaps; it came from {}",
        entry.source
    ))
}
