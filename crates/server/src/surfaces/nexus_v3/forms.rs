//! What bodies of this wire look like, for its description: the key as published, and bodies that come
//! bare or under `data`.

use super::wire::KeyBody;
use crate::document::Named;
use serde_json::{Value, json};

/// The last instant of the year 9999, in milliseconds since 1970.
const LAST_MS: i64 = 253_402_300_799_999;

/// A key, bare.
pub(super) fn key() -> Named {
    let instant = json!({"type": "string", "format": "date-time"});
    let false_or = json!({"oneOf": [{"const": false}, instant]});
    with(Named::of::<KeyBody<'_>>(), [("revoked", false_or.clone()), ("expires", false_or)])
}

/// A key, wrapped as its request was.
pub(super) fn key_either_way() -> Named {
    let key = key();
    let status =
        json!({"type": "object", "required": ["code"], "properties": {"code": {"const": 0}}});
    let wrapped = json!({
        "type": "object", "required": ["status", "data"],
        "properties": {"status": status, "data": reference(&key)},
    });
    let either = json!({"anyOf": [reference(&key), wrapped]});
    Named { name: "NexusKeyEitherWay".into(), schema: either, refers_to: all_of(key) }
}

/// Keys, as a list.
pub(super) fn keys() -> Named {
    let key = key();
    let list = json!({"type": "array", "items": reference(&key)});
    Named { name: "NexusKeys".into(), schema: list, refers_to: all_of(key) }
}

/// A body that comes bare or under `data`.
pub(super) fn either_way(name: &'static str, members: Named) -> Named {
    // A member `data` that is no object is an unknown one, and those are let pass.
    let bare = json!({
        "allOf": [reference(&members)], "properties": {"data": {"not": {"type": "object"}}},
    });
    let wrapped = json!({
        "type": "object", "required": ["data"], "properties": {"data": reference(&members)},
    });
    let either = json!({"anyOf": [bare, wrapped]});
    Named { name: name.into(), schema: either, refers_to: all_of(members) }
}

/// The form with these members described so.
pub(super) fn with<const N: usize>(mut form: Named, members: [(&str, Value); N]) -> Named {
    for (name, schema) in members {
        let about = form.schema.pointer(&format!("/properties/{name}/description")).cloned();
        let properties = form.schema.get_mut("properties").and_then(Value::as_object_mut);
        if let Some(properties) = properties {
            let member = properties.entry(name).or_insert(Value::Null);
            *member = schema;
            if let (Some(about), Some(member)) = (about, member.as_object_mut()) {
                member.insert("description".to_owned(), about);
            }
        }
    }
    form
}

/// `false`, or an instant of the years 1970 to 9999.
pub(super) fn false_or_instant() -> Value {
    let text = json!({
        "type": "string", "format": "date-time", "pattern": "^(19[7-9]|[2-9][0-9])[0-9]",
    });
    json!({"anyOf": [{"const": false}, text, {"type": "integer", "minimum": 0, "maximum": LAST_MS}]})
}

/// The same, or `true` for now.
pub(super) fn moment() -> Value {
    let mut moment = false_or_instant();
    if let Some(kinds) = moment.get_mut("anyOf").and_then(Value::as_array_mut) {
        kinds.push(json!({"const": true}));
    }
    moment
}

/// What the server alone fills in: in a new key it may be sent blank.
pub(super) fn blank() -> Value {
    json!({"enum": ["", false]})
}

/// The key that the examples show.
pub(super) fn example() -> Value {
    json!({
        "id": "9b7682b7-cbce-422f-9bbb-ecda85e61695",
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "API key for premise_tenant",
        "permissions": ["nexus:consumer:chat"],
        "enabled": true,
        "created": "2026-03-01T12:00:00.000Z",
        "revoked": false,
        "expires": false,
        "createdby": "nexus",
        "capacity": 120,
        "frequency": 60,
    })
}

fn reference(form: &Named) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", form.name)})
}

fn all_of(form: Named) -> Vec<(String, Value)> {
    let mut all = form.refers_to;
    all.push((form.name.into_owned(), form.schema));
    all
}
