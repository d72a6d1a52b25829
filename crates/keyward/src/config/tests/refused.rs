//! What does not start, and in which words.

use super::{Place, load, refusal};

#[test]
fn a_gap_in_a_list_is_refused() {
    let error =
        Place::new("").load(&[("KEYWARD_LISTEN_1_ADDRESS", "127.0.0.1:8")], &[]).unwrap_err();
    assert!(error.to_string().contains("`listen[1].address` leaves a gap"), "{error}");
}

fn assert_refused(toml: &str, expected: &str) {
    let found = refusal(toml);
    assert!(found.starts_with(expected), "for {toml}\nexpected {expected}\nfound    {found}");
}

#[test]
fn unknown_members_and_wrong_kinds_name_file_and_line() {
    for (toml, expected) in [
        (
            "nodes = 1\nlisten_on = \"x\"",
            "`DIR/k.toml` line 2: unknown member `listen_on` | known at the top: `listen`",
        ),
        (
            "[log]\n\nlvl = \"x\"",
            "`DIR/k.toml` line 3: unknown member `log.lvl` | known in `log`: `format`, `level`",
        ),
        (
            "[[bootstrap.tenants]]\nname = \"a\"\npersons = [\n {username = \"a\",\n pass = \"b\"}]",
            "`DIR/k.toml` line 5: unknown member `bootstrap.tenants[0].persons[0].pass` | known in",
        ),
        ("nodes = \"three\"", "`DIR/k.toml` line 1: `nodes`: expected a whole number"),
        ("nodes = 99999999999", "`DIR/k.toml` line 1: `nodes`: expected a whole number"),
        ("stale_after = \"99999d\"", "`DIR/k.toml` line 1: `stale_after`: expected a duration"),
        ("nodes = 0", "`DIR/k.toml` line 1: `nodes`: expected 1 to 1000, found 0"),
        ("\nlog = 3", "`DIR/k.toml` line 2: `log` must be a table"),
        (
            "bootstrap.tenants = 3",
            "`DIR/k.toml` line 1: `bootstrap.tenants` must be a list of tables",
        ),
        ("hosts = \n", "`DIR/k.toml` line 1: "),
        ("nodes = 1\nnodes = 2", "`DIR/k.toml` line 2: duplicate key"),
    ] {
        assert_refused(toml, expected);
    }
}

#[test]
fn values_that_cannot_be_used_name_file_and_line() {
    for (toml, expected) in [
        (
            "listen = \"8080\"",
            "`DIR/k.toml` line 1: `listen`: `8080` is not an address with a port",
        ),
        (
            "listen = [{ address = \"127.0.0.1:1\", surfaces = [\"nope\"] }]",
            "`DIR/k.toml` line 1: `listen[0].surfaces`: there is no surface `nope`",
        ),
        (
            "public_url = \"https://h/path\"",
            "`DIR/k.toml` line 1: `public_url`: it must end after host and port",
        ),
        ("database = \"mysql://h\"", "`DIR/k.toml` line 1: `database`: neither"),
        (
            "trusted_proxies = [\"proxy\"]",
            "`DIR/k.toml` line 1: `trusted_proxies`: `proxy` is neither",
        ),
        ("hosts = [\"https://h\"]", "`DIR/k.toml` line 1: `hosts`: `https://h` is not a host name"),
        ("log.format = \"xml\"", "`DIR/k.toml` line 1: `log.format`: expected `text` or `json`"),
        ("log.level = \"a=b=c\"", "`DIR/k.toml` line 1: `log.level`: `a=b=c` is no level"),
        ("log.level = \"loud\"", "`DIR/k.toml` line 1: `log.level`: `loud` is no level"),
        (
            "[[bootstrap.clients]]\nclient_id = \"c\"\ngrants = [\"implicit\"]",
            "`DIR/k.toml` line 3: `bootstrap.clients[0].grants`: there is no grant `implicit`",
        ),
        ("[[bootstrap.clients]]\nclient_id = \"c\"", "`bootstrap.clients[0].grants`: missing"),
        (
            "[[bootstrap.tenants]]\nname = \"n\"\nid = \"7\"",
            "`DIR/k.toml` line 3: `bootstrap.tenants[0].id`: not a UUID",
        ),
        (
            "[[bootstrap.tenants]]\nname = \"n\"\nenvironment = \"5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11\"",
            "`DIR/k.toml` line 3: `bootstrap.tenants[0].environment`: no entry of",
        ),
    ] {
        assert_refused(toml, expected);
    }
}

#[test]
fn lg_01_errors_do_not_repeat_secrets() {
    for toml in [
        "master_key = [\"canary\"]",
        "[bootstrap]\nops = \"canary\"",
        "[bootstrap.ops]\npassword = { text = \"canary\" }",
        "[bootstrap.ops]\npass = \"canary\"",
        "[bootstrap.ops]\npassword = \"canary",
        "database = \"mysql://u:canary@h\"",
    ] {
        let found = refusal(toml);
        assert!(!found.contains("canary"), "{found}");
    }
}

#[test]
fn bt_06_plain_http_beyond_loopback_needs_the_named_switch() {
    for address in ["0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[2001:db8::1]:1", "[::ffff:10.0.0.1]:1"] {
        let found = refusal(&format!("listen = \"{address}\""));
        assert!(found.contains("plain_http_behind_tls_proxy = true"), "{found}");
        let also =
            format!("listen = [{{ address = \"127.0.0.1:1\" }}, {{ address = \"{address}\" }}]");
        assert!(refusal(&also).contains("reachable from other machines"));
        load(&format!("listen = \"{address}\"\nplain_http_behind_tls_proxy = true")).unwrap();
    }
    for address in ["127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "localhost:1", "[::ffff:127.0.0.1]:1"]
    {
        load(&format!("listen = \"{address}\"")).unwrap();
    }
}

#[test]
fn short_passwords_are_refused_beyond_loopback() {
    let beyond = "listen = \"0.0.0.0:1\"\nplain_http_behind_tls_proxy = true\n";
    let ops = "[bootstrap]\nops = { password = \"fourteen chars\" }";
    let found = refusal(&format!("{beyond}{ops}"));
    assert!(
        found.contains("line 4: `bootstrap.ops.password`: the password has fewer than 15"),
        "{found}"
    );
    assert!(!found.contains("fourteen chars"));
    load(ops).unwrap();
    load(&format!("{beyond}[bootstrap]\nops = {{ password = \"fifteen charact\" }}")).unwrap();
    let person = "[[bootstrap.tenants]]\nname = \"n\"\npersons = [{ username = \"a\", password = \"short\" }]";
    assert!(
        refusal(&format!("{beyond}{person}"))
            .contains("`bootstrap.tenants[0].persons[0].password`")
    );
    load(person).unwrap();
    assert!(refusal("[bootstrap]\nops = { password = \"\" }").contains("the password is empty"));
}

#[test]
fn cw_02_a_client_becomes_public_on_purpose_only() {
    let client = |members: &str| {
        let toml =
            format!("[[bootstrap.clients]]\nclient_id = \"c\"\ngrants = [\"password\"]\n{members}");
        Place::new(&toml)
            .load(&[("EMPTY", "")], &[])
            .map(|mut config| config.bootstrap.clients.remove(0).secret)
    };
    assert_eq!(client("secret = \"\"").unwrap().unwrap().expose(), "");
    assert_eq!(client("public = true").unwrap().unwrap().expose(), "");
    assert_eq!(client("public = true\nsecret = \"env:EMPTY\"").unwrap().unwrap().expose(), "");
    assert!(client("").unwrap().is_none(), "generated");
    for refused in
        ["secret = \"env:EMPTY\"", "public = false\nsecret = \"\"", "public = true\nsecret = \"s\""]
    {
        assert!(client(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_misspelt_variable_is_warned_of() {
    let variables = [("KEYWARD_LISTN", "x"), ("KEYWARD_PORT", "tcp://10.0.0.1:80"), ("OTHER", "x")];
    let config = Place::new("").load(&variables, &[]).unwrap();
    assert_eq!(config.warnings, ["the environment variable `KEYWARD_LISTN` is no setting"]);
}
