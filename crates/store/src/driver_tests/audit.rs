use super::{insert, sql};
use crate::{
    Error,
    audit::{self, ChainHead, Problem, Report, SignedHead},
    table_tests::world::{NOW, World, event, key, person, scope, tenant},
};
use domain::{audit::AuditEvent, id::Scope};

const KEY: [u8; 32] = [7; 32];

/// Two chains of 13 events, each event the last word on a thing of its own or on none.
pub(super) async fn filled() -> World {
    let world = World::new().await;
    world
        .store
        .write::<_, Error>(|tx| {
            crate::tenants::insert(tx, &tenant(1))?;
            let made = told("tenant.create", scope(1), ("tenant", tenant(1).id.to_string()));
            tx.commit(made.after(tenant(1).facts()), ())
        })
        .await
        .unwrap();
    for n in 1..=12_u128 {
        let of = if n % 2 == 0 { scope(1) } else { Scope::Cluster };
        world
            .store
            .write::<_, Error>(move |tx| {
                let key = key(n, of);
                insert(tx, &key)?;
                let made = told("key.create", of, ("key", key.id.to_string()));
                let seen = told("key.reveal", of, ("key", key.id.to_string()));
                tx.commit_all(vec![made.after(key.facts()), seen], ())
            })
            .await
            .unwrap();
    }
    world
}

pub(super) fn told(
    action: &'static str,
    scope: Scope,
    subject: (&'static str, String),
) -> AuditEvent {
    AuditEvent { action, scope, subject, ..event() }
}

async fn check(world: &World) -> Report {
    world.read(|r| audit::verify(r, &KEY)).await
}

/// What is found in the chain of tenant 1, or of no chain.
async fn found(world: &World) -> Vec<(Option<i64>, Problem)> {
    let report = check(world).await;
    report.findings.into_iter().map(|f| (f.position, f.problem)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_log_has_nothing_to_find() {
    let world = filled().await;
    let report = check(&world).await;
    assert_eq!(report, Report { events: 25, chains: 2, rows: 13, findings: Vec::new() });
    // Another key fits no link.
    let report = world.read(|r| audit::verify(r, &[8; 32])).await;
    assert_eq!(report.findings.len(), 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn au_02_one_chain_is_held_against_itself_whatever_became_of_the_others() {
    let world = filled().await;
    let of = async |scope: Scope| {
        let report = world.read(move |r| audit::verify_chain(r, &KEY, scope)).await.report;
        let found: Vec<(Option<i64>, Problem)> =
            report.findings.into_iter().map(|f| (f.position, f.problem)).collect();
        (report.events, found)
    };
    let t = scope(1);
    assert_eq!((of(t).await, of(Scope::Cluster).await), ((13, vec![]), (12, vec![])));
    assert_eq!(of(scope(2)).await, (0, vec![]), "nothing was written");
    sql(&world, format!("DELETE FROM audit_events WHERE scope = '{t}' AND position = 3")).await;
    assert_eq!(of(t).await, (12, vec![(Some(4), Problem::Missing)]));
    assert_eq!(of(Scope::Cluster).await, (12, vec![]));
    let end = "DELETE FROM audit_events WHERE scope = '*' AND position > 11";
    sql(&world, end.to_owned()).await;
    assert_eq!(of(Scope::Cluster).await, (11, vec![(Some(11), Problem::Head)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn au_02_every_kind_of_tampering_with_events_is_found() {
    let t = scope(1).to_string();
    let at = |n| format!("scope = '{t}' AND position = {n}");
    for (tampering, expected) in [
        // An edited text.
        (
            format!(
                "UPDATE audit_events SET event = replace(event, 'request', 'another') WHERE {}",
                at(5)
            ),
            vec![(Some(5), Problem::BrokenLink)],
        ),
        // An edited link.
        (
            format!(
                "UPDATE audit_events SET link = (SELECT link FROM audit_heads WHERE scope = '*') WHERE {}",
                at(5)
            ),
            vec![(Some(5), Problem::BrokenLink), (Some(6), Problem::BrokenLink)],
        ),
        // Edited columns.
        (
            format!(
                "UPDATE audit_events SET action = 'x', subject_id = 'y', at = 1 WHERE {}",
                at(2)
            ),
            vec![
                (Some(2), Problem::Column("at")),
                (Some(2), Problem::Column("action")),
                (Some(2), Problem::Column("subject_id")),
            ],
        ),
        (
            format!("UPDATE audit_events SET actor = 'x', subject_kind = 'y' WHERE {}", at(2)),
            vec![(Some(2), Problem::Column("actor")), (Some(2), Problem::Column("subject_kind"))],
        ),
        // One removed.
        (format!("DELETE FROM audit_events WHERE {}", at(3)), vec![(Some(4), Problem::Missing)]),
        // Two that changed places.
        (
            format!(
                "UPDATE audit_events SET position = 1000 WHERE {};
                 UPDATE audit_events SET position = 3 WHERE {};
                 UPDATE audit_events SET position = 5 WHERE scope = '{t}' AND position = 1000",
                at(3),
                at(5)
            ),
            [3, 4, 5, 6].map(|n| (Some(n), Problem::BrokenLink)).to_vec(),
        ),
        // The end cut off.
        (
            format!("DELETE FROM audit_events WHERE scope = '{t}' AND position > 11"),
            vec![(Some(11), Problem::Head)],
        ),
        // The whole chain, its head kept.
        ("DELETE FROM audit_events WHERE scope = '*'".to_owned(), vec![(Some(0), Problem::Head)]),
        // A head that was moved.
        (
            "UPDATE audit_heads SET position = 9 WHERE scope = '*'".to_owned(),
            vec![(Some(12), Problem::Head)],
        ),
    ] {
        let world = filled().await;
        sql(&world, tampering.clone()).await;
        let mut found = found(&world).await;
        // What the gone events said of things is missed there too; that is another test's.
        found.retain(|(_, p)| !matches!(p, Problem::RowWithoutEvent(_) | Problem::Row(_)));
        assert_eq!(found, expected, "{tampering}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_cut_off_together_with_its_head_is_found_by_the_signed_head() {
    let world = filled().await;
    let heads = world.read(audit::heads).await;
    let signed: Vec<SignedHead> =
        heads.iter().map(|head| SignedHead { head: *head, at: NOW, signature: vec![1] }).collect();
    let theirs = signed.clone();
    world.record(move |b| audit::sign_heads(b, &theirs)).await.unwrap();
    assert_eq!(world.read(|r| audit::signed_heads(r, None)).await.len(), 2);
    let own = world.read(|r| audit::signed_heads(r, Some(scope(1)))).await;
    assert_eq!(
        own.iter().map(|s| s.head).collect::<Vec<ChainHead>>(),
        [signed.iter().find(|s| s.head.scope == scope(1)).unwrap().head]
    );
    assert!(found(&world).await.is_empty());
    // The reveal at the end goes, and the head is made to fit.
    sql(
        &world,
        format!(
            "DELETE FROM audit_events WHERE scope = '{0}' AND position = 13;
             UPDATE audit_heads SET position = 12, link = (SELECT link FROM audit_events
                 WHERE scope = '{0}' AND position = 12) WHERE scope = '{0}'",
            scope(1)
        ),
    )
    .await;
    assert_eq!(found(&world).await, [(Some(13), Problem::SignedHead)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thing_that_was_changed_by_sql_is_found() {
    let id = key(2, scope(1)).id.to_string();
    let of_key = |problem: fn(String) -> Problem| problem(format!("key {id}"));
    for (tampering, expected) in [
        (
            "UPDATE keys SET name = 'mine' WHERE name = 'key 2'",
            vec![(Some(2), of_key(Problem::Row))],
        ),
        (
            "UPDATE keys SET revoked_at = NULL, version = 7 WHERE name = 'key 2'",
            vec![(Some(2), of_key(Problem::Row))],
        ),
        ("DELETE FROM keys WHERE name = 'key 2'", vec![(Some(2), of_key(Problem::RowGone))]),
    ] {
        let world = filled().await;
        sql(&world, tampering).await;
        assert_eq!(found(&world).await, expected, "{tampering}");
    }
    // Made without an event, which only SQL and a test can do.
    let world = filled().await;
    world
        .write(|tx| {
            let phc = crate::persons::PasswordRecord::new("$argon2id$".to_owned());
            crate::persons::insert(tx, &person(77, scope(1), "eve"), &phc)
        })
        .await
        .unwrap();
    let made = format!("person {}", person(77, scope(1), "eve").id);
    assert_eq!(found(&world).await, [(None, Problem::RowWithoutEvent(made))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_things_are_not_missed() {
    let world = filled().await;
    world
        .store
        .write::<_, Error>(|tx| {
            let gone = key(1, Scope::Cluster);
            crate::keys::delete(tx, &gone, NOW)?;
            let event = told("key.delete", Scope::Cluster, ("key", gone.id.to_string()));
            tx.commit(event.before(gone.facts()), ())
        })
        .await
        .unwrap();
    assert!(found(&world).await.is_empty());
    world
        .store
        .write::<_, Error>(|tx| {
            crate::tenants::delete(tx, tenant(1).id, NOW)?;
            let event = told("tenant.delete", scope(1), ("tenant", tenant(1).id.to_string()));
            tx.commit(event, ())
        })
        .await
        .unwrap();
    assert!(found(&world).await.is_empty());
}
