//! `/auth/v3`: tokens and their owners, and the clients that ask for them.

mod change_password;
mod grants;
mod ops_clients;
mod refresh;
mod refusals;
mod sign_in;
mod sign_out;
mod token;
mod user_info;

use it::{Answer, Caller, World};
use serde_json::Value;
use service::audit::ListAudit;

/// The texts of every event of this action, oldest first.
pub(crate) async fn audited(world: &World, action: &str) -> Vec<Value> {
    let context = service::Context { request_id: "test".to_owned(), address: None };
    let token = world.person("ops").await.token.unwrap();
    let ops = world.service.authenticate(&token, context).await.unwrap();
    let list =
        ListAudit { action: Some(action.to_owned()), limit: Some(200), ..ListAudit::default() };
    let page = world.service.list_audit(&ops, list).await.unwrap();
    page.events.iter().rev().map(|e| serde_json::from_str(&e.text).unwrap()).collect()
}

/// Moves the clock. Memory counts as fresh then: a jump of hours is not a feed that stood still.
pub(crate) fn later(world: &World, ms: u32) {
    world.clock.advance_millis(ms);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}

/// Status, `error` and `error_description`.
pub(crate) fn refusal(answer: &Answer) -> String {
    let json = answer.json();
    let text = |name: &str| json[name].as_str().unwrap_or("-").to_owned();
    format!("{} {}: {}", answer.status.as_u16(), text("error"), text("error_description"))
}

/// Whether a token lets its holder in.
pub(crate) async fn lives(world: &World, token: &str) -> bool {
    world.anonymous().bearer(token).get("/auth/v3/userinfo").await.status == 200
}

/// Exchanges a refresh token by `nexus_client`.
pub(crate) async fn refreshed(caller: &Caller, refresh: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    caller.post_form("/auth/v3/oauth/token", &form).await
}

/// A text member of an answer.
pub(crate) fn member(answer: &Answer, name: &str) -> String {
    answer.json()[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {}", answer.text()))
        .to_owned()
}
