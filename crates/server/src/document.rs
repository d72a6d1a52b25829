//! What an operation takes, gives and refuses, told beside its handler.
//!
//! A handler's `doc()` says what only it knows: what it is for, its parameters, an example of a request
//! and of each answer, and the failures that are its own. What follows from the row of the table (who
//! may call, what a body or a condition can go wrong with) is added by `refusals`, whose examples are
//! real failures in the route's own envelope; `whole` folds all of it into the OpenAPI document.

mod page;
mod parts;
mod refusals;
pub(crate) mod schema;
mod security;
mod whole;
pub(crate) mod words;

pub(crate) use page::STYLE as PAGE_STYLE;
pub(crate) use parts::{Answer, Content, Named, Parameter, Place};
pub use whole::{Document, of_operation, whole};

use crate::{failure::Failure, oauth::OAuthError};
use serde_json::Value;
use utoipa::ToSchema;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// What is written about one operation.
#[derive(Debug)]
pub struct Operation {
    pub(crate) summary: &'static str,
    pub(crate) about: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) takes: Vec<Content>,
    /// Whether the body may be left out.
    pub(crate) body_optional: bool,
    pub(crate) answers: Vec<Answer>,
    pub(crate) fails: Vec<Failure>,
    /// What it refuses in the words of OAuth 2.0, which are no failures of ours.
    pub(crate) refuses: Vec<OAuthError>,
}

/// An operation with its summary: a few words in the imperative, without a full stop.
#[must_use]
pub(crate) const fn operation(summary: &'static str) -> Operation {
    Operation {
        summary,
        about: String::new(),
        parameters: Vec::new(),
        takes: Vec::new(),
        body_optional: false,
        answers: Vec::new(),
        fails: Vec::new(),
        refuses: Vec::new(),
    }
}

impl Operation {
    /// What it is for, what it changes and what to know before: whole sentences, in Markdown.
    pub(crate) fn about(mut self, text: impl Into<String>) -> Self {
        self.about = text.into();
        self
    }

    /// A placeholder of the path.
    pub(crate) fn path(
        self,
        name: &'static str,
        about: &'static str,
        schema: Value,
        example: impl Into<Value>,
    ) -> Self {
        self.parameter(Parameter::new(Place::Path, name, about, schema, example))
    }

    /// A parameter of the query that may be left out.
    pub(crate) fn query(
        self,
        name: &'static str,
        about: &'static str,
        schema: Value,
        example: impl Into<Value>,
    ) -> Self {
        self.parameter(Parameter::new(Place::Query, name, about, schema, example))
    }

    /// A header field of the request that may be left out.
    pub(crate) fn header(
        self,
        name: &'static str,
        about: &'static str,
        schema: Value,
        example: impl Into<Value>,
    ) -> Self {
        self.parameter(Parameter::new(Place::Header, name, about, schema, example))
    }

    fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Answers in pages: `limit` up to this many, and `cursor`.
    pub(crate) fn paged(self, most: u32) -> Self {
        let cursor = "Where to go on: `nextCursor` of the page before.";
        self.query(
            "limit",
            "How many at most; the most where it is left out.",
            schema::integer(1, most),
            most,
        )
        .query("cursor", cursor, schema::text(1, 1000), Value::Null)
    }

    /// Changes a thing only in the version that the caller has seen, where it says so.
    pub(crate) fn if_match(self) -> Self {
        self.header(
            "If-Match",
            "The `ETag` that was read: the change is made only if it still holds.",
            serde_json::json!({"type": "string", "pattern": "^(\\*|\"[0-9]{1,9}\")$"}),
            "*",
        )
    }

    /// A JSON body of this type.
    pub(crate) fn takes<T: ToSchema>(self, example: Value) -> Self {
        self.takes_as(JSON, Named::of::<T>(), example)
    }

    /// A JSON body of this type, which may be left out.
    pub(crate) fn may_take<T: ToSchema>(mut self, example: Value) -> Self {
        self.body_optional = true;
        self.takes::<T>(example)
    }

    /// No body, or an empty object.
    pub(crate) fn takes_nothing(mut self) -> Self {
        self.body_optional = true;
        self.takes_as(JSON, Named::new("Nothing", schema::nothing()), serde_json::json!({}))
    }

    /// A form.
    pub(crate) fn takes_form(self, form: Named, example: Value) -> Self {
        self.takes_as(FORM, form, example)
    }

    /// A body of another kind, or of one kind more.
    pub(crate) fn takes_as(
        mut self,
        media_type: &'static str,
        schema: Named,
        example: Value,
    ) -> Self {
        self.takes.push(Content { media_type, schema, example });
        self
    }

    /// A JSON answer of this type.
    pub(crate) fn answers<T: ToSchema>(
        self,
        status: u16,
        about: &'static str,
        example: Value,
    ) -> Self {
        self.answers_as(status, about, JSON, Named::of::<T>(), example)
    }

    /// An answer of another kind.
    pub(crate) fn answers_as(
        mut self,
        status: u16,
        about: &'static str,
        media_type: &'static str,
        schema: Named,
        example: Value,
    ) -> Self {
        let content = Content { media_type, schema, example };
        self.answers.push(Answer { status, about, content: Some(content), headers: Vec::new() });
        self
    }

    /// An answer without a body.
    pub(crate) fn answers_nothing(mut self, status: u16, about: &'static str) -> Self {
        self.answers.push(Answer { status, about, content: None, headers: Vec::new() });
        self
    }

    /// The answer named last carries the thing's version as `ETag`.
    pub(crate) fn versioned(self) -> Self {
        self.with_header("ETag", "The thing's version, for `If-Match`.", "\"1\"")
    }

    /// The answer named last carries this header field.
    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        about: &'static str,
        example: &'static str,
    ) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push((name, about, example));
        }
        self
    }

    /// Failures of its own, beside what follows from the row: values it refuses, conflicts.
    pub(crate) fn fails<F: Into<Failure>>(mut self, failures: impl IntoIterator<Item = F>) -> Self {
        self.fails.extend(failures.into_iter().map(Into::into));
        self
    }

    /// What it refuses in the words of OAuth 2.0.
    pub(crate) fn refuses(mut self, refusals: impl IntoIterator<Item = OAuthError>) -> Self {
        self.refuses.extend(refusals);
        self
    }
}
