//! Keys of every type, where no wire serves them yet: through the use cases.

mod chosen_secrets;
mod types;

use domain::{
    allow_list::AllowList,
    id::{Scope, TenantId},
    permission::Permission,
    secret::Secret,
};
use it::{World, world};
use service::{
    Caller, Context,
    keys::{CreateKey, Created},
};

/// Somebody as the use cases see them.
async fn acting(world: &World, username: &str) -> Caller {
    let signed_in = world.person(username).await;
    let context = Context { request_id: "test".to_owned(), address: None };
    let token = signed_in.token.as_deref().expect("a token");
    world.service.authenticate(token, context).await.expect("a caller")
}

fn other_tenant() -> Scope {
    Scope::Tenant(TenantId::parse(world::OTHER_TENANT).expect("an id"))
}

fn wanted(key_type: &str, permissions: &[&str]) -> CreateKey {
    CreateKey {
        key_type: key_type.to_owned(),
        scope: world::tenant(),
        name: "a key".to_owned(),
        description: None,
        permissions: permissions
            .iter()
            .map(|p| Permission::parse(p).expect("a permission"))
            .collect(),
        enabled: true,
        starts_at: None,
        expires_at: None,
        rotation: None,
        revoked_at: None,
        limit: None,
        allow_list: AllowList::default(),
        owner: None,
        secret: None,
    }
}

/// A Callback key with a secret of the caller's choosing.
fn chosen(secret: &str) -> CreateKey {
    CreateKey { secret: Some(Secret::new(secret.to_owned())), ..wanted("ges", &[]) }
}

async fn code(world: &World, caller: &Caller, key: CreateKey) -> &'static str {
    match world.service.create_key(caller, key).await {
        Ok(Created { .. }) => "created",
        Err(error) => error.code(),
    }
}
