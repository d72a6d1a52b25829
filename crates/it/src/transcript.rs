//! Transcripts of a wire: what was sent and what came back, as text (`crates/it/corpus`). They know no
//! type of ours, so the same text is played to the router in process and to the built program.
//!
//! `# title`, then lines of the request behind `> ` and of the answer behind `< `: the first line, the
//! header fields, an empty line, the body. What must differ from run to run stands as `%jwt%` or
//! `%base64%`, whose form is checked.

use http::{HeaderMap, Method};

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What it is about.
    pub title: String,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// Header fields of the request.
    pub sent: Vec<(String, String)>,
    /// The body of the request.
    pub body: String,
    /// The status.
    pub status: u16,
    /// Header fields of the answer.
    pub headers: Vec<(String, String)>,
    /// The body of the answer.
    pub answer: String,
}

/// Header fields that say nothing of the wire: lengths, dates, ids, and what caches between are told.
const ASIDE: [&str; 4] = ["content-length", "date", "vary", "x-request-id"];

/// Reads a file of them.
///
/// # Panics
/// The text is no transcript.
#[must_use]
pub fn read(text: &str) -> Vec<Exchange> {
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

fn one(text: &str) -> Exchange {
    let behind = |mark: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(mark));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect()
    };
    let (request, answer) = (behind(">"), behind("<"));
    let (method, path) = request[0].split_once(' ').expect("a method and a path");
    Exchange {
        title: behind("#").join(" "),
        method: method.parse().expect("a method"),
        path: path.to_owned(),
        sent: fields(&request),
        body: rest(&request),
        status: answer[0].parse().expect("a status"),
        headers: fields(&answer),
        answer: rest(&answer),
    }
}

fn fields(lines: &[String]) -> Vec<(String, String)> {
    let fields = lines.iter().skip(1).take_while(|line| !line.is_empty());
    let pair = |line: &String| {
        let (name, value) = line.split_once(": ").expect("a header field");
        (name.to_ascii_lowercase(), value.to_owned())
    };
    fields.map(pair).collect()
}

fn rest(lines: &[String]) -> String {
    lines.iter().skip_while(|line| !line.is_empty()).skip(1).cloned().collect::<Vec<_>>().join("\n")
}

impl Exchange {
    /// How an answer differs from what is written; `None`: in nothing.
    #[must_use]
    pub fn difference(&self, status: u16, headers: &HeaderMap, body: &str) -> Option<String> {
        let mut came: Vec<(String, String)> = headers
            .iter()
            .filter(|(name, _)| !ASIDE.contains(&name.as_str()))
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        came.sort();
        let mut wanted = self.headers.clone();
        wanted.sort();
        let same = status == self.status && came == wanted && fits(&self.answer, body);
        (!same).then(|| {
            format!(
                "`{}`\nwanted {} {wanted:#?}\n{}\ncame {status} {came:#?}\n{body}",
                self.title, self.status, self.answer
            )
        })
    }
}

/// Whether a text is a pattern's, its places filled with what belongs there.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('%') else { return pattern == text };
    let (kind, after) = after.split_once('%').expect("a closed placeholder");
    let Some(text) = text.strip_prefix(before) else { return false };
    let end = text.find('"').unwrap_or(text.len());
    let (value, text) = text.split_at(end);
    is_of(kind, value) && fits(after, text)
}

fn is_of(kind: &str, value: &str) -> bool {
    let url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    match kind {
        "jwt" => {
            let parts: Vec<&str> = value.split('.').collect();
            parts.len() == 3 && parts.iter().all(|part| part.len() > 20 && part.bytes().all(url))
        }
        "base64" => {
            value.len() > 20 && value.bytes().all(|c| url(c) || matches!(c, b'+' | b'/' | b'='))
        }
        _ => panic!("`%{kind}%` is nothing that can stand in a transcript"),
    }
}
