//! Rows of tenants are read through functions that take the tenant. The few that cannot are called
//! from named places, each of which holds what it found against the caller's reach (TI-02).

use super::code::code_only;
use super::{project_files_ending, read, report};
use std::collections::BTreeMap;

/// Readers of the store that take no scope: what they find by, and who may call them.
const UNSCOPED: &[(&str, &[&str])] = &[
    // A client's name is one of the whole installation; it is how a client says who it is.
    (
        "clients::find_by_client_id",
        &[
            "clients/show.rs",
            "oauth2/prove_client.rs",
            "authorization/check.rs",
            "authorization/consent.rs",
            "authorization/sign_out.rs",
        ],
    ),
    // The client of a token that was presented; a restore is the operator's and knows every tenant.
    ("clients::find_by_id", &["oauth2/introspect.rs", "oauth2/sign_out.rs", "restore/accounts.rs"]),
    // One key space: whose key it is, is in what was found; `find_reachable` looks.
    ("keys::find_by_lookup", &["keys/mod.rs"]),
    ("keys::lookup_taken", &["keys/create.rs"]),
    ("keys::holders", &["keys/import/known.rs"]),
    ("keys::list_by_owner", &["keys/create.rs", "personal_keys/list.rs", "personal_keys/mod.rs"]),
    // Parts of a key that was found before.
    ("keys::secret_of", &[]),
    (
        "keys::secrets_of",
        &[
            "keys/jwt/inspect.rs",
            "keys/new_secret.rs",
            "keys/overlap.rs",
            "keys/reveal.rs",
            "keys/schedule.rs",
            "keys/secrets.rs",
        ],
    ),
    // A job's, of every tenant: nobody asked for them, and nobody is answered.
    ("keys::list_due", &["keys/rotate_due.rs"]),
    ("keys::find_due_for_update", &["keys/rotate_due.rs"]),
    // An owner, held against the key's tenant; whom a token speaks for, once that is proved.
    (
        "persons::find_by_id",
        &[
            "keys/create.rs",
            "oauth2/claims.rs",
            "oauth2/realm.rs",
            "persons/show.rs",
            "persons/show_own.rs",
            "restore/accounts.rs",
            "sessions/console.rs",
        ],
    ),
    // By the digest of what was presented.
    ("tokens::find_any", &["oauth2/introspect.rs", "oauth2/revoke_token.rs"]),
    ("tokens::find_refresh", &["oauth2/refresh.rs", "authorization/sign_out.rs"]),
    // Of the family of a token that was presented.
    ("tokens::find_sign_in", &["oauth2/refresh.rs", "authorization/sign_out.rs"]),
    // By ids of keys that were found before.
    ("usage::spans", &["keys/usage.rs"]),
    ("usage::last_used", &["keys/notes.rs", "keys/usage.rs", "personal_keys/show.rs"]),
    ("usage::last_used_by_secret", &["keys/secrets.rs"]),
    // What stands above tenants, or is one by its own name.
    ("tenants::list", &["tenants/list.rs"]),
    ("tenants::list_by_text", &["tenants/list.rs"]),
    ("tenants::find_by_domain", &["persons/account_name.rs"]),
    ("tenants::find_by_realm", &["oauth2/realm.rs"]),
    ("tenants::list_environments", &["environments/list.rs"]),
    ("tenants::find_environment_by_id", &["tenants/mod.rs"]),
    ("cors::list", &["cors/list.rs"]),
    // One name in the installation; each holds what it found against the caller's reach. All of them
    // are read to see what a new one stands in the way of.
    ("policies::find", &["policies/delete.rs", "policies/update.rs", "restore/rules.rs"]),
    ("policies::list", &["policies/create.rs"]),
    (
        "gateway_routes::find",
        &["gateway_routes/delete.rs", "gateway_routes/update.rs", "restore/rules.rs"],
    ),
    ("gateway_routes::list", &["gateway_routes/create.rs", "gateway_routes/update.rs"]),
    // What was found is held against the caller's reach; all are read to see what one stands in the way of.
    ("issuers::find_by_id", &["restore/issuers.rs"]),
    ("issuers::find_for_update", &["issuers/delete.rs", "issuers/update.rs"]),
    ("issuers::find_secret", &["issuers/secret.rs", "restore/issuers.rs"]),
    ("issuers::list", &["issuers/create.rs", "issuers/update.rs", "roles/delete.rs"]),
    ("installation::find", &[]),
    // The installation's own long-lived keys.
    ("installation::list_sealed", &["keys/jwt/signer.rs", "master_keys/reseal.rs"]),
    // Every chain: what is too old in it goes.
    ("audit::list_for_prune", &["jobs/audit.rs"]),
];
/// Readers whose scope may be left out, and who may do that: whoever looks at the reach afterwards.
const MAY_LEAVE_OUT: &[(&str, &[&str])] = &[
    ("keys::find_by_id", &["keys/mod.rs", "restore/merge.rs"]),
    (
        "keys::find_for_update",
        &[
            "key_policies/hold.rs",
            "key_policies/release.rs",
            "keys/acknowledge.rs",
            "keys/delete.rs",
            "keys/new_secret.rs",
            "keys/overlap.rs",
            "keys/update.rs",
        ],
    ),
    ("clients::list", &["clients/list.rs"]),
    ("persons::list", &["persons/list.rs"]),
];
const SCOPES: &[&str] = &["Scope", "TenantId", "KeyFilter", "AuditFilter"];

fn store_readers() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in project_files_ending(".rs") {
        let Some(path) = file.strip_prefix("crates/store/src/") else { continue };
        let area = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
        if ![
            "clients",
            "keys",
            "persons",
            "tokens",
            "tenants",
            "roles",
            "usage",
            "audit",
            "installation",
            "cors",
            "policies",
            "gateway_routes",
            "issuers",
        ]
        .contains(&area)
        {
            continue;
        }
        let code = code_only(&read(&file));
        for (at, _) in code.match_indices("\npub fn ") {
            let signature = code[at + 8..].split('{').next().unwrap_or_default();
            let name = signature.split(['(', '<']).next().unwrap_or_default();
            let reads = [
                "find",
                "list",
                "secret",
                "lookup",
                "holders",
                "spans",
                "last_used",
                "version_for",
            ];
            if reads.iter().any(|r| name.starts_with(r)) {
                found.push((format!("{area}::{name}"), signature.to_owned()));
            }
        }
    }
    found
}

#[test]
fn ti_02_the_store_reads_rows_of_tenants_by_their_scope() {
    let readers = store_readers();
    assert!(readers.len() > 20, "the scan found too little: {readers:?}");
    let mut findings = Vec::new();
    for (name, signature) in &readers {
        let scoped = SCOPES.iter().any(|scope| signature.contains(scope));
        let excused = UNSCOPED.iter().any(|(known, _)| known == name)
            // In the transaction of a sign-in, of the person whose password was right.
            || name == "persons::version_for_sign_in";
        if !scoped && !excused {
            findings.push(format!("store::{name} takes no scope"));
        }
    }
    for (known, _) in UNSCOPED {
        if !readers.iter().any(|(name, _)| name == known) {
            findings.push(format!("store::{known} is listed and does not exist"));
        }
    }
    report(&findings, "Take a Scope, or list the function here with the reason and its callers.");
}

#[test]
fn ti_02_what_takes_no_scope_is_called_from_named_places_alone() {
    let mut callers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let all = || UNSCOPED.iter().chain(MAY_LEAVE_OUT);
    for file in project_files_ending(".rs") {
        let outside =
            ["service", "server"].iter().any(|c| file.starts_with(&format!("crates/{c}/")));
        if !outside {
            continue;
        }
        let code = code_only(&read(&file));
        for (name, _) in all() {
            let call = format!("store::{name}");
            let called = code.match_indices(&call).any(|(at, _)| {
                !code[at + call.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            if called {
                let short = file.trim_start_matches("crates/service/src/").to_owned();
                callers.entry(name).or_default().push(short);
            }
        }
    }
    let mut findings = Vec::new();
    for (name, allowed) in all() {
        for caller in callers.get(name).into_iter().flatten() {
            if !allowed.contains(&caller.as_str()) {
                findings.push(format!("{caller} calls store::{name}"));
            }
        }
    }
    report(&findings, "Hold what was found against the caller's reach, then name the place here.");
}
