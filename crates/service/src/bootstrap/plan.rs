//! What the first start may be asked to make, and what it makes unasked.

use crate::entropy::Entropy;
use domain::{
    client::Grant,
    id::{EnvironmentId, TenantId},
    right::Rights,
    secret::Secret,
    tenant::Tenant,
};

/// What the operator wants the first start to make. Whatever is left out is made as documented.
#[derive(Debug, Default)]
pub struct Bootstrap {
    /// The cluster person; left out: `ops` with a generated password.
    pub ops: Option<NewPerson>,
    /// Environments.
    pub environments: Vec<NewEnvironment>,
    /// Tenants; left out: one named `default` with a person `admin`.
    pub tenants: Vec<NewTenant>,
    /// Clients; left out: `nexus_client` and a confidential client of the first tenant.
    pub clients: Vec<NewClient>,
}

/// A person to make.
#[derive(Debug)]
pub struct NewPerson {
    /// The user name.
    pub username: String,
    /// The password, used as given; `None`: generated and shown once.
    pub password: Option<Secret>,
    /// Role names.
    pub roles: Vec<String>,
}

/// An environment to make.
#[derive(Debug)]
pub struct NewEnvironment {
    /// Its id; `None`: random.
    pub id: Option<EnvironmentId>,
    /// The name shown.
    pub name: String,
}

/// A tenant to make.
#[derive(Debug)]
pub struct NewTenant {
    /// Its id; `None`: random.
    pub id: Option<TenantId>,
    /// The environment it belongs to.
    pub environment: Option<EnvironmentId>,
    /// The name shown.
    pub name: String,
    /// Its domains.
    pub domains: Vec<String>,
    /// Its realm.
    pub realm: Option<String>,
    /// Its persons.
    pub persons: Vec<NewPerson>,
}

/// A client to make.
#[derive(Debug)]
pub struct NewClient {
    /// The id that callers present.
    pub client_id: String,
    /// The secret, used as given; empty: a public client; `None`: generated and shown once.
    pub secret: Option<Secret>,
    /// The tenant it is bound to; `None`: the cluster's.
    pub tenant: Option<TenantId>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Scopes; empty: `*`.
    pub scopes: Vec<String>,
    /// Registered redirect addresses.
    pub redirect_uris: Vec<String>,
    /// Roles of the service account.
    pub roles: Vec<String>,
    /// Rights of the service account.
    pub rights: Rights,
}

/// What to show once, after the first start.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// Generated credentials, in the order in which they were made.
    pub credentials: Vec<Credential>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// The first tenant.
    pub tenant: Option<Tenant>,
}

/// A generated credential.
#[derive(Debug)]
pub struct Credential {
    /// What it is: `person`, `client` or `deployment key`.
    pub kind: &'static str,
    /// Whose it is; a person's with its tenant part.
    pub name: String,
    /// The text; shown once.
    pub secret: Secret,
}
impl Bootstrap {
    /// Fills in what the operator left out.
    pub(super) fn complete(&mut self, entropy: &Entropy) {
        let plan = self;
        if plan.ops.is_none() {
            plan.ops =
                Some(NewPerson { username: "ops".to_owned(), password: None, roles: Vec::new() });
        }
        if let Some(ops) = &mut plan.ops
            && ops.roles.is_empty()
        {
            ops.roles = vec!["ops".to_owned()];
        }
        if plan.tenants.is_empty() {
            plan.tenants.push(NewTenant {
                id: Some(TenantId(entropy.uuid())),
                environment: None,
                name: "default".to_owned(),
                domains: vec!["default".to_owned()],
                realm: Some("default".to_owned()),
                persons: vec![NewPerson {
                    username: "admin".to_owned(),
                    password: None,
                    roles: vec!["admin".to_owned()],
                }],
            });
        }
        for tenant in &mut plan.tenants {
            tenant.id.get_or_insert_with(|| TenantId(entropy.uuid()));
        }
        if plan.clients.is_empty() {
            let first = plan.tenants.first();
            plan.clients = vec![public_client(), service_client(first)];
        }
    }
}

/// The client of the published Digital Channels commands: an empty secret on purpose.
fn public_client() -> NewClient {
    NewClient {
        client_id: "nexus_client".to_owned(),
        secret: Some(Secret::new(String::new())),
        tenant: None,
        grants: vec![Grant::Password, Grant::RefreshToken],
        scopes: vec!["*".to_owned()],
        redirect_uris: Vec::new(),
        roles: Vec::new(),
        rights: Rights::NONE,
    }
}

/// The client that a NexusOne deployment gets, with its service account's default roles.
fn service_client(tenant: Option<&NewTenant>) -> NewClient {
    NewClient {
        client_id: tenant.map_or_else(|| "nx1".to_owned(), |t| format!("{}-service", t.name)),
        secret: None,
        tenant: tenant.and_then(|t| t.id),
        grants: vec![Grant::ClientCredentials],
        scopes: ["email", "openid", "profile"].map(str::to_owned).to_vec(),
        redirect_uris: Vec::new(),
        roles: ["nx1_ask", "nx1_engineer", "nx1_monitor"].map(str::to_owned).to_vec(),
        rights: Rights::NONE,
    }
}
