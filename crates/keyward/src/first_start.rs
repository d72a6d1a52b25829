//! What the first start shows, once: generated credentials, the address of the documentation, and commands to
//! paste for the first token and the first key.

mod commands;

use crate::failure::Failure;
use domain::client::Grant;
use service::bootstrap::{Bootstrap, FirstStart};
use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::{self, IsTerminal as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};
use zeroize::Zeroizing;

/// The file in the data directory, for starts without a terminal.
const FILE_NAME: &str = "initial-credentials";

/// Who could get the first token: the commands are written for them.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The first person of the first tenant.
    username: String,
    /// A client that may use the password grant; `None`: none can, and no command is shown.
    client: Option<(String, bool)>,
    /// Whether a client with a service account is made unasked.
    has_service: bool,
}

impl Newcomer {
    /// Looks into the plan before it is carried out; what it leaves out will be made by default.
    pub(crate) fn of(plan: &Bootstrap) -> Self {
        let person = plan.tenants.first().map_or(Some("admin"), |tenant| {
            tenant.persons.first().map(|person| person.username.as_str())
        });
        let client = if plan.clients.is_empty() {
            Some(("nexus_client".to_owned(), true))
        } else {
            let by_password = plan.clients.iter().find(|c| c.grants.contains(&Grant::Password));
            by_password.map(|client| {
                let public =
                    client.secret.as_ref().is_some_and(|secret| secret.expose().is_empty());
                (client.client_id.clone(), public)
            })
        };
        let has_service = plan.clients.is_empty();
        Self { username: person.unwrap_or_default().to_owned(), client, has_service }
    }
}

/// Shows it on the terminal, or puts it into the file where standard output is none.
///
/// # Errors
/// The file cannot be written: the credentials are lost, and the database must be made anew.
pub(crate) fn show(
    first: &FirstStart,
    newcomer: &Newcomer,
    data_dir: &Path,
    public_url: &str,
) -> Result<(), Failure> {
    let text = text(first, newcomer, public_url);
    let mut terminal = io::stdout();
    if terminal.is_terminal()
        && terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush()).is_ok()
    {
        return Ok(());
    }
    let path = data_dir.join(FILE_NAME);
    write_private(&path, text.as_bytes()).map_err(|e| {
        Failure::failed(format!("cannot write the first credentials to `{}`: {e}", path.display()))
            .with_hint("they are lost: empty the database and start again")
    })?;
    tracing::warn!(
        file = %path.display(),
        "first start: the generated credentials are in this file; keep them elsewhere and delete it"
    );
    Ok(())
}

/// Never over an existing file, which somebody else could have made readable: the old one goes.
///
/// # Errors
/// The file system refuses.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn text(first: &FirstStart, newcomer: &Newcomer, public_url: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(4_096));
    out.push_str("\nKeyward is set up.\n");
    if !first.credentials.is_empty() {
        out.push_str("\nThese credentials are shown this once:\n\n");
        let width = first.credentials.iter().map(|c| c.name.chars().count()).max().unwrap_or(0);
        for credential in &first.credentials {
            let (kind, name) = (credential.kind, &credential.name);
            let _ = writeln!(out, "  {kind:<14}  {name:<width$}  {}", credential.secret.expose());
        }
    }
    let _ = writeln!(out, "\nThe console     {public_url}/console");
    let _ = writeln!(out, "What it can do  {public_url}/docs");
    if let Some(commands) = commands::commands(first, newcomer, public_url) {
        out.push_str(&commands);
    }
    if let Some(command) = commands::realm_command(first, newcomer, public_url) {
        out.push_str(&command);
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use domain::{id::TenantId, secret::Secret, tenant::Tenant, time::Timestamp};
    use service::bootstrap::{Credential, NewPerson, NewTenant};
    use std::os::unix::fs::MetadataExt as _;

    const URL: &str = "http://127.0.0.1:8080";

    fn first(credentials: &[(&'static str, &str, &str)]) -> FirstStart {
        let credential = |(kind, name, secret): &(&'static str, &str, &str)| Credential {
            kind,
            name: (*name).to_owned(),
            secret: Secret::new((*secret).to_owned()),
        };
        FirstStart {
            credentials: credentials.iter().map(credential).collect(),
            warnings: Vec::new(),
            tenant: Some(Tenant {
                id: TenantId::parse("578ec98e-f07c-46ad-9675-f36c22f3ba9f").unwrap(),
                name: "default".to_owned(),
                domains: vec!["default".to_owned()],
                environment: None,
                realm: None,
                auth: String::new(),
                enabled: true,
                key_prefix: None,
                unacknowledged: Default::default(),
                allow_list_required: false,
                signing_algorithm: Default::default(),
                warning_days: Default::default(),
                openconnect_route: None,
                created_at: Timestamp::from_millis(0),
                version: 1,
            }),
        }
    }

    /// What `sh` makes of the commands, with a `curl` that prints its arguments.
    fn run_by_sh(text: &str) -> String {
        let script = format!(
            "cd \"$(mktemp -d)\"; keyward() {{ printf '<%s>' \"$@\" >&2; }}; curl() {{ printf '[%s]' \"$@\" >&2; printf '{{\"access_token\":\"T\",\"id\":\"K\"}}'; }}\n{}",
            text.lines().filter(|line| line.starts_with("  ")).collect::<Vec<_>>().join("\n")
        );
        let output = std::process::Command::new("sh").args(["-euc", &script]).output().unwrap();
        assert!(output.status.success(), "{script}");
        String::from_utf8(output.stderr).unwrap()
    }

    #[test]
    fn generated_credentials_come_with_commands_that_sh_understands() {
        let shown = first(&[("person", "default\\admin", "it's a $mall thing")]);
        let text = text(&shown, &Newcomer::of(&Bootstrap::default()), URL);
        let commands = text.split("The first token").nth(1).unwrap();
        let called = run_by_sh(commands);
        for argument in [
            "[nexus_client:]",
            "[username=default\\admin]",
            "[password=it's a $mall thing]",
            "[http://127.0.0.1:8080/nexus/v3/apikeys]",
            "[Authorization: Bearer T]",
            "\"tenant\":\"578ec98e-f07c-46ad-9675-f36c22f3ba9f\"",
            "[{\"secret\":\"K\"}]",
            "<--server><http://127.0.0.1:8080><--user><default\\admin>",
        ] {
            assert!(called.contains(argument), "no {argument} in {called}");
        }
        assert!(text.contains("The console     http://127.0.0.1:8080/console"));
        assert!(text.contains("What it can do  http://127.0.0.1:8080/docs"));
    }

    #[test]
    fn the_clients_own_account_gets_a_command_for_a_token_of_the_realm() {
        let mut shown = first(&[("client", "default-service", "s3cret&more")]);
        if let Some(tenant) = &mut shown.tenant {
            tenant.realm = Some("default".to_owned());
        }
        let text = text(&shown, &Newcomer::of(&Bootstrap::default()), URL);
        let called = run_by_sh(text.split("A token of the realm").nth(1).unwrap());
        for argument in [
            "[http://127.0.0.1:8080/realms/default/protocol/openid-connect/token]",
            "[grant_type=client_credentials]",
            "[client_id=default-service]",
            "[client_secret=s3cret&more]",
        ] {
            assert!(called.contains(argument), "no {argument} in {called}");
        }
    }

    #[test]
    fn given_credentials_are_shown_nowhere() {
        let plan = Bootstrap {
            tenants: vec![NewTenant {
                id: None,
                environment: None,
                name: "default".to_owned(),
                domains: Vec::new(),
                realm: None,
                persons: vec![NewPerson {
                    username: "nexus".to_owned(),
                    password: Some(Secret::new("canary-password".to_owned())),
                    roles: Vec::new(),
                }],
            }],
            ..Bootstrap::default()
        };
        let text = text(&first(&[]), &Newcomer::of(&plan), URL);
        assert!(!text.contains("canary") && text.contains("password=PASSWORD"), "{}", *text);
        assert!(text.contains("username=default\\nexus"));
    }

    #[test]
    fn the_file_is_its_owners_alone_and_replaces_an_open_one() {
        let dir = std::env::temp_dir().join(format!("keyward-first-start-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join(FILE_NAME);
        std::fs::write(&path, "old").unwrap();
        write_private(&path, b"new").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 3);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
