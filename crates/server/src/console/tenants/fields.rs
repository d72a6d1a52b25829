//! What a form says of a contact center.

use crate::{
    app::App,
    console::{
        Faults, Form, Visitor,
        places::{Choice, optional},
    },
    failure::Failure,
};
use domain::{
    id::{EnvironmentId, TenantId},
    signing::Algorithm,
    tenant::{Environment, Tenant, Unacknowledged, WarningDays},
};
use service::{
    environments::ListEnvironments,
    tenants::{CreateTenant, UpdateTenant},
};

/// Environments that a choice offers.
const MOST: u32 = 200;

/// Where what a use case says of a member stands in the form.
pub(super) const KNOWN: &[(&str, &str)] = &[
    ("name", "name"),
    ("id", "id"),
    ("tenant_id", "id"),
    ("domains", "domains"),
    ("domain", "domains"),
    ("environment", "environment"),
    ("realm", "realm"),
    ("keyPrefix", "keyPrefix"),
    ("prefix", "keyPrefix"),
    ("prefixes", "keyPrefix"),
    ("signingAlgorithm", "signingAlgorithm"),
    ("openconnect_route", "openconnectRoute"),
    ("policy.lapseMinutes", "lapseMinutes"),
    ("policy.warningDays", "warningDays"),
];

const UNACKNOWLEDGED: [(&str, &str); 3] = [
    ("live", "It works all the same"),
    ("inactive", "It does not work until somebody does"),
    ("lapse", "It works for some minutes, then no more"),
];

/// What the fields hold, as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) domains: String,
    pub(super) realm: String,
    pub(super) key_prefix: String,
    pub(super) openconnect_route: String,
    pub(super) lapse_minutes: String,
    pub(super) warning_days: String,
    pub(super) enabled: bool,
    pub(super) allow_list_required: bool,
    pub(super) version: String,
    pub(super) environments: Vec<Choice>,
    pub(super) algorithms: Vec<Choice>,
    pub(super) unacknowledged: Vec<Choice>,
}

impl Fields {
    /// What the form for a new one begins with.
    pub(super) fn of_new(environments: &[Environment]) -> Self {
        let usual: Vec<String> = WarningDays::default().iter().map(|d| d.to_string()).collect();
        let fields = Self { enabled: true, warning_days: usual.join(", "), ..Self::default() };
        let algorithm = Algorithm::default().as_str();
        fields.choosing(environments, "", algorithm, Unacknowledged::Live.as_str())
    }

    /// What is there.
    pub(super) fn of(tenant: &Tenant, environments: &[Environment]) -> Self {
        let days: Vec<String> = tenant.warning_days.iter().map(|d| d.to_string()).collect();
        let lapse = match tenant.unacknowledged {
            Unacknowledged::Lapse(minutes) => minutes.to_string(),
            Unacknowledged::Live | Unacknowledged::Inactive => String::new(),
        };
        let fields = Self {
            name: tenant.name.clone(),
            id: tenant.id.to_string(),
            domains: tenant.domains.join("\n"),
            realm: tenant.realm.clone().unwrap_or_default(),
            key_prefix: tenant.key_prefix.clone().unwrap_or_default(),
            openconnect_route: tenant.openconnect_route.clone().unwrap_or_default(),
            lapse_minutes: lapse,
            warning_days: days.join(", "),
            enabled: tenant.enabled,
            allow_list_required: tenant.allow_list_required,
            version: tenant.version.to_string(),
            ..Self::default()
        };
        let environment = tenant.environment.map(|id| id.to_string()).unwrap_or_default();
        let algorithm = tenant.signing_algorithm.as_str();
        fields.choosing(environments, &environment, algorithm, tenant.unacknowledged.as_str())
    }

    /// What was sent.
    pub(super) fn read(form: &Form, environments: &[Environment]) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let fields = Self {
            name: text("name"),
            id: text("id"),
            domains: text("domains"),
            realm: text("realm"),
            key_prefix: text("keyPrefix"),
            openconnect_route: text("openconnectRoute"),
            lapse_minutes: text("lapseMinutes"),
            warning_days: text("warningDays"),
            enabled: form.is_on("enabled"),
            allow_list_required: form.is_on("requireAllowList"),
            version: text("version"),
            ..Self::default()
        };
        let (algorithm, policy) = (form.text("signingAlgorithm"), form.text("unacknowledged"));
        fields.choosing(environments, form.text("environment"), algorithm, policy)
    }

    fn choosing(
        self,
        environments: &[Environment],
        environment: &str,
        algorithm: &str,
        unacknowledged: &str,
    ) -> Self {
        let entry = |value: String, text: &str| Choice {
            chosen: value == environment,
            value,
            text: text.to_owned(),
        };
        let mut all = vec![entry(String::new(), "None")];
        all.extend(environments.iter().map(|e| entry(e.id.to_string(), &e.name)));
        let algorithms = Algorithm::ALL.map(|a| (a.as_str(), a.as_str()));
        Self {
            environments: all,
            algorithms: Choice::among(&algorithms, algorithm),
            unacknowledged: Choice::among(&UNACKNOWLEDGED, unacknowledged),
            ..self
        }
    }

    /// The contact center to make.
    pub(super) fn wanted(&self) -> Result<CreateTenant, Faults> {
        let mut faults = Faults::default();
        let id = optional(&self.id).map(|text| TenantId::parse(&text)).transpose();
        if id.is_err() {
            faults.add("id", "Must be a UUID, or left empty: then one is made.");
        }
        let environment = self.environment(&mut faults);
        let unacknowledged = self.unacknowledged(&mut faults);
        let warning_days = self.warning_days(&mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(CreateTenant {
            id: id.ok().flatten(),
            name: self.name.clone(),
            domains: self.domains(),
            environment,
            realm: optional(&self.realm),
            auth: None,
            key_prefix: optional(&self.key_prefix),
            enabled: self.enabled,
            unacknowledged,
            allow_list_required: self.allow_list_required,
            signing_algorithm: self.algorithm().unwrap_or_default(),
            warning_days,
            openconnect_route: optional(&self.openconnect_route),
        })
    }

    /// The change of one. `of_cluster`: what the installation's administrators alone may change is part of it.
    pub(super) fn update(&self, of_cluster: bool) -> Result<UpdateTenant, Faults> {
        let mut faults = Faults::default();
        let environment = self.environment(&mut faults);
        let unacknowledged = self.unacknowledged(&mut faults);
        let warning_days = self.warning_days(&mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(UpdateTenant {
            name: Some(self.name.clone()),
            domains: Some(self.domains()),
            environment: of_cluster.then_some(environment),
            realm: Some(optional(&self.realm)),
            key_prefix: Some(optional(&self.key_prefix)),
            unacknowledged: Some(unacknowledged),
            allow_list_required: Some(self.allow_list_required),
            signing_algorithm: self.algorithm(),
            warning_days: Some(warning_days),
            openconnect_route: Some(optional(&self.openconnect_route)),
            if_version: self.version.parse().ok(),
            ..UpdateTenant::default()
        })
    }

    fn domains(&self) -> Vec<String> {
        let entries = self.domains.split(['\n', ',']).map(str::trim);
        entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
    }

    fn environment(&self, faults: &mut Faults) -> Option<EnvironmentId> {
        let chosen = self.environments.iter().find(|choice| choice.chosen);
        match chosen.map(|choice| choice.value.as_str()) {
            Some("") => None,
            Some(id) => EnvironmentId::parse(id).ok(),
            None => {
                faults.add("environment", "There is no such environment.");
                None
            }
        }
    }

    fn algorithm(&self) -> Option<Algorithm> {
        let chosen = self.algorithms.iter().find(|choice| choice.chosen)?;
        Algorithm::parse(&chosen.value)
    }

    fn unacknowledged(&self, faults: &mut Faults) -> Unacknowledged {
        let chosen = self.unacknowledged.iter().find(|choice| choice.chosen);
        match chosen.map(|choice| choice.value.as_str()) {
            Some("inactive") => Unacknowledged::Inactive,
            Some("lapse") => match self.lapse_minutes.trim().parse() {
                Ok(minutes) => Unacknowledged::Lapse(minutes),
                Err(_) => {
                    faults.add("lapseMinutes", "Enter a whole number of minutes.");
                    Unacknowledged::Live
                }
            },
            Some(_) => Unacknowledged::Live,
            None => {
                faults.add("unacknowledged", "Choose one of them.");
                Unacknowledged::Live
            }
        }
    }

    fn warning_days(&self, faults: &mut Faults) -> WarningDays {
        let entries = self.warning_days.split([',', ' ', '\n']).filter(|entry| !entry.is_empty());
        let days: Option<Vec<u16>> = entries.map(|entry| entry.parse().ok()).collect();
        days.and_then(|days| WarningDays::new(&days)).unwrap_or_else(|| {
            let (most, largest) = (WarningDays::MOST, WarningDays::LARGEST);
            let wanted =
                format!("At most {most} different numbers of 1 to {largest}, such as 30, 7, 1.");
            faults.add("warningDays", wanted);
            WarningDays::default()
        })
    }
}

/// The environments that there are, for whoever may know of them; `stored` is among them, however many there
/// are.
pub(super) async fn environments(
    app: &App,
    visitor: &Visitor,
    stored: Option<EnvironmentId>,
) -> Result<Vec<Environment>, Failure> {
    if !visitor.caller.is_cluster() {
        return Ok(Vec::new());
    }
    let list = ListEnvironments { limit: MOST, cursor: None };
    let mut all = app.service().list_environments(&visitor.caller, list).await?.environments;
    if let Some(id) = stored.filter(|id| all.iter().all(|known| known.id != *id)) {
        let (name, created_at) = (id.to_string(), visitor.now);
        all.push(Environment { id, name, details: None, created_at });
    }
    Ok(all)
}
