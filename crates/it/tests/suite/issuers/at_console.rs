//! Persons of an issuer outside at the console: in, and once more before a secret is shown.

use super::{NOW, believing, later, path};
use it::{
    Answer, Browser, Caller, World,
    browser::{carried, encoded},
    console::form_to,
    provider::{ISS, Provider},
    world::TENANT,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A browser that stands before the issuer.
struct Outside {
    world: World,
    admin: Caller,
    issuer: Value,
    provider: Provider,
    browser: Browser,
    asked: BTreeMap<String, String>,
}

impl Outside {
    async fn start() -> Self {
        let provider = Provider::new();
        let (world, admin, issuer) = believing(&provider).await;
        let browser = Browser::new(world.anonymous());
        Self { world, admin, issuer, provider, browser, asked: BTreeMap::new() }
    }

    /// Goes from the sign-in page to the issuer.
    async fn go(&mut self, next: &str) {
        let query = encoded(&[("tenant", "t100"), ("next", next)]);
        let page = self.browser.get(&format!("/console/sign-in?{query}")).await;
        let to = self.browser.get(&link(&page).expect("a link to the issuer")).await;
        self.stands_before(&to);
    }

    fn stands_before(&mut self, to: &Answer) {
        assert_eq!(to.status, 302, "{}", to.text());
        assert!(to.header("location").starts_with("https://sso.example/auth?"));
        self.asked = carried(to);
    }

    /// Comes back as `sub`.
    async fn back(&mut self, sub: &str, roles: &[&str], change: &[(&str, &str)]) -> Answer {
        let claims = json!({
            "iss": ISS, "sub": sub, "aud": "keyward", "exp": NOW + 300_000, "iat": NOW,
            "nonce": self.asked["nonce"], "preferred_username": sub, "realm_access": {"roles": roles},
        });
        let id_token = self.provider.sign("JWT", &claims);
        self.provider
            .gives(json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token}));
        let state = self.asked["state"].clone();
        let mut answer = vec![("code", "a code"), ("state", state.as_str()), ("iss", ISS)];
        for (name, value) in change {
            answer.retain(|(known, _)| known != name);
            answer.push((name, value));
        }
        let end = format!("/console/sign-in/outside/{TENANT}/sso/end?{}", encoded(&answer));
        self.browser.get(&end).await
    }
}

/// Where a page leads to the issuer.
fn link(page: &Answer) -> Option<String> {
    let text = page.text();
    let start = text.find("/console/sign-in/outside/").or_else(|| text.find("/console/prove?"))?;
    let end = start + text[start..].find('"')?;
    Some(text[start..end].replace("&#38;", "&").replace("&amp;", "&"))
}

/// Whether somebody is signed in: the page leads on by itself, for a redirect would still come from the issuer.
fn leads_to<'a>(answer: &Answer, to: &'a str) -> &'a str {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    assert!(text.contains(&format!("content=\"0; url={to}\"")), "{text}");
    assert!(text.contains(&format!("href=\"{to}\"")), "{text}");
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_to_the_console_by_an_issuer_of_their_tenant() {
    let mut out = Outside::start().await;
    // Without scripts: the tenant is named first.
    let page = out.browser.get("/console/sign-in").await;
    assert!(link(&page).is_none() && page.text().contains("Sign in another way"));
    let form = form_to(&page, "/console/sign-in").with("tenant", "t100").with("step", "elsewhere");
    let answer = out.browser.send_form(&form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = out.browser.follow(answer).await;
    assert!(page.text().contains("Sign in with Company sign-in"), "{}", page.text());
    out.go("/console/keys?search=a").await;
    let end = format!("http://127.0.0.1:8080/console/sign-in/outside/{TENANT}/sso/end");
    assert_eq!((out.asked["redirect_uri"].as_str(), out.asked.get("prompt")), (end.as_str(), None));
    let answer = out.back("frieda", &["staff"], &[]).await;
    let to = leads_to(&answer, "/console/keys?search=a");
    let page = out.browser.get(to).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("frieda"), "{}", page.text());
    assert!(!out.browser.cookies.contains_key("keyward-outside"), "it was of use once");
    let opened = crate::auth_v3::audited(&out.world, "session.open").await;
    assert_eq!(opened.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_leads_to_issuers_that_sign_in_and_to_no_others() {
    let out = Outside::start().await;
    let page = async |tenant: &str| {
        let mut browser = Browser::new(out.world.anonymous());
        browser.get(&format!("/console/sign-in?tenant={tenant}")).await
    };
    assert!(link(&page("t100").await).is_some() && link(&page(TENANT).await).is_some());
    // A tenant without issuers and one that there is not look the same.
    for tenant in ["t200", "nowhere.example", "%5C", ""] {
        let page = page(tenant).await;
        assert!(link(&page).is_none() && page.text().contains("Sign in another way"), "{tenant}");
    }
    for off in [json!({"signIn": false}), json!({"signIn": true, "enabled": false})] {
        assert_eq!(out.admin.patch(&path(&out.issuer), &off).await.status, 200);
        let page = page("t100").await;
        assert!(link(&page).is_none() && !page.text().contains("another way"), "{off}");
    }
    let mut nobody = Browser::new(out.world.anonymous());
    let at = |rest: &str| format!("/console/sign-in/outside/{rest}");
    assert_eq!(nobody.get(&at(&format!("{TENANT}/sso?ticket=x"))).await.status, 422);
    assert_eq!(nobody.get(&at(&format!("{TENANT}/none/end?state=x"))).await.status, 404);
    assert_eq!(nobody.get(&at("nowhere/sso/end")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_console_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in() {
    let mut out = Outside::start().await;
    out.go("/console").await;
    for change in [
        ("state", "another"),
        ("state", ""),
        ("iss", "https://evil.example"),
        ("error", "access_denied"),
    ] {
        let answer = out.back("frieda", &["bosses"], &[change]).await;
        assert_eq!(answer.status, 422, "{change:?}: {}", answer.text());
        assert!(answer.text().contains("role=\"alert\""), "{}", answer.text());
        assert!(!out.browser.cookies.contains_key("keyward-session"), "{change:?}");
    }
    // The address in another browser: it has no cookie of this sign-in (login CSRF).
    let mine = std::mem::replace(&mut out.browser, Browser::new(out.world.anonymous()));
    assert_eq!(out.back("frieda", &["bosses"], &[]).await.status, 422);
    // Nor does the cookie help that is bound to another browser.
    out.browser.cookies.clone_from(&mine.cookies);
    out.browser.cookies.remove("keyward-visit");
    assert_eq!(out.back("frieda", &["bosses"], &[]).await.status, 422);
    assert!(!out.browser.cookies.contains_key("keyward-session"));
    out.browser = mine;
    later(&out.world, 601);
    assert_eq!(out.back("frieda", &["bosses"], &[]).await.status, 422, "too late");
    // A ticket of a realm's page opens nothing here.
    let realm = out.browser.open(&crate::browser::request(&[])).await;
    let text = realm.text();
    if let Some(at) = text.find("ticket=") {
        let ticket = text[at + 7..].split('"').next().unwrap_or_default();
        let begin = format!("/console/sign-in/outside/{TENANT}/sso?ticket={ticket}");
        assert_eq!(out.browser.get(&begin).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_whoever_has_no_password_here_proves_themself_at_the_issuer() {
    let mut out = Outside::start().await;
    let body =
        json!({"keyType": "nexus", "name": "to reveal", "permissions": ["nexus:consumer:chat"]});
    let made = out.admin.post("/v1/keys", &body).await.json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let reveal = format!("/console/keys/{id}/reveal");
    out.go("/console").await;
    leads_to(&out.back("frieda", &["bosses"], &[]).await, "/console");
    later(&out.world, 300);
    let page = out.browser.get(&reveal).await;
    assert!(page.text().contains("Prove it at Company sign-in"), "{}", page.text());
    let refused = out.browser.submit_to(&page, &reveal, &[("current-password", "x")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(!refused.text().contains(secret));
    let before = out.browser.cookies["keyward-session"].clone();
    let to = out.browser.get(&link(&page).expect("a link")).await;
    out.stands_before(&to);
    assert_eq!(out.asked["prompt"], "login");
    // Somebody else at the same machine does not take the place of whoever asks.
    let other = out.back("gerda", &["bosses"], &[]).await;
    assert_eq!(other.status, 422, "{}", other.text());
    assert_eq!(out.browser.cookies["keyward-session"], before);
    let back = out.back("frieda", &["bosses"], &[]).await;
    let to = leads_to(&back, &reveal).to_owned();
    assert_ne!(out.browser.cookies["keyward-session"], before);
    let page = out.browser.get(&to).await;
    let shown = out.browser.submit_to(&page, &reveal, &[]).await;
    assert!(shown.text().contains(secret), "{}", shown.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_does_not_answer_leaves_the_password() {
    let mut out = Outside::start().await;
    out.go("/console").await;
    out.provider.fails(Some(service::outbound::CallFailed::NoAnswer));
    let answer = out.back("frieda", &["staff"], &[]).await;
    assert_eq!(answer.status, 502, "{}", answer.text());
    assert!(answer.text().contains("does not answer"), "{}", answer.text());
    assert_eq!(form_to(&answer, "/console/sign-in").value("tenant"), Some(TENANT));
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_09_a_sign_in_by_an_issuer_leads_to_pages_of_the_console_and_nowhere_else() {
    let mut out = Outside::start().await;
    let payloads = crate::console::bypasses();
    // No query holds a NUL: such an address is refused before anything else.
    for payload in payloads.iter().filter(|payload| !payload.contains('\0')) {
        out.go(payload).await;
        leads_to(&out.back("frieda", &["staff"], &[]).await, "/console");
        out.browser.cookies.remove("keyward-session");
    }
}
