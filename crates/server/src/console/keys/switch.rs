//! The switch of a key, and where one comes back to from it.

use super::LIST;
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visitor, page::see_other, places::saying, sign_in::within},
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

/// What a link has behind it whose page leads back to this one. No more is escaped than has to be: rows carry it.
pub(super) fn carrying(page: &str) -> String {
    let escaped = page.replace('%', "%25").replace('&', "%26").replace('+', "%2B");
    format!("?back={}", escaped.replace('#', "%23"))
}

/// The list as it was found: that page itself, or what a key's page leads back to.
pub(super) fn list_of(page: &str) -> String {
    let is_list = |page: &str| page.split('?').next() == Some(LIST);
    let page = within(page);
    if is_list(page) {
        return page.to_owned();
    }
    let query = page.split_once('?').map_or("", |(_, query)| query);
    let back = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "back");
    let back = back.map(|(_, value)| within(&value).to_owned());
    back.filter(|page| is_list(page)).unwrap_or_else(|| LIST.to_owned())
}

/// The page that a form came from, which says what was done. The list, unless the form names another one.
pub(in crate::console) fn back(named: &str, done: &str) -> String {
    saying(&beside(named), done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_09_the_list_is_found_again_through_the_page_of_a_key() {
        let list = "/console/keys?search=a%26b+c&soon=on";
        let key = format!("/console/keys/key_1{}", carrying(list));
        assert_eq!(key, "/console/keys/key_1?back=/console/keys?search=a%2526b%2Bc%26soon=on");
        for page in [list, &key] {
            assert_eq!(list_of(page), list);
        }
        for page in [
            "",
            "//evil.example",
            "/console/keys/key_1",
            "/console/keys/key_1?back=//evil.example",
            "/console/keys/key_1?back=/console/audit",
        ] {
            assert_eq!(list_of(page), LIST, "{page}");
        }
    }

    #[test]
    fn wb_09_a_switch_comes_back_within_the_console() {
        let of = |named| back(named, "key-enabled");
        assert_eq!(of(""), "/console/keys?done=key-enabled");
        assert_eq!(of("//evil.example"), "/console/keys?done=key-enabled");
        assert_eq!(of("/console/keys?search=a&done=x"), "/console/keys?search=a&done=key-enabled");
        assert_eq!(of("/console/keys/key_1"), "/console/keys/key_1?done=key-enabled");
        assert_eq!(of("/console/keys/key_1?a=b#x"), "/console/keys/key_1?a=b&done=key-enabled");
    }
}
