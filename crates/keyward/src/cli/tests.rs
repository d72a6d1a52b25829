//! The command line, its document, and what it must not take.

use super::*;
use clap::CommandFactory as _;

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn flags_are_settings_and_may_stand_on_either_side_of_the_command() {
    for line in
        [["keyward", "--listen", "[::1]:1", "serve"], ["keyward", "serve", "--listen", "[::1]:1"]]
    {
        let arguments = Arguments::try_parse_from(line).unwrap();
        let flags = arguments.settings.flags();
        assert_eq!((flags[0].path, flags[0].value.as_str()), ("listen", "[::1]:1"));
        assert_eq!(flags.len(), 1);
    }
}

#[test]
fn every_command_and_flag_is_in_the_document() {
    let document = include_str!("../../../../docs/cli.md");
    let command = Arguments::command();
    let mut open = vec![(String::from("keyward"), &command)];
    while let Some((name, command)) = open.pop() {
        for flag in
            command.get_arguments().filter(|a| !a.is_hide_set()).filter_map(clap::Arg::get_long)
        {
            if !["help", "version"].contains(&flag) {
                assert!(document.contains(&format!("`--{flag}")), "docs/cli.md lacks --{flag}");
            }
        }
        for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
            let name = format!("{name} {}", sub.get_name());
            if sub.get_subcommands().next().is_none() {
                assert!(document.contains(&format!("`{name}")), "docs/cli.md lacks {name}");
            }
            open.push((name, sub));
        }
    }
}

/// Process lists and shell histories keep arguments.
#[test]
fn no_argument_takes_a_secret() {
    let mut command = Arguments::command();
    command.build();
    let mut open = vec![&command];
    while let Some(command) = open.pop() {
        for argument in command.get_arguments().filter(|a| a.get_action().takes_values()) {
            let name = argument.get_id().as_str().to_lowercase();
            let of_a_secret = ["secret", "password", "token", "master_key"]
                .iter()
                .any(|word| name.contains(word));
            // A file, a switch, or something else that has one.
            let harmless = name.ends_with("_file")
                || [
                    "must_change_password",
                    "idempotency_key",
                    "forward_secret",
                    "tokens",
                    "token_types",
                    "access_token_type",
                ]
                .contains(&name.as_str());
            assert!(!of_a_secret || harmless, "{}: {name}", command.get_name());
        }
        open.extend(command.get_subcommands());
    }
}

#[test]
fn what_is_no_command_is_refused() {
    for line in [
        vec!["keyward"],
        vec!["keyward", "sreve"],
        vec!["keyward", "serve", "--port", "1"],
        vec!["keyward", "audit"],
    ] {
        assert!(Arguments::try_parse_from(&line).unwrap_err().use_stderr(), "{line:?}");
    }
    assert!(!Arguments::try_parse_from(["keyward", "--help"]).unwrap_err().use_stderr());
}
