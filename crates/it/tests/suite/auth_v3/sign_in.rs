//! Passwords presented: one answer for every failure, delays that nobody can turn against another.

use super::{audited, later, refusal};
use it::{
    Answer, Caller,
    world::{NO_TENANT, PASSWORD, World, tenant},
};

async fn sign_in(caller: &Caller, username: &str, password: &str) -> Answer {
    let form = [("grant_type", "password"), ("username", username), ("password", password)];
    caller.clone().basic("nexus_client", "").post_form("/auth/v3/oauth/token", &form).await
}

/// An answer without what differs from request to request.
fn bytes(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    format!("{} {headers:?} {}", answer.status, answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn en_01_known_and_unknown_names_get_the_same_answer() {
    let world = World::start().await;
    let names = [
        "t100\\nexus".to_owned(),
        "t100\\nobody".to_owned(),
        "nowhere\\nexus".to_owned(),
        format!("{NO_TENANT}\\nexus"),
        "ops".to_owned(),
        "nobody".to_owned(),
        "\\".to_owned(),
    ];
    let mut answers = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let caller = world.anonymous().from_address(&format!("192.0.2.{n}"));
        // The same for the first failure and for a locked account.
        for _ in 0..8 {
            answers.push(bytes(&sign_in(&caller, name, "wrong password").await));
        }
    }
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].contains("Bad credentials"), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_an_account_is_delayed_after_some_failures_and_for_15_minutes_at_most() {
    let world = World::start().await;
    let guesser = world.anonymous().from_address("192.0.2.1");
    for _ in 0..5 {
        sign_in(&guesser, "t100\\vera", "guess").await;
    }
    let locked = sign_in(&guesser, "t100\\vera", PASSWORD).await;
    assert_eq!(refusal(&locked), "400 invalid_grant: Bad credentials", "even the right one waits");
    for _ in 0..30 {
        later(&world, 900_000);
        sign_in(&guesser, "t100\\vera", "guess").await;
    }
    later(&world, 900_000);
    let right = sign_in(&world.anonymous().from_address("192.0.2.2"), "t100\\vera", PASSWORD).await;
    assert_eq!(right.status, 200, "{}", right.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pw_04_parallel_guesses_are_counted_one_by_one() {
    let world = World::start().await;
    let tries: Vec<_> = (0..30)
        .map(|n| {
            let caller = world.anonymous().from_address(&format!("198.51.100.{n}"));
            tokio::spawn(async move { sign_in(&caller, "t100\\vera", "guess").await })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap().status, 400);
    }
    let late =
        sign_in(&world.anonymous().from_address("203.0.113.9"), "t100\\vera", PASSWORD).await;
    assert_eq!(late.status, 400, "the account is delayed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn good_sign_ins_at_once_do_not_look_like_guesses() {
    let world = World::start().await;
    let office = world.anonymous().from_address("192.0.2.7");
    for _ in 0..2 {
        let tries: Vec<_> = (0..40)
            .map(|n| {
                let name = ["t100\\nexus", "t100\\vera", "t200\\bob", "ops"][n % 4];
                let caller = office.clone();
                tokio::spawn(async move { sign_in(&caller, name, PASSWORD).await })
            })
            .collect();
        for one in tries {
            let answer = one.await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_05_a_source_that_signed_in_before_is_not_locked_out_by_others() {
    let world = World::start().await;
    let home = world.anonymous().from_address("192.0.2.10");
    assert_eq!(sign_in(&home, "t100\\vera", PASSWORD).await.status, 200);
    for n in 0..20 {
        let elsewhere = world.anonymous().from_address(&format!("198.51.100.{n}"));
        sign_in(&elsewhere, "t100\\vera", "guess").await;
        later(&world, 1_000);
    }
    let stranger = world.anonymous().from_address("203.0.113.1");
    assert_eq!(sign_in(&stranger, "t100\\vera", PASSWORD).await.status, 400);
    assert_eq!(sign_in(&home, "t100\\vera", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_05_a_source_that_signed_in_before_may_mistype_as_often_as_a_stranger() {
    let world = World::start().await;
    for (address, name) in [("192.0.2.10", "t100\\vera"), ("127.0.0.1", "ops")] {
        let home = world.anonymous().from_address(address);
        for wrong in [0, 1, 4] {
            for _ in 0..wrong {
                assert_eq!(sign_in(&home, name, "mistyped").await.status, 400);
            }
            let right = sign_in(&home, name, PASSWORD).await;
            assert_eq!(right.status, 200, "{name} after {wrong}: {}", right.text());
        }
        for _ in 0..5 {
            sign_in(&home, name, "guess").await;
        }
        assert_eq!(sign_in(&home, name, PASSWORD).await.status, 400, "{name} is delayed");
        later(&world, 1_000);
        assert_eq!(sign_in(&home, name, PASSWORD).await.status, 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_05_a_cluster_person_at_the_machine_itself_has_a_path_of_their_own() {
    let world = World::start().await;
    for n in 0..20 {
        let elsewhere = world.anonymous().from_address(&format!("198.51.100.{n}"));
        sign_in(&elsewhere, "ops", "guess").await;
        later(&world, 1_000);
    }
    let stranger = world.anonymous().from_address("203.0.113.1");
    assert_eq!(sign_in(&stranger, "ops", PASSWORD).await.status, 400);
    let local = world.anonymous().from_address("127.0.0.1");
    assert_eq!(sign_in(&local, "ops", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_audited_without_filling_the_disk() {
    let world = World::start().await;
    for n in 0..100 {
        let guesser = world.anonymous().from_address(&format!("192.0.2.{n}"));
        sign_in(&guesser, "t100\\vera", "correct horse battery staple").await;
    }
    later(&world, 10_000);
    world.service.write_sign_in_notes(false).await;
    let events = audited(&world, "person.sign_in_failed").await;
    assert!(events.len() <= 6, "{} events for 100 guesses", events.len());
    let counted: i64 = events.iter().map(|e| e["detail"]["count"].as_i64().unwrap()).sum();
    assert_eq!(counted, 100, "every failure is in some event");
    let kinds: Vec<&str> = events.iter().map(|e| e["detail"]["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"first failure") && kinds.contains(&"lock"), "{kinds:?}");
    for event in &events {
        assert_eq!(event["actor"]["kind"], "anonymous");
        assert!(!event.to_string().contains("staple"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_03_an_outdated_hash_is_renewed_by_a_sign_in() {
    let world = World::start().await;
    let world = world.restart_with(|settings, _| settings.password_cost.memory_kib = 16).await;
    assert_eq!(sign_in(&world.anonymous(), "t100\\vera", PASSWORD).await.status, 200);
    world.service.close().await;
    let store = store::Store::connect(world.place().database(), store::Options::default()).await;
    let read = |name: &'static str| {
        let store = store.as_ref().unwrap();
        store.read(move |r| store::persons::find_by_username(r, tenant(), name))
    };
    let settings = async |name| {
        let (_, record) = read(name).await.unwrap().unwrap();
        record.expose().split('$').nth(3).unwrap().to_owned()
    };
    assert_eq!(settings("vera").await, "m=16,t=1,p=1");
    assert_eq!(settings("nexus").await, "m=8,t=1,p=1", "who did not sign in");
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_a_restart_does_not_end_a_delay() {
    let world = World::start().await;
    let guesser = world.anonymous().from_address("192.0.2.1");
    for _ in 0..8 {
        sign_in(&guesser, "t100\\vera", "guess").await;
        later(&world, 100_000);
    }
    sign_in(&guesser, "t100\\vera", "guess").await;
    drop(guesser);
    let world = world.restart().await;
    let guesser = world.anonymous().from_address("192.0.2.1");
    let locked = sign_in(&guesser, "t100\\vera", PASSWORD).await;
    assert_eq!(refusal(&locked), "400 invalid_grant: Bad credentials");
    later(&world, 900_000);
    let right = sign_in(&guesser, "t100\\vera", PASSWORD).await;
    assert_eq!(right.status, 200, "{}", right.text());
}
