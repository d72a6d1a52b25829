//! The switch of a key, and where one comes back to from it.

use super::LIST;
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visitor, page::see_other, sign_in::within},
    failure::Failure,
};
use domain::id::KeyId;
use http::Response;
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef, UpdateKey},
};

/// The id in a path. Anything else names nothing here: a secret is no name.
pub(in crate::console) fn id(text: &str) -> Result<KeyId, Failure> {
    KeyId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// The version in a form: what the page showed.
pub(in crate::console) fn version(form: &Form) -> Option<u32> {
    form.text("version").parse().ok()
}

/// Turns it, and leads back to where it stands.
pub(super) async fn turn(
    app: &App,
    visitor: &Visitor,
    (of, form): (&str, &Form),
    update: UpdateKey,
    done: &str,
) -> Result<Response<Body>, Failure> {
    let key = KeyRef::Id(id(of)?);
    app.service().update_key(&visitor.caller, key, ALL_TYPES, update, |_| Ok(())).await?;
    Ok(see_other(app, &back(form.text("back"), done)))
}

/// The page that a panel stands beside, as an address or a form names it; the list, unless it names another.
pub(in crate::console) fn beside(named: &str) -> String {
    match within(named) {
        "/console" => LIST.to_owned(),
        page => page.to_owned(),
    }
}

/// The page that a form came from, which says what was done. The list, unless the form names another one.
pub(in crate::console) fn back(named: &str, done: &str) -> String {
    let page = beside(named);
    let (path, query) = page.split_once('?').unwrap_or((&page, ""));
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "done");
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(kept).append_pair("done", done).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_09_a_switch_comes_back_within_the_console() {
        let of = |named| back(named, "key-enabled");
        assert_eq!(of(""), "/console/keys?done=key-enabled");
        assert_eq!(of("//evil.example"), "/console/keys?done=key-enabled");
        assert_eq!(of("/console/keys?search=a&done=x"), "/console/keys?search=a&done=key-enabled");
        assert_eq!(of("/console/keys/key_1"), "/console/keys/key_1?done=key-enabled");
    }
}
