//! What is left of an issuer's word once it is believed less, and what a sign-in by it must not outlive.

use super::{company, later, made, newest, path, person, there::There, there::link, whoami};
use crate::browser::{REALM, make_client, request};
use domain::rate_limit::Limit;
use it::{Browser, Caller, World, browser::encoded, provider::Provider};
use serde_json::{Value, json};
use service::outbound::Outbound;
use std::sync::{Arc, Mutex, PoisonError};

/// A map by which somebody may ask and build.
fn map(build: &str) -> Value {
    json!({"roleMap": [
        {"value": "staff", "role": "nx1_ask"},
        {"value": build, "role": "nx1_engineer"},
    ]})
}

/// Whether a personal key may do what a role does.
async fn may(there: &There, psk: &str, role: &str) -> bool {
    let question = json!({"secret": psk, "cost": 0, "permissions": {"all": [format!("nx1:{}", role.trim_start_matches("nx1_"))]}});
    let answer = there.admin.post("/v1/keys/verify", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"] == "VALID"
}

/// A person of the issuer who may ask and build, with a personal key.
async fn with_key() -> (There, Caller, String) {
    let mut there = There::start().await;
    assert_eq!(there.admin.patch(&path(&there.issuer), &map("builders")).await.status, 200);
    let (caller, _) = there.signed_in("frieda", &["staff", "builders"]).await;
    let made = caller.post("/api/user/psk", &json!({"description": null})).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let psk = made.json()["psk"].as_str().unwrap().to_owned();
    assert!(may(&there, &psk, "nx1_ask").await && may(&there, &psk, "nx1_engineer").await);
    (there, caller, psk)
}

#[tokio::test]
async fn a_role_that_the_map_gives_no_more_is_gone_at_once_from_tokens_and_keys() {
    let (there, caller, psk) = with_key().await;
    let patch = async |body: &Value| {
        let answer = there.admin.patch(&path(&there.issuer), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    patch(&json!({"label": "Nothing to do with roles"})).await;
    assert_eq!(whoami(&caller).await.json()["roles"], json!(["nx1_ask", "nx1_engineer"]));
    // Others are to build from now on; who asks stays.
    patch(&map("architects")).await;
    assert_eq!(whoami(&caller).await.json()["roles"], json!(["nx1_ask"]));
    assert!(may(&there, &psk, "nx1_ask").await && !may(&there, &psk, "nx1_engineer").await);
    let event = newest(&there.admin, "person.update").await;
    assert_eq!(event["before"]["mappedRoles"], json!(["nx1_ask", "nx1_engineer"]));
    assert_eq!(event["after"]["mappedRoles"], json!(["nx1_ask"]));
    // What stood in another claim is not what stands in this one.
    patch(&json!({"rolesClaim": "groups"})).await;
    assert_eq!(whoami(&caller).await.json()["roles"], json!([]));
    assert!(!may(&there, &psk, "nx1_ask").await);
}

#[tokio::test]
async fn a_personal_key_does_not_outlive_the_word_of_an_issuer_that_ended() {
    for delete in [false, true] {
        let (mut there, caller, psk) = with_key().await;
        let id = person(&there.admin, &caller).await["id"].as_str().unwrap().to_owned();
        let given = json!({"roles": ["nx1_monitor"]});
        assert_eq!(there.admin.patch(&format!("/v1/persons/{id}"), &given).await.status, 200);
        let to = path(&there.issuer);
        let ended = match delete {
            true => there.admin.delete(&to).await,
            false => there.admin.patch(&to, &json!({"enabled": false})).await,
        };
        assert!(ended.status.is_success(), "{}", ended.text());
        assert!(!may(&there, &psk, "nx1_ask").await && !may(&there, &psk, "nx1_engineer").await);
        assert!(may(&there, &psk, "nx1_monitor").await, "what was given here stays");
        // Believed again, it says anew what they are.
        match delete {
            true => {
                let mut again = company();
                again["roleMap"] = map("builders")["roleMap"].clone();
                made(&there.admin, &again).await;
            }
            false => {
                let on = there.admin.patch(&to, &json!({"enabled": true})).await;
                assert_eq!(on.status, 200);
            }
        }
        assert!(!may(&there, &psk, "nx1_ask").await);
        there.browser = Browser::new(there.world.anonymous());
        there.go().await;
        there.signed_in("frieda", &["staff"]).await;
        assert!(may(&there, &psk, "nx1_ask").await && !may(&there, &psk, "nx1_engineer").await);
    }
}

#[tokio::test]
async fn a_role_that_an_issuer_gives_is_not_deleted_and_made_anew_as_something_else() {
    let mut there = There::start().await;
    let role = json!({"name": "auditor", "rights": ["Audit.canRead"]});
    assert_eq!(there.admin.post("/v1/roles", &role).await.status, 201);
    let map = json!({"roleMap": [{"value": "staff", "role": "auditor"}]});
    assert_eq!(there.admin.patch(&path(&there.issuer), &map).await.status, 200);
    let refused = there.admin.delete("/v1/roles/auditor").await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("the issuer `sso` gives this role"), "{}", refused.text());
    let (caller, _) = there.signed_in("frieda", &["staff"]).await;
    assert_eq!(there.admin.delete("/v1/roles/auditor").await.status, 409);
    let nothing = json!({"roleMap": []});
    assert_eq!(there.admin.patch(&path(&there.issuer), &nothing).await.status, 200);
    assert_eq!(there.admin.delete("/v1/roles/auditor").await.status, 204);
    assert_eq!(there.admin.post("/v1/roles", &role).await.status, 201);
    assert_eq!(whoami(&caller).await.json()["roles"], json!([]));
}

#[tokio::test]
async fn nobody_signs_in_by_an_issuer_that_ended_while_they_were_there() {
    for body in [Some(json!({"enabled": false})), None] {
        let provider = Provider::new();
        let ends: Arc<Mutex<Option<(Caller, String)>>> = Arc::default();
        let (outbound, end) = (provider.outbound(), Arc::clone(&ends));
        let change = body.clone();
        let calls = Outbound::new(move |call| {
            let is_exchange = call.url.ends_with("/token");
            let (answer, change) = (outbound.call(call), change.clone());
            let end = if is_exchange {
                end.lock().unwrap_or_else(PoisonError::into_inner).take()
            } else {
                None
            };
            Box::pin(async move {
                if let Some((admin, path)) = end {
                    let ended = match change {
                        Some(change) => admin.patch(&path, &change).await,
                        None => admin.delete(&path).await,
                    };
                    assert!(ended.status.is_success(), "{}", ended.text());
                }
                answer.await
            })
        });
        let world = World::start_with(|_, config| config.outgoing.calls = Some(calls)).await;
        let admin = world.person(r"t100\nexus").await;
        let issuer = made(&admin, &company()).await;
        let mut there = There::before(provider, world, admin, issuer).await;
        // Somebody who was here before, and somebody new.
        there.signed_in("frieda", &["staff"]).await;
        for sub in ["frieda", "gerd"] {
            there.browser = Browser::new(there.world.anonymous());
            there.go().await;
            there.gives(&there.id_claims(sub, &["staff"]));
            let admin = there.world.person(r"t100\nexus").await;
            *ends.lock().unwrap() = Some((admin, path(&there.issuer)));
            assert_eq!(there.refused(&[]).await, 400, "{sub}");
            let page = there.browser.open(&request(&[("prompt", "none")])).await;
            assert!(page.header("location").contains("login_required"), "{}", page.text());
            match &body {
                Some(_) => {
                    let on = json!({"enabled": true});
                    assert_eq!(there.admin.patch(&path(&there.issuer), &on).await.status, 200);
                }
                None => there.issuer = made(&there.admin, &company()).await,
            }
        }
    }
}

#[tokio::test]
async fn a_sign_in_that_has_to_be_anew_is_so_at_the_issuer_too() {
    let there = There::start().await;
    assert!(!there.asked.contains_key("prompt"));
    for fresh in [("prompt", "login"), ("prompt", "consent select_account"), ("max_age", "60")] {
        let mut browser = Browser::new(there.world.anonymous());
        let page = browser.open(&request(&[fresh])).await;
        let to = browser.get(&link(&page).expect("a link to the issuer")).await;
        let asked = it::browser::carried(&to);
        assert_eq!(asked.get("prompt").map(String::as_str), Some("login"), "{fresh:?}");
    }
}

#[tokio::test]
async fn codes_that_the_issuer_does_not_know_count_for_who_brings_them() {
    let provider = Provider::new();
    let calls = provider.outbound();
    let world = World::start_with(|settings, config| {
        settings.failed_credentials = Limit::new(3, 60).ok();
        config.outgoing.calls = Some(calls);
    })
    .await;
    let admin = world.person(r"t100\nexus").await;
    let issuer = made(&admin, &company()).await;
    let mut there = There::before(provider, world, admin, issuer).await;
    there.provider.gives(json!({"status": 400, "error": "invalid_grant"}));
    for _ in 0..3 {
        assert_eq!(there.refused(&[]).await, 400);
    }
    let _ = there.provider.calls();
    assert_eq!(there.refused(&[]).await, 429);
    assert!(there.provider.calls().is_empty(), "the issuer is not asked in our name");
    later(&there.world, 61);
    there.gives(&there.id_claims("frieda", &[]));
    assert_eq!(there.back(&[]).await.status, 303);
}

#[tokio::test]
async fn an_issuer_of_one_tenant_signs_nobody_in_to_the_realm_of_another() {
    let mut there = There::start().await;
    let bob = there.world.person(r"t200\bob").await;
    make_client(&bob, json!({"clientId": "theirs"})).await;
    let mut body = company();
    body["audiences"] = json!(["of-bob"]);
    made(&bob, &body).await;
    there.gives(&there.id_claims("frieda", &["bosses"]));
    // The same answer, brought to the realm next door: the cookie and the state are not of its issuer.
    let theirs = there.browser.cookies.clone();
    for (name, value) in theirs.iter().filter(|(name, _)| name.ends_with("-broker")) {
        let tenant = it::world::OTHER_TENANT.replace('-', "");
        assert!(name.starts_with("keyward-realm-"));
        there.browser.cookies.insert(format!("keyward-realm-{tenant}-broker"), value.clone());
    }
    let query = encoded(&[
        ("code", "a code"),
        ("state", &there.asked["state"]),
        ("iss", it::provider::ISS),
    ]);
    let next = there.browser.get(&format!("/realms/companyb/broker/sso/endpoint?{query}")).await;
    assert_eq!(next.status, 400, "{}", next.text());
    // Nor does a ticket of one realm lead to the issuer of another.
    let mut browser = Browser::new(there.world.anonymous());
    let page = browser.open(&request(&[])).await;
    let to = link(&page).unwrap().replace("companya", "companyb");
    assert_eq!(browser.get(&to).await.status, 400);
    // One who is somebody here is another person there, with nothing.
    let there_page = request(&[("client_id", "theirs")]).replace("companya", "companyb");
    let page = browser.open(&there_page).await;
    assert!(page.text().contains("Company sign-in"), "{}", page.text());
    assert!(!REALM.contains("companyb"));
}
