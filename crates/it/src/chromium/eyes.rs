//! What is seen at the browser: in which light, how wide, what axe finds, what was asked of whom.

use super::{
    Chromium,
    tools::{packages, program},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};
use thirtyfour::{
    cdp::domains::{
        emulation::{MediaFeature, SetEmulatedMedia},
        runtime::Evaluate,
    },
    support::base64_decode,
};

/// Runs before any script of a page: what would hurt is written down.
const WATCH: &str = r#"
window.__stopped = [];
document.addEventListener("securitypolicyviolation", (e) => {
  window.__stopped.push(e.effectiveDirective + " " + e.blockedURI + " " + e.sample);
});
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.__hit = name; };
"#;

/// Runs before any script of a page: its clock goes ahead when a test says so.
const CLOCK: &str =
    "{ const now = Date.now; window.__ahead = 0; Date.now = () => now() + window.__ahead; }";

/// Something that axe, or the evaluator of policies, found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// Where, and why.
    pub text: String,
}

impl Chromium {
    /// From now on every page writes down what its policy stopped, and dialogs that a script opens.
    pub async fn watch(&self) {
        let watching =
            self.session.cdp().page().add_script_to_evaluate_on_new_document(WATCH).await;
        watching.expect("it is watched");
    }

    /// What the policy of this page stopped since it was opened; empty on a page that was not watched.
    pub async fn stopped(&self) -> Vec<String> {
        let stopped = self.script("return window.__stopped ?? [];", json!([])).await;
        stopped.as_array().into_iter().flatten().map(ToString::to_string).collect()
    }

    /// What a script that is not ours did on this page: it sets `__hit`, or opens a dialog.
    pub async fn hit(&self) -> Option<String> {
        let hit = self
            .script("return window.__hit === undefined ? null : String(window.__hit);", json!([]));
        hit.await.as_str().map(str::to_owned)
    }

    /// From now on the clock of every page that is opened can be moved.
    pub async fn move_clocks(&self) {
        let moving = self.session.cdp().page().add_script_to_evaluate_on_new_document(CLOCK).await;
        moving.expect("the clock can be moved");
    }

    /// So many milliseconds pass at the page that is open.
    pub async fn forward(&self, millis: u32) {
        self.script("window.__ahead += arguments[0];", json!([millis])).await;
    }

    /// Light or dark.
    pub async fn dark(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        // Nothing moves while it is looked at.
        let features = [("prefers-color-scheme", value), ("prefers-reduced-motion", "reduce")];
        let features = features
            .map(|(name, value)| MediaFeature { name: name.to_owned(), value: value.to_owned() });
        let media = SetEmulatedMedia { media: None, features: Some(features.into()) };
        self.session.cdp().send(media).await.expect("the light");
    }

    /// So many pixels wide and high.
    pub async fn size(&self, width: u32, height: u32) {
        let cdp = self.session.cdp();
        let sized = cdp.emulation().set_device_metrics_override(width, height, 1.0, false).await;
        sized.expect("a size");
    }

    /// Whether pages may run scripts.
    pub async fn scripts(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// Forgets cookies and whatever else pages keep.
    pub async fn forget(&self) {
        let cdp = self.session.cdp();
        cdp.network().clear_browser_cookies().await.expect("cookies are gone");
        cdp.storage().clear_all_data_for_origin("*").await.expect("the rest is gone");
    }

    /// How many pixels of the page cannot be seen without scrolling sideways.
    pub async fn sideways(&self) -> i64 {
        let script = "const e = document.documentElement; return e.scrollWidth - e.clientWidth;";
        self.script(script, json!([])).await.as_i64().unwrap_or_default()
    }

    /// What the page that is open was answered with.
    pub async fn status(&self) -> Option<u64> {
        let script = "return performance.getEntriesByType('navigation')[0]?.responseStatus;";
        self.script(script, json!([])).await.as_u64()
    }

    /// A picture of the whole page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let script = "const e = document.documentElement; return [e.clientWidth, e.scrollHeight];";
        let size = self.script(script, json!([])).await;
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let asked = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let made = self.cdp("Page.captureScreenshot", asked).await;
        base64_decode(made["data"].as_str().unwrap_or_default()).expect("a picture")
    }

    /// What axe finds on this page: WCAG 2.2 AA and what it calls best practice. It waits by itself, so
    /// scripts have to be on.
    pub async fn axe(&self) -> Vec<Finding> {
        program("node").expect("axe");
        let source = fs::read_to_string(packages().join("node_modules/axe-core/axe.min.js"));
        let source = source.expect("the source of axe");
        let is_here = self.script("return typeof window.axe === 'object';", json!([])).await;
        if is_here != Value::Bool(true) {
            // The driver's scripts are not those of the page: its policy does not stop them.
            self.session.cdp().runtime().evaluate(source).await.expect("axe is there");
        }
        let run = r#"(async () => {
            const found = await axe.run(document, { resultTypes: ["violations"], runOnly: [
                "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
            return found.violations.map((v) => ({ rule: v.id, text: v.help + ": " + v.nodes.slice(0, 5).map((n) =>
                n.html.slice(0, 200) + " (" + (n.failureSummary ?? "").replace(/\s+/g, " ") + ")").join("; ") }));
        })()"#;
        let mut asked = Evaluate::new(run);
        (asked.await_promise, asked.return_by_value) = (Some(true), Some(true));
        let said = self.session.cdp().send(asked).await.expect("axe runs");
        let found = said.result.value.as_ref().and_then(Value::as_array);
        found.unwrap_or_else(|| panic!("axe: {said:?}")).iter().map(finding).collect()
    }

    /// The addresses that were asked for since this, or the other one, was last called.
    pub async fn requested(&self) -> Vec<String> {
        let sent = self.noted("Network.requestWillBeSent").await.into_iter();
        sent.filter_map(|sent| sent["request"]["url"].as_str().map(str::to_owned)).collect()
    }

    /// Whether the browser asked before a page was left, since this, or the other one, was last called. Its driver
    /// says yes for whoever is asked.
    pub async fn asked_before_leaving(&self) -> bool {
        let opened = self.noted("Page.javascriptDialogOpening").await;
        opened.iter().any(|dialog| dialog["type"] == "beforeunload")
    }

    /// What the browser noted of this kind.
    async fn noted(&self, kind: &str) -> Vec<Value> {
        let entries = self.session.get_log("performance").await.expect("the browser's log");
        let noted = entries.iter().filter_map(|e| serde_json::from_str::<Value>(&e.message).ok());
        noted
            .filter(|noted| noted["message"]["method"] == kind)
            .map(|noted| noted["message"]["params"].clone())
            .collect()
    }
}

fn finding(found: &Value) -> Finding {
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    Finding { rule: text("rule"), text: text("text") }
}

/// What the evaluator finds in these content security policies that it calls high: an attacker gets through.
#[must_use]
pub fn policy_findings(policies: &[String]) -> Vec<Finding> {
    const HIGH: [i64; 2] = [10, 20];
    let node = program("node").expect("the evaluator");
    let mut child = Command::new(node)
        .arg(packages().join("csp.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("run the evaluator");
    let mut input = child.stdin.take().expect("its input");
    input.write_all((policies.join("\n") + "\n").as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the evaluator failed");
    let said = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<Value> =
        said.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), policies.len(), "one line for each policy");
    let all = lines.iter().flat_map(|line| line.as_array().into_iter().flatten());
    all.filter(|found| found["severity"].as_i64().is_none_or(|s| HIGH.contains(&s)))
        .map(|found| Finding {
            rule: found["directive"].as_str().unwrap_or_default().to_owned(),
            text: found["description"].as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}
