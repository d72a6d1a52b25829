//! The console as a browser without scripts sees it: a page has several forms, and each of them holds what
//! stands in it.

use crate::{Answer, Browser, World, browser::PageForm, world::PASSWORD};
use std::collections::BTreeMap;

/// A tag and where what it opens begins: its name, its attributes, and what comes behind it.
struct Tag<'a> {
    name: &'a str,
    attributes: BTreeMap<String, String>,
    /// What comes behind the tag, up to the end of the form.
    rest: &'a str,
}

impl Browser {
    /// A browser of this person (`ops`, `t100\nexus`, …), signed in at the console.
    pub async fn at_console(world: &World, username: &str) -> Self {
        let mut browser = Self::new(world.anonymous());
        browser.sign_in_console(username, PASSWORD).await;
        browser
    }

    /// Signs in at the console. What comes back is the page that it led to.
    pub async fn sign_in_console(&mut self, username: &str, password: &str) -> Answer {
        let page = self.get("/console/sign-in").await;
        let (tenant, user) = username.split_once('\\').unwrap_or(("", username));
        let form = form_to(&page, "/console/sign-in")
            .with("tenant", tenant)
            .with("username", user)
            .with("password", password);
        let answer = self.send_form(&form).await;
        assert_eq!(answer.status, 303, "{username} signs in: {}", answer.text());
        self.follow(answer).await
    }

    /// Sends a form; what comes back is its own answer, a redirect perhaps.
    pub async fn send_form(&mut self, form: &PageForm) -> Answer {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&form.action, &fields).await
    }

    /// Sends the form of this page that goes to `action`, with these fields in the place of its own, and
    /// follows where it leads.
    pub async fn submit_to(
        &mut self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let filled =
            fields.iter().fold(form_to(page, action), |form, (name, value)| form.with(name, value));
        let answer = self.send_form(&filled).await;
        self.follow(answer).await
    }
}

impl PageForm {
    /// The form with this one value in a field.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// The form with one more value in a field: a box ticked, an entry of several.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The form without a field: a box that is not ticked.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The one form of a page that goes to this path; a query behind it does not matter.
#[must_use]
pub fn form_to(page: &Answer, action: &str) -> PageForm {
    let all = forms_of(page);
    let found: Vec<&PageForm> = all
        .iter()
        .filter(|form| form.action == action || form.action.split('?').next() == Some(action))
        .collect();
    let known: Vec<&str> = all.iter().map(|form| form.action.as_str()).collect();
    assert_eq!(
        found.len(),
        1,
        "forms to {action} among {known:?}: {} {}",
        page.status,
        page.text()
    );
    found[0].clone()
}

/// Every form of a page, with what a browser would send of it if nothing were touched and no button pressed.
#[must_use]
pub fn forms_of(page: &Answer) -> Vec<PageForm> {
    let text = page.text();
    let parts: Vec<&str> = text.split("<form").skip(1).collect();
    parts
        .iter()
        .map(|part| {
            let inside = part.split("</form>").next().unwrap_or_default();
            let (attributes, rest) = attributes_of(inside);
            let action = attributes.get("action").cloned().unwrap_or_default();
            PageForm { action, fields: fields_of(rest) }
        })
        .collect()
}

/// Whether a page offers something: a link or a form to this path, whatever query stands behind it.
#[must_use]
pub fn offers(page: &Answer, path: &str) -> bool {
    let text = page.text();
    let quoted =
        [format!("href=\"{path}\""), format!("href=\"{path}?"), format!("action=\"{path}\"")];
    let bare = [format!("href={path} "), format!("href={path}>")];
    quoted.iter().chain(&bare).any(|wanted| text.contains(wanted))
}

fn fields_of(form: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for tag in tags_of(form) {
        let of = |name: &str| tag.attributes.get(name).cloned();
        let Some(name) = of("name") else { continue };
        if tag.attributes.contains_key("disabled") {
            continue;
        }
        match tag.name {
            "input" => {
                let kind = of("type").unwrap_or_default();
                let is_box = kind == "checkbox" || kind == "radio";
                let silent = matches!(kind.as_str(), "submit" | "button" | "reset" | "file");
                if !silent && (!is_box || tag.attributes.contains_key("checked")) {
                    let usual = if is_box { "on" } else { "" };
                    fields.push((name, of("value").unwrap_or_else(|| usual.to_owned())));
                }
            }
            "textarea" => {
                let inside = tag.rest.split("</textarea>").next().unwrap_or_default();
                fields.push((name, plain(inside.strip_prefix('\n').unwrap_or(inside))));
            }
            "select" => {
                let inside = tag.rest.split("</select>").next().unwrap_or_default();
                let several = tag.attributes.contains_key("multiple");
                fields
                    .extend(chosen(inside, several).into_iter().map(|value| (name.clone(), value)));
            }
            _ => {}
        }
    }
    fields
}

fn chosen(options: &str, several: bool) -> Vec<String> {
    let all: Vec<(bool, String)> = tags_of(options)
        .into_iter()
        .filter(|tag| tag.name == "option")
        .map(|tag| {
            let label = tag.rest.split('<').next().unwrap_or_default().trim();
            let value = tag.attributes.get("value").cloned().unwrap_or_else(|| plain(label));
            (tag.attributes.contains_key("selected"), value)
        })
        .collect();
    let selected: Vec<String> = all
        .iter()
        .filter(|(is_selected, _)| *is_selected)
        .map(|(_, value)| value.clone())
        .collect();
    if several || !selected.is_empty() {
        return selected;
    }
    all.into_iter().next().map(|(_, value)| value).into_iter().collect()
}

fn tags_of(html: &str) -> Vec<Tag<'_>> {
    html.match_indices('<')
        .filter_map(|(at, _)| {
            let behind = &html[at + 1..];
            let end = behind.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
            let (name, more) = behind.split_at(end);
            if name.is_empty() {
                return None;
            }
            let (attributes, rest) = attributes_of(more);
            Some(Tag { name, attributes, rest })
        })
        .collect()
}

/// The attributes that stand here, and what comes behind the end of the tag.
fn attributes_of(tag: &str) -> (BTreeMap<String, String>, &str) {
    let mut found = BTreeMap::new();
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return (found, rest);
        }
        if let Some(behind) = rest.strip_prefix('>') {
            return (found, behind);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>' || c == '/')
            .unwrap_or(rest.len())
            .max(1);
        let (name, behind) = rest.split_at(end);
        rest = behind;
        let mut value = "";
        if let Some(quoted) = behind.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = &quoted[..end];
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else if let Some(bare) = behind.strip_prefix('=') {
            let end = bare.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(bare.len());
            value = &bare[..end];
            rest = &bare[end..];
        }
        found.insert(name.to_owned(), plain(value));
    }
}

/// Undoes what a template does to text.
fn plain(text: &str) -> String {
    [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&amp;", "&#38;"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Answer {
        Answer {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: html.to_owned().into(),
        }
    }

    #[test]
    fn a_form_holds_what_a_browser_would_send_of_it() {
        let page = page(
            r#"<form method="get" action="/other"><input name="x"></form>
            <form method="post" action="/here?a=1&#38;b=2"><input type=hidden name="token" value="t">
            <input type="checkbox" name="on" checked><input type="checkbox" name="off" value="1">
            <input type="radio" name="r" value="a"><input type="radio" name="r" value="b" checked>
            <textarea name="lines">
a &#60;b&#62;</textarea><select name="s"><option value="1">One<option value="2" selected>Two</select>
            <select name="first"><option>Ann</option><option>Bob</option></select>
            <input name="gone" disabled value="x"><button name="do" value="it">Go</button></form>"#,
        );
        let form = form_to(&page, "/here");
        assert_eq!(form.action, "/here?a=1&b=2");
        let fields: Vec<String> =
            form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(fields, ["token=t", "on=on", "r=b", "lines=a <b>", "s=2", "first=Ann"]);
        let changed = form.with("s", "1").without("on").and("off", "1");
        assert_eq!(changed.value("s"), Some("1"));
        assert_eq!(changed.value("on"), None);
        assert!(offers(&page, "/other") && !offers(&page, "/elsewhere"));
    }
}
