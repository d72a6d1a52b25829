//! Who may touch whose things, for every route that names one (AP-01). A route with a placeholder and
//! no row here fails the suite.

mod object;
mod stage;

use bytes::Bytes;
use http::Method;
use it::{
    Answer, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use object::Object;
use server::route::RouteInfo;
use stage::Stage;
use std::collections::BTreeSet;

/// The callers of a row, in the order of its statuses.
const CALLERS: [&str; 6] = ["owner", "without", "foreign", "disabled", "ended", "anonymous"];

/// An operation on an object, and its status for each of [`CALLERS`].
struct Row {
    operation: &'static str,
    object: Object,
    query: &'static str,
    expected: [u16; 6],
}

const fn row(operation: &'static str, object: Object, expected: [u16; 6]) -> Row {
    Row { operation, object, query: "", expected }
}

const TENANT_IN_QUERY: &str = "?tenant=578ec98e-f07c-46ad-9675-f36c22f3ba9f";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    //                                          owner without foreign disabled ended anonymous
    row("show_nexus_key",   Object::Key,    [200, 403, 404, 401, 401, 401]),
    row("update_nexus_key", Object::Key,    [200, 403, 404, 401, 401, 401]),
    row("delete_nexus_key", Object::Key,    [204, 403, 404, 401, 401, 401]),
    row("show_key",         Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("update_key",       Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("delete_key",       Object::KeyById, [204, 403, 404, 401, 401, 401]),
    row("enable_key",       Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("disable_key",      Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("revoke_key",       Object::KeyById, [200, 403, 404, 401, 401, 401]),
    // Secrets of this type can be read again, and rotate instead.
    row("acknowledge_key",  Object::KeyById, [409, 403, 404, 401, 401, 401]),
    row("rotate_key",       Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("list_key_secrets", Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("retire_secret",    Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("extend_overlap",   Object::KeyById, [409, 403, 404, 401, 401, 401]),
    row("regenerate_key",   Object::KeyById, [409, 403, 404, 401, 401, 401]),
    row("copy_key",         Object::KeyById, [201, 403, 404, 401, 401, 401]),
    row("reveal_key",       Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("show_key_usage",   Object::KeyById, [200, 403, 404, 401, 401, 401]),
    row("list_key_audit",   Object::KeyById, [200, 403, 404, 401, 401, 401]),
    // Whoever may not ask finds no policy; who may stands in check/callers.rs.
    row("check",            Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_head",       Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_post",       Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_put",        Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_patch",      Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_delete",     Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("check_options",    Object::KeyById, [404, 404, 404, 404, 404, 404]),
    row("show_ops_client",   Object::Client, [200, 403, 403, 401, 401, 401]),
    row("update_ops_client", Object::Client, [200, 403, 403, 401, 401, 401]),
    row("delete_ops_client", Object::Client, [200, 403, 403, 401, 401, 401]),
    row("show_client",      Object::OwnClient, [200, 403, 404, 401, 401, 401]),
    row("update_client",    Object::OwnClient, [200, 403, 404, 401, 401, 401]),
    row("regenerate_client_secret", Object::OwnClient, [200, 403, 404, 401, 401, 401]),
    row("delete_client",    Object::OwnClient, [204, 403, 404, 401, 401, 401]),
    row("show_person",      Object::Person, [200, 403, 404, 401, 401, 401]),
    row("update_person",    Object::Person, [200, 403, 404, 401, 401, 401]),
    row("set_person_password", Object::Person, [200, 403, 404, 401, 401, 401]),
    row("unlock_person",    Object::Person, [200, 403, 404, 401, 401, 401]),
    row("delete_person",    Object::Person, [204, 403, 404, 401, 401, 401]),
    row("list_sessions",    Object::Person, [200, 403, 404, 401, 401, 401]),
    // Nobody is signed in in a browser here, and nobody agreed to anything.
    row("end_sessions",     Object::Person, [404, 403, 404, 401, 401, 401]),
    row("end_session",      Object::Person, [404, 403, 404, 401, 401, 401]),
    row("list_consents",    Object::Person, [200, 403, 404, 401, 401, 401]),
    row("revoke_consent",   Object::Person, [404, 403, 404, 401, 401, 401]),
    row("show_role",        Object::Role, [200, 403, 404, 401, 401, 401]),
    row("update_role",      Object::Role, [200, 403, 404, 401, 401, 401]),
    row("delete_role",      Object::Role, [204, 403, 404, 401, 401, 401]),
    row("show_tenant",      Object::TenantById, [200, 403, 404, 401, 401, 401]),
    row("update_tenant",    Object::TenantById, [200, 403, 404, 401, 401, 401]),
    // Only the cluster ends tenants, whoever asks about which.
    row("delete_tenant",    Object::TenantById, [204, 403, 403, 401, 401, 401]),
    // There is no master key of the name; only the cluster would be told of one.
    row("retire_master_key", Object::MasterKey, [404, 403, 403, 401, 401, 401]),
    row("list_key_policies", Object::KeyPolicies, [200, 403, 404, 401, 401, 401]),
    row("show_key_policy",   Object::KeyPolicy, [200, 403, 404, 401, 401, 401]),
    row("set_key_policy",    Object::KeyPolicy, [200, 403, 404, 401, 401, 401]),
    row("delete_key_policy", Object::KeyPolicy, [204, 403, 404, 401, 401, 401]),
    row("list_signing_keys", Object::TenantById, [200, 403, 404, 401, 401, 401]),
    // It has no realm, which would sign.
    row("rotate_signing_key", Object::TenantById, [409, 403, 404, 401, 401, 401]),
    row("show_policy",      Object::Policy, [200, 403, 404, 401, 401, 401]),
    row("update_policy",    Object::Policy, [200, 403, 404, 401, 401, 401]),
    row("delete_policy",    Object::Policy, [204, 403, 404, 401, 401, 401]),
    row("show_gateway_route",   Object::GatewayRoute, [200, 403, 404, 401, 401, 401]),
    row("update_gateway_route", Object::GatewayRoute, [200, 403, 404, 401, 401, 401]),
    row("delete_gateway_route", Object::GatewayRoute, [204, 403, 404, 401, 401, 401]),
    row("show_issuer",      Object::Issuer, [200, 403, 404, 401, 401, 401]),
    row("update_issuer",    Object::Issuer, [200, 403, 404, 401, 401, 401]),
    row("delete_issuer",    Object::Issuer, [204, 403, 404, 401, 401, 401]),
    row("show_key_type",    Object::KeyType, [200, 403, 404, 401, 401, 401]),
    row("update_key_type",  Object::KeyType, [200, 403, 404, 401, 401, 401]),
    row("show_contact_center",   Object::ContactCenter, [200, 403, 404, 401, 401, 401]),
    row("update_contact_center", Object::ContactCenter, [200, 403, 404, 401, 401, 401]),
    row("show_cors_settings",    Object::ContactCenter, [200, 403, 404, 401, 401, 401]),
    row("update_cors_settings",  Object::ContactCenter, [200, 403, 404, 401, 401, 401]),
    row("list_api_keys",           Object::ApiKeys, [200, 403, 404, 401, 401, 401]),
    row("assign_api_key",          Object::ApiKeys, [200, 403, 404, 401, 401, 401]),
    row("unassign_posted_api_key", Object::ApiKeys, [200, 403, 404, 401, 401, 401]),
    row("unassign_api_key",        Object::ApiKey, [200, 403, 404, 401, 401, 401]),
    row("show_contact_center_of_api_key", Object::ApiKey, [200, 403, 404, 401, 401, 401]),
    // A data product is an opaque name: whoever may makes a key for it in their own tenant.
    row("create_data_key",  Object::DataProduct, [200, 403, 200, 401, 401, 401]),
    row("extend_data_key",  Object::DataKey, [200, 403, 404, 401, 401, 401]),
    row("delete_data_key",  Object::DataKey, [204, 403, 404, 401, 401, 401]),
    // The published wire refuses a foreign tenant at creation in the words of a missing right.
    row("create_nexus_key", Object::Tenant, [200, 403, 403, 401, 401, 401]),
    Row { query: TENANT_IN_QUERY,
        ..row("list_nexus_keys", Object::Tenant, [200, 403, 404, 401, 401, 401]) },
    Row { query: TENANT_IN_QUERY,
        ..row("list_audit", Object::Tenant, [200, 403, 404, 401, 401, 401]) },
];

fn route(operation: &str) -> RouteInfo {
    let found = server::routes().into_iter().find(|r| r.operation == operation);
    found.unwrap_or_else(|| panic!("no route {operation}"))
}

/// A path with its one placeholder filled, or with that of the key whose contact center stands before.
fn filled(row: &Row, name: &str) -> String {
    let parts = route(row.operation).path;
    let parts = parts.split('/').map(|part| match part {
        "{ccid}" if row.object == Object::ApiKey => TENANT,
        "{id}" if row.object == Object::KeyPolicy => TENANT,
        part if part.starts_with('{') => name,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/") + row.query
}

#[test]
fn ap_01_every_route_that_names_a_thing_has_a_row() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|r| r.operation).collect();
    assert_eq!(rows.len(), ROWS.len(), "a row stands there twice");
    let missing: Vec<String> = server::routes()
        .iter()
        .filter(|r| r.path.contains('{') && !rows.contains(r.operation))
        // A realm is found by whoever asks; what it shows to whom, its own tests say.
        .filter(|r| !r.path.contains("{realm}"))
        // The console's visitors have sessions: `console::strangers` walks its rows.
        .filter(|r| r.surface != "console")
        .map(|r| format!("{} {} ({})", r.method, r.path, r.operation))
        .collect();
    assert!(missing.is_empty(), "say in the table who may call {missing:?}");
    let known: BTreeSet<&str> = server::routes().iter().map(|r| r.operation).collect();
    assert!(rows.is_subset(&known), "a row without a route");
}

#[tokio::test]
async fn ap_01_the_table_is_what_happens() {
    let mut stage = Stage::new().await;
    let mut cells = 0;
    for row in ROWS {
        for (who, expected) in CALLERS.into_iter().zip(row.expected) {
            let names = stage.object(row.object).await.len();
            for at in 0..names {
                let name = stage.object(row.object).await.swap_remove(at);
                let before = stage.state(row.object, &name).await;
                let answer = stage.call(row, who, &filled(row, &name)).await;
                let cell = format!("{} by {who} ({name})", row.operation);
                assert_eq!(answer.status.as_u16(), expected, "{cell}: {}", answer.text());
                if expected >= 400 {
                    assert_eq!(stage.state(row.object, &name).await, before, "{cell} changed it");
                    assert!(!answer.text().contains("object-"), "{cell} told its name");
                }
                cells += 1;
            }
        }
    }
    assert!(cells >= ROWS.len() * CALLERS.len(), "{cells}");
}

/// All that an answer tells, but for ids that no two answers share.
fn told(answer: &Answer) -> String {
    let mut headers = answer.headers.clone();
    let id = headers.remove("x-request-id").expect("an id");
    let id = id.to_str().expect("text");
    format!("{} {headers:?} {}", answer.status, answer.text().replace(id, "ID"))
}

#[tokio::test]
async fn en_03_foreign_and_missing_are_the_same_bytes_on_every_route() {
    let mut stage = Stage::new().await;
    let secret_like = "9b7682b7-cbce-422f-9bbb-ecda85e61695".to_owned();
    let id_like = "key_0000000000000000000000".to_owned();
    for row in ROWS.iter().filter(|r| matches!(r.object, Object::Key | Object::KeyById)) {
        let mut foreign = stage.object(row.object).await;
        let gone = stage.object(row.object).await;
        assert_eq!(stage.admin.delete(&filled(&ROWS[2], &gone[0])).await.status, 204);
        let missing = stage.call(row, "foreign", &filled(row, &id_like)).await;
        assert_eq!(missing.status, 404);
        foreign.extend(gone);
        foreign.push(secret_like.clone());
        for name in &foreign {
            let answer = stage.call(row, "foreign", &filled(row, name)).await;
            assert_eq!(told(&answer), told(&missing), "{} {name}", row.operation);
        }
    }
}

#[tokio::test]
async fn en_03_ti_01_a_foreign_tenant_and_none_are_the_same_bytes() {
    let world = World::start().await;
    let bob = world.person(r"t200\bob").await;
    for path in ["/nexus/v3/apikeys", "/v1/audit"] {
        let missing = bob.get(&format!("{path}?tenant={NO_TENANT}")).await;
        assert_eq!(missing.status, 404, "{path}");
        for tenant in [TENANT, "*"] {
            let foreign = bob.get(&format!("{path}?tenant={tenant}")).await;
            assert_eq!(told(&foreign), told(&missing), "{path} {tenant}");
        }
        assert_eq!(bob.get(&format!("{path}?tenant={OTHER_TENANT}")).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn en_03_tokens_of_others_are_the_same_bytes_as_no_tokens() {
    let world = World::start().await;
    let foreign = world.person(r"t200\bob").await;
    let tokens = [foreign.token.clone().unwrap(), foreign.refresh.clone().unwrap()];
    let asking = world.anonymous().basic("verifier-a", it::world::CLIENT_SECRET);
    for path in ["/oauth2/introspect", "/oauth2/revoke", "/auth/v3/oauth/check_token"] {
        let missing = asking.post_form(path, &[("token", "no-such-token")]).await;
        for token in &tokens {
            let answer = asking.post_form(path, &[("token", token)]).await;
            assert_eq!(told(&answer), told(&missing), "{path}");
        }
    }
    assert_eq!(foreign.get("/auth/v3/userinfo").await.status, 200, "and it lives on");
    let stranger = world.anonymous();
    for path in ["/oauth2/introspect", "/oauth2/revoke", "/auth/v3/oauth/check_token"] {
        let whole = [("client_id", "nobody"), ("token", tokens[0].as_str())];
        let asked = stranger.post_form(path, &whole).await;
        assert_eq!(asked.status, 401, "{path}: {}", asked.text());
        let empty = stranger.post_form(path, &whole[..1]).await;
        assert_eq!(told(&empty), told(&asked), "{path}: who asks is settled first");
        let mixed = [("client_id", "verifier-b"), ("token", tokens[0].as_str())];
        assert_eq!(asking.post_form(path, &mixed).await.status, 401, "{path}: two clients named");
    }
    let bytes = Bytes::from_static(b"token=x");
    let form = Some("application/x-www-form-urlencoded");
    let answer = asking.send(Method::POST, "/oauth2/introspect", form, bytes).await;
    assert_eq!(answer.text(), r#"{"active":false}"#);
}
