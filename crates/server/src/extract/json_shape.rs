//! Walks a JSON document without keeping it: nesting, repeated members, NUL.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::{borrow::Cow, collections::HashSet, fmt};

/// How deep arrays and objects may lie in each other (HT-02).
const MAX_DEPTH: u8 = 32;

/// Up to this many members a repeated one is looked for by a walk, beyond by a set.
const FEW: usize = 16;

/// Walks the document to its end. It must be an object: serde would also take a list for a structure,
/// by the order of its members.
pub(super) fn check(bytes: &[u8]) -> Result<(), serde_json::Error> {
    if bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| matches!(b, b'[' | b'"')) {
        return Err(serde_json::Error::custom("the body must be an object"));
    }
    let mut document = serde_json::Deserializer::from_slice(bytes);
    Value { depth: 0 }.deserialize(&mut document)?;
    document.end()
}

#[derive(Clone, Copy)]
struct Value {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<(), D::Error> {
        document.deserialize_any(self)
    }
}

impl Value {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("the document is nested too deeply"));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            return Err(E::custom("a text holds a NUL"));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut names = Names::default();
        while let Some(name) = members.next_key_seed(Name)? {
            if !names.add(name) {
                return Err(A::Error::custom("the member occurs twice"));
            }
            members.next_value_seed(inner)?;
        }
        Ok(())
    }
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<Cow<'de, str>, D::Error> {
        document.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Value { depth: 0 }.visit_str(name).map(|()| Cow::Borrowed(name))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Value { depth: 0 }.visit_str(name).map(|()| Cow::Owned(name.to_owned()))
    }
}

#[derive(Default)]
struct Names<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Names<'de> {
    /// Whether the name is new.
    fn add(&mut self, name: Cow<'de, str>) -> bool {
        if self.few.len() == FEW && self.many.is_empty() {
            self.many.extend(self.few.iter().cloned());
        }
        if self.few.len() == FEW {
            return self.many.insert(name);
        }
        let new = !self.few.contains(&name);
        self.few.push(name);
        new
    }
}
