//! The five commands of the Digital Channels provisioning guide, and the one of the NexusOne API
//! reference, as printed there: only the `$variables` (and the reference's host) are replaced by values,
//! and `sh` runs the rest.

use it::{
    process::{Process, free_port},
    world::{PASSWORD, Place, TENANT},
};
use serde_json::Value;
use std::process::Command;

/// The token command, with whose credentials it asks.
fn token_command(username: &str, password: &str) -> String {
    format!(
        r"curl --user nexus_client: --request POST '$authURL/auth/v3/oauth/token' \
--header 'Content-Type: application/x-www-form-urlencoded' \
--data-urlencode 'username={username}' \
--data-urlencode 'client_id=nexus_client' \
--data-urlencode 'grant_type=password' \
--data-urlencode 'password={password}'"
    )
}

/// The provisioning command, with the token's variable and the printed body.
fn key_command(token: &str, tenant: &str, name: &str, permission: &str) -> String {
    format!(
        r#"curl --request POST '$nexusURL/nexus/v3/apikeys' \
--header 'Authorization: {token}' \
--header 'Content-Type: application/json' \
--data '{{

"enabled": true,
"tenant": "{tenant}",
"name": "{name}",
"permissions": [

"{permission}"
]

}}'"#
    )
}

/// Replaces the guide's variables and runs the command; the progress meter goes to stderr.
fn run(command: &str, variables: &[(&str, &str)]) -> Value {
    let mut command = command.to_owned();
    for (name, value) in variables {
        command = command.replace(name, value);
    }
    let output = Command::new("sh").args(["-c", &command]).output().expect("sh runs");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn assert_token(answer: &Value) -> String {
    assert_eq!(
        members(answer),
        ["access_token", "token_type", "refresh_token", "expires_in", "scope"]
    );
    assert_eq!(answer["token_type"], "bearer");
    assert_eq!(answer["scope"], "*");
    let seconds = answer["expires_in"].as_i64().expect("seconds");
    assert!((43_195..=43_200).contains(&seconds), "{seconds}");
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    assert!(uuid::Uuid::parse_str(&token).is_ok());
    token
}

fn assert_key(answer: &Value, tenant: &str, name: &str, permission: &str, by: &str) {
    assert_eq!(
        members(answer),
        [
            "id",
            "tenant",
            "name",
            "permissions",
            "enabled",
            "created",
            "revoked",
            "expires",
            "createdby",
            "capacity",
            "frequency"
        ],
    );
    assert!(uuid::Uuid::parse_str(answer["id"].as_str().expect("an id")).is_ok());
    assert_eq!(answer["tenant"], tenant);
    assert_eq!(answer["name"], name);
    assert_eq!(answer["permissions"], serde_json::json!([permission]));
    assert_eq!(answer["enabled"], true);
    assert_eq!(
        (&answer["revoked"], &answer["expires"]),
        (&Value::Bool(false), &Value::Bool(false))
    );
    assert_eq!((answer["capacity"].as_i64(), answer["frequency"].as_i64()), (Some(120), Some(60)));
    assert_eq!(answer["createdby"], by);
    assert!(answer["created"].as_str().is_some_and(|t| t.ends_with('Z')));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_commands_print_what_the_guide_says() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let url = process.url.as_str();
    let variables = [
        ("$authURL", url),
        ("$nexusURL", url),
        ("$ccId", TENANT),
        ("$tenantUserPassword", PASSWORD),
        ("$tenantUser", "nexus"),
        ("$gwsAdminName", "ops"),
        ("$gwsAdminPass", PASSWORD),
        ("$tenantName", "premise_tenant"),
    ];
    // Commands 1 and 3: two tokens. The tenant's user name has two backslashes, as printed.
    let tenant_token = assert_token(&run(
        &token_command(r"$ccId\\$tenantUser", "$tenantUserPassword"),
        &variables,
    ));
    let cluster_token =
        assert_token(&run(&token_command("$gwsAdminName", "$gwsAdminPass"), &variables));
    // Commands 2, 4 and 5: the tenant's key, the cluster's key, the Designer key.
    let mut with_tokens = vec![
        ("$outGWSAccessToken", tenant_token.as_str()),
        ("$outClusterGWSAccessToken", cluster_token.as_str()),
    ];
    with_tokens.extend(variables);
    let keys = [
        ("$outGWSAccessToken", "$ccId", "API key for $tenantName", "nexus:consumer:chat", "nexus"),
        ("$outClusterGWSAccessToken", "*", "Cluster API key", "nexus:cluster:*", "ops"),
        ("$outGWSAccessToken", "$ccId", "Designer API key", "nexus:designer:chat", "nexus"),
    ];
    for (token, tenant, name, permission, by) in keys {
        let answer = run(&key_command(token, tenant, name, permission), &with_tokens);
        let (tenant, name) =
            (tenant.replace("$ccId", TENANT), name.replace("$tenantName", "premise_tenant"));
        assert_key(&answer, &tenant, &name, permission, by);
        let verifier = process.verifier_token().await.expect("a token");
        let verdict = process
            .post("/v1/keys/verify", &verifier, &serde_json::json!({"secret": answer["id"]}))
            .await
            .expect("an answer");
        assert_eq!(verdict.json()["verdict"], "VALID");
    }
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

/// The command of the API reference's page on authentication.
const REALM_COMMAND: &str = r#"curl -sX POST "https://sso.prod.nx1cloud.com/realms/$client_name/protocol/openid-connect/token" \
  -H "Content-Type: application/x-www-form-urlencoded" \
  -d "grant_type=client_credentials" \
  -d "scope=profile" \
  -d "client_id=$client_id" \
  -d "client_secret=$client_secret" | jq"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_command_for_a_realms_token_prints_what_the_page_says_after_a_first_start() {
    let (place, port) = (Place::new(), free_port());
    let (data, listen) = (place.folder().join("data"), format!("127.0.0.1:{port}"));
    let database = place.database_value();
    let data_dir = data.display().to_string();
    let arguments =
        ["serve", "--data-dir", &data_dir, "--listen", &listen, "--database", &database];
    let process = Process::start_with(&place, port, &arguments).await.expect("the program starts");
    let shown = std::fs::read_to_string(data.join("initial-credentials")).expect("credentials");
    let secret = shown
        .split("client_secret=")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("the command of the first start");
    let script = format!(
        "jq() {{ cat; }}\nexport client_name=default\nexport client_id=default-service\n\
         export client_secret='{secret}'\n{}",
        REALM_COMMAND.replace("https://sso.prod.nx1cloud.com", &process.url)
    );
    let output = Command::new("sh").args(["-c", &script]).output().expect("sh runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let token = text.split('"').nth(3).unwrap_or_default().to_owned();
    assert_eq!(
        text,
        format!(
            "{{\"access_token\":\"{token}\",\"expires_in\":600,\"refresh_expires_in\":0,\
             \"token_type\":\"Bearer\",\"not-before-policy\":0,\"scope\":\"email openid profile\"}}"
        )
    );
    assert_eq!(token.split('.').count(), 3, "a JWT");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
