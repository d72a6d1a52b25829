#![allow(clippy::unwrap_used)]
use super::style;
use crate::{
    answer::Body,
    failure::{Failure, Proof, Rendering, Scheme},
};
use domain::{policy::Envelope, verdict::Verdict};
use http::Method;

fn said(envelope: Envelope, failure: &Failure) -> (u16, String, String) {
    let rendering = Rendering { request_id: "r1", method: &Method::GET, operation: None };
    let response = (style(envelope).render)(failure, &rendering);
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge.map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = response.status().as_u16();
    let Body::Whole(Some(bytes)) = response.into_body() else { unreachable!() };
    (status, challenge, String::from_utf8(bytes.to_vec()).unwrap())
}

const MISSING: Failure = Failure::Unauthenticated { scheme: Scheme::ApiKey, proof: Proof::Absent };
const WRONG: Failure = Failure::InvalidKey { scheme: Scheme::ApiKey };

#[test]
fn a_missing_and_a_wrong_key_are_one_answer_where_the_wire_says_so() {
    for envelope in [Envelope::Ges, Envelope::Nexus, Envelope::Experience] {
        assert_eq!(said(envelope, &MISSING), said(envelope, &WRONG), "{envelope:?}");
    }
    assert_eq!(
        said(Envelope::Ges, &WRONG).2,
        r#"{"status":{"code":401,"message":"Invalid Api Key","corrId":"r1"}}"#
    );
    assert!(said(Envelope::Nexus, &WRONG).2.contains(r#""code":"INVALID_CONTACT_CENTER""#));
}

#[test]
fn nexusone_says_missing_and_wrong_as_its_framework_does() {
    let missing = (401, "APIKey".to_owned(), r#"{"detail":"Not authenticated"}"#.to_owned());
    assert_eq!(said(Envelope::Nexusone, &MISSING), missing);
    let wrong = (401, "APIKey".to_owned(), r#"{"detail":"Invalid API key"}"#.to_owned());
    assert_eq!(said(Envelope::Nexusone, &WRONG), wrong);
}

#[test]
fn every_envelope_says_every_status_of_the_gateway() {
    let failures = [
        Failure::BadPath,
        Failure::KeyForbidden(Verdict::InsufficientPermissions),
        Failure::BodyTooLarge { max_bytes: 5 },
        Failure::Shed,
        Failure::BadGateway,
        Failure::GatewayTimeout,
    ];
    let envelopes = [
        Envelope::Problem,
        Envelope::Ges,
        Envelope::Nexus,
        Envelope::Experience,
        Envelope::Nexusone,
    ];
    for envelope in envelopes {
        for failure in &failures {
            let (status, _, body) = said(envelope, failure);
            assert_eq!(status, failure.status().as_u16(), "{envelope:?}");
            assert!(serde_json::from_str::<serde_json::Value>(&body).unwrap().is_object());
        }
    }
    let (_, _, body) = said(Envelope::Experience, &failures[1]);
    assert_eq!(body, r#"{"error":"forbidden","message":"the API key lacks a permission"}"#);
    let (_, _, body) = said(Envelope::Nexus, &failures[5]);
    assert_eq!(
        body,
        r#"{"referenceId":"r1","operationId":"gateway","status":{"code":"FAILURE","message":"Gateway timeout","detail":"the upstream did not answer in time"}}"#
    );
}
