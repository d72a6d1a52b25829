use super::audit::{filled, told};
use crate::{
    Error, audit,
    table_tests::world::{NOW, key, scope, tenant},
};

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_go_on_behind_a_position() {
    let world = filled().await;
    let found =
        |filter: audit::AuditFilter, limit| world.read(move |r| audit::list(r, &filter, limit));
    let list = async |filter, limit| found(filter, limit).await.events;
    let all = list(audit::AuditFilter::default(), 100).await;
    assert_eq!(all.len(), 25);
    let page = found(audit::AuditFilter { after: Some(all[9].seq), ..Default::default() }, 5).await;
    assert_eq!((page.events.as_slice(), page.next), (&all[10..15], Some(all[14].seq)));
    // Of one chain the place counts, with the events of one thing as well.
    let chain = audit::AuditFilter { scope: Some(scope(1)), ..Default::default() };
    let page = found(audit::AuditFilter { after: Some(8), ..chain.clone() }, 7).await;
    let places: Vec<i64> = page.events.iter().map(|e| e.position).collect();
    assert_eq!((places, page.next), (vec![7, 6, 5, 4, 3, 2, 1], None));
    let of_tenant = audit::AuditFilter {
        subject_kind: Some("tenant".to_owned()),
        subject_id: Some(tenant(1).id.to_string()),
        ..chain
    };
    let before = audit::AuditFilter { after: Some(2), ..of_tenant.clone() };
    assert_eq!(list(before, 100).await.len(), 1);
    assert!(list(audit::AuditFilter { after: Some(1), ..of_tenant }, 100).await.is_empty());
    let of = audit::AuditFilter {
        scope: Some(scope(1)),
        action: Some("key.create".to_owned()),
        actor: Some("system".to_owned()),
        from: Some(NOW),
        to: Some(NOW.plus_millis(1)),
        ..Default::default()
    };
    let some = list(of.clone(), 100).await;
    assert_eq!(some.len(), 6);
    assert!(some.iter().all(|e| e.scope == scope(1) && e.text.contains("\"key.create\"")));
    assert!(list(audit::AuditFilter { to: Some(NOW), ..of }, 100).await.is_empty());
    let id = key(4, scope(1)).id.to_string();
    let of_key = audit::AuditFilter {
        subject_kind: Some("key".to_owned()),
        subject_id: Some(id),
        ..Default::default()
    };
    assert_eq!(list(of_key, 100).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_looked_for_in_so_many_events_a_page_and_its_letters_are_those_of_every_script() {
    let world = filled().await;
    let write = |name: &'static str| {
        world.store.write::<_, Error>(move |tx| {
            let mut event = told("key.reveal", scope(1), ("key", "key_x".to_owned()));
            event.origin.actor.name = name.to_owned();
            tx.commit(event, ())
        })
    };
    write("amélie.o’brien").await.unwrap();
    for _ in 0..5 {
        write("another").await.unwrap();
    }
    let filter = |name: &str, after| audit::AuditFilter {
        scope: Some(scope(1)),
        actor_name: Some(name.to_owned()),
        after,
        ..Default::default()
    };
    let page = |name: &'static str, after| {
        let filter = filter(name, after);
        world.read(move |r| audit::list_in(r, &filter, 10, (2, 2)))
    };
    // The newest four are another's; the next four begin with it.
    let first = page("AMÉLIE.O’Brien", None).await;
    assert_eq!((first.events.len(), first.next), (0, Some(16)));
    let second = page("AMÉLIE.O’Brien", first.next).await;
    let places: Vec<i64> = second.events.iter().map(|e| e.position).collect();
    assert_eq!((places, second.next), (vec![14], Some(12)));
    let part = page("amélie", first.next).await;
    assert!(part.events.is_empty());
    // The end is the end, and a full page ends at its last event.
    assert_eq!(page("another", Some(3)).await.next, None);
    let filter = filter("Another", None);
    let full = world.read(move |r| audit::list_in(r, &filter, 2, (2, 16))).await;
    let places: Vec<i64> = full.events.iter().map(|e| e.position).collect();
    assert_eq!((places, full.next), (vec![19, 18], Some(18)));
}
