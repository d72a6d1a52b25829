use super::*;
use rcgen::{CertifiedKey, KeyPair};
use std::{fs, os::unix::fs::PermissionsExt as _};

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("keyward-tls-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.0.join("tls.crt"), key: self.0.join("tls.key") }
    }

    /// Puts a file in place of another at once, as tools that renew certificates do.
    fn put(&self, path: &Path, text: &str, mode: u32) {
        let new = self.0.join("new");
        fs::write(&new, text).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(mode)).unwrap();
        fs::rename(&new, path).unwrap();
    }

    fn put_pair(&self) -> CertifiedKey<KeyPair> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        self.put(&self.files().certificate, &made.cert.pem(), 0o644);
        self.put(&self.files().key, &made.signing_key.serialize_pem(), 0o600);
        made
    }
}

#[test]
fn ht_07_a_new_pair_is_taken_and_a_bad_one_leaves_the_old() {
    let folder = Folder::new("renew");
    folder.put_pair();
    let certificate = Certificate::load(&folder.files()).unwrap();
    assert!(certificate.ends_at().is_some());
    let first = certificate.config();
    assert_eq!(certificate.look(false).unwrap(), Look::Same);

    let next = folder.put_pair();
    assert_eq!(certificate.look(false).unwrap(), Look::Renewed);
    let second = certificate.config();
    assert!(!Arc::ptr_eq(&first, &second));

    // Between two steps of whoever renews it: the certificate is new, the key is still the old one.
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    folder.put(&folder.files().certificate, &other.cert.pem(), 0o644);
    assert!(matches!(certificate.look(false), Err(TlsError::Pair { .. })));
    assert_eq!(certificate.look(false).unwrap(), Look::Same, "a bad pair is told once");
    assert!(Arc::ptr_eq(&second, &certificate.config()));
    fs::remove_file(folder.files().key).unwrap();
    assert!(matches!(certificate.look(false), Err(TlsError::Io { .. })));
    folder.put(&folder.files().key, &other.signing_key.serialize_pem(), 0o640);
    assert_eq!(certificate.look(false).unwrap(), Look::Renewed);
    drop(next);

    assert_eq!(certificate.look(true).unwrap(), Look::Renewed, "asked for by name");
}

#[test]
fn a_key_that_everybody_may_read_and_files_of_other_things_are_refused() {
    let folder = Folder::new("refused");
    folder.put_pair();
    let files = folder.files();
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o604)).unwrap();
    let error = Certificate::load(&files).unwrap_err();
    assert!(matches!(error, TlsError::TooOpen(_)));
    assert!(error.to_string().contains("chmod 640"), "{error}");

    folder.put(&files.key, "canary", 0o600);
    let error = Certificate::load(&files).unwrap_err().to_string();
    assert!(error.contains("holds no private key") && !error.contains("canary"), "{error}");
    folder.put(&files.certificate, "", 0o600);
    let error = Certificate::load(&files).unwrap_err().to_string();
    assert!(error.contains("holds no certificate"), "{error}");
    let nowhere = TlsFiles { certificate: folder.0.join("none"), ..files };
    assert!(matches!(Certificate::load(&nowhere), Err(TlsError::Io { .. })));
}

#[test]
fn ht_07_only_two_versions_and_two_protocols_are_spoken() {
    let folder = Folder::new("versions");
    folder.put_pair();
    let config = Certificate::load(&folder.files()).unwrap().config();
    assert_eq!(config.alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    let suites = &config.crypto_provider().cipher_suites;
    // Forward secrecy and authenticated encryption throughout.
    for suite in suites {
        let name = format!("{:?}", suite.suite());
        assert!(name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_"), "{name}");
        assert!(name.contains("GCM") || name.contains("CHACHA20_POLY1305"), "{name}");
    }
}
