//! The credentials of a realm's client: Basic, over which the form wins, as this wire has it.

use crate::{
    credentials::{self, Authorization},
    extract::Parameters,
};
use domain::secret::Secret;
use http::{HeaderMap, header};
use service::oauth2::{ClientProof, ProofMethod};

/// What the request presented.
#[derive(Debug)]
pub(super) struct Presented {
    /// Whom, and by what; `None`: it named no client.
    pub(super) proof: Option<ClientProof>,
    /// Whether the header was tried: then a refusal names it (RFC 6749 section 5.2).
    pub(super) by_header: bool,
    /// Whether there is a header that cannot be read, and nothing in the form in its stead.
    pub(super) unreadable: bool,
}

/// Takes the client's credentials out of header and form.
pub(super) fn presented(headers: &HeaderMap, form: &mut Parameters) -> Presented {
    let by_header = headers.contains_key(header::AUTHORIZATION);
    let basic = match credentials::authorization(headers, false) {
        Ok(Some(Authorization::Basic(pair))) => credentials::form_decoded(&pair).ok(),
        Ok(Some(Authorization::Bearer(_) | Authorization::Other) | None) | Err(_) => None,
    };
    let form_id = form.take_text("client_id");
    let form_secret = form.take("client_secret");
    let unreadable = by_header && basic.is_none() && form_id.is_none();
    let method = match form_id.is_some() || form_secret.is_some() {
        true => ProofMethod::Form,
        false => ProofMethod::Basic,
    };
    let (basic_id, basic_secret) =
        basic.map_or((None, None), |(id, secret)| (Some(id), Some(secret)));
    let secret: Option<Secret> = form_secret.or(basic_secret);
    let proof = form_id.or(basic_id).map(|client_id| ClientProof { client_id, secret, method });
    Presented { proof, by_header, unreadable }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// `id:secret`, or what is wrong.
    fn read(authorization: Option<&str>, form: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Some(text) = authorization {
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
        }
        let mut form = Parameters::parse(form.as_bytes()).unwrap();
        let found = presented(&headers, &mut form);
        if found.unreadable {
            return "unreadable".to_owned();
        }
        found.proof.map_or_else(
            || "nobody".to_owned(),
            |proof| {
                let secret = proof.secret.as_ref().map_or("-", |secret| secret.expose());
                format!("{}:{secret}", proof.client_id)
            },
        )
    }

    #[test]
    fn the_form_wins_over_the_header() {
        let basic = Some("Basic YWxpY2U6d29uZGVy"); // alice:wonder
        assert_eq!(read(basic, ""), "alice:wonder");
        assert_eq!(read(basic, "client_id=bob"), "bob:wonder");
        assert_eq!(read(basic, "client_id=bob&client_secret=land"), "bob:land");
        assert_eq!(read(basic, "client_secret=land"), "alice:land");
        assert_eq!(read(None, "client_id=bob&client_secret="), "bob:-");
        assert_eq!(read(None, ""), "nobody");
    }

    #[test]
    fn a_header_that_says_nothing_counts_where_the_form_names_nobody() {
        for header in ["Negotiate abc", "Bearer abc", "Basic !", "Basic YWxpY2U="] {
            assert_eq!(read(Some(header), ""), "unreadable", "{header}");
            assert_eq!(read(Some(header), "client_id=bob"), "bob:-", "{header}");
        }
    }
}
