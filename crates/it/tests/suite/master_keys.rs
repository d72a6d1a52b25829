//! Several master keys, how often one of them may seal, and how one takes another's place.

mod nodes;
mod operations;
mod order;
mod reseal;
mod restore;

use domain::secret::Secret;
use it::{
    Caller,
    world::{Place, START, opening},
};
use serde_json::{Value, json};
use server::ServerConfig;
use service::{
    Service,
    clock::Clock,
    master_key::MasterKey,
    open::{MasterKeys, OpenError},
};

const FIRST: &str = "first:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SECOND: &str = "second:AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const THIRD: &str = "third:AgECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// An installation that was opened with these master keys.
struct Opened {
    service: Service,
    anyone: Caller,
}

fn given(keys: &[&str]) -> MasterKeys {
    MasterKeys::Given(MasterKey::parse_list(&Secret::new(keys.join(","))).unwrap())
}

impl Opened {
    async fn with(place: &Place, keys: &[&str], max_seals: Option<u64>) -> Result<Self, OpenError> {
        Self::at(place, given(keys), max_seals, &Clock::manual(START)).await
    }

    async fn at(
        place: &Place,
        keys: MasterKeys,
        max_seals: Option<u64>,
        clock: &Clock,
    ) -> Result<Self, OpenError> {
        let mut opening = opening(place, clock);
        opening.master_keys = keys;
        if let Some(most) = max_seals {
            opening.settings.max_seals = most;
        }
        let config = ServerConfig::new(opening.settings.public_url.clone(), [7; 16]);
        let (service, _) = Service::open(opening).await?;
        let anyone = Caller::new(server::app(service.clone(), config));
        Ok(Self { service, anyone })
    }

    async fn admin(&self) -> Caller {
        self.anyone.clone().signed_in(r"t100\nexus", it::world::PASSWORD).await
    }

    async fn ops(&self) -> Caller {
        self.anyone.clone().signed_in("ops", it::world::PASSWORD).await
    }

    /// The states of the master keys, by name.
    async fn states(&self) -> Vec<(String, String)> {
        let answer = self.ops().await.get("/v1/master-keys").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let keys = answer.json()["masterKeys"].as_array().expect("a list").clone();
        keys.iter().map(|key| (text(&key["name"]), text(&key["state"]))).collect()
    }

    async fn verdict(&self, secret: &str) -> Value {
        let verifier = self.anyone.clone();
        let verifier = verifier.client_token("cluster-verifier", it::world::CLIENT_SECRET).await;
        verifier.post("/v1/keys/verify", &json!({"secret": secret})).await.json()["verdict"].clone()
    }
}

async fn made(admin: &Caller) -> it::Answer {
    let body = json!({"keyType": "api", "name": "k", "permissions": ["orders:read"]});
    admin.post("/v1/keys", &body).await
}

async fn secret_of_new(admin: &Caller) -> String {
    made(admin).await.json()["secret"].as_str().expect("a key").to_owned()
}

#[tokio::test]
async fn kr_07_the_first_master_key_writes_all_read_and_one_in_use_cannot_go() {
    let place = Place::new();
    let opened = Opened::with(&place, &[FIRST], None).await.unwrap();
    let old = secret_of_new(&opened.admin().await).await;
    opened.service.close().await;

    let opened = Opened::with(&place, &[SECOND, FIRST], None).await.unwrap();
    assert_eq!(opened.verdict(&old).await, "VALID");
    let new = secret_of_new(&opened.admin().await).await;
    opened.service.close().await;

    for (left, missing) in [(SECOND, "first"), (FIRST, "second")] {
        let refused = Opened::with(&place, &[left], None).await.err().expect("it is refused");
        assert!(
            matches!(&refused, OpenError::MasterKeyInUse(name) if name == missing),
            "{refused}"
        );
    }
    let opened = Opened::with(&place, &[FIRST, SECOND], None).await.unwrap();
    for secret in [&old, &new] {
        assert_eq!(opened.verdict(secret).await, "VALID", "the order is free");
    }
    opened.service.close().await;
}

#[tokio::test]
async fn kr_07_a_master_key_that_nothing_is_sealed_under_may_go_and_come_back() {
    let place = Place::new();
    let opened = Opened::with(&place, &[FIRST, THIRD], None).await.unwrap();
    let secret = secret_of_new(&opened.admin().await).await;
    opened.service.close().await;
    for keys in [&[FIRST][..], &[FIRST, THIRD], &[THIRD, FIRST]] {
        let opened = Opened::with(&place, keys, None).await.unwrap();
        assert_eq!(opened.verdict(&secret).await, "VALID", "{keys:?}");
        let check = opened.service.verify_audit(&[]).await.unwrap();
        assert_eq!(check.findings, Vec::<String>::new());
        opened.service.close().await;
    }
    // The long-lived keys are sealed under `third` now, and under `first` too.
    Opened::with(&place, &[FIRST], None).await.unwrap().service.close().await;
}

#[tokio::test]
async fn kr_05_a_master_key_that_is_used_up_seals_no_more_and_another_one_goes_on() {
    const MOST: u64 = 40;
    let place = Place::new();
    let opened = Opened::with(&place, &[FIRST], Some(MOST)).await.unwrap();
    let admin = opened.admin().await;
    let last = secret_of_new(&admin).await;
    let mut refused = None;
    for _ in 0..MOST {
        let answer = made(&admin).await;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the limit is reached");
    assert_eq!(refused.status, 500, "{}", refused.text());
    assert_eq!(opened.verdict(&last).await, "VALID", "what was sealed still opens");
    opened.service.close().await;

    let opened = Opened::with(&place, &[FIRST], Some(MOST)).await.unwrap();
    assert_eq!(made(&opened.admin().await).await.status, 500, "a restart does not begin anew");
    opened.service.close().await;

    let opened = Opened::with(&place, &[SECOND, FIRST], Some(MOST)).await.unwrap();
    let next = secret_of_new(&opened.admin().await).await;
    for secret in [&last, &next] {
        assert_eq!(opened.verdict(secret).await, "VALID");
    }
    opened.service.close().await;
}
