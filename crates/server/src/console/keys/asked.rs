//! What the list of keys shows: its filters, as they stand in the address.

use crate::console::Visitor;
use domain::{
    id::Scope,
    key::{MAX_NAME_CHARS, Standing},
    permission::check_wanted,
};
use service::{
    Error,
    keys::{ALL_TYPES, ListKeys, StatusFilter},
};

/// Rows of a page.
const PAGE: u32 = 50;
/// The list.
pub(in crate::console) const LIST: &str = "/console/keys";

/// The filters.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::console) struct Asked {
    /// A part of the name or of the creator's.
    pub(super) search: String,
    /// Neither revoked nor expired.
    pub(super) available: bool,
    /// Revoked or expired.
    pub(super) unavailable: bool,
    /// Available, and about to end.
    pub(super) soon: bool,
    /// Made, and nobody said that the secret is stored.
    pub(super) unacknowledged: bool,
    /// The other way round; no button says so, an address may.
    pub(super) acknowledged: bool,
    /// Keys against which this stands.
    pub(super) status: Option<Standing>,
    /// Keys that hold this permission.
    pub(super) permission: String,
    /// Keys of this type.
    pub(super) key_type: String,
    /// One tenant's: its id, its name, or `*`.
    pub(super) tenant: String,
    /// Where an earlier page ended.
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// What the visitor's address asks for. A value that says nothing is no filter.
    pub(in crate::console) fn of(visitor: &Visitor) -> Self {
        Self::read(visitor.address.query().unwrap_or_default())
    }

    /// The filters of that page, if it is the list.
    pub(super) fn at(page: &str) -> Self {
        match page.split_once('?') {
            Some((LIST, query)) => Self::read(query),
            Some(_) | None => Self::default(),
        }
    }

    fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let on = !matches!(value, "0" | "no" | "false" | "off");
            match &*name {
                "search" => value.clone_into(&mut asked.search),
                "available" => asked.available = on,
                "unavailable" => asked.unavailable = on,
                "soon" => asked.soon = on,
                "acknowledged" => {
                    asked.acknowledged = on;
                    asked.unacknowledged = !on;
                }
                "status" => asked.status = Standing::parse(value),
                "permission" => value.clone_into(&mut asked.permission),
                "type" => value.clone_into(&mut asked.key_type),
                "tenant" => value.clone_into(&mut asked.tenant),
                "cursor" => asked.cursor = Some(value.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// Whether anything narrows the list.
    pub(super) fn narrows(&self) -> bool {
        *self != Self { cursor: self.cursor.clone(), ..Self::default() }
    }

    /// The list that these filters ask for; `scope` is what the tenant's name stands for.
    pub(super) fn list(&self, scope: Option<Scope>) -> Result<ListKeys<'static>, Error> {
        if self.search.chars().count() > MAX_NAME_CHARS {
            let wanted = format!("must be at most {MAX_NAME_CHARS} characters long");
            return Err(Error::invalid("search", wanted));
        }
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let permission = filled(&self.permission);
        if permission.as_deref().is_some_and(|text| check_wanted(text).is_err()) {
            let wanted = "must be 2 to 6 parts joined by `:`, without `*`";
            return Err(Error::invalid("permission", wanted));
        }
        let acknowledged = match (self.acknowledged, self.unacknowledged) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        Ok(ListKeys {
            route: "console_list_keys",
            scope,
            key_types: ALL_TYPES,
            key_type: filled(&self.key_type),
            search: filled(&self.search),
            status: StatusFilter {
                available: self.available,
                unavailable: self.unavailable,
                soon_unavailable: self.soon,
            },
            standing: self.status,
            permission,
            acknowledged,
            held: None,
            limit: PAGE,
            cursor: self.cursor.clone(),
        })
    }

    /// The address of the list with these filters, behind this position.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let switches = [
            ("available", self.available, "on"),
            ("unavailable", self.unavailable, "on"),
            ("soon", self.soon, "on"),
            ("acknowledged", self.unacknowledged, "no"),
            ("acknowledged", self.acknowledged, "yes"),
        ];
        let texts = [
            ("search", Some(self.search.as_str())),
            ("permission", Some(self.permission.as_str())),
            ("type", Some(self.key_type.as_str())),
            ("status", self.status.map(Standing::as_str)),
            ("tenant", Some(self.tenant.as_str())),
            ("cursor", cursor),
        ];
        let pressed =
            switches.iter().filter(|(_, on, _)| *on).map(|(name, _, word)| (*name, *word));
        let filled = texts.iter().filter_map(|(name, text)| {
            text.filter(|text| !text.is_empty()).map(|text| (*name, text))
        });
        let query = query.extend_pairs(filled.chain(pressed)).finish();
        if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_all_that_the_list_shows() {
        let query =
            "search=a+b%26c&type=nexus&tenant=%2A&available=on&soon=on&acknowledged=no&status=held";
        let asked = Asked::read(query);
        assert!(asked.narrows());
        assert_eq!(Asked::read(asked.address(None).split_once('?').map_or("", |(_, q)| q)), asked);
        assert_eq!(asked.search, "a b&c");
        let next = asked.address(Some("xyz"));
        assert!(next.contains("&cursor=xyz&"), "{next}");
        assert_eq!(Asked::read("search=&available=no&cursor=").address(None), LIST);
        assert!(!Asked::read("cursor=abc&other=1&status=unknown").narrows());
        assert_eq!(Asked::at(&asked.address(None)), asked);
        assert_eq!(Asked::at("/console/keys/key_1?search=a"), Asked::default());
    }
}
