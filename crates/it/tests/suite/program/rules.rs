//! Routes of the gateway and policies, as the configuration and commands say them.

use super::cli::Cli;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use it::{
    process::Process,
    upstream::Upstream,
    world::{Place, TENANT},
};
use serde_json::{Value, json};
use std::fs;

/// The secret of a key for chats.
async fn chat_key(process: &Process) -> String {
    let admin = process.token(r"t100\nexus").await.expect("a token");
    let body = json!({"tenant": TENANT, "name": "k", "permissions": ["nexus:consumer:chat"]});
    let made = process.post("/nexus/v3/apikeys", &admin, &body).await.expect("an answer");
    made.json()["id"].as_str().expect("the key itself").to_owned()
}

async fn call(process: &Process, path: &str, key: Option<&str>) -> (u16, Value) {
    let headers: Vec<_> = key.map(|key| ("x-api-key", key)).into_iter().collect();
    let answer = process.send(Method::GET, path, &headers, bytes::Bytes::new()).await.unwrap();
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_lines_of_configuration_hold_an_api_to_its_keys() {
    let (place, upstream) = (Place::new(), Upstream::start().await);
    let rules = format!(
        "trusted_proxies = [\"127.0.0.1\"]\n\
         [[gateway.routes]]\npreset = \"nexus-chat\"\nupstream = \"{}\"\n\
         [[policies]]\nname = \"chat\"\nkeyTypes = [\"nexus\"]\npermission = \"nexus:consumer:chat\"\n\
         presentedIn = [\"header:x-api-key\"]",
        upstream.url()
    );
    let process = Process::start(&place, &rules).await.expect("the program starts");
    let key = chat_key(&process).await;
    let (status, seen) = call(&process, "/nexus/v3/chat/sessions", Some(&key)).await;
    assert_eq!((status, &seen["path"]), (200, &json!("/nexus/v3/chat/sessions")), "{seen}");
    assert_eq!(call(&process, "/nexus/v3/chat/sessions", None).await.0, 401);
    assert_eq!(call(&process, "/check/chat", Some(&key)).await.0, 200);
    assert_eq!(call(&process, "/check/chat", Some("unknown-unknown-unknown")).await.0, 401);
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upstream_is_known_by_an_authority_of_the_configuration() {
    let (place, upstream) = (Place::new(), Upstream::start_with_tls().await);
    let text = STANDARD.encode(upstream.authority.as_ref().expect("it has one"));
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let file = place.folder().join("ca.pem");
    fs::write(&file, pem).unwrap();
    let route =
        format!("[[gateway.routes]]\npreset = \"nexus-chat\"\nupstream = \"{}\"\n", upstream.url());
    let trusting = format!("[gateway]\nupstream_authorities = \"{}\"\n{route}", file.display());
    for (rules, status) in [(trusting, 200), (route, 502)] {
        let process = Process::start(&place, &rules).await.expect("the program starts");
        let key = chat_key(&process).await;
        assert_eq!(call(&process, "/nexus/v3/chat/a", Some(&key)).await.0, status, "{rules}");
        assert_eq!(process.stop().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_cannot_be_refuse_the_start_and_say_why() {
    let route = |name: &str, prefix: &str| {
        format!(
            "[[gateway.routes]]\nname = \"{name}\"\nprefix = \"{prefix}\"\nupstream = \"http://u\"\n\
             keyTypes = [\"api\"]\npermission = \"orders:read\"\npresentedIn = [\"bearer\"]\n"
        )
    };
    for (rules, expected) in [
        (
            route("a", "/v1/keys"),
            "route `a`: `/v1/keys` would take calls of the server's own `/v1`",
        ),
        (route("a", "/nexus/v3"), "would take calls of the server's own `/nexus/v3/apikeys`"),
        (route("a", "/check/a"), "would take calls of the server's own `/check`"),
        (
            route("a", "/x") + route("b", "/x").as_str(),
            "route `b`: `/x` is the place of another route",
        ),
        (route("a", "/x") + route("a", "/y").as_str(), "route `a`: stands there twice"),
        (
            "[gateway]\nupstream_authorities = \"/not/there\"\n".to_owned(),
            "`gateway.upstream_authorities`: `/not/there`: there is no such file",
        ),
    ] {
        let place = Place::new();
        let refused = Process::start(&place, &rules).await.err().expect("it does not start");
        let said = format!("{refused:#}");
        assert!(said.contains("exit status: 2") && said.contains(expected), "{rules}\n{said}");
        assert!(!said.contains("password"), "nothing was made yet: {said}");
        let made = place.folder().join("data");
        assert!(!made.exists(), "{rules}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_and_routes_are_managed_by_commands() {
    let (place, upstream) = (Place::new(), Upstream::start().await);
    let rules = format!(
        "[[gateway.routes]]\npreset = \"engagement\"\nupstream = \"{}\"\n\
         [[policies]]\nname = \"fixed\"\nkeyTypes = [\"api\"]\npermission = \"none\"\npresentedIn = [\"bearer\"]\n",
        upstream.url()
    );
    let process = Process::start(&place, &rules).await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in("ops");

    let create = ["policies", "create", "orders", "--key-type", "api", "--limited-as", "403"];
    let more = ["--any-permission", "orders:read", "--any-permission", "orders:write"];
    let told = cli.run(&[&create[..], &more].concat());
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`--presented-in` is missing"), "{}", told.err);
    let more = [&more[..], &["--presented-in", "bearer"]].concat();
    let made = cli.json(&[&create[..], &more].concat());
    assert_eq!(made["permission"], json!({"any": ["orders:read", "orders:write"]}));
    assert_eq!((&made["limitedAs"], &made["source"]), (&json!(403), &json!("stored")));
    let places = ["--presented-in", "parameter:key", "--presented-in", "bearer"];
    let update = ["policies", "update", "orders", "--permission", "none", "--if-version", "1"];
    let now = cli.json(&[&update[..], &places, &["--any-key-type"]].concat());
    assert_eq!((&now["permission"], &now["keyTypes"]), (&Value::Null, &json!([])));
    assert_eq!(now["presentedIn"], json!([{"parameter": "key"}, "bearer"]));
    assert_eq!(cli.run(&update).code, 7, "an old version");
    assert_eq!(cli.run(&["policies", "list", "--quiet"]).out, "fixed\norders\n");
    assert_eq!(cli.json(&["policies", "show", "fixed"])["source"], "configuration");
    assert_eq!(cli.run(&["policies", "delete", "fixed"]).code, 7, "the configuration has it");
    assert_eq!(cli.run(&["policies", "delete", "orders"]).code, 0);
    assert_eq!(cli.run(&["policies", "show", "orders"]).code, 6);

    let create = ["routes", "create", "--preset", "nexus-chat", "--upstream"];
    let made = cli.json(&[&create[..], &[&upstream.url(), "--connect-ms", "900"]].concat());
    assert_eq!((&made["name"], &made["prefix"]), (&json!("nexus-chat"), &json!("/nexus/v3/chat")));
    assert_eq!(made["timeouts"]["connectMs"], 900);
    let key = chat_key(&process).await;
    assert_eq!(call(&process, "/nexus/v3/chat/a", Some(&key)).await.0, 200);
    let update = ["routes", "update", "nexus-chat", "--prefix", "/chat", "--max-body-bytes", "9"];
    let now = cli.json(&[&update[..], &["--identity-header", "keyId:x-key"]].concat());
    assert_eq!(
        (&now["maxBodyBytes"], &now["identityHeaders"]["keyId"]),
        (&json!(9), &json!("x-key"))
    );
    assert_eq!(call(&process, "/chat/a", Some(&key)).await.0, 200);
    assert_eq!(call(&process, "/nexus/v3/chat/a", Some(&key)).await.0, 404);
    assert_eq!(cli.run(&["routes", "list", "--quiet"]).out, "engagement\nnexus-chat\n");
    let create = ["routes", "create", "x", "--upstream", "http://u"];
    assert!(cli.run(&create).err.contains("`--key-type` is missing"));
    let open = ["--any-key-type", "--permission", "none", "--presented-in", "bearer"];
    assert_eq!(cli.run(&[&create[..], &open].concat()).code, 2, "no prefix");
    assert_eq!(cli.run(&["routes", "delete", "engagement"]).code, 7, "the configuration has it");
    assert_eq!(cli.run(&["routes", "delete", "nexus-chat"]).code, 0);
    assert_eq!(call(&process, "/chat/a", Some(&key)).await.0, 404);
    assert_eq!(process.stop().await.unwrap(), 0);
}
