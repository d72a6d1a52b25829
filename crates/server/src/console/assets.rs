//! The console's style sheet, script and icon: part of the program, named by what they hold, so that browsers
//! keep them until the next release and not a day longer. They are sent without what their authors alone need.

use crate::{
    answer::{self, Body},
    failure::Failure,
};
use axum::extract::Path;
use domain::secret::SecretDigest;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use std::sync::LazyLock;

static CSS: LazyLock<String> = LazyLock::new(|| {
    close(concat!(
        include_str!("../../assets/console/base.css"),
        include_str!("../../assets/console/parts.css"),
        include_str!("../../assets/console/keys.css"),
    ))
});
/// What the list of keys, the heaviest page, does without.
static MORE: LazyLock<String> =
    LazyLock::new(|| close(include_str!("../../assets/console/pages.css")));
/// Each part is a block of its own: nothing of it is global.
static JS: LazyLock<String> = LazyLock::new(|| {
    lean(concat!(
        include_str!("../../assets/console/core.js"),
        include_str!("../../assets/console/panel.js"),
    ))
});
/// What only the pages with a secret, with something to copy or with the form of a key need: the script asks for
/// it there.
static LATER: LazyLock<String> = LazyLock::new(|| {
    lean(concat!(
        include_str!("../../assets/console/pages.js"),
        include_str!("../../assets/console/secret.js"),
    ))
});
const ICON: &str = include_str!("../../assets/console/icon.svg");
/// The signs of lists, side by side: a style sheet cuts one out, and no row has to draw it.
const ROWS: &str = include_str!("../../assets/console/rows.svg");

const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

static NAMES: LazyLock<[String; 5]> = LazyLock::new(|| {
    let later = name("later", &LATER, "js");
    let more = name("pages", &MORE, "css");
    [
        name("console", &CSS, "css"),
        name("console", &JS, "js"),
        name("icon", ICON, "svg"),
        later,
        more,
    ]
});

/// A text without comments on lines of their own, and without the indentation of its lines.
fn lean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut within = false;
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        if within || begins {
            within = !line.ends_with("*/");
        } else if !line.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A style sheet without the room between its signs.
fn close(text: &str) -> String {
    let apart = [
        ("{\n", "{"),
        ("}\n", "}"),
        (";\n", ";"),
        (",\n", ","),
        (" {", "{"),
        ("{ ", "{"),
        ("; ", ";"),
        (" }", "}"),
        (";}", "}"),
        (": ", ":"),
        (", ", ","),
        (" > ", ">"),
    ];
    apart.iter().fold(lean(text), |css, (wide, narrow)| css.replace(wide, narrow))
}

fn name(stem: &str, text: &str, ending: &str) -> String {
    let digest = SecretDigest::of(text);
    let mark: String = digest.as_bytes().iter().take(6).map(|b| format!("{b:02x}")).collect();
    format!("{stem}-{mark}.{ending}")
}

fn href(at: usize) -> String {
    format!("/console/assets/{}", NAMES.get(at).map(String::as_str).unwrap_or_default())
}

/// Where the style sheet lies.
pub(super) fn css() -> String {
    href(0)
}

/// Where the rest of it lies.
pub(super) fn more() -> String {
    href(4)
}

/// Where the script lies.
pub(super) fn js() -> String {
    href(1)
}

/// The file of the script that comes later.
pub(super) fn later() -> String {
    NAMES.get(3).cloned().unwrap_or_default()
}

/// `GET /console/assets/{file}`.
pub(super) async fn asset(Path(file): Path<String>) -> Result<Response<Body>, Failure> {
    let [css, js, icon, later, more] = &*NAMES;
    let (media_type, text) = match &file {
        name if name == css => ("text/css; charset=utf-8", CSS.as_str()),
        name if name == more => ("text/css; charset=utf-8", MORE.as_str()),
        name if name == js => ("text/javascript; charset=utf-8", JS.as_str()),
        name if name == later => ("text/javascript; charset=utf-8", LATER.as_str()),
        name if name == icon || name == "icon.svg" => ("image/svg+xml", ICON),
        name if name == "rows.svg" => ("image/svg+xml", ROWS),
        _ => return Err(Failure::NoRoute),
    };
    let mut response = answer::with_type(StatusCode::OK, media_type, text);
    let fields = response.headers_mut();
    match file.as_str() {
        "icon.svg" => {}
        // Its name stays: it is asked for again after a day.
        "rows.svg" => {
            fields.insert(header::CACHE_CONTROL, A_DAY);
        }
        _ => {
            fields.insert(header::CACHE_CONTROL, KEPT);
        }
    }
    fields.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    fields.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_says_the_same_in_fewer_letters() {
        assert_eq!(lean("/* a\n b */\n{\n  x = 1; /* y */\n}\n"), "{\nx = 1; /* y */\n}\n");
        let braces = |text: &str, brace| text.matches(brace).count();
        for css in [&*CSS, &*MORE] {
            assert_eq!(braces(css, '{'), braces(css, '}'));
        }
        assert!(!JS.contains("\n ") && JS.contains("keyward"));
        assert!(CSS.contains("[role=\"switch\"]") && !CSS.contains(": "));
    }
}
