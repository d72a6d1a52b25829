//! Master keys: `<id>:<base64 of 32 bytes>`, comma separated; the first writes, all read (KR-07).

use crate::entropy::Entropy;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::secret::Secret;
use std::fmt;
use zeroize::Zeroizing;

/// One master key. Never printed.
pub struct MasterKey {
    name: String,
    bytes: Zeroizing<[u8; 32]>,
}

/// Why a text holds no master keys. Says which entry, never what stood there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadMasterKey {
    /// An entry is not `<id>:<base64>`.
    #[error("entry {0} is not of the form `<id>:<base64 of 32 bytes>`")]
    Form(usize),
    /// An entry's bytes are not 32.
    #[error("entry {0} does not hold 32 bytes in base64")]
    Length(usize),
    /// Two entries have one id.
    #[error("the id of entry {0} is used twice")]
    Twice(usize),
    /// There is no entry.
    #[error("there is no master key")]
    Empty,
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.name)
    }
}

impl MasterKey {
    /// Makes a new one.
    #[must_use]
    pub fn generate(name: &str, entropy: &Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self { name: name.to_owned(), bytes }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// Names the first entry that cannot be used.
    pub fn parse_list(text: &Secret) -> Result<Vec<Self>, BadMasterKey> {
        let mut keys: Vec<Self> = Vec::new();
        for (at, entry) in text.expose().trim().split(',').map(str::trim).enumerate() {
            let at = at + 1;
            if entry.is_empty() {
                return Err(if at == 1 { BadMasterKey::Empty } else { BadMasterKey::Form(at) });
            }
            let (name, encoded) = entry.split_once(':').ok_or(BadMasterKey::Form(at))?;
            let plain_name =
                name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
            if name.is_empty() || name.len() > 64 || !plain_name {
                return Err(BadMasterKey::Form(at));
            }
            let bytes =
                Zeroizing::new(STANDARD.decode(encoded).map_err(|_| BadMasterKey::Length(at))?);
            let bytes = bytes.as_slice().try_into().map_err(|_| BadMasterKey::Length(at))?;
            if keys.iter().any(|k| k.name == name) {
                return Err(BadMasterKey::Twice(at));
            }
            keys.push(Self { name: name.to_owned(), bytes: Zeroizing::new(bytes) });
        }
        Ok(keys)
    }

    /// The line that the key file holds.
    #[must_use]
    pub fn to_line(&self) -> Secret {
        Secret::new(format!("{}:{}\n", self.name, STANDARD.encode(self.bytes.as_slice())))
    }

    /// Its id.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<MasterKey>, BadMasterKey> {
        MasterKey::parse_list(&Secret::new(text.to_owned()))
    }

    #[test]
    fn kr_07_a_list_of_master_keys_reads_back() {
        let entropy = Entropy::from_fn(|b| b.fill(7));
        let (a, b) = (MasterKey::generate("2026", &entropy), MasterKey::generate("2027", &entropy));
        let text = format!("{}, {}", b.to_line().expose().trim(), a.to_line().expose());
        let names: Vec<_> = parse(&text).unwrap().iter().map(|k| k.name().to_owned()).collect();
        assert_eq!(names, ["2027", "2026"]);
    }

    #[test]
    fn what_is_no_master_key_is_refused_by_its_place() {
        let good = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assert_eq!(parse("").unwrap_err(), BadMasterKey::Empty);
        assert_eq!(parse("nonsense").unwrap_err(), BadMasterKey::Form(1));
        assert_eq!(parse(&format!("{good},b:AAAA")).unwrap_err(), BadMasterKey::Length(2));
        assert_eq!(parse(&format!("{good},{good}")).unwrap_err(), BadMasterKey::Twice(2));
        assert_eq!(format!("{:?}", parse(good).unwrap()), "[MasterKey(a)]");
    }
}
