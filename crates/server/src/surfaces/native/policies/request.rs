//! The members of requests that make or change what a call must present.

use serde_json::{Value, json};
use service::{Error, policies::UpdatePolicy};

/// What whoever makes a rule has to say: of a rule that says nothing, every live key would pass.
pub(in super::super) const DEMANDED: [&str; 3] = ["keyTypes", "permission", "presentedIn"];

/// Refuses a new rule that leaves one of them out.
pub(in super::super) fn demand(said: &UpdatePolicy) -> Result<(), Error> {
    let why = [
        (said.key_types.is_none(), "is needed; `[]` lets keys of any type pass"),
        (said.wanted.is_none(), "is needed; `null` asks for none"),
        (said.presented_in.is_none(), "is needed"),
    ];
    match DEMANDED.into_iter().zip(why).find(|(_, (missing, _))| *missing) {
        Some((member, (_, why))) => Err(Error::invalid(member, why)),
        None => Ok(()),
    }
}

/// These members, and those that are demanded of a rule.
pub(in super::super) fn required(others: &[&str]) -> Value {
    json!(others.iter().chain(&DEMANDED).collect::<Vec<_>>())
}

/// A request with the members that make a policy, each of which may be left out, and others; and
/// `policy()`, which reads those members.
macro_rules! policy_request {
    (struct $name:ident { $($others:tt)* }) => {
        #[derive(serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(in super::super) struct $name {
            /// The key types that pass; empty, or `null`: any.
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = Option<Vec<String>>, required = false, max_items = 20)]
            key_types: Option<Option<Vec<String>>>,
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = words::WantedPermissions, required = false)]
            permission: Option<Option<PermissionBody>>,
            /// Where a key may be presented.
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = Vec<words::KeyPlace>, required = false, max_items = 8)]
            presented_in: Option<Vec<PlaceBody>>,
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = words::TokensPass, required = false)]
            tokens: Option<String>,
            /// Units that a call takes from the key's limit.
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = u32, required = false, maximum = 1_000_000)]
            cost: Option<u32>,
            /// A ceiling over all calls together, besides the key's own.
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = Option<CeilingBody>, required = false)]
            limit: Option<Option<CeilingBody>>,
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = words::LimitedAs, required = false)]
            limited_as: Option<u32>,
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = words::Envelope, required = false)]
            envelope: Option<String>,
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = IdentityBody, required = false)]
            identity_headers: Option<IdentityBody>,
            $($others)*
        }

        impl $name {
            fn policy(&self) -> Result<service::policies::UpdatePolicy, service::Error> {
                let limit = |limit: &Option<CeilingBody>| {
                    limit.as_ref().map(CeilingBody::read).transpose()
                };
                Ok(service::policies::UpdatePolicy {
                    key_types: self.key_types.clone().map(Option::unwrap_or_default),
                    wanted: self.permission.clone().map(PermissionBody::wanted),
                    presented_in: self.presented_in.as_deref().map(places).transpose()?,
                    tokens: self.tokens.as_deref().map(tokens).transpose()?,
                    cost: self.cost,
                    limit: self.limit.as_ref().map(limit).transpose()?,
                    limited_as: self.limited_as.map(limited_as).transpose()?,
                    envelope: self.envelope.as_deref().map(envelope).transpose()?,
                    identity: self.identity_headers.as_ref().map(IdentityBody::read),
                    if_version: None,
                })
            }
        }
    };
}
pub(in super::super) use policy_request;
