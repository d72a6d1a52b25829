//! Credentials that nobody issued, by the thousand: none opens anything, none breaks anything (AP-11).

mod bytes;
mod encodings;
mod hosts;
mod http2;
mod smuggling;

use http::HeaderValue;
use it::{
    Caller, World,
    caller::basic,
    world::{CLIENT_SECRET, TENANT},
};
use serde_json::json;
use std::collections::BTreeMap;

const VERIFY: &str = "/v1/keys/verify";

/// What attackers type, as far as it fits into a line.
const PAYLOADS: [&str; 40] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "\" OR \"\"=\"",
    "1; DROP TABLE keys; --",
    "'; DELETE FROM persons; --",
    "') UNION SELECT lookup, sealed FROM secrets --",
    "' UNION ALL SELECT NULL,NULL,NULL,NULL--",
    "1' AND SLEEP(5)#",
    "1' AND pg_sleep(5)--",
    "'||(SELECT version())||'",
    "x' AND (SELECT COUNT(*) FROM sqlite_master) > 0 --",
    "' AND 1=CAST((SELECT current_user) AS int)--",
    "%27%20OR%201%3D1",
    "admin'/*",
    "\\'; SELECT 1; --",
    "$1",
    "?1",
    ":secret",
    "*",
    "%",
    "_",
    "%%%%",
    "NULL",
    "null",
    "undefined",
    "true",
    "{}",
    "[]",
    "{\"$ne\":null}",
    "{{7*7}}",
    "${jndi:ldap://x/y}",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "`id`",
    "$(id)",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcHMifQ.",
    "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
    "key_0000000000000000000000",
    "kw_00000000000000000000000000000000000000",
    "psk_0000000000000000000000000000000000000",
];

/// Letters of every kind, some of them more than a byte, some of them invisible.
const LETTERS: [&str; 24] = [
    "a",
    "Z",
    "0",
    "-",
    "_",
    ".",
    "~",
    "'",
    "\"",
    ";",
    "\\",
    "/",
    "=",
    " ",
    ":",
    "\u{e9}",
    "\u{20ac}",
    "\u{1f511}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{ff07}",
    "\t",
    "%00",
];

/// A fixed sequence: a failure is the same failure tomorrow (xorshift64).
struct Source(u64);

impl Source {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below).unwrap()).unwrap()
    }

    /// A text made of payloads, letters, and pieces of what is real.
    fn text(&mut self, real: &[String]) -> String {
        let payload = PAYLOADS[self.next(PAYLOADS.len())];
        let real = &real[self.next(real.len())];
        match self.next(8) {
            0 => payload.to_owned(),
            1 => (0..self.next(200)).map(|_| LETTERS[self.next(LETTERS.len())]).collect(),
            2 => format!("{real}{payload}"),
            3 => format!("{payload}{real}"),
            4 => real[..self.next(real.len())].to_owned(),
            5 => {
                let at = self.next(real.len());
                let letter = if &real[at..=at] == "f" { "e" } else { "f" };
                format!("{}{letter}{}", &real[..at], &real[at + 1..])
            }
            6 => LETTERS[self.next(LETTERS.len())].repeat(1 + self.next(10 * 1024)),
            _ => format!("{payload}\u{0}{real}"),
        }
    }
}

struct Target {
    world: World,
    verifier: Caller,
    /// A nexus key, two access tokens and a client's secret, all of them good.
    real: Vec<String>,
    listed: String,
}

impl Target {
    async fn new() -> Self {
        let world = World::start_with(|settings, _| {
            settings.failed_credentials = domain::rate_limit::Limit::new(1_000_000, 60).ok();
        })
        .await;
        let admin = world.person(r"t100\nexus").await;
        let body = json!({"tenant": TENANT, "name": "n", "permissions": ["nexus:consumer:chat"]});
        let key = admin.post("/nexus/v3/apikeys", &body).await.json()["id"].clone();
        let verifier = world.client("cluster-verifier").await;
        let real = vec![
            key.as_str().expect("a secret").to_owned(),
            admin.token.clone().expect("a token"),
            verifier.token.clone().expect("a token"),
            CLIENT_SECRET.to_owned(),
        ];
        let listed = admin.get("/nexus/v3/apikeys").await.text();
        Self { world, verifier, real, listed }
    }

    /// Nothing was lost or changed by all of it.
    async fn is_unharmed(&self) {
        let admin = self.world.person(r"t100\nexus").await;
        assert_eq!(admin.get("/nexus/v3/apikeys").await.text(), self.listed);
        let question = json!({"secret": self.real[0]});
        assert_eq!(self.verifier.post(VERIFY, &question).await.json()["verdict"], "VALID");
    }
}

/// Whether the text means what it says once HTTP took the spaces off its ends.
fn is_real(target: &Target, text: &str) -> bool {
    let bare = text.trim_matches([' ', '\t']);
    let bare = bare.split_once(' ').map_or(bare, |(_, token)| token.trim());
    target.real.iter().any(|real| real.eq_ignore_ascii_case(bare))
}

#[tokio::test]
async fn ap_11_no_header_that_nobody_issued_opens_or_breaks_anything() {
    let target = Target::new().await;
    let mut source = Source(0x6b65_7977_6172_6421);
    let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
    let mut sent = 0;
    while sent < 2_400 {
        let text = source.text(&target.real);
        let (name, value, path) = match source.next(6) {
            0 => ("authorization", format!("Bearer {text}"), "/nexus/v3/apikeys"),
            1 => ("authorization", text, "/nexus/v3/apikeys"),
            2 => ("authorization", format!("Bearer {text}"), VERIFY),
            3 => ("x-api-key", text, VERIFY),
            4 => ("authorization", basic("ops", &text), "/auth/v3/ops/clients"),
            _ => ("authorization", basic(&text, CLIENT_SECRET), "/oauth2/introspect"),
        };
        // What cannot stand in a header goes over the wire in another test.
        if HeaderValue::from_bytes(value.as_bytes()).is_err() || is_real(&target, &value) {
            continue;
        }
        sent += 1;
        let caller = target.world.anonymous().with_header(name, &value);
        let answer = match path {
            "/oauth2/introspect" => caller.post_form(path, &[("token", "x")]).await,
            VERIFY => caller.post(path, &json!({"secret": target.real[0]})).await,
            _ => caller.get(path).await,
        };
        let status = answer.status.as_u16();
        assert!(matches!(status, 400 | 401 | 404 | 431), "{path} {value:?}: {status}");
        assert!(!answer.text().to_lowercase().contains("sql"), "{value:?}: {}", answer.text());
        *statuses.entry(status).or_default() += 1;
    }
    assert!(statuses.len() >= 3 && statuses.values().all(|n| *n > 10), "{statuses:?}");
    target.is_unharmed().await;
}

#[tokio::test]
async fn ap_11_no_secret_that_nobody_issued_is_valid_or_breaks_anything() {
    let target = Target::new().await;
    let mut source = Source(0x7365_6372_6574_7321);
    let mut unknown = 0;
    for _ in 0..2_400 {
        let text = source.text(&target.real);
        if is_real(&target, &text) {
            continue;
        }
        let mut question = json!({"secret": text});
        match source.next(6) {
            0 => question["keyType"] = json!(source.text(&target.real)),
            1 => question["origin"] = json!(source.text(&target.real)),
            2 => question["path"] = json!(source.text(&target.real)),
            3 => question["tenant"] = json!(source.text(&target.real)),
            _ => {}
        }
        let answer = target.verifier.post(VERIFY, &question).await;
        let status = answer.status.as_u16();
        assert!(matches!(status, 200 | 400), "{question}: {status}");
        if status == 200 {
            assert_eq!(answer.text(), r#"{"verdict":"NOT_FOUND"}"#, "{question}");
            unknown += 1;
        }
    }
    assert!(unknown > 1_000, "{unknown}");
    target.is_unharmed().await;
}

#[tokio::test]
async fn ap_11_no_name_in_a_path_a_form_or_a_query_breaks_anything() {
    let target = Target::new().await;
    let admin = target.world.person(r"t100\nexus").await;
    let client = target.world.anonymous().basic("cluster-verifier", CLIENT_SECRET);
    let mut source = Source(0x7061_7468_7321_2121);
    for n in 0..600 {
        let text = source.text(&target.real);
        let text: String = text.chars().take(1_500).collect();
        // An empty parameter is an absent one.
        if text.is_empty() || is_real(&target, &text) {
            continue;
        }
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let escaped = escaped.replace('+', "%20");
        let answer = match n % 6 {
            0 => admin.get(&format!("/nexus/v3/apikeys/{escaped}")).await,
            1 => admin.delete(&format!("/nexus/v3/apikeys/{escaped}")).await,
            2 => admin.get(&format!("/nexus/v3/apikeys?tenant={escaped}&cursor={escaped}")).await,
            3 => admin.get(&format!("/v1/audit?subject={escaped}&action={escaped}")).await,
            4 => client.post_form("/auth/v3/oauth/check_token", &[("token", &text)]).await,
            _ => {
                let form = [("grant_type", "password"), ("username", &text), ("password", "x")];
                target
                    .world
                    .anonymous()
                    .basic("nexus_client", "")
                    .post_form("/auth/v3/oauth/token", &form)
                    .await
            }
        };
        let status = answer.status.as_u16();
        let quiet = n % 6 == 3 && status == 200 && answer.json()["events"] == json!([]);
        assert!(
            quiet || matches!(status, 400 | 401 | 403 | 404 | 414),
            "{n} {text:?}: {status} {}",
            answer.text()
        );
    }
    target.is_unharmed().await;
}
