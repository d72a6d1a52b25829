//! The command line as scripts use it: the program with a home of its own, and no terminal.

use it::{
    process::program,
    world::{PASSWORD, Place},
};
use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// The program, with a home of its own and nothing else in its environment.
pub(super) struct Cli {
    home: PathBuf,
    server: Option<String>,
    variables: Vec<(String, String)>,
}

impl Cli {
    pub(super) fn new(place: &Place, server: Option<&str>) -> Self {
        let home = place.folder().join("home");
        fs::create_dir_all(&home).unwrap();
        Self { home, server: server.map(str::to_owned), variables: Vec::new() }
    }

    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut variables = self.variables.clone();
        variables.push((name.to_owned(), value.to_owned()));
        Self { home: self.home.clone(), server: self.server.clone(), variables }
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, "")
    }

    /// Runs it with this on standard input.
    pub(super) fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = Command::new(program().unwrap());
        command.args(arguments).current_dir(&self.home).env_clear().env("HOME", &self.home);
        command.envs(self.variables.iter().cloned());
        if let Some(server) = &self.server {
            command.env("KEYWARD_SERVER", server);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may have ended before this.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        Said::of(&child.wait_with_output().unwrap())
    }

    /// Runs it with `--json`; it must succeed.
    pub(super) fn json(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {said:?}"))
    }

    pub(super) fn sign_in(&self, user: &str) {
        let arguments = ["login", "--user", user, "--secret-file", "-"];
        let said = self.run_with(&arguments, &format!("{PASSWORD}\n"));
        assert_eq!(said.code, 0, "{said:?}");
    }

    pub(super) fn login_file(&self) -> PathBuf {
        self.home.join(".config/keyward/credentials")
    }

    /// A file in its home.
    pub(super) fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

/// How a command ended and what it wrote.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
