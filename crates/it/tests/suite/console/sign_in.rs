//! The way in: which cookies, where it leads, what it tells whoever guesses, and by which transport.

use domain::{allow_list::AddressRule, rate_limit::Limit};
use it::{
    Answer, Browser, Caller, World,
    console::{form_to, offers},
    world::{OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

/// A world that browsers reach through a proxy with TLS.
async fn behind_tls() -> World {
    World::start_with(|settings, config| {
        settings.public_url = "https://keys.example".to_owned();
        config.public_url = "https://keys.example".to_owned();
        let proxy = AddressRule::parse("127.0.0.1").expect("an address");
        config.trusted_proxies.addresses.push(proxy);
    })
    .await
}

fn through_proxy(world: &World) -> Caller {
    world
        .anonymous()
        .with_header("host", "keys.example")
        .with_header("x-forwarded-for", "203.0.113.7")
        .with_header("x-forwarded-proto", "https")
}

/// The cookies that an answer sets, each with its rules.
fn set_cookies(answer: &Answer) -> Vec<String> {
    let fields = answer.headers.get_all("set-cookie").iter();
    fields.map(|field| field.to_str().expect("text").to_owned()).collect()
}

async fn signed_in(browser: &mut Browser, username: &str) -> Answer {
    let page = browser.get("/console/sign-in").await;
    let form =
        form_to(&page, "/console/sign-in").with("username", username).with("password", PASSWORD);
    browser.send_form(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_01_by_tls_the_cookie_is_this_hosts_alone() {
    let world = behind_tls().await;
    let mut browser = Browser::new(through_proxy(&world));
    let answer = signed_in(&mut browser, r"t100\vera").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let set = set_cookies(&answer);
    let session = set.iter().find(|c| c.starts_with("__Host-keyward=")).expect("a session");
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{session}");
    assert!(session.len() > 43 + "__Host-keyward=".len(), "256 random bits");
    for cookie in &set {
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let page = browser.open("/console").await;
    assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
    let out = browser.send_form(&form_to(&page, "/console/sign-out")).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(set_cookies(&out).iter().any(|c| c.starts_with("__Host-keyward=;")));
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_01_on_loopback_the_cookie_goes_to_no_other_site() {
    let world = World::start().await;
    let mut browser = Browser::new(world.anonymous());
    let answer = signed_in(&mut browser, r"t100\vera").await;
    let set = set_cookies(&answer);
    let session = set.iter().find(|c| c.starts_with("keyward-session=")).expect("a session");
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{session}");
    assert!(answer.header("strict-transport-security").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_clear_the_console_serves_the_machine_itself_and_nobody_else() {
    let world = World::start().await;
    let tls = behind_tls().await;
    let clear = |caller: Caller| caller.with_header("x-forwarded-proto", "http");
    let callers = [
        world.anonymous().from_address("192.0.2.9"),
        // A proxy that nobody named stands between.
        world.anonymous().with_header("x-forwarded-for", "127.0.0.1"),
        world.anonymous().with_header("via", "1.1 somebody"),
        tls.anonymous().with_header("x-forwarded-for", "unknown").from_address("192.0.2.9"),
        clear(tls.anonymous().with_header("x-forwarded-for", "203.0.113.7")),
        tls.anonymous().with_header("forwarded", "for=203.0.113.7;proto=\"http\""),
    ];
    for caller in callers {
        for path in ["/console/sign-in", "/console", "/console/keys"] {
            let answer = caller.get(path).await;
            assert_eq!(answer.status, 403, "{path}: {}", answer.text());
            assert!(answer.text().contains("The console needs TLS"), "{}", answer.text());
            assert!(set_cookies(&answer).is_empty());
        }
        let form = [("username", "ops"), ("password", PASSWORD)];
        assert_eq!(caller.post_form("/console/sign-in", &form).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_sign_in_is_told_the_same() {
    let world = World::start().await;
    let mut told = Vec::new();
    for (tenant, username, password) in [
        ("", r"t100\vera", "no such words"),
        ("t100", "vera", "no such words"),
        ("t100", "nobody-there", PASSWORD),
        ("nowhere.example", "vera", PASSWORD),
        (OTHER_TENANT, "vera", PASSWORD),
        ("t100", "service-a", PASSWORD),
        ("", "vera", PASSWORD),
    ] {
        let mut browser = Browser::new(world.anonymous());
        let page = browser.get("/console/sign-in").await;
        let form = form_to(&page, "/console/sign-in")
            .with("tenant", tenant)
            .with("username", username)
            .with("password", password);
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{username}");
        assert!(!answer.text().contains("no such words"), "{}", answer.text());
        assert!(!browser.cookies.contains_key("keyward-session"));
        let text = answer.text();
        let from = text.find("role=\"alert\"").expect("what is wrong");
        told.push(text[from..from + 400].split("</p>").next().unwrap_or_default().to_owned());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_named_by_its_domain_or_its_id() {
    let world = World::start().await;
    for tenant in ["t100", "T100", TENANT] {
        let mut browser = Browser::new(world.anonymous());
        let page = browser.get(&format!("/console/sign-in?tenant={tenant}")).await;
        let form = form_to(&page, "/console/sign-in");
        assert_eq!(form.value("tenant"), Some(tenant));
        let form = form.with("username", "vera").with("password", PASSWORD);
        let answer = browser.send_form(&form).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/console"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_guessing_at_the_console_waits_with_what_they_typed() {
    let limit = Limit::new(3, 60).ok();
    let world = World::start_with(|settings, _| settings.failed_credentials = limit).await;
    let mut browser = Browser::new(world.anonymous());
    let page = browser.get("/console/sign-in").await;
    for n in 0..3 {
        let name = format!("somebody-{n}");
        let form = form_to(&page, "/console/sign-in").with("tenant", "t100");
        let form = form.with("username", &name).with("password", PASSWORD);
        assert_eq!(browser.send_form(&form).await.status, 422);
    }
    let form = form_to(&page, "/console/sign-in").with("username", r"t100\vera");
    let waits = browser.send_form(&form.with("password", PASSWORD)).await;
    assert_eq!(waits.status, 429);
    assert!(!waits.header("retry-after").is_empty());
    let form = form_to(&waits, "/console/sign-in");
    assert_eq!(form.value("username"), Some(r"t100\vera"));
    assert!(form.value("password").is_none_or(str::is_empty));
}

#[tokio::test(flavor = "multi_thread")]
async fn se_01_a_session_that_a_browser_was_given_by_somebody_else_is_dead_after_the_sign_in() {
    let world = World::start().await;
    let attacker = Browser::at_console(&world, r"t100\vera").await;
    let mut victim = Browser::new(world.anonymous());
    victim.cookies.clone_from(&attacker.cookies);
    victim.cookies.remove("keyward-visit");
    // A form on the page that the fixed session shows cannot be had: it is signed in already.
    let answer = victim.get("/console/sign-in").await;
    assert_eq!(answer.header("location"), "/console");
    let planted = victim.cookies.remove("keyward-session").expect("a session");
    let page = victim.get("/console/sign-in").await;
    victim.cookies.insert("keyward-session".to_owned(), planted.clone());
    let form = form_to(&page, "/console/sign-in").with("username", r"t100\nora");
    let answer = victim.send_form(&form.with("password", PASSWORD)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_ne!(victim.cookies["keyward-session"], planted);
    let mut stale = attacker;
    assert!(stale.get("/console").await.header("location").contains("/console/sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_change_their_password_gets_nowhere_else() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"username": "lena", "roles": ["admin"], "password": PASSWORD, "mustChangePassword": true});
    assert_eq!(admin.post("/v1/persons", &body).await.status, 201);
    let mut browser = Browser::new(world.anonymous());
    let answer = signed_in(&mut browser, r"t100\lena").await;
    assert_eq!(answer.header("location"), "/console/settings/password");
    for route in server::routes().iter().filter(|r| r.access.starts_with("Session(")) {
        let path = route.path.replace("{id}", "key_0000000000000000000000");
        if ["/console/settings/password", "/console/sign-out", "/console/extend"]
            .contains(&route.path)
        {
            continue;
        }
        let answer = match route.method.as_str() {
            "GET" => browser.get(&path).await,
            _ => browser.post(&path, &[]).await,
        };
        assert_eq!(answer.header("location"), "/console/settings/password", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_see_no_keys_begins_with_what_is_their_own() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nora").await;
    let answer = browser.get("/console").await;
    assert_eq!(answer.header("location"), "/console/settings");
    let page = browser.follow(answer).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Your settings") && !offers(&page, "/console/keys"));
    assert_eq!(browser.get("/console/keys").await.status, 403);
}

#[tokio::test]
async fn the_root_leads_to_the_console() {
    let world = World::start().await;
    let answer = world.anonymous().get("/").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/console"));
}

/// Addresses that lead elsewhere, if one lets them: by scheme, by authority, by what browsers mend.
fn bypasses() -> Vec<String> {
    let host = "evil.example";
    let mut all: Vec<String> = [
        "",
        "/",
        ".",
        "..",
        "console",
        "consolex",
        "/consolex",
        "/console.evil.example",
        "/console@evil.example",
        "/console:80",
        "/v1/keys",
        "/auth/v3/sign-out",
        "/console/..",
        "/console/../v1/keys",
        "/console/./../x",
        "/console/..%2f..%2fx",
        "/console/%2e%2e/x",
        "/console/%2E%2E/x",
        "/console/.%2e/x",
        "/console/%2e./x",
        "/console//evil.example",
        "/console///evil.example",
        "/console/\\evil.example",
        "/console\\evil.example",
        "/console/a b",
        "/console/\u{e9}",
        "/console/\u{202e}",
        "/console/<script>",
        "/console/\"x",
        "/console/'x`y",
        "/console/{x}",
        "/console/|x",
        "/console/^x",
        "?next=/console",
        "#/console",
        "./console",
        "../console",
    ]
    .map(str::to_owned)
    .to_vec();
    let schemes = [
        "http:",
        "https:",
        "HTTPS:",
        "ftp:",
        "file:",
        "ws:",
        "javascript:",
        "JaVaScRiPt:",
        "data:",
        "vbscript:",
        "blob:",
        "about:",
        "view-source:",
        "mailto:",
        "intent:",
        "chrome:",
        "x:",
    ];
    for scheme in schemes {
        for rest in
            ["//evil.example", "evil.example", "/evil.example", "\\\\evil.example", "alert(1)"]
        {
            all.push(format!("{scheme}{rest}"));
        }
    }
    let leads = [
        "//",
        "///",
        "////",
        "/\\",
        "\\/",
        "\\\\",
        "/\t/",
        "/\n/",
        "/\r/",
        "\t//",
        "\n//",
        " //",
        "%09//",
        "/%09/",
        "/%2f",
        "%2f%2f",
        "/%5c",
        "%5c%5c",
        "/;/",
        "/./",
        "/../",
        "//;@",
        "//@",
        "/@",
        "\u{0}//",
        "\u{feff}//",
        "\u{3000}//",
        "/\u{2028}/",
        "//\u{ff0f}",
        "\u{ff0f}\u{ff0f}",
        "//127.0.0.1:8080@",
        "//console@",
        "/\u{1}/",
    ];
    for lead in leads {
        all.push(format!("{lead}{host}"));
        all.push(format!("{lead}{host}/console"));
    }
    all
}

/// Led to the console, or, with what no query and no form may hold, nowhere.
fn stays(answer: &Answer, payload: &str) {
    let refused = answer.status == 400 && answer.header("location").is_empty();
    let refused = refused && payload.contains('\0');
    assert!(refused || answer.header("location") == "/console", "{payload:?}: {}", answer.status);
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_09_a_sign_in_leads_to_pages_of_the_console_and_nowhere_else() {
    let world = World::start().await;
    let payloads = bypasses();
    assert!(payloads.len() >= 150, "{}", payloads.len());
    let mut anybody = Browser::new(world.anonymous());
    let page = anybody.get("/console/sign-in").await;
    let mut browser = Browser::at_console(&world, r"t100\vera").await;
    for payload in &payloads {
        // Whoever is signed in already is led on at once.
        let query = it::browser::encoded(&[("next", payload.as_str())]);
        let answer = browser.get(&format!("/console/sign-in?{query}")).await;
        stays(&answer, payload);
        let answer = browser.get(&format!("/console/prove?{query}")).await;
        stays(&answer, payload);
    }
    for payload in payloads.iter().step_by(5) {
        let form = form_to(&page, "/console/sign-in").with("next", payload);
        let form = form.with("username", r"t100\vera").with("password", PASSWORD);
        let answer = anybody.send_form(&form).await;
        stays(&answer, payload);
        anybody.cookies.remove("keyward-session");
    }
}
