//! Fields of which there is but one, or few: contact centers, what belongs to them, and what browsers say of
//! themselves.

use super::{PAYLOADS, is_inert, keeps, packed, sign_in, texts, walk};
use it::{
    Answer, Browser, World,
    chromium::{Chromium, Site},
    console::form_to,
    world::{PASSWORD, TENANT},
};
use serde_json::json;

/// As much as a name takes.
const NAME: usize = 200;

/// Contact centers that are called so, types of keys that say so, issuers whose buttons do.
async fn named(site: &Site) {
    let ops = site.world.person("ops").await;
    let nexus = site.world.person(r"t100\nexus").await;
    let (mut tenants, mut types, mut issuers) = (0, 0, 0);
    let packs = packed(texts(), NAME);
    for (at, pack) in packs.iter().enumerate() {
        let tenant = json!({ "name": pack.trim() });
        tenants += usize::from(keeps(&ops, "/v1/tenants", &tenant).await.is_some());
        let key_type = json!({"name": format!("d{at}"), "description": pack.trim(), "format": {"kind": "uuid"}});
        types += usize::from(keeps(&nexus, "/v1/key-types", &key_type).await.is_some());
    }
    for (at, text) in texts().enumerate().step_by(4) {
        let issuer = json!({"name": format!("i{at}"), "label": text, "clientId": text,
            "issuer": format!("https://issuer{at}.example")});
        issuers += usize::from(keeps(&nexus, "/v1/issuers", &issuer).await.is_some());
    }
    for text in PAYLOADS.lines().step_by(2) {
        let role = json!({ "name": text, "rights": [] });
        assert!(keeps(&nexus, "/v1/roles", &role).await.is_none(), "no role is called {text}");
        let domain = json!({ "name": "x", "domains": [text] });
        assert!(keeps(&ops, "/v1/tenants", &domain).await.is_none(), "no domain is {text}");
    }
    assert_eq!((tenants, types), (packs.len(), packs.len()), "each of them names something");
    assert!(issuers > 10, "{issuers}");
}

/// Sends one form of a page with one text; the answer, whatever it is.
async fn send(browser: &mut Browser, page: &str, action: &str, field: (&str, &str)) -> Answer {
    let page = browser.get(page).await;
    let form = form_to(&page, action).with(field.0, field.1);
    let answer = browser.send_form(&form).await;
    assert!(answer.status.as_u16() < 500, "{action} {field:?}: {}", answer.text());
    answer
}

/// Origins that browsers may call from, and where clients lead back to.
async fn addresses(world: &World) {
    let mut browser = Browser::at_console(world, r"t100\nexus").await;
    let nexus = world.person(r"t100\nexus").await;
    let cors = format!("/console/tenants/{TENANT}/cors");
    for text in texts().step_by(3) {
        for origin in [text.to_owned(), format!("https://a.example{text}")] {
            send(&mut browser, &cors, &cors, ("origin", &origin)).await;
        }
    }
    for (at, pack) in packed(texts(), 900).iter().enumerate() {
        send(&mut browser, &cors, &format!("{cors}/settings"), ("value", pack)).await;
        let uris: Vec<String> =
            pack.split(' ').map(|text| format!("https://a.example/{text}")).collect();
        for (by, uri) in uris.iter().enumerate() {
            let client = json!({"clientId": format!("r{at}-{by}"), "name": "r", "redirectUris": [uri],
                "grants": ["authorization_code"]});
            keeps(&nexus, "/v1/clients", &client).await;
        }
    }
}

/// Browsers that call themselves so, signed in and not.
async fn browsers(world: &World) -> usize {
    let mut signed_in = 0;
    for agent in packed(PAYLOADS.lines().filter(|text| text.is_ascii()), 250) {
        let caller = world.anonymous().with_header("user-agent", &agent);
        let mut browser = Browser::new(caller);
        let page = browser.get("/console/sign-in").await;
        let form = form_to(&page, "/console/sign-in").with("tenant", "t100");
        let stranger = form.clone().with("username", &agent).with("password", &agent);
        browser.send_form(&stranger).await;
        let person = form.with("username", "nexus").with("password", PASSWORD);
        signed_in += usize::from(browser.send_form(&person).await.status == 303);
    }
    signed_in
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_no_name_of_a_place_and_no_browser_that_names_itself_runs_on_any_page() {
    let site = Site::start().await;
    named(&site).await;
    addresses(&site.world).await;
    assert!(browsers(&site.world).await > 20, "browsers sign in whatever they call themselves");
    let browser = Chromium::start().await;
    browser.watch().await;
    let found = site.world.person(r"t100\nexus").await.get("/v1/persons?search=nexus").await.json();
    let person = found["persons"][0]["id"].as_str().expect("an id").to_owned();
    let cors = format!("/console/tenants/{TENANT}/cors");
    for who in [r"t100\nexus", "ops"] {
        sign_in(&browser, &site, who).await;
        for page in ["/console", "/console/settings", &cors, &format!("/console/persons/{person}")]
        {
            browser.open(&site.at(page)).await;
            is_inert(&browser, page).await;
        }
        for list in ["/console/tenants", "/console/key-types", "/console/clients", "/console/audit"]
        {
            walk(&browser, &site, list).await;
        }
    }
    let page = "/console/sign-in?tenant=t100";
    browser.forget().await;
    browser.open(&site.at(page)).await;
    is_inert(&browser, page).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_05_no_name_of_ones_own_place_and_no_description_of_ones_own_key_runs() {
    let site = Site::start().await;
    let ops = site.world.person("ops").await;
    let mut person = Browser::at_console(&site.world, r"t100\nexus").await;
    let psk = "/console/settings/psk";
    let made = send(&mut person, psk, &format!("{psk}/create"), ("description", "mine")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let browser = Chromium::start().await;
    browser.watch().await;
    sign_in(&browser, &site, r"t100\nexus").await;
    let tenant = format!("/v1/tenants/{TENANT}");
    for pack in packed(texts(), NAME).iter().step_by(3) {
        let renamed = ops.patch(&tenant, &json!({ "name": pack.trim() })).await;
        let confirmed = [("description", pack.trim()), ("confirmed", "yes")];
        let page = person.get(&format!("{psk}/regenerate")).await;
        let form =
            confirmed.iter().fold(form_to(&page, &format!("{psk}/regenerate")), |form, field| {
                form.with(field.0, field.1)
            });
        let described = person.send_form(&form).await;
        assert_eq!((renamed.status.as_u16(), described.status.as_u16()), (200, 200), "{pack}");
        for page in [
            "/console",
            "/console/settings",
            psk,
            &format!("{psk}/delete"),
            "/console/keys?type=psk",
        ] {
            browser.open(&site.at(page)).await;
            is_inert(&browser, page).await;
        }
    }
}
