//! Whether a value fits a schema: as much of JSON Schema as the OpenAPI document uses. Patterns are not
//! looked at; `.ci/run schemathesis` does that.

use serde_json::{Map, Value};
use std::net::IpAddr;

/// What does not fit, each with the place of it; empty: everything fits.
#[must_use]
pub fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Check { document, found: &mut found }.value(schema, value, "");
    found
}

struct Check<'a> {
    document: &'a Value,
    found: &'a mut Vec<String>,
}

impl Check<'_> {
    fn bad(&mut self, place: &str, what: &str) {
        self.found.push(format!("`{place}` {what}"));
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        misfits(self.document, schema, value).is_empty()
    }

    fn value(&mut self, schema: &Value, value: &Value, place: &str) {
        let Some(schema) = schema.as_object() else {
            if schema == &Value::Bool(false) {
                self.bad(place, "may not be there");
            }
            return;
        };
        for (keyword, rule) in schema {
            self.keyword(keyword, rule, value, place);
        }
        if let Some(members) = value.as_object() {
            self.members(schema, members, place);
        }
    }

    fn keyword(&mut self, keyword: &str, rule: &Value, value: &Value, place: &str) {
        let each = || rule.as_array().into_iter().flatten();
        match keyword {
            "$ref" => {
                let pointer = rule.as_str().and_then(|r| r.strip_prefix('#')).unwrap_or_default();
                match self.document.pointer(pointer) {
                    Some(schema) => self.value(schema, value, place),
                    None => self.bad(place, &format!("has a schema that is not there: {rule}")),
                }
            }
            "type" => {
                let types: Vec<&str> = match rule {
                    Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
                    other => other.as_str().into_iter().collect(),
                };
                if !types.iter().any(|t| is_type(t, value)) {
                    self.bad(place, &format!("is no {}: {value}", types.join(" or ")));
                }
            }
            "enum" if !each().any(|one| one == value) => {
                self.bad(place, &format!("is none of {rule}: {value}"));
            }
            "const" if rule != value => self.bad(place, &format!("is not {rule}: {value}")),
            "allOf" => each().for_each(|schema| self.value(schema, value, place)),
            "anyOf" if !each().any(|schema| self.fits(schema, value)) => {
                self.bad(place, &format!("fits none of its schemas: {value}"));
            }
            "oneOf" if each().filter(|schema| self.fits(schema, value)).count() != 1 => {
                self.bad(place, &format!("does not fit just one of its schemas: {value}"));
            }
            "not" if self.fits(rule, value) => {
                self.bad(place, &format!("is what it must not be: {value}"));
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(rule, item, &format!("{place}[{at}]"));
                }
            }
            "format" => self.format(rule.as_str().unwrap_or_default(), value, place),
            _ => self.bound(keyword, rule, value, place),
        }
    }

    fn bound(&mut self, keyword: &str, rule: &Value, value: &Value, place: &str) {
        let Some(bound) = rule.as_f64() else { return };
        let length = || value.as_str().map(|text| text.chars().count() as f64);
        let items = || value.as_array().map(|items| items.len() as f64);
        let (measured, most) = match keyword {
            "minimum" => (value.as_f64(), false),
            "maximum" => (value.as_f64(), true),
            "minLength" => (length(), false),
            "maxLength" => (length(), true),
            "minItems" => (items(), false),
            "maxItems" => (items(), true),
            _ => return,
        };
        if measured.is_some_and(|m| if most { m > bound } else { m < bound }) {
            self.bad(place, &format!("breaks {keyword} {bound}: {value}"));
        }
    }

    fn members(&mut self, schema: &Map<String, Value>, members: &Map<String, Value>, place: &str) {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            if !members.contains_key(name) {
                self.bad(&format!("{place}.{name}"), "is missing");
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in members {
            let place = format!("{place}.{name}");
            match properties.and_then(|properties| properties.get(name)) {
                Some(property) => self.value(property, value, &place),
                None => {
                    if let Some(others) = schema.get("additionalProperties") {
                        self.value(others, value, &place);
                    }
                }
            }
        }
    }

    fn format(&mut self, format: &str, value: &Value, place: &str) {
        let Some(text) = value.as_str() else { return };
        let fits = match format {
            "date-time" => domain::time::Timestamp::parse(text).is_ok(),
            "uuid" => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
            "ipv4" => text.parse::<IpAddr>().is_ok_and(|a| a.is_ipv4()),
            "ipv6" => text.parse::<IpAddr>().is_ok_and(|a| a.is_ipv6()),
            "uri" => text.contains(':'),
            _ => true,
        };
        if !fits {
            self.bad(place, &format!("is no {format}: {value}"));
        }
    }
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}
