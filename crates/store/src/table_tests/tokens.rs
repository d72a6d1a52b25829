//! Tokens: one winner, families, pruning.

use super::world::{NOW, World, conflict, digest};
use crate::tokens::{self, State};
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, PersonId},
    time::Timestamp,
    token::{Token, TokenKind},
};
use std::sync::Arc;
use uuid::Uuid;

fn token(n: u128, kind: TokenKind, family: u128) -> Token {
    Token {
        digest: digest(n),
        kind,
        family: FamilyId(Uuid::from_u128(family)),
        principal: PrincipalId::Person(PersonId(Uuid::from_u128(1))),
        client: ClientId(Uuid::from_u128(2)),
        scope: "*".to_owned(),
        issued_at: NOW,
        expires_at: NOW.plus_seconds(600),
    }
}

fn access(n: u128, family: u128) -> Token {
    token(n, TokenKind::Access, family)
}

fn refresh(n: u128, family: u128) -> Token {
    token(n, TokenKind::Refresh, family)
}

async fn insert(world: &World, access: Token, refresh: Option<Token>) -> Result<(), crate::Error> {
    world.record(move |b| tokens::insert_pair(b, &access, refresh.as_ref())).await
}

async fn state(world: &World, n: u128) -> Option<State> {
    world.read(move |r| tokens::find_any(r, &digest(n))).await.map(|(_, state)| state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_reads_back_and_the_access_token_is_in_memory() {
    let world = World::new().await;
    insert(&world, access(1, 10), Some(refresh(2, 10))).await.unwrap();
    let found = world.read(|r| tokens::find_any(r, &digest(1))).await;
    assert_eq!(found, Some((access(1, 10), State::Live)));
    let found = world.read(|r| tokens::find_refresh(r, &digest(2))).await;
    assert_eq!(found, Some((refresh(2, 10), State::Live)));
    assert_eq!(world.read(|r| tokens::find_refresh(r, &digest(1))).await, None, "an access token");
    assert!(world.verifier.token_known(&digest(1)));
    assert!(!world.verifier.token_known(&digest(2)), "a refresh token opens nothing");
    conflict(insert(&world, access(1, 11), None).await, "token");
    assert!(world.verifier.token_known(&digest(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_03_of_eight_uses_of_one_refresh_token_one_wins() {
    let world = Arc::new(World::new().await);
    for round in 0..20_u128 {
        let family = 100 + round;
        insert(&world, access(10_000 + family, family), Some(refresh(family, family)))
            .await
            .unwrap();
        let uses: Vec<_> = (0..8_u128)
            .map(|n| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    let next = 100_000 + round * 8 + n;
                    world
                        .record(move |b| {
                            let won = tokens::use_refresh(b, &digest(family), NOW)?;
                            if won {
                                let pair = (access(next, family), refresh(next + 50_000, family));
                                tokens::insert_pair(b, &pair.0, Some(&pair.1))?;
                            }
                            Ok(won)
                        })
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut winners = 0;
        for one in uses {
            winners += u32::from(one.await.unwrap());
        }
        assert_eq!(winners, 1, "round {round}");
        let used = State::Used { at: NOW, client: ClientId(Uuid::from_u128(2)) };
        assert_eq!(state(&world, family).await, Some(used));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_revoked_as_a_whole_and_stays_so() {
    let world = World::new().await;
    insert(&world, access(1, 10), Some(refresh(2, 10))).await.unwrap();
    insert(&world, access(3, 11), Some(refresh(4, 11))).await.unwrap();
    let family = FamilyId(Uuid::from_u128(10));
    assert!(world.record(move |b| tokens::revoke_family(b, family, NOW)).await.unwrap());
    assert_eq!(state(&world, 1).await, Some(State::Revoked));
    assert_eq!(state(&world, 2).await, Some(State::Revoked));
    assert_eq!(state(&world, 3).await, Some(State::Live));
    assert!(!world.verifier.token_known(&digest(1)));
    assert!(world.verifier.token_known(&digest(3)));
    assert!(!world.record(|b| tokens::use_refresh(b, &digest(2), NOW)).await.unwrap());
    conflict(insert(&world, access(5, 10), Some(refresh(6, 10))).await, "family");
    conflict(insert(&world, access(5, 10), None).await, "family");
    assert_eq!(state(&world, 5).await, None);
    // In an audited write it is the same function.
    let other = FamilyId(Uuid::from_u128(11));
    assert!(world.write(move |tx| tokens::revoke_family(tx, other, NOW)).await.unwrap());
    assert!(!world.write(move |tx| tokens::revoke_family(tx, other, NOW)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_races_with_refreshes_leaves_nothing_alive() {
    let world = Arc::new(World::new().await);
    for round in 0..10_u128 {
        let family = 500 + round;
        insert(&world, access(9_000 + family, family), Some(refresh(family, family)))
            .await
            .unwrap();
        let (one, two) = (Arc::clone(&world), Arc::clone(&world));
        let using = tokio::spawn(async move {
            one.record(move |b| {
                if tokens::use_refresh(b, &digest(family), NOW)? {
                    let pair = (access(20_000 + family, family), refresh(30_000 + family, family));
                    tokens::insert_pair(b, &pair.0, Some(&pair.1))?;
                }
                Ok(())
            })
            .await
        });
        let revoking = tokio::spawn(async move {
            two.record(move |b| tokens::revoke_family(b, FamilyId(Uuid::from_u128(family)), NOW))
                .await
        });
        using.await.unwrap().unwrap();
        revoking.await.unwrap().unwrap();
        for n in [family, 9_000 + family, 20_000 + family, 30_000 + family] {
            assert!(matches!(state(&world, n).await, None | Some(State::Revoked)), "token {n}");
            assert!(!world.verifier.token_known(&digest(n)), "token {n}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_access_token_or_all_of_a_principal_can_be_revoked() {
    let world = World::new().await;
    insert(&world, access(1, 10), Some(refresh(2, 10))).await.unwrap();
    assert!(world.record(|b| tokens::revoke_access(b, &digest(1), NOW)).await.unwrap());
    assert!(!world.record(|b| tokens::revoke_access(b, &digest(1), NOW)).await.unwrap());
    assert!(!world.verifier.token_known(&digest(1)));
    assert_eq!(state(&world, 2).await, Some(State::Live), "its refresh token is another matter");

    let mut of_client = access(3, 12);
    of_client.principal = PrincipalId::Client(ClientId(Uuid::from_u128(2)));
    insert(&world, of_client.clone(), None).await.unwrap();
    let principal = access(1, 10).principal;
    let ended =
        world.record(move |b| tokens::revoke_by_principal(b, principal, NOW)).await.unwrap();
    assert_eq!(ended, 1);
    assert_eq!(state(&world, 2).await, Some(State::Revoked));
    assert_eq!(state(&world, 3).await, Some(State::Live));
    conflict(insert(&world, access(4, 10), Some(refresh(5, 10))).await, "family");
    let found = world.read(|r| tokens::find_any(r, &digest(3))).await;
    assert_eq!(found, Some((of_client, State::Live)));
    let live = world.read(|r| tokens::live_access(r, NOW, None, 10)).await;
    assert_eq!(live.iter().map(|t| t.digest).collect::<Vec<_>>(), [digest(3)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_pruned() {
    let world = World::new().await;
    insert(&world, access(1, 10), Some(refresh(2, 10))).await.unwrap();
    let mut long = refresh(4, 11);
    long.expires_at = NOW.plus_seconds(6_000);
    insert(&world, access(3, 11), Some(long)).await.unwrap();
    let prune = |at: Timestamp| world.record(move |b| tokens::prune(b, at));
    assert_eq!(prune(NOW).await.unwrap(), 0);
    // Three tokens, and the family of two of them.
    assert_eq!(prune(NOW.plus_seconds(601)).await.unwrap(), 4);
    assert_eq!(state(&world, 1).await, None);
    assert_eq!(state(&world, 4).await, Some(State::Live));
    assert!(world.record(|b| tokens::use_refresh(b, &digest(4), NOW)).await.unwrap());
}
