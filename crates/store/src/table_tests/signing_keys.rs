//! Signing keys: how long one of them is wanted.

use super::{
    clients::client,
    world::{NOW, World, digest, scope, tenant},
};
use crate::{clients, signing_keys, tenants, tokens};
use domain::{
    actor::PrincipalId,
    client::Client,
    id::{FamilyId, TenantId},
    token::{Token, TokenKind},
};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn jw_06_the_last_token_of_a_realm_is_found_and_no_others() {
    let world = World::new().await;
    for n in [1, 2] {
        world.write(move |tx| tenants::insert(tx, &tenant(n))).await.unwrap();
        let made = Client {
            scope: scope(n),
            contact_centers: Vec::new(),
            ..client(n, &format!("app{n}"))
        };
        world.write(move |tx| clients::insert(tx, &made, None)).await.unwrap();
    }
    let ends = |n: u128| {
        world
            .read(move |r| signing_keys::last_token_ends(r, TenantId(Uuid::from_u128(n))).map(Some))
    };
    assert_eq!(ends(1).await, Some(None));
    for (n, seconds) in [(1, 600), (1, 60), (2, 6_000)] {
        let id = client(n, "").id;
        let token = Token {
            digest: digest(n * 10_000 + seconds),
            kind: TokenKind::Access,
            family: FamilyId(Uuid::from_u128(seconds)),
            principal: PrincipalId::Client(id),
            client: id,
            scope: "openid".to_owned(),
            issued_at: NOW,
            expires_at: NOW.plus_seconds(i64::try_from(seconds).unwrap()),
        };
        world.record(move |b| tokens::insert_pair(b, &token, None)).await.unwrap();
    }
    assert_eq!(ends(1).await, Some(Some(NOW.plus_seconds(600))));
    assert_eq!(ends(2).await, Some(Some(NOW.plus_seconds(6_000))));
}
