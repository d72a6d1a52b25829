//! The rows of the console, with things that exist in the places of their paths.

use it::{
    Answer, Browser, Caller, World,
    browser::PageForm,
    console::{form_to, forms_of},
    world::{PASSWORD, TENANT},
};
use serde_json::{Value, json};
use server::route::RouteInfo;

/// What stands for the placeholders of paths. All of it is the first tenant's; the keys are made by `ops`,
/// and the session that one ends oneself is theirs.
pub(crate) struct Things {
    /// Whose secret can be read again.
    pub(crate) key: String,
    secret: String,
    /// Of a type that is shown once and regenerated.
    deployment: String,
    person: String,
    session: String,
    own_session: String,
}

pub(super) async fn made(caller: &Caller, path: &str, body: &Value) -> Value {
    let answer = caller.post(path, body).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A person's id, and a session that they have at the console.
async fn person(world: &World, ops: &Caller, username: &str) -> (String, String) {
    Browser::at_console(world, username).await;
    let name = username.rsplit('\\').next().unwrap_or_default();
    let found: Value = ops.get(&format!("/v1/persons?search={name}")).await.json();
    let id = text(&found["persons"][0]["id"]);
    let sessions: Value = ops.get(&format!("/v1/persons/{id}/sessions")).await.json();
    (id, text(&sessions["sessions"][0]["id"]))
}

impl Things {
    /// Makes them.
    pub(crate) async fn of(world: &World) -> Self {
        let ops = world.person("ops").await;
        let key = json!({"tenant": TENANT, "keyType": "nexus", "name": "walked",
            "permissions": ["nexus:consumer:chat"]});
        let key = text(&made(&ops, "/v1/keys", &key).await["id"]);
        let rotate = json!({"overlapSeconds": 600});
        let rotated = made(&ops, &format!("/v1/keys/{key}/rotate"), &rotate).await;
        let deployment = json!({"tenant": TENANT, "keyType": "deployment", "name": "walked"});
        let deployment = text(&made(&ops, "/v1/keys", &deployment).await["id"]);
        let admin = world.person(r"t100\nexus").await;
        let key_type = json!({"name": "walked", "format": {"kind": "random", "prefix": "wlk_"}});
        made(&admin, "/v1/key-types", &key_type).await;
        let role = json!({"name": "walked", "rights": ["Audit.canRead"]});
        made(&admin, "/v1/roles", &role).await;
        made(&admin, "/api/user/psk", &json!({"description": "walked"})).await;
        let origin =
            json!({"data": {"contactCenterId": TENANT, "origin": "https://walked.example"}});
        made(&ops, "/environment/v3/cors", &origin).await;
        let (person_id, session) = person(world, &ops, r"t100\vera").await;
        let (_, own_session) = person(world, &ops, "ops").await;
        let secret = text(&rotated["secret"]);
        Self { key, secret, deployment, person: person_id, session, own_session }
    }

    /// The path of a row.
    pub(crate) fn path(&self, row: &RouteInfo) -> String {
        let area = row.path.split('/').nth(2).unwrap_or_default();
        let id = match (area, row.path.rsplit('/').next()) {
            ("keys", Some("regenerate" | "acknowledge")) => &self.deployment,
            ("keys", _) => &self.key,
            ("persons", _) => &self.person,
            ("clients", _) => "service-a",
            ("settings", _) => &self.own_session,
            _ => TENANT,
        };
        let known = |part: &str| match part {
            "{id}" => id.to_owned(),
            "{name}" | "{type}" => "walked".to_owned(),
            "{session}" => self.session.clone(),
            "{file}" => "icon.svg".to_owned(),
            "{tenant}" => TENANT.to_owned(),
            "{issuer}" => "sso".to_owned(),
            part => {
                assert!(!part.starts_with('{'), "`{}`: what is `{part}`?", row.path);
                part.to_owned()
            }
        };
        row.path.split('/').map(known).collect::<Vec<_>>().join("/")
    }

    /// Sends what a row's own page would send, filled in by somebody who means it.
    pub(super) async fn sent(&self, browser: &mut Browser, row: &RouteInfo) -> Answer {
        let path = self.path(row);
        let page = match row.operation {
            "console_create_key" => format!("/console/keys/new?type=api&tenant={TENANT}"),
            "console_test_call" => "/console/setup?type=nexus".to_owned(),
            "console_create_psk" => "/console/settings/psk".to_owned(),
            "console_delete_cors_origin" | "console_create_cors_origin" => {
                format!("/console/tenants/{TENANT}/cors")
            }
            _ if row.path.matches('/').count() == 2 && row.path.ends_with('s') => {
                format!("{path}/new")
            }
            _ => path.clone(),
        };
        let page = browser.get(&page).await;
        let goes_there = |form: &PageForm| {
            form.action.split('?').next() == Some(&path) && form.value("token").is_some()
        };
        let own = forms_of(&page).into_iter().find(goes_there);
        let bare = || PageForm { action: path.clone(), fields: Vec::new() };
        let settings = browser.get("/console/settings").await;
        let token = form_to(&settings, "/console/sign-out");
        let form = own.unwrap_or_else(bare).with("token", token.value("token").expect("a token"));
        let secret_in = if row.operation == "console_test_call" { "secret" } else { "key" };
        let filled = FILLED.into_iter().chain([(secret_in, self.secret.as_str())]);
        let form = filled.fold(form, |form, (name, value)| match form.value(name) {
            Some("") => form.with(name, value),
            _ => form,
        });
        browser.send_form(&form).await
    }
}

/// What is written into the fields that are empty.
const FILLED: [(&str, &str); 11] = [
    ("name", "made"),
    ("client-id", "made"),
    ("username", "made"),
    ("prefix", "made_"),
    ("origin", "https://made.example"),
    ("reason", "walked"),
    ("confirm", "premise_tenant"),
    ("current-password", PASSWORD),
    ("new-password", "another nine quiet otters"),
    ("new-password-again", "another nine quiet otters"),
    ("maxPerTenant", "100"),
];

/// The console's rows with this method.
pub(crate) fn rows(method: &str) -> Vec<RouteInfo> {
    let all = server::routes().into_iter();
    let of = all.filter(|row| row.operation.starts_with("console_") && row.method == method);
    of.collect()
}

/// Whether a row asks for a session.
pub(super) fn wants_session(row: &RouteInfo) -> bool {
    row.access.starts_with("Session(")
}

/// Who can send the form of a row: persons of the installation have no personal keys, and what is named is
/// looked for among what is one's own.
pub(crate) fn who(row: &RouteInfo) -> &'static str {
    let own = row.path.contains("/psk/") || row.path.contains("{name}");
    if own { r"t100\nexus" } else { "ops" }
}

/// When a form is sent among all of them: what ends a thing comes after what needs it.
pub(super) fn turn(row: &RouteInfo) -> u8 {
    match row.operation {
        // Whoever signs in next does so by the password before.
        "console_change_password" => 7,
        "console_delete_tenant" => 6,
        "console_create_psk" => 5,
        operation if operation.contains("_delete_") => 4,
        operation if operation.contains("_revoke_") => 3,
        "console_rotate_key" => 2,
        operation if operation.contains("_enable_") => 2,
        "console_retire_secret" => 1,
        operation if operation.contains("_disable_") => 1,
        _ => 0,
    }
}
