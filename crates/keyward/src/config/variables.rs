//! The names that settings have in the environment.

use super::{
    definition::settings,
    path::{Path, Step},
    setting::{PREFIX, Setting},
    source::Environment,
};

/// The path that a variable's name stands for, if it is one of this setting's names.
pub(super) fn path_of_variable(setting: &Setting, name: &str) -> Option<Path> {
    let mut rest = name.strip_prefix(PREFIX)?;
    let mut path = Path::new();
    for (at, segment) in setting.path.split('.').enumerate() {
        if at > 0 {
            rest = rest.strip_prefix('_')?;
        }
        let plain = segment.trim_end_matches("[]");
        rest = rest.strip_prefix(plain.to_ascii_uppercase().as_str())?;
        path.push(Step::Name(plain.to_owned()));
        if plain.len() < segment.len() {
            rest = rest.strip_prefix('_')?;
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = rest.split_at_checked(digits)?;
            path.push(Step::At(number.parse().ok()?));
            rest = after;
        }
    }
    rest.is_empty().then_some(path)
}

/// Variables that begin like ours and are none: probably misspelt. Not an error, because Kubernetes
/// sets `KEYWARD_PORT…` and `KEYWARD_SERVICE_…` for a service that is called keyward.
pub(crate) fn unknown_variables(environment: &Environment) -> Vec<String> {
    environment
        .iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(PREFIX) && *name != super::CONFIG_VARIABLE)
        .filter(|name| !crate::api::VARIABLES.contains(name))
        .filter(|name| {
            !["KEYWARD_PORT", "KEYWARD_SERVICE_", "KEYWARD_TEST_"]
                .iter()
                .any(|p| name.starts_with(p))
        })
        .filter(|name| !settings().any(|s| path_of_variable(s, name).is_some()))
        .map(str::to_owned)
        .collect()
}
