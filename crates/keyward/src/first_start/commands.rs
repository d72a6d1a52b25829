//! Commands to paste after the first start, with the credentials that were made in them.

use super::Newcomer;
use service::bootstrap::FirstStart;
use zeroize::Zeroizing;

/// Commands for `sh`: the first token, the first key with it, and that key's first verification.
pub(super) fn commands(
    first: &FirstStart,
    newcomer: &Newcomer,
    public_url: &str,
) -> Option<Zeroizing<String>> {
    let (client, public) = newcomer.client.as_ref()?;
    let tenant = first.tenant.as_ref()?;
    if newcomer.username.is_empty() {
        return None;
    }
    let part = tenant.domains.first().cloned().unwrap_or_else(|| tenant.id.to_string());
    let username = format!("{part}\\{}", newcomer.username);
    // Given credentials are printed nowhere: the command leaves their place open.
    let generated = |kind: &str, name: &str| {
        first
            .credentials
            .iter()
            .find(|c| c.kind == kind && c.name == name)
            .map(|c| c.secret.expose())
    };
    let password = generated("person", &username).unwrap_or("PASSWORD");
    let secret = if *public { "" } else { generated("client", client).unwrap_or("SECRET") };
    let user = Zeroizing::new(format!("{client}:{secret}"));
    let password = Zeroizing::new(format!("password={password}"));
    let key = format!(
        r#"{{"tenant":"{}","name":"My first key","permissions":["nexus:consumer:chat"]}}"#,
        tenant.id
    );
    let by_program = match (client.as_str(), public) {
        // `keyward login` asks by this client unless told otherwise.
        ("nexus_client", true) => by_program(&username, public_url),
        _ => String::new(),
    };
    Some(Zeroizing::new(format!(
        "
The first token:

  TOKEN=$(curl -sS --user {user} {token_url} \\
    --data-urlencode grant_type=password \\
    --data-urlencode {username} \\
    --data-urlencode {password} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')

The first key, and what Keyward says of it:

  KEY=$(curl -sS {keys_url} --header \"Authorization: Bearer $TOKEN\" \\
    --header 'Content-Type: application/json' \\
    --data {key} | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/')
  curl -sS {verify_url} --header \"Authorization: Bearer $TOKEN\" \\
    --header 'Content-Type: application/json' \\
    --data \"{{\\\"secret\\\":\\\"$KEY\\\"}}\"
{by_program}",
        user = quoted(&user).as_str(),
        username = quoted(&format!("username={username}")).as_str(),
        password = quoted(&password).as_str(),
        token_url = quoted(&format!("{public_url}/auth/v3/oauth/token")).as_str(),
        keys_url = quoted(&format!("{public_url}/nexus/v3/apikeys")).as_str(),
        verify_url = quoted(&format!("{public_url}/v1/keys/verify")).as_str(),
        key = quoted(&key).as_str(),
    )))
}

/// A token of the first tenant's realm, for the service account of the client that was made unasked.
pub(super) fn realm_command(
    first: &FirstStart,
    newcomer: &Newcomer,
    public_url: &str,
) -> Option<Zeroizing<String>> {
    let realm = first.tenant.as_ref()?.realm.as_deref().filter(|_| newcomer.has_service)?;
    let client = first.credentials.iter().find(|c| c.kind == "client")?;
    let url = format!("{public_url}/realms/{realm}/protocol/openid-connect/token");
    let secret = Zeroizing::new(format!("client_secret={}", client.secret.expose()));
    Some(Zeroizing::new(format!(
        "
A token of the realm, for the client's own account:

  curl -sS {url} \\
    --data-urlencode grant_type=client_credentials \\
    --data-urlencode scope=profile \\
    --data-urlencode {client} \\
    --data-urlencode {secret}
",
        url = quoted(&url).as_str(),
        client = quoted(&format!("client_id={}", client.name)).as_str(),
        secret = quoted(&secret).as_str(),
    )))
}

/// The same by this program, which asks for the password.
fn by_program(username: &str, public_url: &str) -> String {
    format!(
        "
The same with this program, which asks for the password and keeps the token:

  keyward login --server {server} --user {user}
  keyward keys create --name 'My first key' --permission orders:read --quiet > first.key
  keyward keys verify --secret-file first.key --permission orders:read
",
        server = quoted(public_url).as_str(),
        user = quoted(username).as_str(),
    )
}

/// One word of `sh`.
fn quoted(text: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("'{}'", text.replace('\'', r"'\''")))
}
