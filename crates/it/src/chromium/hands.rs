//! What a person does at the browser: open, click, fill, press keys, and wait until something is there.

use super::Chromium;
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use thirtyfour::{By, Key, WebElement, error::WebDriverResult};

/// Keys that have no letter, as WebDriver writes them.
pub mod key {
    /// Tab.
    pub const TAB: &str = "\u{e004}";
    /// Enter.
    pub const ENTER: &str = "\u{e007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{e00c}";
    /// The space bar.
    pub const SPACE: &str = " ";
    /// Arrow down.
    pub const DOWN: &str = "\u{e015}";
}

const FINDERS: &str = include_str!("finders.js");
/// How long something may take that a person would wait for.
const PATIENCE: Duration = Duration::from_secs(20);

impl Chromium {
    /// Opens an address.
    pub async fn open(&self, address: &str) {
        let opened = self.session.goto(address).await;
        opened.unwrap_or_else(|error| panic!("open {address}: {error}"));
    }

    /// Where the browser is.
    pub async fn url(&self) -> String {
        self.session.current_url().await.expect("an address").into()
    }

    /// Back, as the button of the browser does.
    pub async fn back(&self) {
        self.session.back().await.expect("back");
    }

    /// Forward again.
    pub async fn forth(&self) {
        self.session.forward().await.expect("forward");
    }

    /// Runs a script in the page, as the driver can whatever the page's policy says; it may use the
    /// functions of `finders.js` and `arguments`.
    pub async fn script(&self, script: &str, arguments: Value) -> Value {
        self.try_script(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    async fn try_script(&self, script: &str, arguments: Value) -> WebDriverResult<Value> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        let said = self.session.execute(format!("{FINDERS}\n{script}"), arguments).await?;
        Ok(said.json().clone())
    }

    /// Waits until the expression holds in the page; `what` says what is waited for. While a page gives way to
    /// the next one the driver fails in ways of its own; they are waited out.
    pub async fn until(&self, what: &str, expression: &str, arguments: Value) -> Value {
        let script = format!("return {expression};");
        let begin = Instant::now();
        loop {
            let mut said = String::new();
            match self.try_script(&script, arguments.clone()).await {
                Ok(Value::Null | Value::Bool(false)) => {}
                Ok(value) => return value,
                Err(error) => said = error.to_string(),
            }
            if begin.elapsed() > PATIENCE {
                panic!("waited for {what}; {said}\n{}", self.seen().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the expression gives an element.
    async fn found(&self, what: &str, expression: &str, arguments: Value) -> WebElement {
        self.element(self.until(what, expression, arguments).await)
    }

    /// What a script gave, as what can be acted on.
    fn element(&self, given: Value) -> WebElement {
        WebElement::from_json(given, Arc::clone(self.session.handle())).expect("an element")
    }

    /// Where the browser is and what stands there, for whoever reads of a failure.
    async fn seen(&self) -> String {
        let script = "return location.href + '\\n' + document.title + '\\n' \
            + document.body.innerText.slice(0, 3000);";
        match self.try_script(script, json!([])).await {
            Ok(text) => text.as_str().unwrap_or_default().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// Waits until the page shows this text.
    pub async fn shows(&self, text: &str) {
        let expression =
            "squeezed(document.body.innerText).toLowerCase().includes(arguments[0].toLowerCase())";
        self.until(&format!("the text {text:?}"), expression, json!([text])).await;
    }

    /// What the page shows.
    pub async fn text(&self) -> String {
        let text = self.script("return squeezed(document.body.innerText);", json!([])).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something matches this selector, and can be seen.
    pub async fn there(&self, selector: &str) -> Value {
        let expression = "[...document.querySelectorAll(arguments[0])].find(isShown) ?? null";
        self.until(selector, expression, json!([selector])).await
    }

    async fn shown(&self, selector: &str) -> WebElement {
        self.element(self.there(selector).await)
    }

    /// Whether something matches this selector at this moment.
    pub async fn has(&self, selector: &str) -> bool {
        !self.session.find_all(By::Css(selector)).await.expect("a selector").is_empty()
    }

    /// Waits until the browser is at a path that begins so.
    pub async fn at(&self, path: &str) {
        let expression = "document.readyState === 'complete' \
            && (location.pathname + location.search).startsWith(arguments[0])";
        self.until(&format!("the page {path}"), expression, json!([path])).await;
    }

    /// Clicks on the link or button that is called so; `within` is a selector, or empty.
    pub async fn click(&self, within: &str, name: &str) {
        let expression = "find(PRESSED, arguments[0], arguments[1])";
        let what = format!("{name:?} in {within:?}");
        let found = self.found(&what, expression, json!([name, within])).await;
        self.click_element(&found, name).await;
    }

    /// Clicks on what matches a selector.
    pub async fn click_at(&self, selector: &str) {
        let found = self.shown(selector).await;
        self.click_element(&found, selector).await;
    }

    async fn click_element(&self, element: &WebElement, what: &str) {
        if let Err(error) = element.click().await {
            panic!("click on {what}: {error}\n{}", self.seen().await);
        }
    }

    /// Whether there is a link or button that is called so.
    pub async fn offers(&self, within: &str, name: &str) -> bool {
        let script = "return find(PRESSED, arguments[0], arguments[1]) !== null;";
        self.script(script, json!([name, within])).await == Value::Bool(true)
    }

    /// Types into the field with this label, in the place of what stands there.
    pub async fn fill(&self, within: &str, label: &str, text: &str) {
        let field = self.field(within, label).await;
        field.clear().await.unwrap_or_else(|error| panic!("clear {label}: {error}"));
        let typed = field.send_keys(text).await;
        typed.unwrap_or_else(|error| panic!("type into {label}: {error}"));
    }

    /// What stands in the field with this label.
    pub async fn value(&self, within: &str, label: &str) -> String {
        let field = self.field(within, label).await;
        field.value().await.expect("a field").unwrap_or_default()
    }

    /// Sets the field with this label to a value that is not typed, such as a date.
    pub async fn set(&self, within: &str, label: &str, value: &str) {
        let field = self.field(within, label).await;
        let script = "const [e, value] = arguments; e.value = value; \
            for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }));";
        self.script(script, json!([reference(&field), value])).await;
    }

    /// The text of what matches a selector.
    pub async fn inside(&self, selector: &str) -> String {
        let found = self.shown(selector).await;
        let text = found.prop("textContent").await.expect("a text").unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether the page would ask before it is left.
    pub async fn asks_before_leaving(&self) -> bool {
        let script = "const e = new Event('beforeunload', { cancelable: true }); \
            window.dispatchEvent(e); return e.defaultPrevented;";
        self.script(script, json!([])).await == Value::Bool(true)
    }

    /// Opens another address, whatever the page asks before it is left.
    pub async fn leave(&self, address: &str) {
        if self.session.goto(address).await.is_err() {
            // The question stands: yes, leave.
            self.session.accept_alert().await.expect("a question");
            self.open(address).await;
        }
    }

    /// Ticks the box, or chooses the radio button, with this label; unticks it, if `on` is false.
    pub async fn tick(&self, within: &str, label: &str, on: bool) {
        let field = self.field(within, label).await;
        if field.is_selected().await.expect("a box") != on {
            // Boxes may be drawn by what stands around them.
            let shown = "isShown(arguments[0]) ? arguments[0] : arguments[0].labels[0]";
            let shown = self.found(label, shown, json!([reference(&field)])).await;
            self.click_element(&shown, label).await;
        }
    }

    /// Chooses the option that is called so: exactly, or that begins so. As browsers do, and drivers do not,
    /// it says both that there is input and that something changed.
    pub async fn choose(&self, within: &str, label: &str, option: &str) {
        let field = self.field(within, label).await;
        let script = "const [select, name] = arguments, options = [...select.options]; \
            const called = (o) => squeezed(o.textContent); \
            const option = options.find((o) => called(o) === name) \
                ?? options.find((o) => called(o).startsWith(name)); \
            if (!option) return false; \
            select.focus(); option.selected = true; \
            for (const kind of ['input', 'change']) select.dispatchEvent(new Event(kind, { bubbles: true })); \
            return true;";
        let found = self.script(script, json!([reference(&field), option])).await;
        assert_eq!(found, true, "{label} has no option {option}");
    }

    async fn field(&self, within: &str, label: &str) -> WebElement {
        let expression = "find(FILLED, arguments[0], arguments[1])";
        self.found(&format!("the field {label:?}"), expression, json!([label, within])).await
    }

    /// Presses keys, one after the other.
    pub async fn press(&self, keys: &[&str]) {
        self.type_text(&keys.concat()).await;
    }

    /// Types a text where the focus is.
    pub async fn type_text(&self, text: &str) {
        let keys = self.session.action_chain().send_keys(text);
        keys.perform().await.expect("keys are pressed");
    }

    /// Presses a key while Shift is held.
    pub async fn press_with_shift(&self, key: &str) {
        let keys = self.session.action_chain().key_down(Key::Shift).send_keys(key);
        keys.key_up(Key::Shift).perform().await.expect("keys are pressed");
    }
}

/// An element, as scripts are given it.
fn reference(element: &WebElement) -> Value {
    element.to_json().expect("a reference")
}
