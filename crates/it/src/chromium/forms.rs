//! Forms that are sent past the browser's own checks, with what the server has to refuse.

use super::Chromium;
use serde_json::{Value, json};

/// Where the forms of this page go.
const ACTIONS: &str = "return [...document.querySelectorAll('main form[method=post], #panel form[method=post]')]\
    .filter((form) => !form.dataset.quiet).map((form) => form.getAttribute('action'));";
/// Types into the fields of a form, and sends it.
const SEND: &str = "const [action, text] = arguments; \
    const form = [...document.querySelectorAll('form[method=post]')].find((f) => f.getAttribute('action') === action); \
    if (!form) return false; \
    for (const e of form.elements) { \
        const value = e.name && e.name !== 'token' ? typed(e, text) : null; \
        if (value === null) continue; \
        if (e.matches('input[type=datetime-local], input[type=date]')) e.type = 'text'; \
        e.value = value; \
    } \
    window.__sent = true; \
    HTMLFormElement.prototype.submit.call(form); \
    return true;";

/// What is typed into a field so that it is wrong: nothing where something must be, and else what no field takes.
const WRONG: &str = "if (e.type === 'password') return e.required ? '' : 'short'; \
    if (e.name === 'version') return '999'; \
    if (!e.matches('textarea, input') || ['hidden', 'checkbox', 'radio'].includes(e.type)) return null; \
    return e.required ? '' : text;";
/// Ends of where forms go in which nobody can be wrong: they hold nothing but the question.
pub const SURE: [&str; 10] = [
    "/disable",
    "/enable",
    "/end",
    "/end-others",
    "/audit/check",
    "/psk/delete",
    "/psk/regenerate",
    "/cors/remove",
    "/acknowledge",
    "/unlock",
];

impl Chromium {
    /// Where the forms of the page that is open go, each once.
    pub async fn actions(&self) -> Vec<String> {
        let found = self.script(ACTIONS, json!([])).await;
        let found = found.as_array().into_iter().flatten();
        let mut actions: Vec<String> = Vec::new();
        for action in found.filter_map(Value::as_str) {
            if !actions.iter().any(|known| known == action) {
                actions.push(action.to_owned());
            }
        }
        actions
    }

    /// Sends the form that goes to `action`; `typed` is the body of a function of a field `e` and of `text` that
    /// says what is typed into it, `null` for nothing. The answer's status; `None` if there is no such form.
    pub async fn send_form(&self, action: &str, typed: &str, text: &str) -> Option<u64> {
        let script = format!("const typed = (e, text) => {{ {typed} }}; {SEND}");
        if self.script(&script, json!([action, text])).await != true {
            return None;
        }
        let answered = "!window.__sent && document.readyState === 'complete' \
            && performance.getEntriesByType('navigation')[0]?.responseStatus";
        self.until(&format!("the answer of {action}"), answered, json!([])).await.as_u64()
    }

    /// Sends a form with a mistake in each of its fields.
    pub async fn send_wrongly(&self, action: &str) -> Option<u64> {
        self.send_form(action, WRONG, &"no such thing ".repeat(90)).await
    }

    /// Brings a field or button into the middle of what is seen: at the end of a panel its buttons lie over the
    /// rest.
    pub async fn bring(&self, within: &str, name: &str) {
        let there = "((e) => { e?.scrollIntoView({ block: 'center' }); return Boolean(e); })\
            (find(FILLED, arguments[0], arguments[1]) ?? find(PRESSED, arguments[0], arguments[1]))";
        self.until(name, there, json!([name, within])).await;
    }
}
