//! A browser: it keeps cookies, follows what leads to our own pages, and sends the forms that stand there.
//! It runs no script.

use crate::{Answer, Caller};
use bytes::Bytes;
use http::Method;
use std::collections::BTreeMap;

const FORM: &str = "application/x-www-form-urlencoded";
/// Redirects in a row, at most.
const MOST: usize = 10;

/// Somebody's browser.
#[derive(Clone)]
pub struct Browser {
    caller: Caller,
    /// What it presents, by name.
    pub cookies: BTreeMap<String, String>,
}

/// A form on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageForm {
    /// Where it goes.
    pub action: String,
    /// What it holds by itself.
    pub fields: Vec<(String, String)>,
}

impl Browser {
    /// A browser without cookies that calls as this caller does.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller: caller.with_header("user-agent", "Test/1.0"), cookies: BTreeMap::new() }
    }

    /// One call, wherever it leads.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// One form, wherever it leads.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, Some(encoded(fields))).await
    }

    /// Opens an address and follows what leads to our own pages. What comes back is a page, or the
    /// redirect that leads elsewhere.
    pub async fn open(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        self.follow(answer).await
    }

    /// Follows a redirect as long as it leads to our own pages.
    pub async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..MOST {
            let location = answer.header("location").to_owned();
            if !location.starts_with('/') {
                return answer;
            }
            answer = self.get(&location).await;
        }
        panic!("redirected too often: {}", answer.header("location"));
    }

    /// Sends the one form of a page with these fields besides its own, and follows what leads to our own
    /// pages.
    pub async fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let form = form_of(page);
        let own = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(fields.iter().copied()).collect();
        let answer = self.post(&form.action, &all).await;
        self.follow(answer).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut caller = self.caller.clone();
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            caller = caller.with_header("cookie", &pairs.join("; "));
        }
        let content_type = body.is_some().then_some(FORM);
        let body = body.map_or_else(Bytes::new, Bytes::from);
        let answer = caller.send(method, path, content_type, body).await;
        for field in answer.headers.get_all("set-cookie") {
            let text = field.to_str().expect("a cookie is text");
            let pair = text.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            if value.is_empty() || text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The one form of a page.
#[must_use]
pub fn form_of(page: &Answer) -> PageForm {
    let text = page.text();
    let start = text.find("<form ").unwrap_or_else(|| panic!("no form: {} {text}", page.status));
    let form = &text[start..];
    let form = &form[..form.find("</form>").expect("an end of the form")];
    let fields = form
        .split("<input ")
        .skip(1)
        .map(|input| input.split('>').next().unwrap_or_default())
        .filter(|input| attribute(input, "type").as_deref() == Some("hidden"))
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect();
    PageForm { action: attribute(form, "action").expect("an action"), fields }
}

/// The parameters that a redirect carries to a client.
#[must_use]
pub fn carried(answer: &Answer) -> BTreeMap<String, String> {
    let location = answer.header("location");
    let query = location
        .split_once('?')
        .unwrap_or_else(|| {
            panic!("{}: no redirect with a query: {location} {}", answer.status, answer.text())
        })
        .1;
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// A query or a form of these fields.
#[must_use]
pub fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!("{name}=\""))? + name.len() + 2;
    let value = &tag[at..];
    Some(plain(&value[..value.find('"')?]))
}

/// Undoes what a template does to text.
fn plain(text: &str) -> String {
    [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}
