//! The console's style sheet, script and icon: part of the program, named by what they hold, so that browsers
//! keep them until the next release and not a day longer.

use crate::{
    answer::{self, Body},
    failure::Failure,
};
use axum::extract::Path;
use domain::secret::SecretDigest;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use std::sync::LazyLock;

const CSS: &str = concat!(
    include_str!("../../assets/console/base.css"),
    include_str!("../../assets/console/parts.css"),
    include_str!("../../assets/console/pages.css"),
);
/// Each part is a block of its own: nothing of it is global.
const JS: &str = concat!(
    include_str!("../../assets/console/core.js"),
    include_str!("../../assets/console/panel.js"),
    include_str!("../../assets/console/secret.js"),
    include_str!("../../assets/console/pages.js"),
);
const ICON: &str = include_str!("../../assets/console/icon.svg");

const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

static NAMES: LazyLock<[String; 3]> = LazyLock::new(|| {
    [name("console", CSS, "css"), name("console", JS, "js"), name("icon", ICON, "svg")]
});

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

/// Where the script lies.
pub(super) fn js() -> String {
    href(1)
}

/// `GET /console/assets/{file}`.
pub(super) async fn asset(Path(file): Path<String>) -> Result<Response<Body>, Failure> {
    let [css, js, icon] = &*NAMES;
    let (media_type, text) = match &file {
        name if name == css => ("text/css; charset=utf-8", CSS),
        name if name == js => ("text/javascript; charset=utf-8", JS),
        name if name == icon || name == "icon.svg" => ("image/svg+xml", ICON),
        _ => return Err(Failure::NoRoute),
    };
    let mut response = answer::with_type(StatusCode::OK, media_type, text);
    let fields = response.headers_mut();
    if file != "icon.svg" {
        fields.insert(header::CACHE_CONTROL, KEPT);
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
