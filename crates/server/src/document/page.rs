//! The document as a page: one file of HTML, made once, that asks nobody else for anything and works
//! without scripts.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// What makes it readable; served beside it, so that the page itself needs no exception in its policy.
pub(crate) const STYLE: &str = include_str!("page.css");

/// The page of this document.
pub(super) fn of(document: &Value) -> String {
    let mut page = Page { document, html: String::with_capacity(1 << 19) };
    page.write();
    page.html
}

struct Page<'a> {
    document: &'a Value,
    html: String,
}

impl<'a> Page<'a> {
    fn put(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn text(&mut self, text: &str) {
        self.html.push_str(&escaped(text));
    }

    fn write(&mut self) {
        let info = |name: &str| text_at(self.document, &["info", name]).to_owned();
        let (title, version, about) = (info("title"), info("version"), info("description"));
        self.put("<!doctype html>\n<html lang=en><head><meta charset=utf-8>");
        self.put("<meta name=viewport content=\"width=device-width, initial-scale=1\">");
        let _ = write!(self.html, "<title>{0} API</title>", escaped(&title));
        self.put("<link rel=stylesheet href=/docs/style.css></head><body><header>");
        let _ = write!(
            self.html,
            "<h1>{} API <small>{}</small></h1>{}",
            escaped(&title),
            escaped(&version),
            prose(&about)
        );
        self.put("<p>The same as <a href=/openapi.json>an OpenAPI document</a>.</p></header>");
        let operations = self.operations();
        self.contents(&operations);
        self.put("<main>");
        for (tag, about, operations) in operations.iter().filter(|(.., own)| !own.is_empty()) {
            let _ = write!(self.html, "<h2 id=\"of-{0}\">{0}</h2>{1}", escaped(tag), prose(about));
            for (path, method, operation) in operations {
                self.operation(path, method, operation);
            }
        }
        self.put("</main></body></html>\n");
    }

    /// By surface, in the order of the document.
    fn operations(&self) -> Vec<Tagged<'a>> {
        let tags = self.document.get("tags").and_then(Value::as_array);
        let paths = self.document.get("paths").and_then(Value::as_object);
        let all: Vec<(&str, &str, &Value)> = paths
            .into_iter()
            .flatten()
            .filter_map(|(path, item)| Some((path, item.as_object()?)))
            .flat_map(|(path, item)| item.iter().map(move |(m, o)| (path.as_str(), m.as_str(), o)))
            .collect();
        let of = |tag: &str| {
            let own = |operation: &Value| {
                operation.pointer("/tags/0").and_then(Value::as_str) == Some(tag)
            };
            all.iter().filter(|(.., operation)| own(operation)).copied().collect()
        };
        tags.into_iter()
            .flatten()
            .map(|tag| (text_at(tag, &["name"]), text_at(tag, &["description"])))
            .map(|(name, about)| (name, about, of(name)))
            .collect()
    }

    fn contents(&mut self, operations: &[Tagged<'a>]) {
        self.put("<nav><ul>");
        for (tag, _, operations) in operations.iter().filter(|(.., own)| !own.is_empty()) {
            let _ = write!(self.html, "<li><a href=\"#of-{0}\">{0}</a><ul>", escaped(tag));
            let mut last = "";
            for (_, method, operation) in operations {
                let summary = text_at(operation, &["summary"]);
                let _ = write!(
                    self.html,
                    "<li><a href=\"#{}\">{}",
                    escaped(text_at(operation, &["operationId"])),
                    escaped(summary)
                );
                // One operation by several methods: the first is the usual one.
                if summary == last {
                    let _ = write!(self.html, " <small>{}</small>", method.to_ascii_uppercase());
                }
                self.put("</a>");
                last = summary;
            }
            self.put("</ul>");
        }
        self.put("</ul></nav>");
    }

    fn operation(&mut self, path: &str, method: &str, operation: &'a Value) {
        let _ = write!(
            self.html,
            "<section id=\"{}\"><h3>{}</h3><p class=at><b>{}</b> <code>{}</code></p>{}",
            escaped(text_at(operation, &["operationId"])),
            escaped(text_at(operation, &["summary"])),
            method.to_ascii_uppercase(),
            escaped(path),
            prose(text_at(operation, &["description"]))
        );
        self.who(operation);
        self.parameters(operation);
        if let Some(body) = operation.get("requestBody") {
            self.put("<h4>Request</h4>");
            self.content(body);
        }
        self.responses(operation);
        self.put("</section>\n");
    }

    fn who(&mut self, operation: &Value) {
        if let Some(why) = operation.get("x-public-because").and_then(Value::as_str) {
            let _ = write!(self.html, "<p class=who>Needs no credentials: {}.</p>", escaped(why));
            return;
        }
        let schemes = operation.get("security").and_then(Value::as_array);
        let names: Vec<&str> = schemes
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        let _ = write!(self.html, "<p class=who>Needs {}.</p>", escaped(&names.join(" or ")));
    }

    fn parameters(&mut self, operation: &Value) {
        let Some(parameters) = operation.get("parameters").and_then(Value::as_array) else {
            return;
        };
        self.put("<h4>Parameters</h4><table><tr><th>Name<th>In<th>Meaning<th>Form");
        for parameter in parameters {
            let form = parameter.get("schema").map(form).unwrap_or_default();
            let _ = write!(
                self.html,
                "<tr><td><code>{}</code><td>{}<td>{}<td>{}",
                escaped(text_at(parameter, &["name"])),
                escaped(text_at(parameter, &["in"])),
                inline(text_at(parameter, &["description"])),
                escaped(&form)
            );
        }
        self.put("</table>");
    }

    fn responses(&mut self, operation: &'a Value) {
        let responses = operation.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            let response = self.resolved(response);
            let about = text_at(response, &["description"]);
            if status.as_str() < "400" {
                let _ = write!(self.html, "<h4>Answer {status}</h4>{}", prose(about));
                self.content(response);
                continue;
            }
            let _ = write!(self.html, "<details><summary>{status} {}</summary>", inline(about));
            self.content(response);
            self.put("</details>");
        }
    }

    fn content(&mut self, holder: &'a Value) {
        let contents = holder.get("content").and_then(Value::as_object);
        for (media_type, content) in contents.into_iter().flatten() {
            let _ = write!(self.html, "<p class=type>{}</p>", escaped(media_type));
            if let Some(example) = content.get("example") {
                self.example(example);
            }
            let examples = content.get("examples").and_then(Value::as_object);
            for (_, example) in examples.into_iter().flatten() {
                self.example(example.get("value").unwrap_or(&Value::Null));
            }
            if let Some(schema) = content.get("schema") {
                let schema = self.resolved(schema);
                self.put("<details><summary>Schema</summary>");
                self.example(schema);
                self.put("</details>");
            }
        }
    }

    fn example(&mut self, value: &Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        };
        self.put("<pre>");
        self.text(&text);
        self.put("</pre>");
    }

    fn resolved(&self, value: &'a Value) -> &'a Value {
        let pointer = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }
}

/// A surface, what it is, its operations with path and method.
type Tagged<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str, &'a Value)>);

fn text_at<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    path.iter().try_fold(value, |value, name| value.get(name)).and_then(Value::as_str).unwrap_or("")
}

/// A schema in a few words: `integer, 1 to 200`, `uuid or "*"`.
fn form(schema: &Value) -> String {
    let choices = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
    if let Some(choices) = choices {
        return choices.iter().map(form).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    let word = |name: &str| schema.get(name).and_then(Value::as_str);
    let kind = word("format").or_else(|| word("type")).unwrap_or("text");
    let number = |name: &str| schema.get(name).and_then(Value::as_u64);
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => format!("{kind}, {least} to {most}"),
        (Some(least), None) => format!("{kind}, {least} or more"),
        _ => kind.to_owned(),
    }
}

/// Paragraphs; of Markdown, only `code` occurs in our texts.
fn prose(text: &str) -> String {
    text.split("\n\n").filter(|p| !p.is_empty()).map(|p| format!("<p>{}</p>", inline(p))).collect()
}

fn inline(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            let _ = write!(html, "<code>{}</code>", escaped(part));
        } else {
            html.push_str(&escaped(part));
        }
    }
    html
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_does_not_become_markup() {
        assert_eq!(inline("a <b> `c & \"d\"`"), "a &lt;b&gt; <code>c &amp; &quot;d&quot;</code>");
    }
}
