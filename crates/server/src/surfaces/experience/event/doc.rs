//! The operations in the words of OpenAPI.

use crate::{
    document::{Operation, operation, schema},
    failure::{Failure, Proof, Scheme},
};
use domain::verdict::Verdict;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// An event. What else it says is carried on as it is.
#[derive(ToSchema)]
#[schema(as = OpenConnectEvent)]
#[expect(dead_code, reason = "it is described, never made")]
pub(in super::super) struct Event {
    /// Whose screen it is for; `agentId` is the same.
    agentid: String,
    /// The key, unless it stands in `Authorization: Bearer`.
    jwt: Option<String>,
    /// Which CRM.
    #[schema(rename = "crmId")]
    crm_id: String,
    /// What happened.
    event: String,
}

/// The answer to an event that is handed to nobody.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenConnectAnswer)]
pub(in super::super) struct Answer {
    pub(in super::super) status: &'static str,
}

/// `POST`.
pub(in super::super) fn send() -> Operation {
    answered(operation("Send an event").about(ABOUT).may_take::<Event>(json!({
        "agentid": "4711", "crmId": "crm-1", "event": "screenPop", "phone": "+15550100",
    })))
}

/// `GET`.
pub(in super::super) fn send_by_query() -> Operation {
    let text = || schema::text(1, 8192);
    let operation = operation("Send an event by its query")
        .about(ABOUT)
        .query("agentid", "Whose screen it is for; `agentId` is the same.", text(), "4711")
        .query("crmId", "Which CRM.", text(), "crm-1")
        .query("event", "What happened.", text(), "screenPop");
    answered(operation)
}

/// `OPTIONS`.
pub(in super::super) fn ask_before() -> Operation {
    operation("Ask before an event")
        .about(
            "A browser's pre-flight (CORS): answered for every origin that some tenant lists. No key is \
             asked for.",
        )
        .answers_nothing(204, "The call may be made.")
        .fails([Failure::OriginNotAllowed])
}

fn answered(operation: Operation) -> Operation {
    let scheme = Scheme::Bearer;
    operation
        .answers::<Answer>(
            200,
            "The event holds. Where the tenant names a route of the gateway, the answer is that of its \
             upstream instead, whatever that is.",
            json!({"status": "ok"}),
        )
        .fails([
            Failure::Unauthenticated { scheme, proof: Proof::Absent },
            Failure::InvalidKey { scheme },
            Failure::KeyForbidden(Verdict::OriginNotAllowed),
            Failure::KeyForbidden(Verdict::AddressNotAllowed),
            service::Error::invalid("agentid", "is missing").into(),
            Failure::TwoCredentials,
            Failure::BadGateway,
            Failure::GatewayTimeout,
        ])
}

const ABOUT: &str = "\
    An event of OpenConnect: `agentid` (or `agentId`), `crmId`, `event`, and whatever else belongs to it, in \
    the query, a form or a JSON object. Names are told apart by case, and each stands once.\n\n\
    The key is of type `openconnect` and stands in the parameter `jwt`, or as `Authorization: Bearer`, which \
    keeps it out of the logs of others. Its allow-list is asked about `Origin`, else about `Referer`.\n\n\
    A tenant may name a route of the gateway (`openconnectRoute`): then the call goes to its upstream, without \
    the key unless the route says otherwise, with the header fields that say whose key it was.";
