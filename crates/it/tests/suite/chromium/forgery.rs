//! Pages of other sites, opened in the browser of somebody who is signed in, change nothing.

use super::{make_key, sign_in};
use it::{
    World,
    chromium::{Chromium, Elsewhere, Site},
    world::TENANT,
};
use serde_json::json;

/// Sends everything that a page can send to these addresses, and says when it is done.
const ATTACK: &str = r#"<!doctype html><title>elsewhere</title><body><script>
const addresses = ADDRESSES, fields = { token: "", name: "forged", password: "forged", confirm: "on", to: "/" };
const waits = [];
for (const [at, address] of addresses.entries()) {
  const frame = document.createElement("iframe");
  frame.name = "f" + at;
  document.body.append(frame);
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

fn everything(world: &World) -> Vec<String> {
    let tables =
        ["audit_events", "keys", "secrets", "persons", "sessions", "tenants", "roles", "clients"];
    let count = |table: &&str| world.place().sql(&format!("SELECT count(*) FROM {table}")).concat();
    let mut all: Vec<String> = tables.iter().map(count).collect();
    all.extend(world.place().sql("SELECT max(version) FROM keys"));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_04_forms_images_and_fetches_of_another_origin_change_nothing() {
    let site = Site::start().await;
    let nexus = site.world.person(r"t100\nexus").await;
    let key = json!({"keyType": "nexus", "name": "Shop", "permissions": ["nexus:consumer:chat"]});
    let key = make_key(&nexus, key).await["id"].as_str().unwrap().to_owned();
    let found = nexus.get("/v1/persons?search=vera").await.json();
    let person = found["persons"][0]["id"].as_str().unwrap().to_owned();
    let rows = server::routes().into_iter();
    let rows = rows.filter(|row| row.operation.starts_with("console_") && row.method == "POST");
    let addresses: Vec<String> = rows
        .map(|row| {
            let id = match row.path.split('/').nth(2).unwrap_or_default() {
                "keys" => key.as_str(),
                "persons" => person.as_str(),
                "clients" => "service-a",
                _ => TENANT,
            };
            let path = row.path.replace("{id}", id).replace("{name}", "viewer");
            site.at(&path.replace("{type}", "nexus"))
        })
        .collect();
    assert!(addresses.len() > 30, "the table was not walked");
    let page = ATTACK.replace("ADDRESSES", &json!(addresses).to_string());
    let elsewhere = Elsewhere::start(page).await;
    let browser = Chromium::start().await;
    sign_in(&browser, &site, "ops").await;
    let before = everything(&site.world);
    // The one is another site; the other is only another port, to which browsers send our cookie.
    for host in ["localhost", "127.0.0.1"] {
        browser.open(&format!("http://{host}:{}/", elsewhere.port)).await;
        browser.until("the attack is over", "window.done === true", json!([])).await;
        assert!(
            browser.script("return window.read ?? null;", json!([])).await.is_null(),
            "nothing is read"
        );
        assert_eq!(everything(&site.world), before, "from {host}");
    }
    browser.open(&site.at("/console/keys")).await;
    browser.shows("Shop").await;
}
