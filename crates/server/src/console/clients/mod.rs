//! `/console/clients`: the programs that get tokens, and what each of them may do.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod edit;
mod fields;
pub(super) mod list;
pub(super) mod regenerate_secret;
pub(super) mod show;
pub(super) mod switch;
mod typed;

/// The list.
const LIST: &str = "/console/clients";

/// The page of a client. Its id is any printable text, so it is written for a path; `new` is the page on which
/// one is made.
pub(super) fn href(client_id: &str) -> String {
    let mut href = format!("{LIST}/");
    for (at, byte) in client_id.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain && !(at == 0 && client_id == "new") {
            href.push(char::from(byte));
        } else {
            href.push_str(&format!("%{byte:02X}"));
        }
    }
    href
}

#[cfg(test)]
mod tests {
    use super::href;

    #[test]
    fn every_client_has_an_address_of_its_own() {
        assert_eq!(href("billing-1"), "/console/clients/billing-1");
        assert_eq!(href("a/b c?d"), "/console/clients/a%2Fb%20c%3Fd");
        assert_eq!(href("new"), "/console/clients/%6Eew");
        assert_eq!(href("new-one"), "/console/clients/new-one");
    }
}
