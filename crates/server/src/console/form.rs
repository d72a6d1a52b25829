//! Forms of the console: each carries the visitor's token, and what is wrong with a field is said beside it.

use super::Visitor;
use crate::{extract::body, failure::Failure};
use axum::extract::{FromRequest, Request};
use domain::secret::{Secret, SecretDigest};
use http::StatusCode;
use service::Error;
use std::{fmt, sync::Arc};

const TYPE: &str = "application/x-www-form-urlencoded";
const MAX_FIELDS: usize = 500;
/// The field that holds the token.
pub(super) const TOKEN: &str = "token";

/// What was sent, in the order of the page. A field may come more than once; values may be secrets.
#[derive(Default)]
pub(super) struct Form(Vec<(String, Secret)>);

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let visitor = request.extensions().get::<Arc<Visitor>>().cloned();
        let visitor = visitor.ok_or_else(|| crate::extract::misrouted("visitor"))?;
        let form = Self::read(request).await?;
        form.check_token(&visitor.token)?;
        Ok(form)
    }
}

impl Form {
    /// Reads a form that needs no visitor: the sign-in's.
    pub(super) async fn read(request: Request) -> Result<Self, Failure> {
        if !crate::extract::is_type(request.headers(), |essence| essence == TYPE) {
            return Err(Failure::UnsupportedMediaType { wanted: TYPE });
        }
        let bytes = body::of_request(request).await?;
        let fields: Vec<(String, Secret)> = form_urlencoded::parse(&bytes)
            .map(|(name, value)| (name.into_owned(), Secret::new(value.replace("\r\n", "\n"))))
            .collect();
        if fields.len() > MAX_FIELDS {
            let detail = "there are too many fields".to_owned();
            return Err(Failure::BadForm { field: None, detail });
        }
        if fields.iter().any(|(_, value)| value.expose().contains('\0')) {
            let detail = "no field may hold a NUL".to_owned();
            return Err(Failure::BadForm { field: None, detail });
        }
        Ok(Self(fields))
    }

    /// Refuses a form that does not carry this token.
    pub(super) fn check_token(&self, token: &str) -> Result<(), Failure> {
        // By digests, so that no time tells how much of it was right.
        let wanted = SecretDigest::of(token);
        let sent = self.find(TOKEN).map(Secret::digest);
        match sent {
            Some(sent) if sent == wanted => Ok(()),
            _ => Err(Failure::Service(Error::NotAllowed { right: None })),
        }
    }

    fn find(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A field's text, as it was typed; empty where it did not come.
    pub(super) fn text(&self, name: &str) -> &str {
        self.find(name).map(Secret::expose).unwrap_or_default()
    }

    /// A field's text without white space around it; `None` where nothing is left.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        let text = self.text(name).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The version of the thing that the page showed: what was changed since is not written over.
    pub(super) fn version(&self) -> Option<u32> {
        self.text("version").parse().ok()
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let of_name = self.0.iter().filter(|(known, _)| known == name);
        of_name.map(|(_, value)| value.expose().to_owned()).filter(|v| !v.is_empty()).collect()
    }

    /// The lines of a field that hold something.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        lines(self.text(name))
    }

    /// Whether a box was ticked, or a button pressed.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A field's value, moved out: for passwords and keys.
    pub(super) fn take(&mut self, name: &str) -> Option<Secret> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        let (_, value) = self.0.swap_remove(at);
        (!value.expose().is_empty()).then_some(value)
    }
}

/// The lines of a text that hold something.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    /// What concerns the whole of it.
    pub(super) whole: Option<String>,
    fields: Vec<(String, String)>,
}

impl Faults {
    /// Adds what is wrong with a field.
    pub(super) fn add(&mut self, field: &str, text: impl Into<String>) {
        self.fields.push((field.to_owned(), text.into()));
    }

    /// One fault of one field.
    pub(super) fn one(field: &str, text: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, text);
        faults
    }

    /// A fault of the whole.
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { whole: Some(text.into()), fields: Vec::new() }
    }

    /// What is wrong with this field.
    pub(super) fn of(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == field).map(|(_, text)| text.as_str())
    }

    /// Each field and what is wrong with it, as it is said apart from the field.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, String)> {
        let apart = |text: &str, field: &str| match text.strip_prefix("Must ") {
            Some(rest) => format!("{} must {rest}", label(field)),
            // What says no more than what is wanted.
            None if text.starts_with(|c: char| c.is_ascii_digit()) || text.starts_with("At ") => {
                format!("{}: {text}", label(field))
            }
            None => text.to_owned(),
        };
        self.fields.iter().map(move |(field, text)| (field.as_str(), apart(text, field)))
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.fields.is_empty()
    }

    /// What a page says of the form: that it has to be mended, where something is wrong.
    pub(super) fn status(&self) -> StatusCode {
        if self.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What a use case said. `known`: the fields of this form, by the name that the use case has for them
    /// and the name that the form has; what concerns none of them concerns the whole. What no person at a
    /// form can mend stays a failure.
    pub(super) fn of_error(error: Error, known: &[(&str, &str)]) -> Result<Self, Failure> {
        match error {
            Error::Invalid { field, detail } => {
                let head = field.split(['.', '[']).next().unwrap_or(field);
                let of = known.iter().find(|(name, _)| *name == field || *name == head);
                Ok(match of {
                    Some((_, form)) => Self::one(form, sentence(&detail)),
                    None => Self::whole(format!("{field}: {detail}.")),
                })
            }
            Error::Conflict { what, detail } => {
                Ok(match known.iter().find(|(name, _)| *name == what) {
                    Some((_, form)) => Self::one(form, sentence(&detail)),
                    None => Self::whole(sentence(&detail)),
                })
            }
            Error::TooManyKeys { detail } | Error::TooManyNewKeys { detail, .. } => {
                Ok(Self::whole(sentence(&detail)))
            }
            Error::PreconditionFailed => Ok(Self::whole(
                "Somebody else changed this in the meantime. Look at what it is now, then try again.",
            )),
            Error::Limited { retry_after_s } => {
                Ok(Self::whole(format!("Too many attempts. Try again in {retry_after_s} seconds.")))
            }
            Error::NotAllowed { right: Some(right) } => {
                Ok(Self::whole(format!("You lack the right {right}, which this needs.")))
            }
            other @ (Error::NotAllowed { .. }
            | Error::NotFound
            | Error::Unauthenticated
            | Error::Unavailable { .. }
            | Error::Internal(_)) => Err(Failure::Service(other)),
        }
    }
}

/// What people call a field, from its name: `every-days` and `everyDays` are `Every days`.
fn label(field: &str) -> String {
    let known = [("capacity", "Requests"), ("frequency", "Seconds"), ("at", "Instant")];
    if let Some((_, label)) = known.iter().find(|(name, _)| *name == field) {
        return (*label).to_owned();
    }
    let mut label = String::new();
    for (at, c) in field.char_indices() {
        match c {
            '-' | '_' => label.push(' '),
            c if at == 0 => label.extend(c.to_uppercase()),
            c if c.is_uppercase() => {
                label.push(' ');
                label.extend(c.to_lowercase());
            }
            c => label.push(c),
        }
    }
    label
}

/// The beginning of what was typed, to be said again.
pub(super) fn cut(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A detail as a sentence.
pub(super) fn sentence(detail: &str) -> String {
    let mut chars = detail.chars();
    let mut text: String = match chars.next() {
        Some(first) if !detail.starts_with('`') => first.to_uppercase().chain(chars).collect(),
        _ => detail.to_owned(),
    };
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    quoted(&text)
}

/// What stands between backticks for programs stands between quotation marks.
pub(super) fn quoted(text: &str) -> String {
    let mut inside = false;
    let mark = |c: char| match c {
        '`' => {
            inside = !inside;
            if inside { '“' } else { '”' }
        }
        c => c,
    };
    text.chars().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_stands_at_its_field_or_at_the_whole() {
        let of = |field| {
            let error = Error::invalid(field, "must be shorter");
            Faults::of_error(error, &[("name", "key_name"), ("allowList", "origins")])
        };
        let at_name = of("name").map(|f| f.of("key_name").map(str::to_owned));
        assert_eq!(at_name.ok().flatten().as_deref(), Some("Must be shorter."));
        let inside = of("allowList.origins[2]").map(|f| f.of("origins").map(str::to_owned));
        assert_eq!(inside.ok().flatten().as_deref(), Some("Must be shorter."));
        assert_eq!(sentence("one of `a`, `b`"), "One of “a”, “b”.");
        let mut faults = Faults::one("everyDays", "Must be at least 1.");
        faults.add("name", "Enter a name.");
        let apart: Vec<(&str, String)> = faults.fields().collect();
        let wanted = [("everyDays", "Every days must be at least 1."), ("name", "Enter a name.")];
        assert_eq!(apart, wanted.map(|(field, text)| (field, text.to_owned())));
        assert_eq!(
            of("other").ok().and_then(|f| f.whole).as_deref(),
            Some("other: must be shorter.")
        );
    }
}
