//! TLS of a listener: its certificate is read from files, and read anew when they change.
//!
//! One of the few places outside `keyward::config` that read files. A handshake takes what is loaded
//! at that moment; connections that are open keep what they have. What cannot be used changes nothing.

mod validity;

use domain::time::Timestamp;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use std::{
    fmt,
    fs::File,
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use zeroize::Zeroizing;

/// A chain or a key that is longer is a mistake, such as the path of a device.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Where a certificate is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TlsFiles {
    /// The certificate and what is between it and its authority, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file system refused.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Anybody on the machine may read the key.
    #[error("the key file `{}` can be read by everybody; run `chmod 640` on it", .0.display())]
    TooOpen(PathBuf),
    /// It is no PEM, or not of this.
    #[error("`{}` holds no {what} in PEM", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
    },
    /// The two do not belong together, or nobody could use them.
    #[error("`{}` and `{}` cannot be used: {source}", files.certificate.display(), files.key.display())]
    Pair {
        /// Both.
        files: TlsFiles,
        /// What is wrong.
        source: rustls::Error,
    },
}

/// What a look at the files found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// They are those of the last look.
    Same,
    /// New ones; handshakes use them from now on.
    Renewed,
}

/// A certificate in use. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Shared>);

struct Shared {
    files: TlsFiles,
    loaded: RwLock<Loaded>,
    /// Of the files that were tried last, whether they could be used or not.
    seen: Mutex<Option<Stamp>>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    ends_at: Option<Timestamp>,
}

/// Tells files from those of the last look without reading them.
type Stamp = [(u64, u64, u64, i64, i64); 2];

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificate").field(&self.0.files).finish()
    }
}

impl Certificate {
    /// Reads it.
    ///
    /// # Errors
    /// It cannot be used; the text says why and names the file.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        let seen = stamp(files);
        let loaded = RwLock::new(read(files)?);
        Ok(Self(Arc::new(Shared { files: files.clone(), loaded, seen: Mutex::new(seen) })))
    }

    /// Reads the files again if they changed since the last look, or in any case (`even_if_same`).
    ///
    /// # Errors
    /// The new ones cannot be used; the old ones stay. Told once, until the files change again.
    pub fn look(&self, even_if_same: bool) -> Result<Look, TlsError> {
        // Before reading: a change in between is then found by the next look.
        let found = stamp(&self.0.files);
        {
            let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if found == *seen && !even_if_same {
                return Ok(Look::Same);
            }
            *seen = found;
        }
        let new = read(&self.0.files)?;
        *self.0.loaded.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(Look::Renewed)
    }

    /// Where it is.
    #[must_use]
    pub fn files(&self) -> &TlsFiles {
        &self.0.files
    }

    /// When it ends, as far as that can be read.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.0.loaded.read().unwrap_or_else(PoisonError::into_inner).ends_at
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.loaded.read().unwrap_or_else(PoisonError::into_inner).config)
    }
}

/// `None` when one of them is not there, as between two steps of whoever replaces them.
fn stamp(files: &TlsFiles) -> Option<Stamp> {
    let of = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
    };
    Some([of(&files.certificate)?, of(&files.key)?])
}

fn read(files: &TlsFiles) -> Result<Loaded, TlsError> {
    let (certificate, _) = read_file(&files.certificate)?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| content(&files.certificate, "certificate"))?;
    let ends_at = match chain.first() {
        Some(first) => validity::ends_at(first),
        None => return Err(content(&files.certificate, "certificate")),
    };
    let (key, mode) = read_file(&files.key)?;
    // A group may read it, as the certificate tools of distributions and of Kubernetes arrange it.
    if mode & 0o007 != 0 {
        return Err(TlsError::TooOpen(files.key.clone()));
    }
    let key =
        PrivateKeyDer::from_pem_slice(&key).map_err(|_| content(&files.key, "private key"))?;
    let config = configuration(chain, key)
        .map_err(|source| TlsError::Pair { files: files.clone(), source })?;
    Ok(Loaded { config: Arc::new(config), ends_at })
}

fn configuration(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    // Named here and not taken from the process: nothing else may decide which crypto is used.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The bytes and the mode of one file, of the same look at it.
#[expect(clippy::disallowed_methods, reason = "the files of TLS are a named exception")]
fn read_file(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u32), TlsError> {
    let read = || {
        let file = File::open(path)?;
        let mode = file.metadata()?.mode();
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
        Ok((bytes, mode))
    };
    read().map_err(|source| TlsError::Io { path: path.to_owned(), source })
}

fn content(path: &Path, what: &'static str) -> TlsError {
    TlsError::Content { path: path.to_owned(), what }
}

#[cfg(test)]
mod tests;
