//! One value, from TOML or from text, by the kind of its setting. Messages never quote the value:
//! it may be a secret in the wrong place.

pub(super) mod place;
pub(super) mod wanted;

use super::{
    Error,
    setting::Kind,
    source::{Environment, Reference},
};
use toml::{Value, de::DeValue};

/// The largest number: that of the fields in `given.rs`.
const MOST: i64 = u32::MAX as i64;

/// Reads a value that came as text: from the environment, a flag, or a reference.
pub(crate) fn from_text(kind: Kind, text: &str) -> Result<Value, Error> {
    match kind {
        Kind::Text | Kind::Secret | Kind::DatabaseAddress => Ok(Value::String(text.to_owned())),
        Kind::Whole => text
            .trim()
            .parse()
            .ok()
            .filter(|n| (0..=MOST).contains(n))
            .map(Value::Integer)
            .ok_or_else(|| wrong(kind)),
        Kind::Duration => seconds(text)
            .filter(|n| (0..=MOST).contains(n))
            .map(Value::Integer)
            .ok_or_else(|| wrong(kind)),
        Kind::Switch => text.trim().parse().map(Value::Boolean).map_err(|_| wrong(kind)),
        Kind::Texts => Ok(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        )),
        Kind::Size => bytes(text).map(Value::Integer).ok_or_else(|| wrong(kind)),
        Kind::Permission => wanted::from_text(text).map(Value::String).ok_or_else(|| wrong(kind)),
        Kind::Places => place::from_text(text).ok_or_else(|| wrong(kind)),
    }
}

/// Reads a value from the file. A reference as a whole was followed already; inside of a list each
/// item may be one.
pub(crate) fn from_toml(
    kind: Kind,
    value: &DeValue<'_>,
    environment: &Environment,
) -> Result<Value, Error> {
    let text = |value: &DeValue<'_>| value.as_str().map(str::to_owned).ok_or_else(|| wrong(kind));
    match kind {
        Kind::Text | Kind::Secret | Kind::DatabaseAddress => Ok(Value::String(text(value)?)),
        Kind::Duration if value.is_str() => from_text(kind, &text(value)?),
        Kind::Whole | Kind::Duration => value
            .as_integer()
            .and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|n| (0..=MOST).contains(n))
            .map(Value::Integer)
            .ok_or_else(|| wrong(kind)),
        Kind::Switch => value.as_bool().map(Value::Boolean).ok_or_else(|| wrong(kind)),
        Kind::Texts => {
            let items = value.as_array().ok_or_else(|| wrong(kind))?;
            let item = |item: &toml::Spanned<DeValue<'_>>| {
                let text = text(item.get_ref())?;
                match Reference::parse(&text) {
                    Some(reference) => reference.fetch(environment).map(Value::String),
                    None => Ok(Value::String(text)),
                }
            };
            items.iter().map(item).collect::<Result<_, _>>().map(Value::Array)
        }
        Kind::Size => match (value.as_str(), value.as_integer()) {
            (Some(text), _) => from_text(kind, text),
            (None, Some(n)) => from_text(kind, n.as_str()),
            (None, None) => Err(wrong(kind)),
        },
        Kind::Permission => wanted::from_toml(value).map(Value::String).ok_or_else(|| wrong(kind)),
        Kind::Places => place::from_toml(value).ok_or_else(|| wrong(kind)),
    }
}

fn wrong(kind: Kind) -> Error {
    let error = Error::new(format!("expected a {}", kind.words()));
    match kind {
        Kind::Size => error.with_hint("write `1048576`, `\"64KiB\"`, `\"10MiB\"` or `\"2GiB\"`"),
        Kind::Permission => error.with_hint(
            "write `\"orders:read\"`, `\"orders:read, orders:write\"` where all are needed, \
             `\"orders:read or orders:write\"` where one is enough, or `\"none\"`",
        ),
        Kind::Places => error.with_hint(
            "write `[\"header:x-api-key\", \"bearer\", \"parameter:jwt\"]`, or fewer of them",
        ),
        _ => error,
    }
}

/// `90`, `90s`, `15m`, `12h`, `30d` in seconds.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().last()?),
        None => (text, 's'),
    };
    let factor = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => 1,
    };
    number.parse::<u32>().ok().and_then(|n| i64::from(n).checked_mul(factor))
}

/// `1048576`, `64KiB`, `10MiB`, `2GiB` in bytes.
fn bytes(text: &str) -> Option<i64> {
    let text = text.trim();
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let (number, shift) = units
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?.trim_end(), *shift)))
        .unwrap_or((text, 0));
    number.parse::<u64>().ok()?.checked_mul(1 << shift).and_then(|n| i64::try_from(n).ok())
}

/// Seconds in the largest unit that divides them: what `keyward config` prints.
pub(crate) fn duration_text(seconds: i64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    match units.into_iter().find(|(size, _)| seconds > 0 && seconds % size == 0) {
        Some((size, unit)) => format!("{}{unit}", seconds / size),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, want) in
            [("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), (" 30d ", 2_592_000), ("0", 0)]
        {
            assert_eq!(seconds(text), Some(want), "{text}");
        }
        for text in ["", "m", "-1", "1.5h", "1w", "ten", "99999999999d", "1 m m"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for text in ["45s", "15m", "12h", "30d", "0s"] {
            assert_eq!(duration_text(seconds(text).unwrap()), text);
        }
    }

    #[test]
    fn texts_are_read_by_kind() {
        assert_eq!(from_text(Kind::Whole, "3").unwrap(), Value::Integer(3));
        assert_eq!(from_text(Kind::Switch, "true").unwrap(), Value::Boolean(true));
        let list = from_text(Kind::Texts, "a, b,,c").unwrap();
        assert_eq!(list.as_array().unwrap().len(), 3);
        for (kind, text) in
            [(Kind::Whole, "-3"), (Kind::Whole, "hunter2"), (Kind::Switch, "hunter2")]
        {
            let message = from_text(kind, text).unwrap_err().to_string();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
