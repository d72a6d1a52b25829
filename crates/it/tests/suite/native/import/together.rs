//! Secrets that are brought more than once: by two imports, or by one in several transactions.

use super::{api_item, imported, send, told};
use crate::native::verdict;
use it::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_imports_of_one_secret_at_the_same_time_make_one_key() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for round in 0..10 {
        // The same key, a key of another name, and one beside them that nobody else wants.
        let same = |n: u32| api_item("same", &format!("the-same-secret-{round}-{n}"));
        let files = ["one", "two"].map(|name| {
            let mut items: Vec<Value> = (0..40).map(same).collect();
            items.extend(
                (0..40).map(|n| api_item(name, &format!("a-secret-of-two-names-{round}-{n}"))),
            );
            items.push(api_item(name, &format!("a-secret-of-one-alone-{round}-{name}")));
            items
        });
        let (one, two) = tokio::join!(imported(&ops, &files[0]), imported(&ops, &files[1]));
        for (place, pair) in one.iter().zip(&two).enumerate() {
            let mut pair = [&pair.0["status"], &pair.1["status"]].map(|s| s.as_str().unwrap());
            pair.sort_unstable();
            let wanted = match place {
                0..40 => ["created", "exists"],
                40..80 => ["created", "refused"],
                _ => ["created", "created"],
            };
            assert_eq!(pair, wanted, "{round} {place}");
            if place < 40 {
                assert_eq!(one[place]["id"], two[place]["id"]);
            }
        }
        assert_eq!(verdict(&ops, &format!("the-same-secret-{round}-7")).await, "VALID");
    }
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert!(check.findings.is_empty(), "{:?}", check.findings);
}

#[tokio::test]
async fn of_two_keys_with_one_secret_the_first_in_the_file_wins_however_far_apart_they_stand() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut items: Vec<Value> =
        (0..2_100).map(|n| api_item("k", &format!("the-secret-number-{n}"))).collect();
    items[1_500] = api_item("another", "the-secret-number-3");
    items[2_050] = items[3].clone();
    let rehearsed = told(&send(&ops, "?dryRun=true", &items).await).1;
    let (lines, summary) = told(&send(&ops, "", &items).await);
    assert_eq!(
        (&lines[3]["status"], &lines[1_500]["status"]),
        (&json!("created"), &json!("refused"))
    );
    assert_eq!((&lines[2_050]["status"], &lines[2_050]["id"]), (&json!("exists"), &lines[3]["id"]));
    assert_eq!(summary["created"], 2_098);
    assert_eq!((&rehearsed["wouldCreate"], &rehearsed["exists"]), (&json!(2_098), &json!(1)));
}
