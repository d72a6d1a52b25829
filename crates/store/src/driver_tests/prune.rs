use super::{count, insert, sql};
use crate::{
    Error,
    audit::{self, ChainHead, Cut, SignedHead},
    table_tests::world::{NOW, World, event, key, tenant},
};
use domain::{
    audit::{AuditEvent, Fact},
    id::Scope,
};

const KEY: [u8; 32] = [7; 32];

fn about(action: &'static str, subject: (&'static str, String)) -> AuditEvent {
    AuditEvent { action, scope: Scope::Cluster, subject, ..event() }
}

/// One chain of 1201 events: 1100 keys, 100 changes of the first of them, a signed head, one more.
async fn filled() -> (World, ChainHead) {
    let world = World::new().await;
    world
        .store
        .write::<_, Error>(|tx| {
            let mut events = Vec::new();
            for n in 1..=1_100_u128 {
                let key = key(n, Scope::Cluster);
                insert(tx, &key)?;
                events.push(about("key.create", ("key", key.id.to_string())).after(key.facts()));
            }
            for n in 1..=100_u128 {
                let mut key = key(n, Scope::Cluster);
                key.version = 2;
                key.name = format!("renamed {n}");
                crate::keys::update(tx, &key, NOW)?;
                events.push(about("key.update", ("key", key.id.to_string())).after(key.facts()));
            }
            tx.commit_all(events, ())
        })
        .await
        .unwrap();
    let head = world.read(audit::heads).await[0];
    let signed = SignedHead { head, at: NOW, signature: vec![1] };
    world.record(move |b| audit::sign_heads(b, std::slice::from_ref(&signed))).await.unwrap();
    let last = about("tenant.update", ("tenant", tenant(1).id.to_string()));
    world.store.write::<_, Error>(move |tx| tx.commit(last.clone(), ())).await.unwrap();
    (world, head)
}

/// One cut, with its event as the job writes it.
async fn cut(world: &World, to: ChainHead) -> Option<Cut> {
    let cut = world.store.write::<_, Error>(move |tx| {
        let Some(cut) = audit::prune(tx, to)? else { return Err(Error::Conflict("nothing")) };
        audit::sign_heads(tx, &[SignedHead { head: cut.head, at: NOW, signature: vec![1] }])?;
        let event = about("audit.prune", ("audit", "*".to_owned())).detail(vec![
            ("position", Fact::Int(cut.head.position)),
            ("link", Fact::Text(crate::changes::hex(&cut.head.link))),
            ("things", Fact::List(cut.things.clone())),
        ]);
        tx.commit(event, cut)
    });
    cut.await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_chain_goes_piece_by_piece_and_is_whole_between_any_two() {
    let (world, head) = filled().await;
    let due = world.read(|r| audit::list_for_prune(r, NOW.plus_millis(1))).await;
    assert_eq!(due, [head]);
    assert!(world.read(|r| audit::list_for_prune(r, NOW)).await.is_empty(), "none is older");
    let mut pieces = Vec::new();
    while let Some(cut) = cut(&world, head).await {
        pieces.push((cut.events, cut.things.len()));
        let report = world.read(|r| audit::verify(r, &KEY)).await;
        assert_eq!((report.findings, report.rows), (Vec::new(), 1_100), "{pieces:?}");
    }
    // The first hundred keys have a later event, which is still there when their first one goes.
    assert_eq!(pieces, [(500, 400), (500, 500), (200, 200)]);
    assert_eq!(world.read(|r| count(r, "SELECT count(*) FROM audit_events")).await, 4);
    let of = world.read(|r| audit::last_cut(r, Scope::Cluster)).await;
    assert_eq!(of, Some(head));
    // Nothing but cuts would go: that is not worth one.
    assert!(world.read(|r| audit::list_for_prune(r, NOW.plus_millis(1))).await.is_empty());
    sql(&world, "UPDATE keys SET name = 'mine' WHERE name = 'key 1100'").await;
    sql(&world, "DELETE FROM keys WHERE name = 'renamed 7'").await;
    let report = world.read(|r| audit::verify(r, &KEY)).await;
    assert_eq!(report.findings.len(), 2, "{:?}", report.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_signed_head_or_another_one_vouches_for_is_not_cut() {
    let (world, head) = filled().await;
    let other = ChainHead { position: 400, link: [3; 32], ..head };
    assert!(cut(&world, other).await.is_none());
    sql(&world, "DELETE FROM audit_events WHERE position = 300").await;
    assert!(cut(&world, head).await.is_none());
    assert_eq!(world.read(|r| count(r, "SELECT count(*) FROM audit_events")).await, 1_200);
}
