//! What a form says of a client: as it was typed, and as the use cases take it.

use crate::console::{Faults, Form, form::lines, places::optional, roles::offered};
use domain::{
    client::{Client, Grant, REFRESH_TTL_S},
    id::{Scope, TenantId},
    secret::Secret,
};
use service::clients::{CreateClient, UpdateClient};

/// The fields of the form, by the names that use cases have for them.
pub(super) const KNOWN: [(&str, &str); 13] = [
    ("clientId", "client-id"),
    ("name", "name"),
    ("description", "description"),
    ("tenant", "tenant"),
    ("public", "public"),
    ("secret", "secret"),
    ("grants", "grants"),
    ("scopes", "scopes"),
    ("optionalScopes", "optional-scopes"),
    ("redirectUris", "redirect-uris"),
    ("roles", "roles"),
    ("contactCenters", "contact-centers"),
    ("pkce", "pkce-optional"),
];
/// Those that hold numbers.
const ACCESS: &str = "access-ttl";
const REFRESH: &str = "refresh-ttl";

/// What was typed.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "boxes of a form")]
pub(super) struct Typed {
    pub(super) client_id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) public: bool,
    pub(super) grants: Vec<Grant>,
    pub(super) scopes: String,
    pub(super) optional_scopes: String,
    pub(super) redirect_uris: String,
    pub(super) roles: Vec<String>,
    pub(super) contact_centers: String,
    pub(super) consent_required: bool,
    pub(super) pkce_optional: bool,
    pub(super) rfc9068: bool,
    pub(super) access_ttl: String,
    pub(super) refresh_ttl: String,
    pub(super) enabled: bool,
}

impl Default for Typed {
    /// A client that acts as itself.
    fn default() -> Self {
        Self {
            client_id: String::new(),
            name: String::new(),
            description: String::new(),
            public: false,
            grants: vec![Grant::ClientCredentials],
            scopes: "*".to_owned(),
            optional_scopes: String::new(),
            redirect_uris: String::new(),
            roles: Vec::new(),
            contact_centers: String::new(),
            consent_required: false,
            pkce_optional: false,
            rfc9068: false,
            access_ttl: String::new(),
            refresh_ttl: REFRESH_TTL_S.to_string(),
            enabled: true,
        }
    }
}

/// What both use cases take alike.
pub(super) struct Read {
    contact_centers: Vec<TenantId>,
    access_ttl_s: Option<u32>,
    refresh_ttl_s: u32,
}

impl Typed {
    /// What a form says.
    pub(super) fn of(form: &Form) -> Self {
        let text = |name| form.text(name).to_owned();
        Self {
            client_id: form.text("client-id").trim().to_owned(),
            name: text("name"),
            description: text("description"),
            public: form.is_on("public"),
            grants: form.all("grants").iter().filter_map(|name| Grant::parse(name)).collect(),
            scopes: text("scopes"),
            optional_scopes: text("optional-scopes"),
            redirect_uris: text("redirect-uris"),
            roles: form.all("roles").iter().flat_map(|text| lines(text)).collect(),
            contact_centers: text("contact-centers"),
            consent_required: form.is_on("consent-required"),
            pkce_optional: form.is_on("pkce-optional"),
            rfc9068: form.is_on("rfc9068"),
            access_ttl: form.text(ACCESS).trim().to_owned(),
            refresh_ttl: form.text(REFRESH).trim().to_owned(),
            enabled: form.is_on("enabled"),
        }
    }

    /// What is stored.
    pub(super) fn stored(client: &Client) -> Self {
        let lines = |items: &[String]| items.join("\n");
        let ids: Vec<String> = client.contact_centers.iter().map(ToString::to_string).collect();
        Self {
            client_id: client.client_id.clone(),
            name: client.name.clone(),
            description: client.description.clone().unwrap_or_default(),
            public: client.public,
            grants: client.grants.clone(),
            scopes: lines(&client.scopes),
            optional_scopes: lines(&client.optional_scopes),
            redirect_uris: lines(&client.redirect_uris),
            roles: client.roles.clone(),
            contact_centers: lines(&ids),
            consent_required: client.consent_required,
            pkce_optional: client.pkce_optional,
            rfc9068: client.rfc9068,
            access_ttl: client.access_ttl_s.map_or_else(String::new, |s| s.to_string()),
            refresh_ttl: client.refresh_ttl_s.to_string(),
            enabled: client.enabled,
        }
    }

    /// Whether a grant is ticked.
    pub(super) fn has(&self, grant: &Grant) -> bool {
        self.grants.contains(grant)
    }

    /// The numbers and ids, or what is wrong with them.
    pub(super) fn read(&self) -> Result<Read, Faults> {
        let mut faults = Faults::default();
        let mut seconds = |field: &str, text: &str, usual: Option<u32>| match text {
            "" => usual,
            text => text.parse().map_or_else(
                |_| {
                    faults.add(field, "Must be a whole number of seconds.");
                    None
                },
                Some,
            ),
        };
        let access_ttl_s = seconds(ACCESS, &self.access_ttl, None);
        let refresh_ttl_s =
            seconds(REFRESH, &self.refresh_ttl, Some(REFRESH_TTL_S)).unwrap_or(REFRESH_TTL_S);
        let ids: Result<Vec<TenantId>, _> =
            lines(&self.contact_centers).iter().map(|id| TenantId::parse(id)).collect();
        if ids.is_err() {
            faults.add("contact-centers", "Each line must be the id of a contact center.");
        }
        match ids {
            Ok(contact_centers) if faults.is_empty() => {
                Ok(Read { contact_centers, access_ttl_s, refresh_ttl_s })
            }
            _ => Err(faults),
        }
    }

    /// The client to make.
    pub(super) fn into_new(self, scope: Scope, read: Read, secret: Option<Secret>) -> CreateClient {
        CreateClient {
            scope,
            name: optional(&self.name).unwrap_or_else(|| self.client_id.clone()),
            client_id: self.client_id,
            description: optional(&self.description),
            public: self.public,
            secret,
            make_secret: true,
            grants: self.grants,
            scopes: lines(&self.scopes),
            optional_scopes: lines(&self.optional_scopes),
            consent_required: self.consent_required,
            pkce_optional: self.pkce_optional,
            rfc9068: self.rfc9068,
            redirect_uris: lines(&self.redirect_uris),
            addresses_later: false,
            roles: self.roles,
            contact_centers: read.contact_centers,
            authorities: Vec::new(),
            access_ttl_s: read.access_ttl_s,
            refresh_ttl_s: read.refresh_ttl_s,
            enabled: self.enabled,
        }
    }

    /// The change of a client.
    pub(super) fn into_change(self, read: Read, if_version: Option<u32>) -> UpdateClient {
        UpdateClient {
            name: Some(self.name.trim().to_owned()),
            description: Some(optional(&self.description)),
            grants: Some(self.grants),
            scopes: Some(lines(&self.scopes)),
            optional_scopes: Some(lines(&self.optional_scopes)),
            consent_required: Some(self.consent_required),
            pkce_optional: Some(self.pkce_optional),
            rfc9068: Some(self.rfc9068),
            redirect_uris: Some(lines(&self.redirect_uris)),
            roles: Some(self.roles),
            contact_centers: Some(read.contact_centers),
            access_ttl_s: Some(read.access_ttl_s),
            refresh_ttl_s: Some(read.refresh_ttl_s),
            enabled: Some(self.enabled),
            if_version,
            ..UpdateClient::default()
        }
    }
}

/// What is wrong, at the fields of this form.
pub(super) fn faults(error: service::Error) -> Result<Faults, crate::failure::Failure> {
    let mut known = KNOWN.to_vec();
    known.extend([("accessTtlSeconds", ACCESS), ("refreshTtlSeconds", REFRESH)]);
    match error {
        service::Error::Conflict { what: "client_id", .. } => {
            Ok(Faults::one("client-id", "This id is taken. Choose another one."))
        }
        error => offered::refused(error, &known),
    }
}
