//! What every answer of the console carries, and what its pages do not hold.

use super::{
    rows::{Things, rows, wants_session},
    transport::{behind_tls, through_proxy},
};
use domain::id::TenantId;
use it::{
    Answer, Browser, World,
    console::form_to,
    world::{PASSWORD, TENANT},
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The directives of the policy of an answer.
fn policy(answer: &Answer) -> BTreeMap<String, String> {
    let text = answer.header("content-security-policy");
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once(' ').unwrap_or((part, ""));
        (name.to_owned(), value.to_owned())
    };
    parts.map(pair).collect()
}

/// Holds an answer against WB-02, WB-03 and WB-07. `kept`: the same for everybody, and kept by browsers.
pub(super) fn check(answer: &Answer, path: &str, kept: bool) {
    let is = |name: &str, wanted: &str| {
        assert_eq!(answer.header(name), wanted, "{path}: {name}, {:?}", answer.headers);
    };
    is("x-content-type-options", "nosniff");
    is("cross-origin-resource-policy", "same-origin");
    let policy = policy(answer);
    let of = |name: &str| policy.get(name).map(String::as_str);
    assert_eq!(of("default-src"), Some("'none'"), "{path}");
    assert_eq!(of("frame-ancestors"), Some("'none'"), "{path}");
    assert!(!answer.header("content-security-policy").contains("unsafe-"), "{path}");
    if kept {
        return;
    }
    is("cache-control", "no-store");
    is("referrer-policy", "no-referrer");
    is("cross-origin-opener-policy", "same-origin");
    is("x-frame-options", "DENY");
    assert_eq!(of("base-uri"), Some("'none'"), "{path}");
    let permissions = answer.header("permissions-policy");
    assert!(permissions.split(", ").all(|part| part.ends_with("=()")), "{path}: {permissions}");
    for name in answer.headers.keys() {
        assert!(!name.as_str().starts_with("access-control-"), "{path}: {name}");
    }
    if answer.header("content-type").starts_with("text/html") {
        check_page(answer, path);
    }
}

/// A page runs and shows what it names by its nonce, and nothing else (WB-02, WB-08).
fn check_page(answer: &Answer, path: &str) {
    let (policy, text) = (policy(answer), answer.text());
    let script = policy["script-src"].strip_prefix("'nonce-").expect("a nonce");
    let nonce = script.strip_suffix('\'').expect("a nonce and nothing else");
    assert!(nonce.len() >= 22, "{path}: 128 bits");
    for (name, wanted) in [
        ("form-action", "'self'"),
        ("object-src", "'none'"),
        ("img-src", "'self'"),
        ("connect-src", "'self'"),
        ("require-trusted-types-for", "'script'"),
        ("report-uri", "/console/reports"),
    ] {
        assert_eq!(policy[name], wanted, "{path}: {name}");
    }
    for tag in text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.split_ascii_whitespace().next().unwrap_or_default();
        let runs = name == "script" || (name == "link" && tag.contains("stylesheet"));
        assert!(!runs || tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <{tag}>");
        assert!(name != "style" && name != "iframe" && name != "object", "{path}: <{tag}>");
        for attribute in tag.split_ascii_whitespace().skip(1) {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            assert!(!name.starts_with("on") || value.is_empty() || name == "on", "{path}: <{tag}>");
            assert!(name != "style", "{path}: <{tag}>");
            let leads = ["href", "src", "action", "formaction"].contains(&name);
            let value = value.trim_matches('"');
            let here = value.starts_with('/') && !value.starts_with("//");
            assert!(!leads || here || value.starts_with(['#', '?']), "{path}: <{tag}>");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_02_wb_03_wb_07_every_answer_of_the_console_is_for_this_page_of_this_browser_alone() {
    let world = World::start().await;
    let things = Things::of(&world).await;
    let mut nonces = BTreeSet::new();
    let mut pages = 0;
    for username in ["ops", r"t100\nexus", r"t100\vera"] {
        let mut browser = Browser::at_console(&world, username).await;
        let mut anybody = Browser::new(world.anonymous());
        for row in rows("GET") {
            let path = things.path(&row);
            let kept = row.operation == "console_asset";
            let answer = browser.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
            check(&answer, &path, kept);
            check(&anybody.get(&path).await, &path, kept);
            if answer.header("content-type").starts_with("text/html") {
                let nonce = policy(&answer)["script-src"].clone();
                assert!(nonces.insert(nonce), "{path}: a nonce came twice");
                pages += 1;
            }
        }
        for row in rows("POST") {
            let path = things.path(&row);
            check(&anybody.post(&path, &[]).await, &path, false);
            // Without a token: a page says so.
            check(&browser.post(&path, &[]).await, &path, false);
        }
        for path in ["/console/nothing", "/console/keys/key_0000000000000000000000/nothing"] {
            check(&browser.get(path).await, path, false);
        }
    }
    assert!(pages > 20, "the table was not walked");
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_03_behind_a_proxy_with_tls_every_answer_keeps_browsers_to_tls() {
    let world = behind_tls().await;
    let things = Things::of(&world).await;
    let mut browser = Browser::new(through_proxy(&world));
    browser.sign_in_console("ops", PASSWORD).await;
    let page = browser.get("/console/settings").await;
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    let keeps = |answer: &Answer, path: &str| {
        let kept = answer.header("strict-transport-security");
        assert_eq!(kept, "max-age=31536000; includeSubDomains", "{path}: {}", answer.status);
    };
    let mut clear = BTreeSet::new();
    for row in rows("GET") {
        let path = things.path(&row);
        let answer = browser.get(&path).await;
        keeps(&answer, &path);
        check(&answer, &path, row.operation == "console_asset");
        clear.insert(path);
    }
    for row in rows("POST") {
        let path = things.path(&row);
        let answer = browser.post(&path, &[]).await;
        keeps(&answer, &path);
        check(&answer, &path, false);
    }
    let extended = browser.post("/console/extend", &[("token", &token)]).await;
    assert_eq!(extended.status, 200, "{}", extended.text());
    keeps(&extended, "/console/extend");
    let text = page.text();
    let at = text.find("/console/assets/").expect("an asset");
    let asset = text[at..].split('"').next().unwrap_or_default();
    let answer = browser.get(asset).await;
    assert_eq!(answer.status, 200, "{asset}");
    keeps(&answer, asset);
    keeps(&browser.get("/console/nothing").await, "/console/nothing");
    // Nobody is told so in the clear (RFC 6797 section 7.2).
    let local = World::start().await;
    let mut browser = Browser::at_console(&local, "ops").await;
    for path in clear {
        let kept = browser.get(&path).await.header("strict-transport-security").to_owned();
        assert_eq!(kept, "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_10_no_origin_reads_the_console_be_it_listed_or_not() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let listed = "https://shop.example";
    let body = json!({"data": {"contactCenterId": TENANT, "origin": listed}});
    let answer = ops.post("/environment/v3/cors", &body).await;
    assert_eq!(answer.text(), r#"{"status":{"code":0}}"#, "{}", answer.status);
    let things = Things::of(&world).await;
    let signed_in = Browser::at_console(&world, "ops").await;
    let pairs = signed_in.cookies.iter().map(|(name, value)| format!("{name}={value}"));
    let cookie = pairs.collect::<Vec<_>>().join("; ");
    // By prefix, by suffix, by what is nearly the same, and none of them.
    for origin in [
        listed,
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://sub.shop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.",
        "null",
        "https://evil.example",
        "http://127.0.0.1:8080",
    ] {
        let allowed = world.service.origins().allows(TenantId::parse(TENANT).ok(), origin);
        assert_eq!(allowed, origin == listed, "{origin}");
        let caller = world.anonymous().with_header("cookie", &cookie).with_header("origin", origin);
        for row in rows("GET") {
            let path = things.path(&row);
            let asks = caller.clone().with_header("access-control-request-method", "POST");
            let options = asks.send(http::Method::OPTIONS, &path, None, "".into()).await;
            assert_eq!(options.status, 405, "{path}");
            for answer in [caller.get(&path).await, options] {
                let opened =
                    answer.headers.keys().find(|n| n.as_str().starts_with("access-control-"));
                assert_eq!(opened, None, "{origin} {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_console_that_ask_nobody_are_few() {
    let open: Vec<&str> = ["GET", "POST"]
        .into_iter()
        .flat_map(rows)
        .filter(|row| !wants_session(row))
        .map(|row| row.operation)
        .collect();
    let wanted = BTreeSet::from([
        "console_home",
        "console_asset",
        "console_reports",
        "console_show_sign_in",
        "console_sign_in",
        "console_begin_outside_sign_in",
        "console_finish_outside_sign_in",
    ]);
    assert_eq!(open.into_iter().collect::<BTreeSet<_>>(), wanted);
}
