//! One folder a wire: its table, its envelopes, its words, which stay in there. A surface knows no
//! other surface; what two of them need lies above, in this crate, or below, in `service`.

pub(crate) mod auth_v3;
pub(crate) mod environment_v3;
pub(crate) mod experience;
pub(crate) mod native;
pub(crate) mod nexus_v3;
pub(crate) mod nexusone;
pub(crate) mod oauth2;
pub(crate) mod oidc;
