//! Routes of the gateway, policies, and what tenants may bind.

use super::{Place, load, refusal};
use domain::{
    gateway_route::{PRESETS, Timeouts},
    key_type::Place as KeyPlace,
    policy::{Envelope, LimitedAs, Source, Wanted},
};

const TENANT: &str = "578ec98e-f07c-46ad-9675-f36c22f3ba9f";

const WHOLE: &str = r#"
[[gateway.routes]]
name = "orders"
host = "API.example"
prefix = "/orders/"
upstream = "https://orders.internal:8443/base"
tenant = "578ec98e-f07c-46ad-9675-f36c22f3ba9f"
keyTypes = ["api", "partner"]
permission = { any = ["orders:read", "orders:write"] }
presentedIn = [{ header = "X-Api-Key" }, "bearer", "parameter:key"]
cost = 2
limit = { capacity = 100, frequency = 60 }
limitedAs = 403
envelope = "nexus"
identityHeaders = { tenant = "X-Consumer", keyName = "x-consumer-name" }
stripPrefix = true
forwardSecret = true
forwardHost = true
timeouts = { connectMs = 100, answerMs = 200, idleMs = 300 }
maxBodyBytes = "6GiB"
"#;

#[test]
fn a_preset_and_an_upstream_are_a_route() {
    for preset in PRESETS {
        let toml = format!(
            "[[gateway.routes]]\npreset = \"{}\"\nupstream = \"http://127.0.0.1:9000\"",
            preset.name
        );
        let config = load(&toml).unwrap();
        let route = &config.rules.routes[0];
        assert_eq!(
            (route.policy.name.as_str(), route.prefix.as_str()),
            (preset.name, preset.prefix)
        );
        assert_eq!(route.policy.source, Source::Configuration);
        assert!(route.upstream.configured && !route.upstream.tls);
        assert_eq!((route.upstream.host.as_str(), route.upstream.port), ("127.0.0.1", 9000));
        assert_eq!(*route, preset.route(route.upstream.clone(), Source::Configuration));
    }
}

#[test]
fn the_document_lists_every_preset() {
    let code = |texts: &[&str]| {
        texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
    };
    let mut table = String::new();
    for preset in PRESETS {
        let place = |place: &KeyPlace| match place {
            KeyPlace::Bearer => "bearer".to_owned(),
            KeyPlace::Header(name) => format!("header `{name}`"),
            KeyPlace::Parameter(name) => format!("parameter `{name}`"),
        };
        table.push_str(&format!(
            "| `{}` | `{}` | {} | {} | {} | `{}` |\n",
            preset.name,
            preset.prefix,
            code(preset.key_types),
            code(preset.any_of),
            preset.presented_in.iter().map(place).collect::<Vec<_>>().join(", "),
            preset.envelope.as_str()
        ));
    }
    let document = include_str!("../../../../../docs/configuration.md");
    assert!(document.contains(&table), "docs/configuration.md must hold these lines:\n{table}");
    let setting = super::super::definition::find("gateway.routes[].preset").unwrap();
    let help = include_str!("../../commands/routes.rs");
    for preset in PRESETS {
        let name = format!("`{}`", preset.name);
        assert!(setting.about.contains(&name) && help.contains(&name), "{name}");
    }
}

#[test]
fn everything_of_a_preset_can_be_said_otherwise() {
    let config = load(&WHOLE.replace("name = \"orders\"", "preset = \"engagement\"")).unwrap();
    let route = &config.rules.routes[0];
    assert_eq!(route.policy.name, "engagement");
    let own = load(WHOLE).unwrap().rules.routes.remove(0);
    let mut same = route.clone();
    same.policy.name = "orders".to_owned();
    assert_eq!(same, own);
}

#[test]
fn a_route_is_read_in_both_spellings() {
    let route = load(WHOLE).unwrap().rules.routes.remove(0);
    assert_eq!(route.host.as_deref(), Some("api.example"));
    assert_eq!(route.prefix, "/orders");
    assert_eq!(route.upstream.to_string(), "https://orders.internal:8443/base");
    assert_eq!(route.policy.tenant.unwrap().to_string(), TENANT);
    assert_eq!(route.policy.key_types, ["api", "partner"]);
    let permissions = vec!["orders:read".to_owned(), "orders:write".to_owned()];
    assert_eq!(route.policy.wanted, Wanted { any: true, permissions });
    assert_eq!(
        route.policy.presented_in,
        [KeyPlace::Header("x-api-key".into()), KeyPlace::Bearer, KeyPlace::Parameter("key".into())]
    );
    assert_eq!((route.policy.cost, route.policy.limit.unwrap().capacity()), (2, 100));
    assert_eq!(route.policy.limited_as, LimitedAs::Forbidden);
    assert_eq!(route.policy.envelope, Envelope::Nexus);
    assert_eq!(
        route.policy.identity.names(),
        ["x-consumer", "x-keyward-key-id", "x-consumer-name", "x-keyward-permissions"]
    );
    assert!(route.strip_prefix && route.forward_secret && route.forward_host);
    assert_eq!(route.timeouts, Timeouts { connect_ms: 100, answer_ms: 200, idle_ms: 300 });
    assert_eq!(route.max_body_bytes, Some(6 << 30));

    let mut snake = String::new();
    for line in WHOLE.lines() {
        let (name, rest) = line.split_once('=').unwrap_or((line, ""));
        let name = name.chars().flat_map(|c| match c.is_ascii_uppercase() {
            true => vec!['_', c.to_ascii_lowercase()],
            false => vec![c],
        });
        let rest = rest
            .replace("connectMs", "connect_ms")
            .replace("answerMs", "answer_ms")
            .replace("idleMs", "idle_ms")
            .replace("keyName", "key_name");
        let equals = if line.contains('=') { "=" } else { "" };
        snake.push_str(&format!("{}{equals}{rest}\n", name.collect::<String>()));
    }
    assert!(snake.contains("key_types") && snake.contains("connect_ms"), "{snake}");
    assert_eq!(load(&snake).unwrap().rules.routes[0], route);
}

#[test]
fn a_route_of_its_own_has_the_name_of_its_place() {
    let toml = |place: &str| {
        format!(
            "[[gateway.routes]]\n{place}\nupstream = \"http://u\"\nkeyTypes = [\"api\"]\n\
             permission = \"orders:read\"\npresentedIn = [\"bearer\"]"
        )
    };
    for (place, name) in [
        ("prefix = \"/orders/v1\"", "orders-v1"),
        ("prefix = \"/\"\nhost = \"Orders.example\"", "orders-example"),
        ("prefix = \"/orders\"\nname = \"mine\"", "mine"),
    ] {
        assert_eq!(load(&toml(place)).unwrap().rules.routes[0].policy.name, name);
    }
}

#[test]
fn policies_and_upstreams_of_tenants_are_read() {
    let config = load(&format!(
        "[[policies]]\nname = \"orders\"\nkeyTypes = [\"api\"]\npresentedIn = [\"bearer\"]\n\
         permission = \"orders:read, orders:list\"\nlimited_as = 403\n\
         [[gateway.upstreams]]\ntenant = \"{TENANT}\"\nupstream = \"http://10.0.0.7:80/x\"\n\
         prefix = \"/t100/\"\nhost = \"T100.example\""
    ))
    .unwrap();
    let policy = &config.rules.policies[0];
    assert_eq!(policy.limited_as, LimitedAs::Forbidden);
    assert_eq!(policy.wanted.permissions, ["orders:read", "orders:list"]);
    assert!(!policy.wanted.any);
    let upstream = &config.rules.upstreams[0];
    assert_eq!(upstream.tenant.to_string(), TENANT);
    assert!(upstream.upstream.configured);
    assert_eq!(upstream.host.as_deref(), Some("t100.example"));
    assert_eq!(upstream.prefix.as_deref(), Some("/t100"));
}

#[test]
fn rules_come_from_the_environment_and_are_shown_as_they_are() {
    let place = Place::new(WHOLE);
    let variables = [
        ("KEYWARD_GATEWAY_ROUTES_0_KEY_TYPES", "api"),
        ("KEYWARD_GATEWAY_ROUTES_0_LIMIT_CAPACITY", "7"),
        ("KEYWARD_GATEWAY_ROUTES_1_PRESET", "nexusone"),
        ("KEYWARD_GATEWAY_ROUTES_1_UPSTREAM", "http://nx1"),
        ("KEYWARD_GATEWAY_ROUTES_1_PERMISSION", "nx1:ask or nx1:engineer"),
        ("KEYWARD_GATEWAY_ROUTES_1_PRESENTED_IN", "header:authorization-psk,parameter:psk"),
        ("KEYWARD_POLICIES_0_NAME", "open"),
        ("KEYWARD_POLICIES_0_KEY_TYPES", "api"),
        ("KEYWARD_POLICIES_0_PRESENTED_IN", "bearer"),
        ("KEYWARD_POLICIES_0_PERMISSION", "none"),
        ("KEYWARD_GATEWAY_UPSTREAM_AUTHORITIES", "/etc/ca.pem"),
    ];
    let config = place.load(&variables, &[]).unwrap();
    let [first, second] = &config.rules.routes[..] else { panic!() };
    assert_eq!(first.policy.key_types, ["api"]);
    assert_eq!(first.policy.limit.unwrap().capacity(), 7);
    assert_eq!(second.policy.wanted.permissions, ["nx1:ask", "nx1:engineer"]);
    assert_eq!(second.policy.presented_in.len(), 2);
    assert!(config.rules.policies[0].wanted.permissions.is_empty());
    let shown = config.to_toml(false);
    for line in [
        "[[gateway.routes]]\nupstream = ",
        "key_types = [\"api\"] # env KEYWARD_GATEWAY_ROUTES_0_KEY_TYPES",
        "limit.capacity = 7 # env",
        "permission = \"orders:read or orders:write\" # file",
        "presented_in = [\"header:x-api-key\", \"bearer\", \"parameter:key\"] # file",
        "upstream_authorities = \"/etc/ca.pem\" # env",
    ] {
        assert!(shown.contains(line), "no `{line}` in\n{shown}");
    }
    let again = load(&shown).unwrap();
    assert_eq!(again.rules.routes, config.rules.routes);
    assert_eq!(again.rules.policies, config.rules.policies);
}

const PRESET: &str = "[[gateway.routes]]\npreset = \"engagement\"\nupstream = \"http://u\"\n";
const POLICY: &str = "[[policies]]\nname = \"p\"\nkeyTypes = [\"api\"]\npermission = \"none\"\n\
     presentedIn = [\"bearer\"]\n";

fn assert_refused(toml: &str, expected: &str) {
    let found = refusal(toml);
    assert!(found.starts_with(expected), "for {toml}\nexpected {expected}\nfound    {found}");
}

#[test]
fn a_member_of_a_route_that_cannot_be_names_file_and_line() {
    for (line, expected) in [
        ("prefix = \"/a%2fb\"", "prefix`: must begin with `/`"),
        ("timeouts = { connectMs = 0 }", "timeouts.connect_ms`: must be 1 to"),
        ("tenant = \"t100\"", "tenant`: not a UUID"),
        ("host = \"a:80\"", "host`: must be the name"),
        ("presentedIn = [\"x-api-key\"]", "presented_in`: expected a list of places | write"),
        ("permission = \"\"", "permission`: expected a permission | write"),
        ("permission = { any = [] }", "permission`: expected a permission | write"),
        ("permission = \"engagement:*\"", "permission`: must be 2 to 6 segments"),
        ("maxBodyBytes = \"1TB\"", "max_body_bytes`: expected a size | write"),
        ("envelope = \"soap\"", "envelope`: there is no envelope `soap`"),
    ] {
        let expected = format!("`DIR/k.toml` line 4: `gateway.routes[0].{expected}");
        assert_refused(&format!("{PRESET}{line}"), &expected);
    }
    for (line, expected) in [
        ("limited_as = 500", "limited_as`: expected 429 or 403"),
        ("identityHeaders = { keyId = \"Host\" }", "identity_headers.key_id`: must be a plain"),
    ] {
        let expected = format!("`DIR/k.toml` line 6: `policies[0].{expected}");
        assert_refused(&format!("{POLICY}{line}"), &expected);
    }
}

#[test]
fn what_a_rule_lacks_or_says_twice_is_named() {
    assert_refused(
        "[[gateway.routes]]\npreset = \"engagement\"",
        "`gateway.routes[0].upstream`: missing",
    );
    assert_refused(
        "[[gateway.routes]]\npreset = \"engagement\"\nupstream = \"ftp://u\"",
        "`DIR/k.toml` line 3: `gateway.routes[0].upstream`: must be an address",
    );
    assert_refused(
        "[[gateway.routes]]\npreset = \"ges\"\nupstream = \"http://u\"",
        "`DIR/k.toml` line 2: `gateway.routes[0].preset`: there is no preset `ges` | known: `engagement`",
    );
    let route = "[[gateway.routes]]\nprefix = \"/a\"\nupstream = \"http://u\"\n";
    let policy = "[[policies]]\nname = \"p\"\n";
    for (left_out, rest) in [
        ("key_types", "permission = \"none\"\npresentedIn = [\"bearer\"]"),
        ("permission", "keyTypes = []\npresentedIn = [\"bearer\"]"),
        ("presented_in", "keyTypes = []\npermission = \"none\""),
    ] {
        for (table, path) in [(route, "gateway.routes[0]"), (policy, "policies[0]")] {
            assert_refused(&format!("{table}{rest}"), &format!("`{path}.{left_out}`: missing"));
        }
    }
    assert_refused(
        &format!("{PRESET}timeout = 3"),
        "`DIR/k.toml` line 4: unknown member `gateway.routes[0].timeout` | known in",
    );
    assert_refused(
        &format!("{PRESET}keyTypes = [\"ges\"]\nkey_types = [\"ges\"]"),
        "`DIR/k.toml` line 5: `gateway.routes[0].key_types` is given in both spellings",
    );
    assert_refused(
        &format!("{POLICY}limit = {{ capacity = 5 }}"),
        "`policies[0].limit.frequency`: missing",
    );
    assert_refused(
        &format!("nodes = 6\n{POLICY}limit = {{ capacity = 5, frequency = 60 }}"),
        "`policies[0].limit`: is too low to be divided among 6 nodes",
    );
    assert_refused(
        &format!("[[gateway.upstreams]]\ntenant = \"{TENANT}\"\nupstream = \"http://u\""),
        "`gateway.upstreams[0].prefix`: missing | reserve a `prefix`",
    );
}
