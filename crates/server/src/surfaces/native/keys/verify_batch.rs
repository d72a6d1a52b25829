//! `POST /v1/keys/verify-batch`: many questions at once, answered in their order.
//!
//! All of them are looked at before the first one is asked: a body that is wrong takes no units of any
//! limit.

use super::verify::{judge, question::Question};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation},
    extract::json,
    failure::Failure,
    front::FrontRequest,
};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::Error;

const JSON: &str = "application/json";
/// Questions at once.
const MOST: usize = 1_000;
/// What the body may measure.
pub(in super::super) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// About the length of one answer.
const ANSWER_BYTES: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
struct Batch<S> {
    questions: Vec<Question<S>>,
}

pub(in super::super) fn verify_batch(
    app: &App,
    request: &FrontRequest<'_>,
) -> Result<Response<Body>, Failure> {
    // Text without escapes is borrowed from the body.
    if request.body.contains(&b'\\') {
        answer_all(app, request, &json::strict::<Batch<String>>(request.body)?.questions)
    } else {
        answer_all(app, request, &json::strict::<Batch<&str>>(request.body)?.questions)
    }
}

fn answer_all<S: AsRef<str>>(
    app: &App,
    request: &FrontRequest<'_>,
    questions: &[Question<S>],
) -> Result<Response<Body>, Failure> {
    // Fails closed: the table's access establishes a caller, or this is never reached.
    let caller = request.caller.ok_or(Failure::NoRoute)?;
    if questions.len() > MOST {
        let detail = format!("must be at most {MOST}");
        return Err(Failure::Service(Error::invalid("questions", detail)));
    }
    for (place, question) in questions.iter().enumerate() {
        question.check().map_err(|failure| at(place, failure))?;
    }
    let mut out = Vec::with_capacity(ANSWER_BYTES * (questions.len() + 1));
    out.extend_from_slice(br#"{"verdicts":["#);
    for (place, question) in questions.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        match judge(app, request, caller.scope(), question) {
            Ok(verdict) => out.extend_from_slice(&verdict),
            // Known only with the key at hand; the others are not kept from their answers.
            Err(Failure::Service(Error::Invalid { field, detail })) => {
                let error = serde_json::json!({
                    "error": {"code": "invalid", "field": field, "detail": detail}
                });
                out.extend_from_slice(error.to_string().as_bytes());
            }
            Err(other) => return Err(other),
        }
    }
    out.extend_from_slice(b"]}");
    Ok(answer::with_type(StatusCode::OK, JSON, Bytes::from(out)))
}

/// The same failure, saying of which question.
fn at(place: usize, failure: Failure) -> Failure {
    match failure.field() {
        Some(field) => Failure::BadJson {
            field: Some(format!("questions[{place}].{field}")),
            detail: failure.detail().into_owned(),
        },
        None => failure,
    }
}

pub(in super::super) fn doc() -> Operation {
    let one = super::verify::question::schema();
    let questions = json!({
        "type": "object",
        "required": ["questions"],
        "additionalProperties": false,
        "properties": {"questions": {"type": "array", "maxItems": MOST, "items": one.schema}},
    });
    let verdict = super::verify::verdict::schema();
    let refused = json!({
        "type": "object",
        "required": ["error"],
        "properties": {"error": {
            "type": "object",
            "required": ["code", "field", "detail"],
            "properties": {
                "code": {"type": "string"},
                "field": {"type": "string"},
                "detail": {"type": "string"},
            },
        }},
    });
    let verdicts = json!({
        "type": "object",
        "required": ["verdicts"],
        "properties": {"verdicts": {"type": "array", "items": {"anyOf": [verdict.schema, refused]}}},
    });
    operation("Verify many keys")
        .about(
            "Up to 1,000 questions of `verify_key` at once; the verdicts come in \
             their order. Where a question turns out to be none once its key is \
             found, an `error` stands in its place and the others are answered. Who \
             may ask: as for `verify_key`.",
        )
        .takes_as(
            JSON,
            Named::new("Questions", questions),
            json!({"questions": [super::verify::question::example()]}),
        )
        .answers_as(
            200,
            "A verdict for each question, in order.",
            JSON,
            Named::new("Verdicts", verdicts),
            json!({"verdicts": [super::verify::verdict::example(), {"verdict": "NOT_FOUND"}]}),
        )
        .fails([Error::invalid("questions", "must be at most 1000")])
}
