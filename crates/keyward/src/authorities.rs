//! Authorities that certificates may come from, beside the public ones.

use crate::config;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use std::path::Path;

/// Reads them from a file of PEM.
///
/// # Errors
/// In words: there is no such file, or it does not hold certificates and those alone.
pub(crate) fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bad = |why: &dyn std::fmt::Display| format!("`{}`: {why}", path.display());
    let text = config::read_file(path).map_err(|e| e.to_string())?;
    let text = text.ok_or_else(|| bad(&"there is no such file"))?;
    let all: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|e| bad(&e))?;
    if all.is_empty() {
        return Err(bad(&"it holds no certificate"));
    }
    let mut tried = RootCertStore::empty();
    for certificate in &all {
        tried.add(certificate.clone()).map_err(|e| bad(&e))?;
    }
    Ok(all)
}
