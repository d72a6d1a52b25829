//! Which layer wins, and what references give.

use super::{
    super::{Config, Database, MasterKey},
    EXAMPLE, EXAMPLE_SECRETS, Place, environment, load, refusal,
};

#[test]
fn the_example_becomes_the_plan_of_the_first_start() {
    let config = Place::new(EXAMPLE).load(EXAMPLE_SECRETS, &[]).unwrap();
    let plan = &config.bootstrap;
    let ops = plan.ops.as_ref().unwrap();
    assert_eq!(
        (ops.username.as_str(), ops.password.as_ref().unwrap().expose()),
        ("ops", "canary-ops-password")
    );
    let tenant = &plan.tenants[0];
    assert_eq!(tenant.environment, plan.environments[0].id);
    assert_eq!(
        (tenant.name.as_str(), tenant.realm.as_deref()),
        ("premise_tenant", Some("companya"))
    );
    assert_eq!(tenant.domains, ["t100"]);
    assert_eq!(tenant.persons[0].password.as_ref().unwrap().expose(), "canary-nexus-password");
    assert_eq!(tenant.persons[0].roles, ["admin"]);
    assert_eq!(plan.clients[0].secret.as_ref().unwrap().expose(), "");
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn nothing_configured_is_loopback_with_sqlite_and_a_key_file() {
    let config = load("").unwrap();
    assert_eq!(config.listeners[0].address.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url(Some(config.listeners[0].address)), "http://127.0.0.1:8080");
    assert!(matches!(config.database, Database::Sqlite));
    assert!(
        matches!(&config.master_key, MasterKey::File(path) if path.ends_with("keyward-data/master.key"))
    );
    assert_eq!((config.nodes, config.stale_after.as_secs()), (1, 900));
    assert!(
        !config.verify_on_loopback && config.trusted_proxies.is_empty() && config.hosts.is_empty()
    );
    assert!(config.bootstrap.ops.is_none() && config.bootstrap.tenants.is_empty());
}

#[test]
fn flags_win_over_the_environment_over_the_file_over_defaults() {
    let place = Place::new("nodes = 2\nlog.level = \"warn\"\nlog.format = \"json\"");
    let variables =
        [("KEYWARD_LOG_LEVEL", "error"), ("KEYWARD_LISTEN", "[::1]:1"), ("KEYWARD_LOG_FORMAT", "")];
    let config = place.load(&variables, &[("--listen", "listen", "127.0.0.1:2")]).unwrap();
    assert_eq!(config.nodes, 2);
    assert_eq!(config.log.level, "error");
    assert!(config.log.json, "an empty variable is not set");
    assert_eq!(config.listeners[0].address.to_string(), "127.0.0.1:2");
    assert_eq!(config.stale_after.as_secs(), 900);
    let shown = config.to_toml(false).replace(&place.0.display().to_string(), "DIR");
    for line in [
        "nodes = 2 # file DIR/k.toml line 1",
        "level = \"error\" # env KEYWARD_LOG_LEVEL",
        "format = \"json\" # file DIR/k.toml line 3",
        "listen = \"127.0.0.1:2\" # flag --listen",
        "stale_after = \"15m\" # default",
    ] {
        assert!(shown.contains(line), "no `{line}` in\n{shown}");
    }
}

#[test]
fn nested_values_come_from_the_environment_too() {
    let place = Place::new(EXAMPLE);
    let mut variables = EXAMPLE_SECRETS.to_vec();
    variables.extend([
        ("KEYWARD_BOOTSTRAP_TENANTS_0_NAME", "renamed"),
        ("KEYWARD_BOOTSTRAP_TENANTS_0_PERSONS_1_USERNAME", "second"),
        ("KEYWARD_BOOTSTRAP_TENANTS_0_PERSONS_1_ROLES", "viewer, service"),
        ("KEYWARD_LISTEN_0_ADDRESS", "127.0.0.1:7"),
        ("KEYWARD_LISTEN_1_ADDRESS", "127.0.0.1:8"),
        ("KEYWARD_HOSTS", "a.example,b.example"),
        ("KEYWARD_STALE_AFTER", "1h"),
        ("KEYWARD_VERIFY_ON_LOOPBACK", "true"),
    ]);
    let config = place.load(&variables, &[]).unwrap();
    let tenant = &config.bootstrap.tenants[0];
    assert_eq!((tenant.name.as_str(), tenant.realm.as_deref()), ("renamed", Some("companya")));
    assert_eq!(tenant.persons[1].username, "second");
    assert_eq!(tenant.persons[1].roles, ["viewer", "service"]);
    assert_eq!(config.listeners.len(), 2, "the list replaces the one address of the file");
    assert_eq!(config.hosts, ["a.example", "b.example"]);
    assert_eq!(config.stale_after.as_secs(), 3_600);
    assert!(config.verify_on_loopback);
}

#[test]
fn values_may_be_in_a_variable_or_a_file() {
    let place = Place::new("");
    let secret = place.file("secret", "from-a-file-0123456789\n");
    let number = place.file("number", "3\n");
    let toml = format!(
        "nodes = \"file:{number}\"\nhosts = [\"env:ONE_HOST\", \"two\"]\n\
         [bootstrap]\nops = {{ password = \"file:{secret}\" }}"
    );
    place.file("k.toml", &toml);
    let config = place
        .load(&[("ONE_HOST", "one"), ("KEYWARD_STALE_AFTER", "env:STALE"), ("STALE", "20s")], &[])
        .unwrap();
    assert_eq!(config.nodes, 3);
    assert_eq!(config.hosts, ["one", "two"]);
    assert_eq!(config.stale_after.as_secs(), 20);
    let ops = config.bootstrap.ops.as_ref().unwrap();
    assert_eq!(ops.password.as_ref().unwrap().expose(), "from-a-file-0123456789");

    for (toml, expected) in [
        (
            "\npublic_url = \"env:NOT_THERE\"",
            "`DIR/k.toml` line 2: `public_url`: the environment has no variable `NOT_THERE`",
        ),
        (
            "public_url = \"file:/not/there\"",
            "`DIR/k.toml` line 1: `public_url`: there is no file `/not/there`",
        ),
    ] {
        assert!(refusal(toml).starts_with(expected), "{}", refusal(toml));
    }
    // What is found is the value, not another reference.
    let config =
        Place::new("[bootstrap]\nops.password = \"env:A\"").load(&[("A", "env:B")], &[]).unwrap();
    assert_eq!(config.bootstrap.ops.unwrap().password.unwrap().expose(), "env:B");
}

#[test]
fn the_master_key_is_a_file_that_others_read_or_text() {
    let of = |toml: &str, variables: &[(&str, &str)]| {
        Place::new(toml).load(variables, &[]).unwrap().master_key
    };
    assert!(
        matches!(of("master_key = \"file:/x/y\"", &[]), MasterKey::File(path) if path.ends_with("x/y"))
    );
    assert!(
        matches!(of("", &[("KEYWARD_MASTER_KEY", "file:/z")]), MasterKey::File(path) if path.ends_with("z"))
    );
    for (toml, variables) in [
        ("master_key = \"a:b\"", vec![]),
        ("master_key = \"env:M\"", vec![("M", "a:b")]),
        ("", vec![("KEYWARD_MASTER_KEY", "a:b")]),
    ] {
        assert!(matches!(of(toml, &variables), MasterKey::Text(text) if text.expose() == "a:b"));
    }
}

#[test]
fn the_file_in_the_data_directory_is_found_and_may_not_point_elsewhere() {
    let place = Place::new("");
    place.file("keyward.toml", "nodes = 7");
    let dir = place.0.display().to_string();
    let found = |flags: &[(&'static str, &'static str, &str)], variables: &[(&str, &str)]| {
        Config::load(None, &super::flags(flags), &environment(variables))
    };
    let by_flag = found(&[("--data-dir", "data_dir", &dir)], &[]).unwrap();
    assert_eq!(
        (by_flag.nodes, by_flag.file.as_deref()),
        (7, Some(place.0.join("keyward.toml").as_path()))
    );
    let by_variable = found(&[], &[("KEYWARD_DATA_DIR", &dir)]).unwrap();
    assert_eq!(by_variable.nodes, 7);
    let named = place.0.join("k.toml").display().to_string();
    let other = found(&[], &[("KEYWARD_DATA_DIR", &dir), ("KEYWARD_CONFIG", &named)]).unwrap();
    assert_eq!(other.nodes, 1, "a named file is read in place of it");
    assert!(Config::load(Some(&place.0.join("missing.toml")), &[], &environment(&[])).is_err());
}
