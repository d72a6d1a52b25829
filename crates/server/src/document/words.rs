//! Values that many operations share, as types for `#[schema(value_type = …)]`: what a text must look
//! like is said once. None of them is ever made.

use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident: $schema:tt;)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let mut schema = json!($schema);
                if let Some(members) = schema.as_object_mut() {
                    let about = [$($about),+].map(str::trim).join(" ");
                    members.insert("description".to_owned(), about.into());
                }
                serde_json::from_value(schema).unwrap_or_else(|_| Schema::default().into())
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// A name: not only white space, no control characters.
    Name: {
        "type": "string", "minLength": 1, "maxLength": 255,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
    };
    /// A text for people.
    Description: {"type": "string", "maxLength": 1000};
    /// An instant of RFC 3339; written in UTC with milliseconds.
    Instant: {"type": "string", "format": "date-time"};
    /// A tenant's id.
    TenantId: {"type": "string", "format": "uuid"};
    /// A tenant's id, or `*` for the cluster.
    Scope: {
        "type": "string",
        "pattern": "^(\\*|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$"
    };
    /// A person's id.
    PersonId: {"type": "string", "format": "uuid"};
    /// A key's id.
    KeyId: {"type": "string", "pattern": "^key_[0-9A-Za-z]{22}$"};
    /// What a key may do: 2 to 6 parts joined by `:`, the last of which may be `*`.
    Permission: {
        "type": "string", "maxLength": 255,
        "pattern": "^[a-z0-9_-]+(:[a-z0-9_-]+){0,4}:(\\*|[a-z0-9_-]+)$"
    };
    /// The name of a role.
    RoleName: {"type": "string", "minLength": 1, "maxLength": 64};
    /// Units that pass in every interval of `frequency` seconds.
    Capacity: {"type": "integer", "minimum": 1, "maximum": 1_000_000};
    /// The length of the interval, in seconds.
    Frequency: {"type": "integer", "minimum": 1, "maximum": 86_400};
    /// A version: counts up with each change.
    Version: {"type": "integer", "minimum": 1, "maximum": 2_147_483_647};
    /// Where to go on, or `null` at the end.
    Cursor: {"type": ["string", "null"]};
    /// Shown in this answer and never again.
    Secret: {"type": "string"};
    /// A member that cannot be changed here: left out, or sent as it is shown.
    Unchanging: {"readOnly": true};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_lost_on_the_way() {
        let name = serde_json::to_value(Name::schema()).unwrap_or_default();
        let cursor = serde_json::to_value(Cursor::schema()).unwrap_or_default();
        assert_eq!(name.get("maxLength"), Some(&json!(255)), "{name}");
        assert!(name.get("pattern").is_some() && name.get("description").is_some(), "{name}");
        assert_eq!(cursor.get("type"), Some(&json!(["string", "null"])), "{cursor}");
        let number = serde_json::to_value(Capacity::schema()).unwrap_or_default();
        assert_eq!(number.get("maximum"), Some(&json!(1_000_000)), "{number}");
        let fixed = serde_json::to_value(Unchanging::schema()).unwrap_or_default();
        assert_eq!(fixed.get("readOnly"), Some(&json!(true)), "{fixed}");
    }
}
