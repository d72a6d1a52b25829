//! The machine's own operator: in process, without a credential, and by no other way.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use it::{World, world::TENANT};
use serde_json::{Value, json};

/// A call of the operator `joe`, and what came back.
async fn call(world: &World, method: &str, path: &str, body: &Value) -> (u16, Value) {
    read(world.app.call_as_operator("joe", request(method, path, body)).await).await
}

fn request(method: &str, path: &str, body: &Value) -> Request<Full<Bytes>> {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    if !text.is_empty() {
        request = request.header("content-type", "application/json");
    }
    request.body(Full::new(text.into())).unwrap()
}

async fn read(response: Response<server::answer::Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn what_the_operator_does_on_the_machine_is_audited_by_name() {
    let world = World::start().await;
    let wanted = json!({"keyType": "api", "tenant": TENANT, "name": "k", "permissions": ["a:b"]});
    let (status, made) = call(&world, "POST", "/v1/keys", &wanted).await;
    assert_eq!((status, &made["createdBy"]), (201, &json!("local:joe")), "{made}");
    let asked = json!({"secret": made["secret"]});
    let (status, verdict) = call(&world, "POST", "/v1/keys/verify", &asked).await;
    assert_eq!((status, &verdict["verdict"]), (200, &json!("VALID")), "{verdict}");
    let (_, log) = call(&world, "GET", "/v1/audit?action=key.create", &Value::Null).await;
    assert_eq!(
        log["events"][0]["event"]["actor"],
        json!({"kind": "system", "id": null, "name": "local:joe", "tenant": "*"}),
    );
}

#[tokio::test]
async fn ap_12_only_the_process_itself_is_the_operator() {
    let world = World::start().await;
    let mut forged = request("GET", "/v1/keys", &Value::Null);
    for name in ["x-operator", "operator", "x-keyward-operator", "x-forwarded-user"] {
        forged.headers_mut().insert(name, http::HeaderValue::from_static("joe"));
    }
    assert_eq!(read(world.app.call(forged).await).await.0, 401);
    // One call as the operator leaves nothing behind for the next.
    assert_eq!(call(&world, "GET", "/v1/keys", &Value::Null).await.0, 200);
    let next = request("GET", "/v1/keys", &Value::Null);
    assert_eq!(read(world.app.call(next).await).await.0, 401);
}
