//! Members of a body that say something by being there, and those that cannot change.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use service::Error;

/// For members whose `null` says something: `Some` whenever the member is there.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Refuses a read-only member that says something else than what is shown.
pub(super) fn agree(
    shown: &impl Serialize,
    sent: &[(&'static str, &Option<Value>)],
) -> Result<(), Error> {
    let shown = serde_json::to_value(shown).map_err(|e| Error::Internal(Box::new(e)))?;
    let differs = |name: &str, sent: &Option<Value>| {
        sent.as_ref().is_some_and(|sent| shown.get(name) != Some(sent))
    };
    match sent.iter().find(|(name, sent)| differs(name, sent)) {
        Some((name, _)) => {
            Err(Error::invalid(name, "cannot be changed here; leave it out, or send it as it is"))
        }
        None => Ok(()),
    }
}
