//! The world of the matrix: its callers, and objects of every kind that a route names.

use super::{CALLERS, Row, object::Object, route};
use domain::{gateway_route::Upstream, id::TenantId, verdict::Standing};
use http::Method;
use it::{Answer, Caller, World, world::TENANT};
use serde_json::{Value, json};
use service::rules::{Configured, TenantUpstream};
use verifier::TenantState;

/// Where the keys of Callback of the first tenant are.
fn api_keys() -> String {
    format!("/environment/v3/contact-centers/{TENANT}/api-keys")
}

/// What the first tenant says of its keys of a type.
fn key_policy(key_type: &str) -> String {
    format!("/v1/tenants/{TENANT}/key-policies/{key_type}")
}

/// A world, its callers, and objects for them.
pub(super) struct Stage {
    world: World,
    pub(super) admin: Caller,
    ops: Caller,
    callers: Vec<(&'static str, Caller)>,
    made: u32,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let world = World::start().await;
        let room = TenantUpstream {
            tenant: TenantId::parse(TENANT).expect("a tenant"),
            upstream: Upstream::parse("https://t100.example").expect("an upstream"),
            host: None,
            prefix: Some("/t100".to_owned()),
        };
        let configured = Configured { upstreams: vec![room], ..Configured::default() };
        world.service.configure_rules(configured).expect("a configuration");
        let admin = world.person(r"t100\nexus").await;
        let ops = world.person("ops").await;
        let ended = world.client("service-a").await;
        assert_eq!(ops.delete("/auth/v3/ops/clients/service-a").await.status, 200);
        let callers = vec![
            ("owner", admin.clone()),
            ("without", world.person(r"t100\nora").await),
            ("foreign", world.person(r"t200\bob").await),
            ("disabled", admin.clone()),
            ("ended", ended),
            ("anonymous", world.anonymous()),
        ];
        assert!(callers.iter().map(|(name, _)| *name).eq(CALLERS));
        Self { world, admin, ops, callers, made: 0 }
    }

    /// Every name that a path may use for a new object.
    pub(super) async fn object(&mut self, object: Object) -> Vec<String> {
        self.made += 1;
        let name = format!("object-{}", self.made);
        match object {
            Object::Key | Object::KeyById => self.key(object, &name).await,
            Object::ApiKey | Object::ApiKeys => self.api_key(object, &name).await,
            Object::Client => {
                let data = json!({"client_id": name, "clientType": "PUBLIC", "authorizedGrantTypes": ["password"]});
                let made = self.ops.post("/auth/v3/ops/clients", &json!({"data": data})).await;
                assert_eq!(made.status, 200, "{}", made.text());
                vec![name]
            }
            Object::OwnClient => {
                make(&self.admin, "/v1/clients", &json!({"clientId": name})).await;
                vec![name]
            }
            Object::Person => {
                vec![id_of(&make(&self.admin, "/v1/persons", &json!({"username": name})).await)]
            }
            Object::Role => {
                let name = name.replace('-', "_");
                let role = json!({"name": name, "rights": ["Audit.canRead"]});
                make(&self.admin, "/v1/roles", &role).await;
                vec![name]
            }
            Object::Tenant => vec![String::new()],
            Object::DataProduct => vec![name],
            Object::TenantById | Object::ContactCenter => {
                vec![id_of(&make(&self.ops, "/v1/tenants", &json!({"name": name})).await)]
            }
            Object::Policy => {
                make(&self.admin, "/v1/policies", &json!({"name": name, "keyTypes": ["api"], "permission": "a:b", "presentedIn": ["bearer"]})).await;
                vec![name]
            }
            Object::GatewayRoute => {
                let prefix = format!("/t100/{name}");
                let body = json!({"name": name, "prefix": prefix, "upstream": "https://t100.example",
                        "keyTypes": ["api"], "permission": "a:b", "presentedIn": ["bearer"]});
                make(&self.admin, "/v1/gateway/routes", &body).await;
                vec![name]
            }
            Object::DataKey => vec![self.data_key(&name).await],
            Object::KeyPolicies => vec![TENANT.to_owned()],
            Object::MasterKey => vec!["nobodys".to_owned()],
            Object::KeyPolicy => vec![self.key_policy().await],
            Object::Issuer => vec![self.issuer(&name).await],
            Object::KeyType => {
                let body = json!({"name": name, "format": {"kind": "uuid"}});
                make(&self.admin, "/v1/key-types", &body).await;
                vec![name]
            }
        }
    }

    async fn key_policy(&self) -> String {
        let policy = json!({"unusedDays": self.made});
        let set = self.admin.put(&key_policy("api"), &policy).await;
        assert!(set.status.is_success(), "{}", set.text());
        "api".to_owned()
    }

    async fn issuer(&self, name: &str) -> String {
        // A tenant has twenty at most.
        let all = self.admin.get("/v1/issuers").await.json();
        for one in all["issuers"].as_array().expect("a list") {
            self.admin.delete(&format!("/v1/issuers/{}", id_of(one))).await;
        }
        let issuer = format!("https://{name}.example");
        let body = json!({"name": name, "issuer": issuer, "audiences": [name]});
        id_of(&make(&self.admin, "/v1/issuers", &body).await)
    }

    async fn key(&self, object: Object, name: &str) -> Vec<String> {
        let body = json!({"tenant": TENANT, "name": name, "permissions": ["nexus:consumer:chat"]});
        let secret = id_of(&self.admin.post("/nexus/v3/apikeys", &body).await.json());
        let question = json!({"secret": secret, "cost": 0});
        let found = self.admin.post("/v1/keys/verify", &question).await.json();
        let id = found["keyId"].as_str().expect("an id").to_owned();
        if object == Object::Key { vec![id, secret] } else { vec![id] }
    }

    async fn data_key(&self, product: &str) -> String {
        let body = json!({"validity_days": 1});
        let made = self.admin.post(&format!("/api/dataproduct/{product}/psk"), &body).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let list = self.admin.get("/api/dataproduct/psk").await.json();
        let list = list.as_array().expect("a list");
        id_of(list.iter().find(|k| k["view_id"] == product).expect("it"))
    }

    async fn api_key(&self, object: Object, name: &str) -> Vec<String> {
        let secret = format!("{name}-of-callback");
        let made = self.admin.post(&api_keys(), &json!({"data": {"apiKey": secret}})).await;
        let path = made.json()["path"].as_str().expect("a path").to_owned();
        let id = path.rsplit('/').next().expect("an id").to_owned();
        if object == Object::ApiKey { vec![id, secret] } else { vec![TENANT.to_owned()] }
    }

    /// The call of a row as one of the callers.
    pub(super) async fn call(&self, row: &Row, who: &str, path: &str) -> Answer {
        let (_, caller) = self.callers.iter().find(|(name, _)| *name == who).expect("a caller");
        let caller = match (row.object, who) {
            (
                Object::Client | Object::TenantById | Object::ContactCenter | Object::MasterKey,
                "owner",
            ) => &self.ops,
            _ => caller,
        };
        let change = match row.object {
            Object::KeyById if row.operation == "extend_overlap" => json!({"overlapSeconds": 60}),
            Object::KeyById if row.operation != "update_key" => json!({}),
            Object::Key | Object::KeyById => json!({"name": "changed"}),
            Object::Client => json!({"data": {"name": "changed"}}),
            Object::TenantById if row.operation == "rotate_signing_key" => json!({}),
            Object::TenantById => json!({"name": "changed"}),
            Object::ContactCenter => {
                let origins = "https://changed.example";
                json!({"data": {"auth": "changed", "name": "cors-origins", "value": origins}})
            }
            // The key that was made last, or one that nobody has.
            Object::ApiKeys => {
                let known = row.operation == "unassign_posted_api_key";
                let whose = if known { "object" } else { "another" };
                json!({"data": {"apiKey": format!("{whose}-{}-of-callback", self.made)}})
            }
            Object::ApiKey | Object::MasterKey => json!({}),
            Object::KeyType => json!({"description": "changed"}),
            Object::KeyPolicy | Object::KeyPolicies => json!({"unusedDays": 30_000}),
            Object::Issuer => json!({"label": "changed"}),
            Object::Policy | Object::GatewayRoute => json!({"cost": 7}),
            Object::OwnClient if row.operation == "update_client" => json!({"name": "changed"}),
            Object::Person if row.operation == "update_person" => json!({"enabled": false}),
            Object::Role => json!({"rights": []}),
            Object::OwnClient | Object::Person => json!({}),
            Object::DataKey | Object::DataProduct => json!({"validity_days": 1}),
            Object::Tenant => {
                json!({"tenant": TENANT, "name": "n", "permissions": ["nexus:consumer:chat"]})
            }
        };
        let method = Method::from_bytes(route(row.operation).method.as_bytes()).expect("a method");
        let body = if matches!(method, Method::POST | Method::PUT | Method::PATCH) {
            change.to_string()
        } else {
            String::new()
        };
        self.switch(who != "disabled");
        let answer = caller.send(method, path, Some("application/json"), body.into()).await;
        self.switch(true);
        answer
    }

    /// Switches the first tenant. There is no wire for that yet; memory is told as the feed would.
    fn switch(&self, on: bool) {
        use std::sync::atomic::{AtomicU32, Ordering};
        static VERSION: AtomicU32 = AtomicU32::new(1_000);
        let standing = if on { Standing::Live } else { Standing::Disabled };
        let version = VERSION.fetch_add(1, Ordering::Relaxed);
        let tenant = TenantId::parse(TENANT).expect("a tenant");
        self.world.service.verifier().apply_tenant(&TenantState::plain(tenant, standing, version));
    }

    /// The object as whoever may see it sees it.
    pub(super) async fn state(&self, object: Object, name: &str) -> String {
        let of_cluster = matches!(
            object,
            Object::Client | Object::TenantById | Object::ContactCenter | Object::MasterKey
        );
        let caller = if of_cluster { &self.ops } else { &self.admin };
        let mut state = String::new();
        for path in paths_of(object, name) {
            state += &caller.get(&path).await.text();
        }
        state
    }
}

/// Where an object is shown.
fn paths_of(object: Object, name: &str) -> Vec<String> {
    let centers = "/environment/v3/contact-centers";
    let path = match object {
        Object::Key | Object::KeyById => format!("/nexus/v3/apikeys/{name}"),
        Object::Client => format!("/auth/v3/ops/clients/{name}"),
        Object::OwnClient => format!("/v1/clients/{name}"),
        Object::Person => format!("/v1/persons/{name}"),
        Object::Role => format!("/v1/roles/{name}"),
        Object::Tenant => "/nexus/v3/apikeys".to_owned(),
        Object::TenantById => format!("/v1/tenants/{name}"),
        Object::ContactCenter => {
            let path = format!("{centers}/{name}");
            return vec![path.clone(), format!("{path}/settings")];
        }
        Object::ApiKey => format!("{centers}/api-key/{name}"),
        Object::ApiKeys => api_keys(),
        Object::DataKey | Object::DataProduct => "/api/dataproduct/psk".to_owned(),
        Object::KeyType => format!("/v1/key-types/{name}"),
        Object::KeyPolicy => key_policy(name),
        Object::KeyPolicies => format!("/v1/tenants/{name}/key-policies"),
        Object::MasterKey => "/v1/master-keys".to_owned(),
        Object::Issuer => format!("/v1/issuers/{name}"),
        Object::Policy => format!("/v1/policies/{name}"),
        Object::GatewayRoute => format!("/v1/gateway/routes/{name}"),
    };
    vec![path]
}

/// Makes a thing on our own wire.
async fn make(caller: &Caller, path: &str, body: &Value) -> Value {
    let made = caller.post(path, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

fn id_of(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}
