//! What a restore takes over from a newer database: whatever ended since the backup stays ended, and
//! nothing else changes. How the commands go about it is tested with the program.

mod issuers;
mod rules;

use domain::secret::SecretDigest;
use it::{
    Caller, World,
    world::{Place, TENANT},
};
use serde_json::{Value, json};
use service::restore::Merged;
use store::{audit::ChainHead, backup};

const ROUNDS: u64 = 25;
const KEYS: u64 = 8;

/// A copy of a world's database as it is now, and where its audit chains end; `None` where the
/// database is not embedded.
struct Backup {
    place: Place,
    heads: Vec<ChainHead>,
}

impl Backup {
    fn of(world: &World) -> Option<Self> {
        let place = Place::new();
        if place.database_value() != "sqlite" {
            return None;
        }
        let to = place.folder().join("keyward.db");
        backup::copy(&world.place().folder().join("keyward.db"), &to).unwrap();
        assert_eq!(backup::check(&to).unwrap(), Vec::<String>::new());
        let heads = backup::facts(&to).unwrap().heads;
        Some(Self { place, heads })
    }

    /// Opens it and merges what ended in `newer` since.
    async fn restored(self, newer: &World) -> (World, Merged) {
        let world = World::open(self.place, newer.clock.clone(), |_, _| {}).await.unwrap();
        assert!(newer.service.has_events(&self.heads).await.unwrap());
        let merged = world.service.merge_ended(&newer.service, &self.heads).await.unwrap();
        let check = world.service.verify_audit(&[]).await.unwrap();
        assert_eq!(check.findings, Vec::<String>::new());
        (world, merged)
    }
}

async fn made(admin: &Caller, name: &str) -> (String, String) {
    let body =
        json!({"keyType": "api", "name": name, "permissions": ["orders:read", "orders:write"]});
    let key = admin.post("/v1/keys", &body).await.json();
    (key["id"].as_str().unwrap().to_owned(), key["secret"].as_str().unwrap().to_owned())
}

async fn verdict(verifier: &Caller, secret: &str) -> Value {
    let body = json!({"secret": secret, "cost": 0, "permissions": {"all": ["orders:write"]}});
    verifier.post("/v1/keys/verify", &body).await.json()["verdict"].clone()
}

/// Does one of the things that may happen to a key; returns a secret that was made.
async fn happens(world: &World, admin: &Caller, id: &str, what: u64) -> Option<String> {
    let path = format!("/v1/keys/{id}");
    let act = |action: &'static str, body: Value| {
        let path = format!("{path}/{action}");
        async move { admin.post(&path, &body).await }
    };
    let patch = |body: Value| {
        let bytes = body.to_string().into();
        admin.send(http::Method::PATCH, &path, Some("application/json"), bytes)
    };
    let soon = world.clock.wall().plus_seconds(1).to_string();
    match what {
        0 => drop(act("revoke", json!({})).await),
        1 => drop(act("revoke", json!({"at": soon})).await),
        2 => drop(admin.delete(&path).await),
        3 => drop(act("disable", json!({})).await),
        4 => drop(patch(json!({"expires": soon})).await),
        5 => drop(patch(json!({"permissions": ["orders:read"]})).await),
        6 | 7 => {
            let overlap = json!({"overlapSeconds": if what == 6 { 0 } else { 600 }});
            let answer = act("rotate", overlap).await;
            // A key that ended takes no new secret.
            return answer.json()["secret"].as_str().map(str::to_owned);
        }
        8 => {
            act("disable", json!({})).await;
            act("enable", json!({})).await;
        }
        _ => drop(patch(json!({"name": "another name"})).await),
    }
    None
}

#[tokio::test]
async fn r_08_in_every_round_what_ended_after_the_backup_stays_ended() {
    let world = World::start().await;
    let mut random = 7_u64;
    for round in 0..ROUNDS {
        let admin = world.person(r"t100\nexus").await;
        let mut keys = Vec::new();
        for n in 0..KEYS {
            keys.push(made(&admin, &format!("{round}.{n}")).await);
        }
        let Some(backup) = Backup::of(&world) else { return };
        let mut secrets: Vec<String> = keys.iter().map(|(_, secret)| secret.clone()).collect();
        for (id, _) in &keys {
            for _ in 0..2 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                secrets.extend(happens(&world, &admin, id, (random >> 33) % 10).await);
            }
        }
        let (_, later) = made(&admin, "later").await;
        world.clock.advance_millis(2_000);
        let (restored, merged) = backup.restored(&world).await;
        assert_eq!(merged.lost_keys, 1);
        let (now, then) =
            (world.client("cluster-verifier").await, restored.client("cluster-verifier").await);
        for secret in &secrets {
            let wanted = verdict(&now, secret).await;
            assert_eq!(verdict(&then, secret).await, wanted, "round {round}");
        }
        assert_eq!(verdict(&then, &later).await, "NOT_FOUND");
        restored.service.close().await;
    }
}

/// Takes over keys by their digests; returns their ids.
async fn imported(ops: &Caller, secrets: &[&str]) -> Vec<String> {
    let line = |secret: &&str| {
        let digest = SecretDigest::of(secret);
        let digest: String = digest.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        let item = json!({"keyType": "api", "tenant": TENANT, "name": secret, "digest": digest,
            "permissions": ["orders:read", "orders:write"]});
        format!("{item}\n")
    };
    let body: String = secrets.iter().map(line).collect();
    let kind = Some("application/x-ndjson");
    let answer = ops.send(http::Method::POST, "/v1/keys/import", kind, body.into()).await;
    let lines = answer.text();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line["id"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn r_08_imported_keys_that_ended_stay_ended_and_those_of_a_later_import_are_named_as_lost() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let before = ["old-key-to-be-revoked", "old-key-to-be-deleted", "old-key-to-be-kept"];
    let ids = imported(&ops, &before).await;
    let Some(backup) = Backup::of(&world) else { return };
    assert_eq!(ops.post(&format!("/v1/keys/{}/revoke", ids[0]), &json!({})).await.status, 200);
    assert_eq!(ops.delete(&format!("/v1/keys/{}", ids[1])).await.status, 204);
    // Sent again, what was there stays there: no key of this is lost.
    assert_eq!(imported(&ops, &before[2..]).await, ids[2..]);
    let after = ["new-key-of-an-import", "new-key-that-was-changed", "new-key-that-was-deleted"];
    let later = imported(&ops, &after).await;
    assert_eq!(ops.post(&format!("/v1/keys/{}/disable", later[1]), &json!({})).await.status, 200);
    assert_eq!(ops.delete(&format!("/v1/keys/{}", later[2])).await.status, 204);

    let (restored, merged) = backup.restored(&world).await;
    assert_eq!((merged.keys, merged.lost_keys), (2, 2));
    let verifier = restored.client("cluster-verifier").await;
    let wanted = ["REVOKED", "NOT_FOUND", "VALID", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"];
    for (secret, wanted) in before.iter().chain(&after).zip(wanted) {
        assert_eq!(verdict(&verifier, secret).await, wanted, "{secret}");
    }
}

#[tokio::test]
async fn r_08_accounts_that_lost_something_after_the_backup_do_not_get_it_back() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": "keepers", "rights": ["Native.ApiKeys.canView", "Audit.canRead"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let mut persons = Vec::new();
    for name in ["gone", "off", "stripped", "changed"] {
        let body = json!({"username": name, "password": "a long and quiet afternoon", "roles": ["keepers"]});
        let answer = admin.post("/v1/persons", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        persons.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    let client = json!({"clientId": "till", "name": "till", "grants": ["client_credentials"], "secret": "first-secret-of-the-till-0001"});
    let answer = admin.post("/v1/clients", &client).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let Some(backup) = Backup::of(&world) else { return };

    let patch = |caller: &Caller, path: String, body: Value| {
        let caller = caller.clone();
        async move {
            let bytes = body.to_string().into();
            let answer =
                caller.send(http::Method::PATCH, &path, Some("application/json"), bytes).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        }
    };
    assert_eq!(admin.delete(&format!("/v1/persons/{}", persons[0])).await.status, 204);
    patch(&admin, format!("/v1/persons/{}", persons[1]), json!({"enabled": false})).await;
    patch(&admin, format!("/v1/persons/{}", persons[2]), json!({"roles": []})).await;
    let path = format!("/v1/persons/{}/set-password", persons[3]);
    let another = json!({"password": "the other quiet afternoon", "mustChangePassword": false});
    assert!(admin.post(&path, &another).await.status.is_success());
    patch(&admin, "/v1/roles/keepers".to_owned(), json!({"rights": ["Native.ApiKeys.canView"]}))
        .await;
    let made = admin.post("/v1/clients/till/regenerate-secret", &json!({})).await;
    assert!(made.status.is_success(), "{}", made.text());
    patch(&ops, format!("/v1/tenants/{}", it::world::OTHER_TENANT), json!({"enabled": false}))
        .await;

    let (restored, merged) = backup.restored(&world).await;
    assert_eq!((merged.persons, merged.clients, merged.tenants, merged.roles), (4, 1, 1, 1));
    let admin = restored.person(r"t100\nexus").await;
    assert_eq!(admin.get(&format!("/v1/persons/{}", persons[0])).await.status, 404);
    let off = admin.get(&format!("/v1/persons/{}", persons[1])).await.json();
    assert_eq!(off["enabled"], false);
    let stripped = admin.get(&format!("/v1/persons/{}", persons[2])).await.json();
    assert_eq!(stripped["roles"], json!([]));
    let keepers = admin.get("/v1/roles/keepers").await.json();
    assert_eq!(keepers["rights"], json!(["Native.ApiKeys.canView"]));
    for (password, wanted) in
        [("a long and quiet afternoon", 400), ("the other quiet afternoon", 200)]
    {
        let form =
            [("grant_type", "password"), ("username", r"t100\changed"), ("password", password)];
        let caller = restored.anonymous().basic("nexus_client", "");
        assert_eq!(caller.post_form("/auth/v3/oauth/token", &form).await.status, wanted);
    }
    let form = [("grant_type", "client_credentials")];
    let old = restored.anonymous().basic("till", "first-secret-of-the-till-0001");
    assert_eq!(old.post_form("/auth/v3/oauth/token", &form).await.status, 401);
    let new = restored.anonymous().basic("till", made.json()["secret"].as_str().unwrap());
    assert_eq!(new.post_form("/auth/v3/oauth/token", &form).await.status, 200);
}

#[tokio::test]
async fn r_08_a_policy_over_unacknowledged_keys_that_was_tightened_stays_tight() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, "never acknowledged").await;
    let Some(backup) = Backup::of(&world) else { return };
    let path = format!("/v1/tenants/{}", it::world::TENANT);
    let body = json!({"policy": {"unacknowledged": "inactive"}}).to_string().into();
    let answer = admin.send(http::Method::PATCH, &path, Some("application/json"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let wanted = verdict(&world.client("cluster-verifier").await, &secret).await;
    assert_ne!(wanted, "VALID");
    let (restored, merged) = backup.restored(&world).await;
    assert_eq!(merged.tenants, 1);
    assert_eq!(verdict(&restored.client("cluster-verifier").await, &secret).await, wanted);
    let admin = restored.person(r"t100\nexus").await;
    assert_eq!(admin.get(&path).await.json()["policy"]["unacknowledged"], "inactive");
}

#[tokio::test]
async fn r_08_an_origin_that_was_taken_away_after_the_backup_stays_away() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let path = "/environment/v3/cors";
    let entry = |origin: &str| json!({"data": {"contactCenterId": TENANT, "origin": origin}});
    let [kept, gone, later] =
        ["https://kept.example", "https://gone.example", "https://later.example"];
    for origin in [kept, gone] {
        assert_eq!(ops.post(path, &entry(origin)).await.status, 200);
    }
    let Some(backup) = Backup::of(&world) else { return };
    let query = format!("{path}?contactCenterId={TENANT}&origin={gone}");
    assert_eq!(ops.delete(&query).await.status, 200);
    assert_eq!(ops.post(path, &entry(later)).await.status, 200);
    let (restored, merged) = backup.restored(&world).await;
    assert_eq!(merged.tenants, 1);
    let allowed = [kept, gone, later].map(|origin| restored.service.origins().allows(None, origin));
    assert_eq!(allowed, [true, false, false], "what was added since stays lost");
}
