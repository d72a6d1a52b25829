//! What the first tenant has, for tests in which an administrator of the other one asks for it.

use super::rows::{made, text};
use it::{
    Answer, Browser, World,
    console::forms_of,
    world::{OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};
use server::route::RouteInfo;

/// Stands in every name and description that they gave.
const MARK: &str = "quietly";

/// Their things.
pub(super) struct Theirs {
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) key_type: String,
    pub(super) session: String,
    /// The browser of that session.
    pub(super) browser: Browser,
    person: String,
    psk_hint: String,
}

impl Theirs {
    /// Makes them.
    pub(super) async fn of(world: &World) -> Self {
        let admin = world.person(r"t100\nexus").await;
        let ops = world.person("ops").await;
        let of_type = json!({"name": "quietly-type", "description": "quietly",
            "format": {"kind": "random", "prefix": "qty_"}});
        made(&admin, "/v1/key-types", &of_type).await;
        let role = json!({"name": "quietly_role", "rights": ["Audit.canRead"]});
        made(&admin, "/v1/roles", &role).await;
        let client = json!({"tenant": TENANT, "clientId": "quietly-client", "name": "quietly",
            "grants": ["client_credentials"]});
        made(&ops, "/v1/clients", &client).await;
        let key = json!({"keyType": "api", "name": "kept quietly", "permissions": ["orders:read"]});
        let key = made(&admin, "/v1/keys", &key).await;
        let psk = made(&admin, "/api/user/psk", &json!({"description": "quietly"})).await;
        let browser = Browser::at_console(world, r"t100\nexus").await;
        let persons: Value = admin.get("/v1/persons?search=nexus").await.json();
        let person = text(&persons["persons"][0]["id"]);
        let sessions = admin.get(&format!("/v1/persons/{person}/sessions")).await.json();
        let psk = text(&psk["psk"]);
        Self {
            key: text(&key["id"]),
            secret: text(&key["secret"]),
            key_type: "quietly-type".to_owned(),
            session: text(&sessions["sessions"][0]["id"]),
            browser,
            person,
            psk_hint: psk[psk.len() - 4..].to_owned(),
        }
    }

    /// A row's path with their thing in it, as it is, and with their tenant named behind it.
    pub(super) fn paths(&self, row: &RouteInfo) -> [String; 2] {
        let known = [
            ("/console/keys/{id}", self.key.as_str()),
            ("/console/clients/{id}", "quietly-client"),
            ("/console/persons/{id}", &self.person),
            ("/console/tenants/{id}", TENANT),
            ("/console/roles/{name}", "quietly_role"),
            ("/console/key-types/{name}", &self.key_type),
            ("/console/settings/sessions/{id}", &self.session),
        ];
        let begins = |(path, _): &&(&str, &str)| row.path.starts_with(*path);
        let Some((beginning, thing)) = known.iter().find(begins) else {
            panic!("`{}` names something of which nothing is known here", row.path);
        };
        let (end, _) = beginning.split_once('{').expect("a placeholder");
        let path = row.path.replacen(beginning, &format!("{end}{thing}"), 1);
        let path = path.replace("{type}", &self.key_type).replace("{session}", &self.session);
        assert!(!path.contains('{'), "`{path}` names one thing more");
        [format!("{path}?tenant={TENANT}"), path]
    }

    /// What of theirs a text shows.
    pub(super) fn stands_in(&self, text: &str) -> Option<&'static str> {
        let told = [
            (text.contains(MARK), "a name"),
            (text.contains(&self.secret), "a secret"),
            (text.contains(&self.person), "a person's id"),
            (text.contains("premise_tenant"), "the tenant's name"),
            (text.contains(&format!("…{}", self.psk_hint)), "the hint of a personal key"),
        ];
        told.into_iter().find(|(shown, _)| *shown).map(|(_, what)| what)
    }

    /// How much their log holds, sign-ins left out.
    pub(super) async fn log(&self, world: &World) -> usize {
        let path = format!("/v1/audit?tenant={TENANT}&limit=200");
        let log: Value = world.person("ops").await.get(&path).await.json();
        let signs_in =
            |event: &Value| event["action"].as_str().is_some_and(|a| a.contains("sign_in"));
        let all = log["events"].as_array().expect("events");
        all.iter().filter(|entry| !signs_in(&entry["event"])).count()
    }
}

/// An administrator of the other tenant at the console, and the mark of their forms.
pub(super) async fn stranger(world: &World) -> (Browser, String) {
    let admin = json!({"tenant": OTHER_TENANT, "username": "stranger", "roles": ["admin"],
        "password": PASSWORD, "mustChangePassword": false});
    made(&world.person("ops").await, "/v1/persons", &admin).await;
    let mut browser = Browser::at_console(world, r"t200\stranger").await;
    let page: Answer = browser.open("/console/settings").await;
    let token = forms_of(&page).iter().find_map(|form| form.value("token").map(str::to_owned));
    (browser, token.expect("a token"))
}
