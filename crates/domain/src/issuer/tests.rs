#![allow(clippy::unwrap_used)]
use super::*;
use crate::time::Timestamp;

fn stored() -> Source {
    let created_at = Timestamp::from_millis(0);
    Source::Stored { owner: Scope::Cluster, created_at, version: 1 }
}

fn issuer() -> Issuer {
    Issuer {
        id: IssuerId::from_u128(1),
        scope: Scope::Cluster,
        name: "sso".to_owned(),
        label: "Company sign-in".to_owned(),
        issuer: "https://sso.example/realms/staff".to_owned(),
        client_id: Some("keyward".to_owned()),
        has_secret: true,
        scopes: ["openid", "profile"].map(str::to_owned).into(),
        audiences: vec!["keyward".to_owned()],
        token_types: vec![TokenType::AtJwt],
        algorithms: JwsAlgorithm::USUAL.into(),
        username_claim: "preferred_username".to_owned(),
        roles_claim: Some("realm_access.roles".to_owned()),
        role_map: vec![
            MappedRole { value: "ops".to_owned(), role: "admin".to_owned() },
            MappedRole { value: "staff".to_owned(), role: "viewer".to_owned() },
            MappedRole { value: "auditors".to_owned(), role: "viewer".to_owned() },
        ],
        sign_in: true,
        callers: true,
        allow_http: false,
        enabled: true,
        source: stored(),
    }
}

fn field(change: impl FnOnce(&mut Issuer)) -> Option<&'static str> {
    let mut changed = issuer();
    change(&mut changed);
    changed.check().err().map(|bad| bad.field)
}

#[test]
fn jw_01_an_algorithm_is_named_exactly_and_is_never_symmetric() {
    for text in
        ["none", "NONE", "HS256", "rs256", "Rs256", "eddsa", "EDDSA", "ES256K", "", "RS256 "]
    {
        assert_eq!(JwsAlgorithm::parse(text), None, "{text}");
    }
    for algorithm in JwsAlgorithm::ALL {
        assert_eq!(JwsAlgorithm::parse(algorithm.as_str()), Some(*algorithm));
    }
}

#[test]
fn ss_02_an_issuer_that_the_configuration_does_not_name_is_https_at_a_usual_port() {
    assert_eq!(issuer().check(), Ok(()));
    for address in [
        "http://sso.example",
        "https://sso.example:6379",
        "https://sso.example?x=1",
        "https://user@sso.example",
        "https://",
        "sso.example",
        "file:///etc/passwd",
    ] {
        assert_eq!(field(|i| i.issuer = address.to_owned()), Some("issuer"), "{address}");
    }
    let plain = |i: &mut Issuer| "http://127.0.0.1:9000".clone_into(&mut i.issuer);
    assert_eq!(field(|i| i.allow_http = true), Some("issuer"));
    assert_eq!(
        field(|i| {
            plain(i);
            i.source = Source::Configuration;
        }),
        Some("issuer"),
        "the operator says so twice"
    );
    assert_eq!(
        field(|i| {
            plain(i);
            i.source = Source::Configuration;
            i.allow_http = true;
        }),
        None
    );
}

#[test]
fn each_use_of_an_issuer_demands_what_it_needs() {
    assert_eq!(field(|i| i.name = "S S O".to_owned()), Some("name"));
    assert_eq!(field(|i| i.label = String::new()), Some("label"));
    assert_eq!(field(|i| i.audiences.clear()), Some("audiences"));
    assert_eq!(field(|i| i.scopes.clear()), Some("scopes"));
    assert_eq!(field(|i| i.algorithms.clear()), Some("algorithms"));
    assert_eq!(field(|i| i.token_types.clear()), Some("tokenTypes"));
    assert_eq!(field(|i| i.roles_claim = None), Some("rolesClaim"));
    assert_eq!(field(|i| i.role_map[0].role = "Admin".to_owned()), Some("roleMap"));
    assert_eq!(
        field(|i| {
            i.client_id = None;
            i.has_secret = false;
        }),
        Some("clientId")
    );
}

#[test]
fn only_values_of_the_map_become_roles() {
    let roles = |values: &[&str]| {
        issuer().roles_of(&values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(roles(&["staff", "auditors", "admin", "OPS"]), ["viewer"]);
    assert_eq!(roles(&["ops", "staff"]), ["admin", "viewer"]);
    assert!(roles(&[]).is_empty());
    assert_eq!(issuer().mapped_roles(), ["admin", "viewer"]);
}

#[test]
fn the_configuration_lies_below_the_issuer() {
    assert_eq!(
        issuer().configuration_url(),
        "https://sso.example/realms/staff/.well-known/openid-configuration"
    );
    let slash = Issuer { issuer: "https://x.example/".to_owned(), ..issuer() };
    assert_eq!(slash.configuration_url(), "https://x.example/.well-known/openid-configuration");
    assert_eq!(slash.check(), Ok(()));
}
