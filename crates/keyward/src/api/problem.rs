//! A refusal of the server in words, with what to do next, and the exit code that it ends with.

use crate::{
    failure::{Exit, Failure},
    output::plain,
};
use ::http::StatusCode;
use serde::{Deserialize, Deserializer};

/// As whom the call was made: what helps depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AskedAs {
    Nobody,
    Token,
    Login,
    Operator,
}

/// The members of RFC 9457 and ours that say something to a person.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Problem {
    #[serde(deserialize_with = "sentence")]
    detail: String,
    code: String,
    field: Option<String>,
    right: Option<String>,
    request_id: Option<String>,
}

/// A sentence; NexusOne's wire has, for values that cannot be, a list of them with their places.
fn sentence<'de, D: Deserializer<'de>>(given: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Words(String),
        Values(Vec<BadValue>),
    }
    #[derive(Deserialize)]
    struct BadValue {
        loc: Vec<String>,
        msg: String,
    }
    Ok(match Said::deserialize(given)? {
        Said::Words(words) => words,
        Said::Values(values) => {
            let one = |bad: &BadValue| match bad.loc.last() {
                Some(place) => format!("`{place}`: {}", bad.msg),
                None => bad.msg.clone(),
            };
            values.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    })
}

/// Why a call was refused.
pub(super) fn failure(status: StatusCode, body: &[u8], by: AskedAs) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Problem>(body) else {
        return Failure::failed(format!("the answer was {status}"))
            .with_hint("check the address; a proxy in between may have answered");
    };
    let failure = Failure::new(exit(status), message(status, &problem));
    match hint(status, &problem, by) {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn exit(status: StatusCode) -> Exit {
    match status.as_u16() {
        400 | 413 | 414 | 415 | 422 | 431 => Exit::Usage,
        401 | 403 => Exit::Refused,
        404 => Exit::NotFound,
        409 | 412 => Exit::Conflict,
        _ => Exit::Failed,
    }
}

/// The server's sentence; it names the member itself, or the member is put in front.
fn message(status: StatusCode, problem: &Problem) -> String {
    let detail = match problem.detail.as_str() {
        "" => status.to_string(),
        detail => plain(detail),
    };
    let text = match &problem.field {
        Some(field) if !detail.contains(&format!("`{field}`")) => format!("`{field}`: {detail}"),
        _ => detail,
    };
    match &problem.right {
        Some(right) => format!("{text}: `{right}`"),
        None => text,
    }
}

fn hint(status: StatusCode, problem: &Problem, by: AskedAs) -> Option<String> {
    let text = match (status.as_u16(), by) {
        (401, AskedAs::Nobody) => {
            "sign in with `keyward login`, give a token by `KEYWARD_TOKEN` or `--token-file`, or name \
             the data itself with `--data-dir` while no server runs"
        }
        (401, AskedAs::Token) => {
            "the token given by `KEYWARD_TOKEN` or `--token-file` has ended, or is another server's"
        }
        (401, AskedAs::Login) => "the login has ended: sign in again with `keyward login`",
        (403, _) => "`keyward whoami` shows your roles and rights; an admin can give you a role",
        (404, AskedAs::Nobody) => "without a token much is not shown: sign in with `keyward login`",
        (404, AskedAs::Token | AskedAs::Login) => {
            "there is none of that name, or it is not yours to see: `keyward whoami` shows who you are"
        }
        (412, _) => "show it again, and repeat the change with its new version",
        (421, _) => {
            "use the address that the server was given as `public_url`, or add it to `hosts`"
        }
        (429, _) => "wait a moment, then try again",
        (500, _) => {
            return problem.request_id.as_ref().map(|id| {
                format!("the server's log has the cause under request id `{}`", plain(id))
            });
        }
        (503, _) => "the server is starting, overloaded, or without its database: try again",
        _ => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str, by: AskedAs) -> (Exit, String) {
        let failure = failure(StatusCode::from_u16(status).unwrap(), body.as_bytes(), by);
        (failure.exit, failure.to_string())
    }

    #[test]
    fn a_problem_is_its_detail_its_field_and_a_hint() {
        let body = r#"{"detail":"must not be empty","code":"invalid","field":"name"}"#;
        let (exit, text) = said(400, body, AskedAs::Login);
        assert_eq!((exit, text.as_str()), (Exit::Usage, "error: `name`: must not be empty\n"));
        let body = r#"{"detail":"`name`: must not be empty","code":"invalid","field":"name"}"#;
        assert_eq!(said(400, body, AskedAs::Login).1, text);
        let body = r#"{"detail":[{"type":"missing","loc":["body","description"],"msg":"Field required","input":{}}]}"#;
        let (exit, text) = said(422, body, AskedAs::Token);
        assert_eq!((exit, text.as_str()), (Exit::Usage, "error: `description`: Field required\n"));
        let body = r#"{"detail":"authentication is required","code":"unauthenticated"}"#;
        let (exit, text) = said(401, body, AskedAs::Nobody);
        assert_eq!(exit, Exit::Refused);
        assert!(text.contains("hint: sign in with `keyward login`"), "{text}");
        let body =
            r#"{"detail":"the caller lacks a right that this needs","right":"Audit.canRead"}"#;
        let (_, text) = said(403, body, AskedAs::Token);
        assert!(text.contains("that this needs: `Audit.canRead`"), "{text}");
    }

    #[test]
    fn what_is_no_problem_is_not_quoted() {
        let (exit, text) = said(502, "<html>secret-looking</html>", AskedAs::Token);
        assert_eq!(exit, Exit::Failed);
        assert!(text.starts_with("error: the answer was 502") && !text.contains("html"), "{text}");
    }
}
