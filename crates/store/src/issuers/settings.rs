//! The settings of an issuer as one JSON text.

use crate::Error;
use domain::{
    id::{IssuerId, Scope},
    issuer::{Issuer, JwsAlgorithm, MappedRole, TokenType},
    policy::Source,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Settings {
    label: String,
    client_id: Option<String>,
    scopes: Vec<String>,
    audiences: Vec<String>,
    token_types: Vec<String>,
    algorithms: Vec<String>,
    username_claim: String,
    roles_claim: Option<String>,
    /// Pairs of a claim's value and a role.
    role_map: Vec<(String, String)>,
    sign_in: bool,
    callers: bool,
}

/// Writes what has no column of its own.
pub(super) fn write(issuer: &Issuer) -> Result<String, Error> {
    let settings = Settings {
        label: issuer.label.clone(),
        client_id: issuer.client_id.clone(),
        scopes: issuer.scopes.clone(),
        audiences: issuer.audiences.clone(),
        token_types: issuer.token_types.iter().map(ToString::to_string).collect(),
        algorithms: issuer.algorithms.iter().map(ToString::to_string).collect(),
        username_claim: issuer.username_claim.clone(),
        roles_claim: issuer.roles_claim.clone(),
        role_map: issuer.role_map.iter().map(|m| (m.value.clone(), m.role.clone())).collect(),
        sign_in: issuer.sign_in,
        callers: issuer.callers,
    };
    serde_json::to_string(&settings).map_err(|_| Error::corrupt("the settings of an issuer"))
}

/// Reads it back into an issuer whose columns are still to be filled in. A word that this program does
/// not know is one that it cannot hold an issuer to: then it is believed nothing.
pub(super) fn read(text: &str) -> Result<Issuer, Error> {
    let bad = || Error::corrupt("the settings of an issuer cannot be read");
    let settings: Settings = serde_json::from_str(text).map_err(|_| bad())?;
    let types = settings.token_types.iter().map(|text| TokenType::parse(text));
    let algorithms = settings.algorithms.iter().map(|text| JwsAlgorithm::parse(text));
    let mapped = settings.role_map.into_iter().map(|(value, role)| MappedRole { value, role });
    Ok(Issuer {
        id: IssuerId::from_u128(0),
        scope: Scope::Cluster,
        name: String::new(),
        label: settings.label,
        issuer: String::new(),
        client_id: settings.client_id,
        has_secret: false,
        scopes: settings.scopes,
        audiences: settings.audiences,
        token_types: types.collect::<Option<_>>().ok_or_else(bad)?,
        algorithms: algorithms.collect::<Option<_>>().ok_or_else(bad)?,
        username_claim: settings.username_claim,
        roles_claim: settings.roles_claim,
        role_map: mapped.collect(),
        sign_in: settings.sign_in,
        callers: settings.callers,
        allow_http: false,
        enabled: false,
        source: Source::Configuration,
    })
}
