//! The origins of browsers that a tenant lets call: what the two lists hold, and which of them counts.
//!
//! A tenant has an old list, which is replaced as a whole, and a new one, to which origins are added
//! one by one. As soon as the new one has an entry, the old one says nothing any more.

use crate::{
    allow_list::OriginRule,
    audit::{Fact, Facts},
    id::TenantId,
};
use std::{collections::BTreeSet, fmt};

/// Origins of one list.
pub const MAX_ORIGINS: usize = 500;
/// Characters of a location.
const MAX_LOCATION_CHARS: usize = 255;

/// An origin of the web as browsers write it: scheme, host, and a port unless it is the scheme's own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct WebOrigin(String);

/// Why a text is not an origin that may be allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnOrigin;

impl WebOrigin {
    /// Reads `https://host`, `http://host:port` or `host`, which means `https://host`.
    ///
    /// # Errors
    /// User information, a path, a trailing dot, `*`, `null`, another scheme, or no host at all.
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        if text.contains('*') || text.eq_ignore_ascii_case("null") {
            return Err(NotAnOrigin);
        }
        let origin = OriginRule::parse(text).map_err(|_| NotAnOrigin)?;
        if origin.is_of_web() { Ok(Self(origin.to_string())) } else { Err(NotAnOrigin) }
    }

    /// As a browser sends it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The old list, as it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Where it is meant to hold; kept, and read by nobody.
    pub location: String,
    /// Whether others share it; kept, and read by nobody.
    pub shared: bool,
    /// Origins, with commas between them.
    pub value: String,
}

/// What of a setting cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadSetting {
    /// Too long, or not of visible characters.
    Location,
    /// The entry at this place, counted from 1, is not an origin.
    Origin(usize),
    /// More than [`MAX_ORIGINS`].
    TooMany,
}

impl Setting {
    /// The origins of the list; empty where the value is.
    ///
    /// # Errors
    /// Says what cannot be used.
    pub fn origins(&self) -> Result<BTreeSet<WebOrigin>, BadSetting> {
        let location = self.location.chars();
        if location.clone().count() > MAX_LOCATION_CHARS || location.clone().any(char::is_control) {
            return Err(BadSetting::Location);
        }
        let mut origins = BTreeSet::new();
        for (place, entry) in (1..).zip(self.value.split(',').map(str::trim)) {
            // A comma at the end, or two in a row, say nothing.
            if !entry.is_empty() {
                let origin = WebOrigin::parse(entry).map_err(|_| BadSetting::Origin(place))?;
                origins.insert(origin);
            }
        }
        if origins.len() > MAX_ORIGINS { Err(BadSetting::TooMany) } else { Ok(origins) }
    }
}

/// Both lists of one tenant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cors {
    /// Whose they are.
    pub tenant: TenantId,
    /// The new list.
    pub origins: BTreeSet<WebOrigin>,
    /// The old one, once it was given.
    pub setting: Option<Setting>,
    /// Counts the changes; 0: there was none.
    pub version: u32,
}

impl Cors {
    /// Of a tenant that was told of none.
    #[must_use]
    pub const fn none(tenant: TenantId) -> Self {
        Self { tenant, origins: BTreeSet::new(), setting: None, version: 0 }
    }

    /// The origins that count: the new list if it has any entry, else the old one.
    #[must_use]
    pub fn effective(&self) -> BTreeSet<WebOrigin> {
        if !self.origins.is_empty() {
            return self.origins.clone();
        }
        let old = self.setting.as_ref().map(Setting::origins);
        old.and_then(Result::ok).unwrap_or_default()
    }

    /// What the audit log says of it.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts =
            vec![("origins", Fact::List(self.origins.iter().map(ToString::to_string).collect()))];
        if let Some(Setting { location, shared, value }) = &self.setting {
            facts.push(("location", Fact::Text(location.clone())));
            facts.push(("shared", Fact::Bool(*shared)));
            facts.push(("value", Fact::Text(value.clone())));
        }
        facts.push(("version", Fact::Int(self.version.into())));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(value: &str) -> Setting {
        Setting { location: "/".to_owned(), shared: true, value: value.to_owned() }
    }

    fn texts(origins: &BTreeSet<WebOrigin>) -> Vec<&str> {
        origins.iter().map(WebOrigin::as_str).collect()
    }

    #[test]
    fn wb_10_what_a_browser_would_not_send_as_its_own_origin_is_none() {
        for bad in [
            "",
            " ",
            "*",
            "null",
            "NULL",
            "https://null/",
            "https://*.example.com",
            "*.example.com",
            "https://*",
            "https://a@b.example",
            "https://a.example/",
            "https://a.example/x",
            "https://a.example?x",
            "https://a.example#x",
            "https://a.example.",
            "ftp://a.example",
            "chrome-extension://abcdefgh",
            "https://",
            "file://",
            "https://a b",
            "https://a.example:99999",
            "data:text/html,x",
            "https://a.example,https://b.example",
            "https:a.example",
            "//a.example",
        ] {
            assert_eq!(WebOrigin::parse(bad), Err(NotAnOrigin), "{bad}");
        }
    }

    #[test]
    fn origins_are_kept_as_browsers_write_them() {
        for (given, kept) in [
            ("https://ges.example.com", "https://ges.example.com"),
            ("HTTPS://GES.example.com:443", "https://ges.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://ges.example.com:80", "http://ges.example.com"),
            ("ges.example.com", "https://ges.example.com"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(
                WebOrigin::parse(given).as_ref().map(WebOrigin::as_str),
                Ok(kept),
                "{given}"
            );
        }
    }

    #[test]
    fn the_old_list_is_separated_by_commas_and_spaces() {
        let two = setting("https://gws.example.com, https://wwe.example.com");
        let kept = two.origins().unwrap();
        assert_eq!(texts(&kept), ["https://gws.example.com", "https://wwe.example.com"]);
        assert!(setting("").origins().unwrap().is_empty());
        assert!(setting(" , ").origins().unwrap().is_empty());
        let bad = setting("https://a.example,*").origins();
        assert_eq!(bad, Err(BadSetting::Origin(2)));
        let many: Vec<String> =
            (0..=MAX_ORIGINS).map(|n| format!("https://h{n}.example")).collect();
        assert_eq!(setting(&many.join(",")).origins(), Err(BadSetting::TooMany));
        let control = Setting { location: "/\n".to_owned(), ..setting("") };
        assert_eq!(control.origins(), Err(BadSetting::Location));
    }

    #[test]
    fn the_new_list_counts_as_soon_as_it_has_an_entry() {
        let old = setting("https://old.example");
        let mut cors = Cors::none(TenantId::from_u128(1));
        assert!(cors.effective().is_empty());
        cors.setting = Some(old);
        assert_eq!(texts(&cors.effective()), ["https://old.example"]);
        let new = WebOrigin::parse("https://new.example").unwrap();
        cors.origins.insert(new.clone());
        assert_eq!(texts(&cors.effective()), ["https://new.example"]);
        cors.origins.remove(&new);
        assert_eq!(texts(&cors.effective()), ["https://old.example"]);
    }
}
