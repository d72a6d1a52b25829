//! Where to listen, with or without TLS.

use super::{
    Error, Listener,
    given::{self, Given},
    resolve::Check,
};
use server::{peer::SurfaceSet, tls::TlsFiles};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

/// Where to listen when nothing is said.
pub(super) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Whether only this machine reaches the address.
pub(super) fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// The public address that follows from a listener's.
pub(super) fn url_of(listener: SocketAddr, encrypted: bool) -> String {
    let scheme = if encrypted { "https" } else { "http" };
    let host = match listener.ip() {
        ip if ip.is_unspecified() => "localhost".to_owned(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    format!("{scheme}://{host}:{}", listener.port())
}

fn plain_http(address: SocketAddr) -> Error {
    Error::new(format!(
        "`{address}` is reachable from other machines, and Keyward speaks plain HTTP there"
    ))
    .with_hint(
        "give it a certificate (`tls_certificate` and `tls_key`), listen on loopback, or put a proxy \
         that speaks TLS in front and set `plain_http_behind_tls_proxy = true`",
    )
}

impl Check<'_> {
    /// Every listener; one that strangers could listen in on is refused (BT-06).
    pub(super) fn listeners(&self, given: &Given) -> Result<Vec<Listener>, Error> {
        let listeners = match &given.listen {
            None => vec![self.single(LISTEN, given)?],
            Some(given::Listen::Address(text)) => {
                vec![self.single(self.address("listen", text)?, given)?]
            }
            Some(given::Listen::Each(each)) => {
                let common =
                    [("tls_certificate", &given.tls_certificate), ("tls_key", &given.tls_key)];
                if let Some((name, _)) = common.iter().find(|(_, value)| value.is_some()) {
                    return Err(self.fault(name, "in a list of listeners each names its own"));
                }
                let each = each.iter().enumerate();
                each.map(|(at, listener)| self.one(at, listener)).collect::<Result<_, _>>()?
            }
        };
        let open = listeners.iter().find(|l| l.tls.is_none() && !is_loopback(l.address.ip()));
        match open {
            Some(open) if given.plain_http_behind_tls_proxy != Some(true) => {
                Err(plain_http(open.address))
            }
            _ => Ok(listeners),
        }
    }

    /// Where metrics are served. Beyond loopback too: the setting is the name by which one asks for it,
    /// and nothing that is sent or answered there is secret.
    pub(super) fn metrics_address(&self, given: Option<&str>) -> Result<Option<SocketAddr>, Error> {
        given.map(|text| self.address("metrics_listen", text)).transpose()
    }

    fn single(&self, address: SocketAddr, given: &Given) -> Result<Listener, Error> {
        let (certificate, key) = (given.tls_certificate.as_deref(), given.tls_key.as_deref());
        Ok(Listener { address, surfaces: SurfaceSet::ALL, tls: self.tls("", certificate, key)? })
    }

    fn one(&self, at: usize, listener: &given::Listener) -> Result<Listener, Error> {
        let table = format!("listen[{at}].");
        let setting = format!("{table}address");
        let text = listener.address.as_deref().ok_or_else(|| self.fault(&setting, "missing"))?;
        let surfaces = match &listener.surfaces {
            Some(names) => SurfaceSet::named(names)
                .map_err(|e| self.fault(&format!("{table}surfaces"), e.to_string()))?,
            None => SurfaceSet::ALL,
        };
        let (certificate, key) = (listener.tls_certificate.as_deref(), listener.tls_key.as_deref());
        let tls = self.tls(&table, certificate, key)?;
        Ok(Listener { address: self.address(&setting, text)?, surfaces, tls })
    }

    /// Both or none. The files are read when the listener starts, and again whenever they change.
    fn tls(
        &self,
        table: &str,
        certificate: Option<&str>,
        key: Option<&str>,
    ) -> Result<Option<TlsFiles>, Error> {
        let names = [format!("{table}tls_certificate"), format!("{table}tls_key")];
        let [certificate_name, key_name] = &names;
        let (certificate, key) = match (certificate, key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate, key),
            (Some(_), None) => {
                return Err(self.fault(certificate_name, format!("`{key_name}` is missing")));
            }
            (None, Some(_)) => {
                return Err(self.fault(key_name, format!("`{certificate_name}` is missing")));
            }
        };
        Ok(Some(TlsFiles {
            certificate: self.path_of_pem(certificate_name, certificate)?,
            key: self.path_of_pem(key_name, key)?,
        }))
    }

    /// The path of a file of PEM, which is read later.
    pub(super) fn path_of_pem(&self, setting: &str, value: &str) -> Result<PathBuf, Error> {
        if value.contains("-----BEGIN") {
            return Err(self
                .fault(setting, "it holds the text of a file, not its name")
                .with_hint("write the path alone, without `file:`"));
        }
        Ok(value.into())
    }

    fn address(&self, setting: &str, text: &str) -> Result<SocketAddr, Error> {
        let text = text.trim();
        match text.strip_prefix("localhost:") {
            Some(port) => port.parse().ok().map(|port| SocketAddr::new(LISTEN.ip(), port)),
            None => text.parse().ok(),
        }
        .ok_or_else(|| {
            self.fault(setting, format!("`{text}` is not an address with a port"))
                .with_hint("write `127.0.0.1:8080`, `[::1]:8080` or `0.0.0.0:8080`")
        })
    }
}
