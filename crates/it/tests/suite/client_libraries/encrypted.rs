//! The program at `https://localhost`, with a certificate of an authority that drivers are told to trust.

use it::{
    process::{Process, config, free_port},
    world::Place,
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

/// Starts it with a plain listener for the harness and an encrypted one; what the public calls it, and the file
/// of the authority.
pub(super) async fn start(place: &Place) -> (Process, String, String) {
    let (plain, port) = (free_port(), free_port());
    let url = format!("https://localhost:{port}");
    let folder = place.folder();
    let authority = certified(folder);
    let text = config(place, plain, "")
        .replace(&format!("listen = \"127.0.0.1:{plain}\"\n"), "")
        .replace(&format!("http://127.0.0.1:{plain}"), &url);
    let listeners = format!(
        "[[listen]]\naddress = \"127.0.0.1:{plain}\"\n\
         [[listen]]\naddress = \"127.0.0.1:{port}\"\ntls_certificate = \"tls.crt\"\ntls_key = \"tls.key\"\n"
    );
    let file = folder.join("keyward.toml");
    fs::write(&file, format!("{text}\n{listeners}")).expect("a configuration");
    let file = file.display().to_string();
    let process = Process::start_with(place, plain, &["serve", "--config", &file]).await;
    (process.expect("the program starts"), url, authority)
}

/// An authority and a certificate of its own for `localhost`; the file of the authority.
fn certified(folder: &Path) -> String {
    let mut root = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    root.distinguished_name.push(DnType::CommonName, "an authority of one test");
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().expect("a key");
    let root_certificate = root.self_signed(&root_key).expect("a certificate");
    let authority = folder.join("authority.crt");
    fs::write(&authority, root_certificate.pem()).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.use_authority_key_identifier_extension = true;
    let leaf = leaf.signed_by(&key, &Issuer::new(root, root_key)).expect("a certificate");
    fs::write(folder.join("tls.crt"), leaf.pem()).expect("a certificate");
    let file = folder.join("tls.key");
    fs::write(&file, key.serialize_pem()).expect("a key");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
    authority.display().to_string()
}
