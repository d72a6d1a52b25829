//! How tests look at pages.

use crate::auth_v3::audited;
use it::{Answer, World, browser::PageForm, console::forms_of};
use serde_json::Value;

/// Texts that would run where a page does not escape them.
pub(super) const XSS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title><svg onload=alert(1)>",
    "{{7*7}}<b>&amp;</b>",
];

/// Whether a fault stands at this field.
pub(super) fn says_at(page: &Answer, field: &str) -> bool {
    page.text().contains(&format!("id=\"{field}-fault\""))
}

/// Where an answer leads, without the query.
pub(super) fn path_behind(answer: &Answer) -> String {
    answer.header("location").split('?').next().unwrap_or_default().to_owned()
}

/// The newest event of this action.
pub(super) async fn audit_of(world: &World, action: &str) -> Value {
    audited(world, action).await.pop().unwrap_or_else(|| panic!("no event {action}"))
}

/// The page shows no text of a stranger's as it was typed: all of it is escaped.
pub(super) fn executes_nothing(page: &Answer, typed: &str) {
    assert!(page.status.as_u16() < 500, "{}", page.status);
    assert!(!page.text().contains(typed), "{typed}: {}", page.text());
}

/// The form of a page that is sent to this path: filters may stand there, too, and are asked of it.
pub(super) fn form_to(page: &Answer, action: &str) -> PageForm {
    let path = |form: &PageForm| form.action.split('?').next() == Some(action);
    let mut all = forms_of(page).into_iter();
    let found = all.find(|form| path(form) && form.value("token").is_some());
    found.unwrap_or_else(|| panic!("no form to {action}: {} {}", page.status, page.text()))
}
