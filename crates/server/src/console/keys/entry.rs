//! `GET /console/keys/entry`: whether an entry of an allow-list, or a permission, can be one. Asked while
//! somebody types.

use super::entries::{Entry, Kind};
use crate::{
    answer::{self, Body},
    console::Visiting,
    extract::Query,
    failure::Failure,
};
use domain::permission::Permission;
use http::{Response, StatusCode};
use service::Error;

pub(in crate::console) async fn entry(
    _: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let kind = query.take_text("kind").unwrap_or_default();
    let text = query.take_text("entry").unwrap_or_default();
    let kind = match kind.as_str() {
        "origin" => Some(Kind::Origin),
        "address" => Some(Kind::Address),
        "method" => Some(Kind::Method),
        "path" => Some(Kind::Path),
        "permission" => None,
        _ => return Err(Failure::Service(Error::NotFound)),
    };
    let said = judge(kind, text.trim());
    Ok(answer::with_type(StatusCode::OK, "text/plain; charset=utf-8", said))
}

/// `good`, or `bad`, and a sentence.
fn judge(kind: Option<Kind>, text: &str) -> String {
    let Some(kind) = kind else {
        return match Permission::parse(text) {
            Ok(permission) if permission.as_str().ends_with(":*") => {
                format!("good {permission}: everything below it.")
            }
            Ok(permission) => format!("good {permission}"),
            Err(_) => {
                "bad Two to six parts of a-z, 0-9, _ and -, joined by colons; the last may be *."
                    .to_owned()
            }
        };
    };
    match Entry::read(kind, text) {
        Ok(Entry::Origin(rule)) => {
            let below =
                if rule.to_string().contains("://*.") { ", every name below it" } else { "" };
            format!("good Pages of {rule}{below}.")
        }
        Ok(Entry::Address(rule)) => {
            let rule = rule.to_string();
            match rule.strip_prefix('!') {
                Some(out) => format!("good Not from {out}."),
                None => format!("good From {rule}."),
            }
        }
        Ok(Entry::Text(text)) => format!("good {text}"),
        Err(wanted) => format!("bad It must be {wanted}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_said_as_it_will_be_compared() {
        let said = |kind, text| judge(Some(kind), text);
        assert_eq!(
            said(Kind::Origin, "*.example.com"),
            "good Pages of https://*.example.com, every name below it."
        );
        assert_eq!(said(Kind::Address, "192.0.2.7/24"), "good From 192.0.2.0/24.");
        assert_eq!(said(Kind::Address, "!192.0.2.7"), "good Not from 192.0.2.7/32.");
        assert!(said(Kind::Origin, "https://a.example/x").starts_with("bad It must be an origin"));
        assert!(judge(None, "orders").starts_with("bad "));
    }
}
