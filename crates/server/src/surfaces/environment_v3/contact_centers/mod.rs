//! Contact centers: tenants, in this wire's words.

pub(super) mod create;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;

use crate::{
    document::Named,
    surfaces::environment_v3::{envelope, wire::ContactCenterBody},
};
use domain::id::EnvironmentId;
use service::Error;

/// The id of an environment in a body.
fn environment(text: &str) -> Result<EnvironmentId, Error> {
    EnvironmentId::parse(text)
        .map_err(|_| Error::invalid("environment", "must be the id of an environment"))
}

/// A contact center is named by its domains.
fn no_domain() -> Error {
    Error::invalid("domains", "must name at least one domain")
}

/// The form of the answer with one contact center.
fn answer() -> Named {
    let shown = Named::of::<ContactCenterBody<'_>>();
    envelope::success_with("ContactCenterAnswer", &envelope::reference(&shown), vec![shown])
}
