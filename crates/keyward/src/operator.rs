//! Who runs this process, for the audit log: the name of the effective user, which the environment
//! cannot change.

use crate::config;
use std::{os::unix::fs::MetadataExt as _, path::Path};

/// The user's name; `uid-1000` where the machine has none for the number.
pub(crate) fn name() -> String {
    // The kernel gives a process's folder to its effective user.
    let Ok(about) = std::fs::metadata("/proc/self") else { return "unknown".to_owned() };
    let users = config::read_file(Path::new("/etc/passwd")).ok().flatten().unwrap_or_default();
    name_of(about.uid(), &users).unwrap_or_else(|| format!("uid-{}", about.uid()))
}

/// The name of this number in the text of `/etc/passwd`.
fn name_of(uid: u32, users: &str) -> Option<String> {
    let number = uid.to_string();
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let _password = fields.next()?;
        (fields.next()? == number && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_by_its_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\njoe:x:1000:1000::/nowhere:/bin/sh\n";
        assert_eq!(name_of(0, users).as_deref(), Some("root"));
        assert_eq!(name_of(1000, users).as_deref(), Some("joe"));
        assert_eq!(name_of(100, users), None);
        assert!(!name().is_empty());
    }
}
