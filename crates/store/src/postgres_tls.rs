//! A `postgres://` address, and TLS to where it leads.
//!
//! `sslmode=require` checks the certificate, as `verify-full` does: encrypting to whoever answers
//! protects from nobody who can stand in between. Without `sslmode`, TLS is required of every host
//! but loopback and Unix sockets.

use crate::{Error, Options};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{net::IpAddr, sync::Arc};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Reads the address. Its text holds a password, so no error repeats any of it.
pub(crate) fn read_address(
    url: &str,
    options: &Options,
) -> Result<(tokio_postgres::Config, Option<MakeRustlsConnect>), Error> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (modes, others): (Vec<&str>, Vec<&str>) =
        query.split('&').filter(|p| !p.is_empty()).partition(|p| p.starts_with("sslmode="));
    let rest =
        if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
    let mut config: tokio_postgres::Config = rest.parse().map_err(|_| {
        Error::Unusable("the database address is not a postgres:// address".to_owned())
    })?;
    let encrypted = match modes.last().and_then(|m| m.strip_prefix("sslmode=")) {
        Some("disable") => false,
        Some("require" | "verify-ca" | "verify-full") => true,
        None => !config.get_hosts().iter().all(is_local),
        Some(_) => {
            return Err(Error::Unusable(
                "sslmode in the database address is one of disable, require, verify-full"
                    .to_owned(),
            ));
        }
    };
    if !encrypted {
        config.ssl_mode(SslMode::Disable);
        return Ok((config, None));
    }
    config.ssl_mode(SslMode::Require);
    Ok((config, Some(MakeRustlsConnect::new(client(options)?))))
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
    }
}

fn client(options: &Options) -> Result<rustls::ClientConfig, Error> {
    let mut roots = rustls::RootCertStore::empty();
    match &options.database_ca {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let added = certificate.map(|c| roots.add(c));
                if !matches!(added, Ok(Ok(()))) {
                    return Err(bad_authority());
                }
            }
            if roots.is_empty() {
                return Err(bad_authority());
            }
        }
    }
    // Named here and not taken from the process: nothing else may decide which crypto is used.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::unavailable)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn bad_authority() -> Error {
    Error::Unusable("the database's certificate authority is not PEM with certificates".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypted(url: &str) -> bool {
        read_address(url, &Options::default()).unwrap().1.is_some()
    }

    #[test]
    fn tls_is_left_out_only_when_said_or_when_nothing_leaves_the_machine() {
        assert!(!encrypted("postgres://u:p@localhost/db"));
        assert!(!encrypted("postgres://u:p@127.0.0.1:5433/db"));
        assert!(!encrypted("postgres://u:p@db.example/db?sslmode=disable"));
        assert!(encrypted("postgres://u:p@db.example/db"));
        assert!(encrypted("postgres://u:p@localhost/db?sslmode=verify-full"));
        assert!(encrypted("postgres://u:p@db.example/db?connect_timeout=3&sslmode=require"));
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_repeated() {
        for url in
            ["postgres://u:hunter2@host:notaport/db", "postgres://u:hunter2@h/db?sslmode=prefer"]
        {
            let error = read_address(url, &Options::default()).err().unwrap();
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}
