//! The way back in from the machine itself, on the use cases alone: no route leads there.

use crate::auth_v3::{audited, lives};
use domain::id::Scope;
use it::{World, world::PASSWORD};
use serde_json::json;
use service::{Caller, Context, Error, persons::ListPersons};

fn operator() -> Caller {
    Caller::local("joe", Context { request_id: "local".to_owned(), address: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_the_cluster_is_recovered_on_the_machine_and_by_nobody_else() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = json!({"username": "second", "roles": ["ops"], "password": PASSWORD});
    assert_eq!(ops.post("/v1/persons", &body).await.status, 201);
    let second = world.person("second").await;
    let list = ListPersons { search: Some("ops".to_owned()), ..ListPersons::default() };
    let found = world.service.list_persons(&operator(), list).await.unwrap().persons.remove(0);
    let path = format!("/v1/persons/{}", found.id);
    assert_eq!(second.patch(&path, &json!({"enabled": false})).await.status, 200);
    let far = world.anonymous().from_address("192.0.2.1").basic("nexus_client", "");
    for _ in 0..6 {
        let form = [("grant_type", "password"), ("username", "ops"), ("password", "guess")];
        assert_eq!(far.post_form("/auth/v3/oauth/token", &form).await.status, 400);
    }
    let got = world.service.recover_person(&operator(), "OPS").await.unwrap();
    assert_eq!((got.person.scope, got.person.enabled), (Scope::Cluster, true));
    assert!(got.person.must_change_password);
    let password = got.password.unwrap();
    let ops = far.signed_in("ops", password.expose()).await;
    assert_eq!(ops.get("/v1/persons").await.status, 200);
    assert!(!lives(&world, "anything").await);
    let token = second.token.unwrap();
    let context = Context { request_id: "x".to_owned(), address: None };
    let from_afar = world.service.authenticate(&token, context).await.unwrap();
    let refused = world.service.recover_person(&from_afar, "ops").await;
    assert!(matches!(refused, Err(Error::NotAllowed { .. })), "{refused:?}");
    let nobody = world.service.recover_person(&operator(), "nexus").await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    // The audit log is read by the other one: the harness's own password for `ops` is gone.
    let page = second_log(&world, &from_afar).await;
    assert!(page.contains("\"local:joe\"") && !page.contains(password.expose()), "{page}");
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
}

async fn second_log(world: &World, caller: &Caller) -> String {
    let list = service::audit::ListAudit {
        action: Some("person.recover".to_owned()),
        ..service::audit::ListAudit::default()
    };
    let page = world.service.list_audit(caller, list).await.unwrap();
    page.events.iter().map(|e| e.text.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_is_unlocked_on_the_machine_by_name() {
    let world = World::start().await;
    for name in ["ops", r"t100\vera", r"T100\VERA"] {
        let person = world.service.unlock_person_named(&operator(), name).await.unwrap();
        assert!(name.to_lowercase().ends_with(&person.username), "{name}");
    }
    for name in ["vera", r"t100\nobody", r"nowhere\vera", ""] {
        let missing = world.service.unlock_person_named(&operator(), name).await;
        assert!(matches!(missing, Err(Error::NotFound)), "{name}: {missing:?}");
    }
    let events = audited(&world, "person.unlock").await;
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|e| e["actor"]["name"] == "local:joe"), "{events:?}");
}
