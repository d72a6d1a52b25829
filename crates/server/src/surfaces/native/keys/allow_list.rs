//! A key's allow-list on our own wire.

use domain::allow_list::{AddressRule, AllowList, OriginRule, is_prefix};
use serde::{Deserialize, Serialize};
use service::Error;
use utoipa::ToSchema;

/// Entries of one kind that an allow-list may have.
const MAX_ENTRIES: usize = 100;
const MAX_ENTRY_CHARS: usize = 255;

/// From where, and for what, a key is accepted.
#[derive(Serialize, Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AllowList)]
pub(super) struct AllowListBody {
    /// `https://host`, `host` or `*.host`, with an optional port; other schemes as they are.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) origins: Vec<String>,
    /// Addresses and networks; `!` excludes one.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) addresses: Vec<String>,
    /// HTTP methods in capital letters.
    #[serde(default)]
    #[schema(max_items = 100, pattern = "^[A-Z]{1,255}$")]
    pub(super) methods: Vec<String>,
    /// What a path begins with, whole segments.
    #[serde(default)]
    #[schema(max_items = 100, pattern = "^/[^\\u0000-\\u001f\\u007f-\\u009f?#;\\\\]{0,254}$")]
    pub(super) paths: Vec<String>,
}

impl AllowListBody {
    /// The list as it is compared.
    pub(super) fn of(list: &AllowList) -> Self {
        Self {
            origins: list.origins.iter().map(ToString::to_string).collect(),
            addresses: list.addresses.iter().map(ToString::to_string).collect(),
            methods: list.methods.clone(),
            paths: list.paths.clone(),
        }
    }

    pub(super) fn read(&self) -> Result<AllowList, Error> {
        let bad = |detail: String| Error::invalid("allowList", detail);
        for list in [&self.origins, &self.addresses, &self.methods, &self.paths] {
            if list.len() > MAX_ENTRIES || list.iter().any(|e| e.chars().count() > MAX_ENTRY_CHARS)
            {
                return Err(
                    bad("has too many entries of one kind, or one that is too long".into()),
                );
            }
        }
        let method = |m: &str| !m.is_empty() && m.bytes().all(|b| b.is_ascii_uppercase());
        let (origins, addresses) = (&self.origins, &self.addresses);
        Ok(AllowList {
            origins: entries("origins", origins, |o| OriginRule::parse(o).ok(), AN_ORIGIN)?,
            addresses: entries("addresses", addresses, |a| AddressRule::parse(a).ok(), A_NETWORK)?,
            methods: entries("methods", &self.methods, |m| kept(m, method), A_METHOD)?,
            paths: entries("paths", &self.paths, |p| kept(p, is_prefix), A_PATH)?,
        })
    }
}

const AN_ORIGIN: &str = "`https://host`, `host`, `*.host` or `scheme://id`, with an optional port";
const A_NETWORK: &str = "an address or a network such as `192.0.2.0/24`, `!` excludes it";
const A_METHOD: &str = "an HTTP method in capital letters";
const A_PATH: &str = "a path that begins with `/` and can be read in one way only: without a query, \
                      `//`, `;`, dot segments and encoded slashes; without `*`, too, since all that lies \
                      below is meant anyhow";

fn kept(text: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    fits(text).then(|| text.to_owned())
}

/// Reads the entries of one kind; says which of them cannot be one.
fn entries<T>(
    member: &str,
    texts: &[String],
    read: impl Fn(&str) -> Option<T>,
    wanted: &str,
) -> Result<Vec<T>, Error> {
    let numbered = (1..).zip(texts);
    let read = |(place, text): (usize, &String)| {
        let bad = || format!("entry {place} of `{member}` must be {wanted}");
        read(text).ok_or_else(|| Error::invalid("allowList", bad()))
    };
    numbered.map(read).collect()
}
