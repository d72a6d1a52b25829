//! Nobody gives more than they hold, nor changes what holds more: every pair of an administrator and
//! a client of random rights, and every key whose permission opens what a right opens.

mod persons;

use domain::{
    client::Grant,
    id::Scope,
    permission::Permission,
    right::{Right, Rights},
    secret::Secret,
};
use it::world::{CLIENT_SECRET, Place, START, opening, tenant};
use service::{
    Caller, Context, Error, Service,
    bootstrap::NewClient,
    clients::{CreateClient, UpdateClient},
    clock::Clock,
    keys::CreateKey,
    oauth2::{ClientProof, ProofMethod, TokenRequest},
};

/// Clients beside those of the world.
const CLIENTS: u64 = 14;
const ROLES: [&str; 4] = ["admin", "viewer", "service", "ops"];

fn context() -> Context {
    Context { request_id: "test".to_owned(), address: None }
}

fn name(n: u64) -> String {
    format!("random-{n}")
}

/// Some rights, the first ones always with the one that administers clients.
fn rights(n: u64) -> Rights {
    let mut dice = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut some = |right: &Right| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // A few of each size, so that some hold what others hold and some do not.
        (dice >> 33) % CLIENTS < n || (*right == Right::ClientsManage && n.is_multiple_of(2))
    };
    Right::ALL.iter().copied().filter(|r| some(r)).collect()
}

async fn installation() -> (Place, Service) {
    let place = Place::new();
    let mut opening = opening(&place, &Clock::manual(START));
    for n in 0..CLIENTS {
        opening.bootstrap.clients.push(NewClient {
            client_id: name(n),
            secret: Some(Secret::new(CLIENT_SECRET.to_owned())),
            tenant: None,
            grants: vec![Grant::ClientCredentials],
            scopes: vec!["*".to_owned()],
            redirect_uris: vec![],
            roles: vec![],
            rights: rights(n),
        });
    }
    let (service, _) = Service::open(opening).await.expect("an installation");
    (place, service)
}

async fn caller(service: &Service, client_id: &str) -> Caller {
    let request = TokenRequest {
        client: Some(ClientProof {
            client_id: client_id.to_owned(),
            secret: Some(Secret::new(CLIENT_SECRET.to_owned())),
            method: ProofMethod::Basic,
        }),
        grant_type: Some("client_credentials".to_owned()),
        ..TokenRequest::default()
    };
    let issued = service.issue_token(request, context()).await.expect("a token");
    service.authenticate(issued.access.expose(), context()).await.expect("a caller")
}

fn wanted(client_id: String, roles: &[&str]) -> CreateClient {
    CreateClient {
        scope: Scope::Cluster,
        client_id,
        name: "made".to_owned(),
        description: None,
        public: false,
        secret: Some(Secret::new("a secret of the made".to_owned())),
        make_secret: false,
        grants: vec![Grant::ClientCredentials],
        scopes: vec!["*".to_owned()],
        optional_scopes: vec![],
        consent_required: false,
        pkce_optional: false,
        rfc9068: false,
        redirect_uris: vec![],
        addresses_later: false,
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        contact_centers: vec![],
        authorities: vec![],
        access_ttl_s: Some(60),
        refresh_ttl_s: 60,
        enabled: true,
    }
}

fn is_refused<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::NotAllowed { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_client_more_than_they_hold_nor_touches_one_that_holds_more() {
    let (_place, service) = installation().await;
    let (mut allowed, mut refused) = (0, 0);
    for giver in 0..CLIENTS {
        let admin = caller(&service, &name(giver)).await;
        let held = admin.principal.rights();
        assert_eq!(held, rights(giver));
        let may = held.has_all([Right::ClientsManage].into_iter().collect());
        for taker in (0..CLIENTS).filter(|t| *t != giver) {
            let change =
                UpdateClient { name: Some(format!("by {giver}")), ..UpdateClient::default() };
            let changed = service.update_client(&admin, &name(taker), change, |_| Ok(())).await;
            let fits = may && held.has_all(rights(taker));
            assert_eq!(changed.is_ok(), fits, "{giver} changes {taker}");
            assert!(fits || is_refused(&changed));
            if fits {
                allowed += 1;
            } else {
                refused += 1;
            }
            if !fits {
                let ended = service.delete_client(&admin, &name(taker), None).await;
                assert!(is_refused(&ended), "{giver} ends {taker}");
                let taken = service.regenerate_client_secret(&admin, &name(taker), None).await;
                assert!(is_refused(&taken), "{giver} takes {taker} over");
            }
        }
        for role in ROLES {
            let made = service
                .create_client(&admin, wanted(format!("made-{giver}-{role}"), &[role]))
                .await;
            let Ok(made) = made else {
                assert!(is_refused(&made), "{giver} gives {role}: {made:?}");
                continue;
            };
            let got = caller_of_made(&service, &made.client.client_id).await;
            assert!(may && held.has_all(got), "{giver} gave {role}, which is more than they hold");
        }
    }
    assert!(allowed > 5 && refused > 5, "{allowed} {refused}: the test proves nothing");
}

async fn caller_of_made(service: &Service, client_id: &str) -> Rights {
    let request = TokenRequest {
        client: Some(ClientProof {
            client_id: client_id.to_owned(),
            secret: Some(Secret::new("a secret of the made".to_owned())),
            method: ProofMethod::Basic,
        }),
        grant_type: Some("client_credentials".to_owned()),
        ..TokenRequest::default()
    };
    let issued = service.issue_token(request, context()).await.expect("a token");
    let made = service.authenticate(issued.access.expose(), context()).await.expect("a caller");
    made.principal.rights()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_verify_is_made_by_those_alone_who_may_verify() {
    let (_place, service) = installation().await;
    let (mut made, mut refused) = (0, 0);
    for n in 0..CLIENTS {
        let maker = caller(&service, &name(n)).await;
        let may_create = maker.holds(Right::NativeCreate);
        for text in ["keyward:keys:verify", "keyward:keys:*", "keyward:*", "shop:orders:read"] {
            let permission = Permission::parse(text).expect("a permission");
            let opens = text.starts_with("keyward");
            let key = service.create_key(&maker, api_key(permission)).await;
            let fits = may_create && (!opens || maker.holds(Right::KeysVerify));
            if !fits {
                // A pattern is not open to the type, whoever asks.
                let refused_or_bad = is_refused(&key) || matches!(key, Err(Error::Invalid { .. }));
                assert!(refused_or_bad, "{n} made a key with {text}: {key:?}");
                refused += 1;
            } else if key.is_ok() {
                made += 1;
            }
        }
    }
    assert!(made > 2 && refused > 2, "{made} {refused}: the test proves nothing");
}

fn api_key(permission: Permission) -> CreateKey {
    CreateKey {
        key_type: "api".to_owned(),
        scope: tenant(),
        name: "k".to_owned(),
        description: None,
        permissions: vec![permission],
        enabled: true,
        starts_at: None,
        expires_at: None,
        rotation: None,
        revoked_at: None,
        limit: None,
        allow_list: domain::allow_list::AllowList::default(),
        owner: None,
        secret: None,
    }
}
