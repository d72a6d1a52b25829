//! An audit event as text: canonical JSON, because the text is what the chain covers. Members in a
//! fixed order, no white space, instants with three digits of a second.

use crate::Error;
use domain::{
    actor::{ActorKind, PrincipalId},
    audit::{AuditEvent, Fact, Facts},
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    v: u8,
    action: &'a str,
    at: String,
    tenant: String,
    actor: Who<'a>,
    address: Option<String>,
    request_id: &'a str,
    subject: Subject<'a>,
    before: Named<'a>,
    after: Named<'a>,
    detail: Named<'a>,
}

#[derive(Serialize)]
struct Who<'a> {
    kind: &'static str,
    id: Option<String>,
    name: &'a str,
    tenant: String,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'a str,
    id: &'a str,
}

struct Named<'a>(&'a Facts);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.0 {
            map.serialize_entry(name, &One(fact))?;
        }
        map.end()
    }
}

struct One<'a>(&'a Fact);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Fact::Null => serializer.serialize_none(),
            Fact::Bool(b) => serializer.serialize_bool(*b),
            Fact::Int(n) => serializer.serialize_i64(*n),
            Fact::Text(text) => serializer.serialize_str(text),
            Fact::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
        }
    }
}

/// The text of an event.
pub(crate) fn write(event: &AuditEvent) -> Result<String, Error> {
    let (kind, id) = who(event.origin.actor.kind);
    serde_json::to_string(&Event {
        v: 1,
        action: event.action,
        at: event.origin.at.to_string(),
        tenant: event.scope.to_string(),
        actor: Who {
            kind,
            id,
            name: &event.origin.actor.name,
            tenant: event.origin.actor.scope.to_string(),
        },
        address: event.origin.address.map(|address| address.to_string()),
        request_id: &event.origin.request_id,
        subject: Subject { kind: event.subject.0, id: &event.subject.1 },
        before: Named(&event.before),
        after: Named(&event.after),
        detail: Named(&event.detail),
    })
    .map_err(Error::unavailable)
}

/// Facts alone, as they stand inside an event's text.
pub(crate) fn facts(facts: &Facts) -> Result<String, Error> {
    serde_json::to_string(&Named(facts)).map_err(Error::unavailable)
}

fn who(kind: ActorKind) -> (&'static str, Option<String>) {
    match kind {
        ActorKind::Principal(PrincipalId::Person(id)) => ("person", Some(id.to_string())),
        ActorKind::Principal(PrincipalId::Client(id)) => ("client", Some(id.to_string())),
        ActorKind::Key(id) => ("key", Some(id.to_string())),
        ActorKind::System => ("system", None),
        ActorKind::Anonymous => ("anonymous", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{actor::Actor, audit::Origin, id::Scope, time::Timestamp};

    #[test]
    fn the_text_is_canonical() {
        let event = AuditEvent::new(
            "key.create",
            Scope::Cluster,
            Origin {
                actor: Actor::system("bootstrap"),
                address: Some([203, 0, 113, 7].into()),
                request_id: "r1".to_owned(),
                at: Timestamp::from_millis(0),
            },
            ("key", "key_x".to_owned()),
        )
        .after(vec![
            ("name", Fact::Text("a \"b\"".to_owned())),
            ("owner", Fact::Null),
            ("permissions", Fact::List(vec!["a:b".to_owned()])),
            ("enabled", Fact::Bool(true)),
            ("version", Fact::Int(1)),
        ]);
        assert_eq!(
            write(&event).unwrap(),
            concat!(
                r#"{"v":1,"action":"key.create","at":"1970-01-01T00:00:00.000Z","tenant":"*","#,
                r#""actor":{"kind":"system","id":null,"name":"bootstrap","tenant":"*"},"#,
                r#""address":"203.0.113.7","requestId":"r1","subject":{"kind":"key","id":"key_x"},"#,
                r#""before":{},"after":{"name":"a \"b\"","owner":null,"permissions":["a:b"],"#,
                r#""enabled":true,"version":1},"detail":{}}"#
            )
        );
    }
}
