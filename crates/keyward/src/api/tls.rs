//! Whom a client trusts: the public authorities, and those of `--ca-file`.

use crate::{
    authorities,
    config::Environment,
    failure::{Exit, Failure},
};
use rustls::{ClientConfig, RootCertStore};
use std::{path::Path, sync::Arc};
use tokio_rustls::TlsConnector;

/// The variable for `--ca-file`.
pub(super) const CA_FILE: &str = "KEYWARD_CA_FILE";

/// The connector for `https` addresses.
///
/// # Errors
/// The file cannot be read or holds no certificate.
pub(super) fn connector(
    ca_file: Option<&Path>,
    environment: &Environment,
) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let named = ca_file.or_else(|| environment.given(CA_FILE).map(Path::new));
    if let Some(path) = named {
        add(&mut roots, path)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Failure::failed(format!("TLS cannot be set up: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn add(roots: &mut RootCertStore, path: &Path) -> Result<(), Failure> {
    let bad = |why: String| {
        Failure::new(Exit::Usage, why).with_hint(
            "`--ca-file` takes PEM: the certificate of the authority that the server's came from",
        )
    };
    for certificate in authorities::read(path).map_err(bad)? {
        roots.add(certificate).map_err(|e| bad(e.to_string()))?;
    }
    Ok(())
}
