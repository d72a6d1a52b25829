//! What a body may say, on every route of our own API that takes one: an unknown member is refused
//! where it stands, a read-only one must be what is stored, and no list shows a secret.

use super::persons::person;
use domain::{gateway_route::Upstream, id::TenantId};
use http::Method;
use it::{
    Caller, World,
    world::{PASSWORD, TENANT},
};
use serde_json::{Value, json};
use server::route::RouteInfo;
use service::rules::{Configured, TenantUpstream};

/// A thing of each kind: where things of the kind are made and listed, what makes one, what names it in
/// a path, and its members that never change.
struct Kind {
    list: &'static str,
    create: Value,
    name: &'static str,
    fixed: &'static [&'static str],
}

fn kinds() -> Vec<Kind> {
    let mut kinds = things();
    kinds.extend(rules());
    kinds
}

fn rules() -> [Kind; 3] {
    [
        Kind {
            list: "/v1/issuers",
            create: json!({"name": "i", "issuer": "https://sso.example", "audiences": ["us"]}),
            name: "id",
            fixed: &[
                "id",
                "tenant",
                "name",
                "issuer",
                "hasClientSecret",
                "source",
                "created",
                "version",
            ],
        },
        Kind {
            list: "/v1/policies",
            create: json!({"name": "p", "keyTypes": ["api"], "permission": "a:b", "presentedIn": ["bearer"]}),
            name: "name",
            fixed: &["name", "tenant", "source", "created", "version"],
        },
        Kind {
            list: "/v1/gateway/routes",
            create: json!({"name": "r", "prefix": "/t100/r", "upstream": LISTED, "keyTypes": ["api"],
                "permission": "a:b", "presentedIn": ["bearer"]}),
            name: "name",
            fixed: &["name", "tenant", "source", "created", "version"],
        },
    ]
}

fn things() -> Vec<Kind> {
    vec![
        Kind {
            list: "/v1/keys",
            create: json!({"keyType": "api", "name": "k", "permissions": ["a:b"]}),
            name: "id",
            fixed: &[
                "id",
                "keyType",
                "tenant",
                "owner",
                "revoked",
                "revokeReason",
                "availability",
                "hint",
                "acknowledged",
                "held",
                "created",
                "createdBy",
                "version",
            ],
        },
        Kind {
            list: "/v1/persons",
            create: json!({"username": "p"}),
            name: "id",
            fixed: &["id", "tenant", "username", "outside", "created", "version"],
        },
        Kind {
            list: "/v1/roles",
            create: json!({"name": "r", "rights": []}),
            name: "name",
            fixed: &["tenant", "name", "clusterOnly", "seeded", "version"],
        },
        Kind {
            list: "/v1/clients",
            create: json!({"clientId": "c"}),
            name: "clientId",
            fixed: &["id", "clientId", "tenant", "public", "created", "version"],
        },
        Kind {
            list: "/v1/tenants",
            create: json!({"name": "t"}),
            name: "id",
            fixed: &["id", "created", "version"],
        },
        Kind {
            list: "/v1/key-types",
            create: json!({"name": "mine", "format": {"kind": "uuid"}}),
            name: "name",
            fixed: &["name", "tenant", "seeded", "version"],
        },
    ]
}

/// An upstream that the configuration lists for the first tenant.
const LISTED: &str = "https://t100.example";

async fn start() -> World {
    let world = World::start().await;
    let room = TenantUpstream {
        tenant: TenantId::parse(TENANT).unwrap(),
        upstream: Upstream { configured: true, ..Upstream::parse(LISTED).unwrap() },
        host: None,
        prefix: Some("/t100".to_owned()),
    };
    let reserved = server::reserved_paths();
    let configured = Configured { upstreams: vec![room], reserved, ..Configured::default() };
    world.service.configure_rules(configured).unwrap();
    world
}

/// Of the cluster for tenants, which it makes, and of a tenant for everything else.
async fn callers(world: &World, kind: &Kind) -> Caller {
    let name = if kind.list == "/v1/tenants" { "ops" } else { r"t100\nexus" };
    world.person(name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_03_what_cannot_change_is_taken_as_it_is_and_refused_as_anything_else() {
    let world = start().await;
    for kind in kinds() {
        let caller = callers(&world, &kind).await;
        let made = caller.post(kind.list, &kind.create).await;
        assert_eq!(made.status, 201, "{}: {}", kind.list, made.text());
        let one = format!("{}/{}", kind.list, made.json()[kind.name].as_str().unwrap());
        let shown = caller.get(&one).await.json();
        for member in kind.fixed {
            assert!(shown.get(member).is_some(), "{} {member} is not shown", kind.list);
            let same = caller.patch(&one, &json!({*member: shown[*member]})).await;
            assert_eq!(same.status, 200, "{} {member}: {}", kind.list, same.text());
            for other in [json!("another"), json!(null), json!([]), json!(77)] {
                if shown[*member] == other {
                    continue;
                }
                let answer = caller.patch(&one, &json!({*member: other})).await;
                assert_eq!(answer.status, 400, "{} {member} {other}: {}", kind.list, answer.text());
                assert_eq!(answer.json()["field"], *member, "{}", answer.text());
            }
        }
        assert_eq!(caller.patch(&one, &shown).await.status, 200, "{}: whole", kind.list);
        assert_eq!(caller.get(&one).await.json(), shown, "{} changed", kind.list);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_03_no_list_and_no_view_shows_a_secret() {
    let world = start().await;
    for kind in kinds() {
        let caller = callers(&world, &kind).await;
        let made = caller.post(kind.list, &kind.create).await.json();
        let one = format!("{}/{}", kind.list, made[kind.name].as_str().unwrap());
        for path in [kind.list, &one] {
            let text = caller.get(path).await.text();
            for member in ["secret", "password", "digest", "lookup"] {
                assert!(!text.contains(&format!("\"{member}\":")), "{path}: {member}");
                if let Some(told) = made[member].as_str() {
                    assert!(!text.contains(told), "{path} tells the {member}");
                }
            }
            assert!(!text.contains("$argon2"), "{path}");
        }
    }
}

/// The routes of our own API that take a body of their own, but for those that verify: there a wrong
/// question has tests of its own.
fn with_a_body() -> Vec<RouteInfo> {
    let takes = |r: &RouteInfo| {
        let own = r.surface == "native" && ["POST", "PUT", "PATCH"].contains(&r.method.as_str());
        own && !["verify_key", "verify_keys", "import_keys"].contains(&r.operation)
    };
    server::routes().into_iter().filter(takes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_03_no_route_of_ours_overlooks_a_member() {
    let world = start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let mut names: Vec<(&str, String)> = Vec::new();
    for kind in kinds() {
        let caller = callers(&world, &kind).await;
        let made = caller.post(kind.list, &kind.create).await.json();
        names.push((kind.list, made[kind.name].as_str().unwrap().to_owned()));
    }
    names.push(("/v1/master-keys", "k1".to_owned()));
    let routes = with_a_body();
    assert!(routes.len() > 15, "the table was not walked");
    for route in routes {
        let known = names
            .iter()
            .find(|(list, _)| route.path == *list || route.path.starts_with(&format!("{list}/")));
        let Some((list, name)) = known else { panic!("{}: say how to make one", route.path) };
        let parts = route.path.split('/');
        let path: Vec<&str> = parts.map(|p| if p.starts_with('{') { name } else { p }).collect();
        let of_cluster = ["/v1/tenants", "/v1/master-keys"].contains(list);
        let caller = if of_cluster { &ops } else { &admin };
        let method = Method::from_bytes(route.method.as_bytes()).unwrap();
        for member in ["unheardOf", "admin", "__proto__", "digest"] {
            let body = json!({member: true}).to_string();
            let json = Some("application/json");
            let answer = caller.send(method.clone(), &path.join("/"), json, body.into()).await;
            assert_eq!(answer.status, 400, "{} {member}: {}", route.operation, answer.text());
            assert_eq!(answer.json()["field"], member, "{}: {}", route.operation, answer.text());
        }
        for body in ["[]", "1", "{\"name\":\"a\",\"name\":\"b\"}", "{"] {
            let json = Some("application/json");
            let answer = caller.send(method.clone(), &path.join("/"), json, body.into()).await;
            assert_eq!(answer.status, 400, "{} {body}: {}", route.operation, answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_03_a_person_cannot_make_itself_more_by_a_body() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    person(&admin, "ada", &["viewer"]).await;
    let ada = world.person(r"t100\ada").await;
    let change = json!({"userName": r"t100\ada", "oldPassword": PASSWORD,
        "newPassword": "seven quiet harbours at dawn", "roles": ["admin"]});
    let _ = ada.post("/auth/v3/change-password", &change).await;
    let ada = admin.get("/v1/persons?search=ada").await.json();
    assert_eq!(ada["persons"][0]["roles"], json!(["viewer"]));
}
