//! Who lives in the test world: tenants, persons and clients.

use crate::world::{CLIENT_SECRET, OTHER_TENANT, PASSWORD, TENANT};
use domain::{
    client::Grant,
    id::{EnvironmentId, TenantId},
    right::{Right, Rights},
    secret::Secret,
};
use service::bootstrap::{Bootstrap, NewClient, NewEnvironment, NewPerson, NewTenant};
use uuid::Uuid;

fn id(text: &str) -> TenantId {
    TenantId::parse(text).expect("a tenant id")
}

/// What every world begins with.
#[must_use]
pub fn bootstrap() -> Bootstrap {
    let environment = EnvironmentId(Uuid::from_u128(0x5f2c_1e0a_6a0b_4c57_9d0e_0d6f_3f1f_9b11));
    Bootstrap {
        ops: Some(person("ops", &[])),
        environments: vec![NewEnvironment { id: Some(environment), name: "default".to_owned() }],
        tenants: vec![
            NewTenant {
                id: Some(id(TENANT)),
                environment: Some(environment),
                name: "premise_tenant".to_owned(),
                domains: vec!["t100".to_owned()],
                realm: Some("companya".to_owned()),
                persons: vec![
                    person("nexus", &["admin"]),
                    person("vera", &["viewer"]),
                    person("nora", &[]),
                ],
            },
            NewTenant {
                id: Some(id(OTHER_TENANT)),
                environment: Some(environment),
                name: "other_tenant".to_owned(),
                domains: vec!["t200".to_owned()],
                realm: Some("companyb".to_owned()),
                persons: vec![person("bob", &["admin"])],
            },
        ],
        clients: clients(),
    }
}

fn clients() -> Vec<NewClient> {
    let verify: Rights = [Right::KeysVerify].into_iter().collect();
    let credentials = vec![Grant::ClientCredentials];
    vec![
        client(
            "nexus_client",
            Some(""),
            None,
            vec![Grant::Password, Grant::RefreshToken],
            &[],
            Rights::NONE,
        ),
        client("service-a", None, Some(TENANT), credentials.clone(), &["service"], Rights::NONE),
        client("verifier-a", None, Some(TENANT), credentials.clone(), &[], verify),
        client("verifier-b", None, Some(OTHER_TENANT), credentials.clone(), &[], verify),
        client("cluster-verifier", None, None, credentials.clone(), &[], verify),
        client(
            "client-admin",
            None,
            None,
            credentials.clone(),
            &[],
            [Right::ClientsManage].into_iter().collect(),
        ),
        client("powerless", None, Some(TENANT), credentials, &[], Rights::NONE),
        client(
            "confidential",
            None,
            None,
            vec![Grant::Password, Grant::RefreshToken, Grant::ClientCredentials],
            &[],
            Rights::NONE,
        ),
    ]
}

fn client(
    client_id: &str,
    secret: Option<&str>,
    tenant: Option<&str>,
    grants: Vec<Grant>,
    roles: &[&str],
    rights: Rights,
) -> NewClient {
    NewClient {
        client_id: client_id.to_owned(),
        secret: Some(Secret::new(secret.unwrap_or(CLIENT_SECRET).to_owned())),
        tenant: tenant.map(id),
        grants,
        scopes: vec!["*".to_owned()],
        redirect_uris: vec!["https://app.example/signed-out".to_owned()],
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        rights,
    }
}

fn person(username: &str, roles: &[&str]) -> NewPerson {
    NewPerson {
        username: username.to_owned(),
        password: Some(Secret::new(PASSWORD.to_owned())),
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
    }
}
