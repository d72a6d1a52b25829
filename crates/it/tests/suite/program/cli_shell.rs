//! What shells and `man` read.

use super::cli::Cli;
use it::world::Place;
use std::{fs, process::Command};

#[test]
fn completions_and_manual_pages_are_what_shells_and_man_read() {
    let place = Place::new();
    let cli = Cli::new(&place, None);
    for shell in ["bash", "zsh", "fish"] {
        let script = cli.run(&["completions", shell]);
        assert!(script.code == 0 && script.out.contains("acknowledge"), "{shell}");
        let file = cli.file(shell, &script.out);
        // A shell that this machine lacks cannot judge.
        if let Ok(checked) = Command::new(shell).args(["-n", &file]).output() {
            assert!(checked.status.success(), "{shell}: {checked:?}");
        }
    }
    let folder = place.folder().join("man");
    assert_eq!(cli.run(&["man", "--out", &folder.display().to_string()]).code, 0);
    let page = folder.join("keyward-keys-create.1");
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains(r".TH keyward\-keys\-create 1") || text.contains(".TH"), "{text}");
    assert!(text.contains(r"\-\-permission"), "{text}");
    if let Ok(shown) = Command::new("man").arg("-l").arg(&page).output() {
        assert!(shown.status.success() && !shown.stdout.is_empty(), "{shown:?}");
    }
}
