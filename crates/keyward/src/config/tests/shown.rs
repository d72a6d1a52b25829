//! `keyward config`.

use super::{
    super::{definition::settings, given::Given},
    EXAMPLE, EXAMPLE_SECRETS, Place, load,
};

#[test]
fn lg_01_the_printed_configuration_hides_every_secret_and_reads_back() {
    let place = Place::new(&EXAMPLE.replace("\"sqlite\"", "\"postgres://u:canary-db@h/d\""));
    let mut variables = EXAMPLE_SECRETS.to_vec();
    variables.extend([
        ("KEYWARD_MASTER_KEY", "k1:canary-master"),
        ("KEYWARD_BOOTSTRAP_CLIENTS_0_SECRET", "canary-client"),
        ("KEYWARD_BOOTSTRAP_TENANTS_0_PERSONS_1_USERNAME", "plain"),
        ("KEYWARD_BOOTSTRAP_TENANTS_0_PERSONS_1_PASSWORD", "canary-plain"),
    ]);
    let config = place.load(&variables, &[]).unwrap();
    let shown = config.to_toml(false);
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!format!("{config:?}").contains("canary"));
    for line in [
        "password = \"env:OPS_PASSWORD\" # file",
        "password = \"(hidden)\" # env",
        "postgres://u:hidden@h/d",
    ] {
        assert!(shown.contains(line), "no `{line}` in\n{shown}");
    }
    // It is a configuration again, and says the same.
    let again = Place::new(&shown).load(EXAMPLE_SECRETS, &[]).unwrap();
    let uncommented = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split(" #").next().unwrap_or_default().to_owned())
            .filter(|l| !l.starts_with('#'))
            .collect()
    };
    assert_eq!(uncommented(&again.to_toml(false)), uncommented(&shown));
}

#[test]
fn fallbacks_are_what_an_empty_file_gives() {
    let shown = load("").unwrap().to_toml(false);
    let parsed: toml::Table = toml::from_str(&shown).unwrap();
    let times = [("15m", "900"), ("10s", "10"), ("1s", "1"), ("1h", "3600"), ("1d", "86400")];
    let in_seconds =
        times.iter().fold(shown.clone(), |text, (said, s)| text.replace(&format!("\"{said}\""), s));
    let given: Given = toml::from_str::<toml::Table>(&in_seconds).unwrap().try_into().unwrap();
    assert_eq!(
        (given.nodes, given.stale_after, given.shutdown_delay, given.shutdown_grace),
        (Some(1), Some(900), Some(1), Some(10))
    );
    assert!(parsed.contains_key("public_url") && parsed.contains_key("master_key"));
    let again = load(&shown).unwrap();
    let defaults = load("").unwrap();
    assert_eq!(again.listeners, defaults.listeners);
    assert_eq!(again.log, defaults.log);
    assert_eq!(again.stale_after, defaults.stale_after);
    assert_eq!(again.shutdown_delay, defaults.shutdown_delay);
    assert_eq!(again.shutdown_grace, defaults.shutdown_grace);
    assert_eq!(again.database_connections, defaults.database_connections);
}

#[test]
fn what_is_explained_is_still_a_configuration() {
    let config = load("").unwrap();
    let explained = config.to_toml(true);
    for setting in settings().filter(|s| !s.path.contains("[]")) {
        assert!(explained.contains(setting.about), "{}", setting.path);
        assert!(explained.contains(&format!("# {}\n", setting.variable())), "{}", setting.path);
    }
    let plain: toml::Table = toml::from_str(&config.to_toml(false)).unwrap();
    assert_eq!(toml::from_str::<toml::Table>(&explained).unwrap(), plain);
}
