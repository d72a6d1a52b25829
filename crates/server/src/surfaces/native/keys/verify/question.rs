//! What a caller of verify asks, borrowed from its body.

mod quick;

use crate::{
    document::{Named, schema},
    extract::json,
    failure::Failure,
};
use domain::{
    id::Scope,
    permission::{Wants, check_wanted},
    rate_limit::Limit,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, json};
use std::{fmt, marker::PhantomData, net::IpAddr};

/// Wanted permissions that take no allocation.
pub(super) const FEW: usize = 8;
/// Wanted permissions at once.
const MOST: usize = 64;
/// The largest capacity that a limit may have: no cost is larger.
const MOST_COST: u32 = 1_000_000;

/// The body. `S` is `&str`, or `String` where the text holds escapes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub(in super::super) struct Question<S> {
    pub(super) secret: S,
    #[serde(default)]
    key_type: Option<S>,
    #[serde(default)]
    tenant: Option<S>,
    #[serde(default)]
    permissions: Option<Permissions<S>>,
    #[serde(default)]
    client_address: Option<S>,
    #[serde(default)]
    origin: Option<S>,
    #[serde(default)]
    method: Option<S>,
    #[serde(default)]
    path: Option<S>,
    #[serde(default)]
    cost: Option<u32>,
}

/// Reads a body that is written as most are; `None`: [`read`] decides.
pub(super) fn read_plain(body: &[u8]) -> Option<Question<&str>> {
    quick::read(body)
}

/// Reads the body; unknown members are refused.
pub(super) fn read<'a, S: Deserialize<'a>>(body: &'a [u8]) -> Result<Question<S>, Failure> {
    // serde reads an array into a struct, too.
    if body.trim_ascii_start().first().is_some_and(|b| *b != b'{') {
        return Err(Failure::BadJson { field: None, detail: "must be a JSON object".to_owned() });
    }
    json::read(body)
}

/// A member that cannot be used.
pub(super) fn bad(field: &'static str, detail: &str) -> Failure {
    Failure::Service(service::Error::invalid(field, detail))
}

impl<S: AsRef<str>> Question<S> {
    pub(super) fn tenant(&self) -> Result<Option<Scope>, Failure> {
        let Some(text) = &self.tenant else { return Ok(None) };
        Scope::parse(text.as_ref())
            .map(Some)
            .map_err(|_| bad("tenant", "must be a tenant's id or `*`"))
    }

    pub(super) fn key_type(&self) -> Option<&str> {
        self.key_type.as_ref().map(AsRef::as_ref)
    }

    pub(super) fn origin(&self) -> Option<&str> {
        self.origin.as_ref().map(AsRef::as_ref)
    }

    pub(super) fn method(&self) -> Option<&str> {
        self.method.as_ref().map(AsRef::as_ref)
    }

    pub(super) fn path(&self) -> Option<&str> {
        self.path.as_ref().map(AsRef::as_ref)
    }

    pub(super) fn client_address(&self) -> Result<Option<IpAddr>, Failure> {
        let Some(text) = &self.client_address else { return Ok(None) };
        text.as_ref()
            .parse()
            .map(Some)
            .map_err(|_| bad("clientAddress", "must be an IPv4 or IPv6 address"))
    }

    /// Looks at all that can be wrong without a key at hand.
    pub(in super::super) fn check(&self) -> Result<(), Failure> {
        self.tenant()?;
        self.client_address()?;
        self.cost()?;
        self.wants(&mut [""; FEW], &mut Vec::new()).map(|_| ())
    }

    /// Whether it is more than the key's own capacity is known when the key is.
    pub(super) fn cost(&self) -> Result<u32, Failure> {
        match self.cost.unwrap_or(1) {
            cost if cost <= MOST_COST => Ok(cost),
            _ => Err(bad("cost", "must be 0 to the key's capacity")),
        }
    }

    /// The wanted permissions: the few of most callers in `room`, longer lists in `more`.
    pub(super) fn wants<'a>(
        &'a self,
        room: &'a mut [&'a str; FEW],
        more: &'a mut Vec<&'a str>,
    ) -> Result<Wants<'a>, Failure> {
        let Some(asked) = &self.permissions else { return Ok(Wants::Nothing) };
        let texts = || asked.wanted.iter().map(AsRef::as_ref);
        if texts().any(|text| check_wanted(text).is_err()) {
            return Err(bad(
                "permissions",
                "each must be 2 to 6 parts of a-z, 0-9, `_` and `-`, joined by `:`, without `*`",
            ));
        }
        let wanted: &'a [&'a str] = match room.get_mut(..asked.wanted.len()) {
            Some(fitting) => {
                for (place, text) in fitting.iter_mut().zip(texts()) {
                    *place = text;
                }
                fitting
            }
            None => {
                more.extend(texts());
                more
            }
        };
        Ok(if asked.all { Wants::All(wanted) } else { Wants::Any(wanted) })
    }
}

/// `{"all":[…]}` or `{"any":[…]}`.
struct Permissions<S> {
    all: bool,
    wanted: Few<S>,
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Permissions<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PermissionsVisitor(PhantomData))
    }
}

struct PermissionsVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de>> Visitor<'de> for PermissionsVisitor<S> {
    type Value = Permissions<S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one of `all`, `any`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let one = || A::Error::custom("must have one of `all`, `any`, and nothing else");
        let all = match members.next_key::<Member>()?.ok_or_else(one)? {
            Member::All => true,
            Member::Any => false,
        };
        let wanted = members.next_value()?;
        match members.next_key::<Member>()? {
            None => Ok(Permissions { all, wanted }),
            Some(_) => Err(one()),
        }
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    All,
    Any,
}

/// A list whose first items take no allocation.
struct Few<S> {
    items: [Option<S>; FEW],
    more: Vec<S>,
}

impl<S> Few<S> {
    fn len(&self) -> usize {
        self.items.iter().flatten().count() + self.more.len()
    }

    fn iter(&self) -> impl Iterator<Item = &S> {
        self.items.iter().flatten().chain(&self.more)
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Few<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FewVisitor(PhantomData))
    }
}

struct FewVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de>> Visitor<'de> for FewVisitor<S> {
    type Value = Few<S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of permissions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut few = Few { items: [const { None }; FEW], more: Vec::new() };
        for place in &mut few.items {
            *place = seq.next_element()?;
            if place.is_none() {
                return Ok(few);
            }
        }
        while let Some(item) = seq.next_element()? {
            if few.more.len() + FEW == MOST {
                return Err(A::Error::custom("has too many permissions"));
            }
            few.more.push(item);
        }
        Ok(few)
    }
}

/// What [`Question`] looks like.
pub(in super::super) fn schema() -> Named {
    let wanted = json!({
        "type": "array", "maxItems": MOST,
        "items": {"type": "string", "maxLength": 255, "pattern": schema::WANTED},
    });
    let one = |name: &str| {
        json!({
            "type": "object", "required": [name], "additionalProperties": false,
            "properties": {name: wanted},
        })
    };
    let text = |about: &str| json!({"type": ["string", "null"], "description": about});
    let schema = json!({
        "type": "object",
        "required": ["secret"],
        "additionalProperties": false,
        "properties": {
            "secret": {"type": "string", "description": "What was presented."},
            "keyType": text("The type that the key must have."),
            "tenant": {"anyOf": [schema::scope(), {"type": "null"}],
                "description": "Whose the key must be."},
            "permissions": {"anyOf": [one("all"), one("any"), {"type": "null"}],
                "description": "What the key must be allowed: all of a list, or any of it."},
            "clientAddress": {
                "anyOf": [
                    {"type": "string", "format": "ipv4"},
                    {"type": "string", "format": "ipv6"},
                    {"type": "null"},
                ],
                "description": "From where the secret was presented, for allow-lists.",
            },
            "origin": text("The `Origin` of the request that it was presented with."),
            "method": text("The method of that request."),
            "path": text("The path of that request."),
            "cost": {"type": ["integer", "null"], "minimum": 0, "maximum": MOST_COST,
                "description": "Units to take; 1 where it is left out, 0 only looks."},
        },
    });
    Named::new("Question", schema)
}

/// A question in the documentation.
pub(in super::super) fn example() -> Value {
    json!({"secret": "kw_example-not-a-secret", "permissions": {"all": ["orders:read"]}})
}

const _: () = assert!(Limit::new(MOST_COST, 1).is_ok());

#[cfg(test)]
mod tests;
