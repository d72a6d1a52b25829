//! Where a sign-in leads (WB-09).

use it::{Answer, Browser, World, console::form_to, world::PASSWORD};
use serde_json::json;

/// Addresses that lead elsewhere, if one lets them: by scheme, by authority, by what browsers mend.
#[expect(clippy::too_many_lines, reason = "a list")]
pub(crate) fn bypasses() -> Vec<String> {
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

#[tokio::test(flavor = "multi_thread")]
async fn wb_09_whoever_stored_a_secret_is_led_to_pages_of_the_console_and_nowhere_else() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let made = admin.post("/v1/keys", &json!({"keyType": "deployment", "name": "stored"})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/console/keys/{}/acknowledge", made.json()["id"].as_str().expect("an id"));
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.get("/console/settings").await;
    let token = form_to(&page, "/console/sign-out").value("token").expect("a token").to_owned();
    let own = "/console/setup?type=deployment";
    for field in ["to", "next"] {
        let answer = browser.post(&path, &[("token", &token), (field, own)]).await;
        assert_eq!(answer.header("location"), own, "{field}: {}", answer.text());
        for payload in bypasses().iter().filter(|payload| !payload.is_empty()) {
            let answer = browser.post(&path, &[("token", &token), (field, payload)]).await;
            stays(&answer, payload);
        }
    }
}
