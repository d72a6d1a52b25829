//! Pages of other sites, opened in the browser of somebody who is signed in, change nothing.

use super::sign_in;
use crate::console::{Things, everything, rows, who};
use it::chromium::{Chromium, Elsewhere, Site};
use serde_json::json;

/// Sends everything that a page can send to these addresses, and says when it is done.
const ATTACK: &str = r#"<!doctype html><title>elsewhere</title><body><script>
const addresses = ADDRESSES, fields = { token: "", name: "forged", password: "forged", confirm: "on", to: "/" };
const waits = [];
window.answered = [];
for (const [at, address] of addresses.entries()) {
  const frame = document.createElement("iframe");
  frame.name = "f" + at;
  document.body.append(frame);
  // The empty page has loaded when it is here; what loads next is the answer to the form.
  waits.push(new Promise((done) => { frame.onload = () => { window.answered.push(address); done(); }; }));
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address, target: frame.name });
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, { name, value, type: "hidden" });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
  const image = new Image();
  waits.push(new Promise((done) => { image.onload = image.onerror = done; }));
  image.src = address;
  const body = new URLSearchParams(fields);
  waits.push(fetch(address, { method: "POST", mode: "no-cors", credentials: "include", body }).catch(() => {}));
  waits.push(fetch(address, { method: "POST", credentials: "include", headers: { "content-type": "application/json" },
    body: "{}" }).then(() => { window.read = address; }, () => {}));
}
Promise.all(waits).then(() => { window.done = true; });
</script>"#;

/// What is attacked: the addresses of all forms that this person could send, with things that are there.
fn attacked(site: &Site, things: &Things, person: &str) -> Vec<String> {
    let rows = rows("POST").into_iter().filter(|row| who(row) == person);
    // Reports are taken from everybody, and answered with nothing: no page comes of them.
    let rows = rows.filter(|row| row.operation != "console_reports");
    rows.map(|row| site.at(&things.path(&row))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_forms_images_and_fetches_of_another_origin_change_nothing() {
    let site = Site::start().await;
    let things = Things::of(&site.world).await;
    let browser = Chromium::start().await;
    for (person, least) in [("ops", 45), (r"t100\nexus", 3)] {
        let addresses = attacked(&site, &things, person);
        assert!(addresses.len() >= least, "the table was not walked: {addresses:?}");
        let page = ATTACK.replace("ADDRESSES", &json!(addresses).to_string());
        let elsewhere = Elsewhere::start(page).await;
        sign_in(&browser, &site, person).await;
        let before = everything(&site.world);
        // The one is another site; the other is only another port, to which browsers send our cookie.
        for host in ["localhost", "127.0.0.1"] {
            browser.open(&format!("http://{host}:{}/", elsewhere.port)).await;
            browser.until("the attack is over", "window.done === true", json!([])).await;
            let answered = browser.script("return window.answered.length;", json!([])).await;
            assert_eq!(answered, json!(addresses.len()), "every form was answered");
            let read = browser.script("return window.read ?? null;", json!([])).await;
            assert!(read.is_null(), "{read} is read");
            assert_eq!(everything(&site.world), before, "from {host}");
        }
        browser.open(&site.at("/console/keys")).await;
        browser.shows("walked").await;
    }
}
