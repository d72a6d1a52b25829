//! The members of requests that make or change what a call must present.

/// A request with the members that make a policy, each of which may be left out, and others; and
/// `policy()`, which reads those members.
macro_rules! policy_request {
    (struct $name:ident { $($others:tt)* }) => {
        #[derive(serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(in super::super) struct $name {
            /// The key types that pass; empty: any.
            #[serde(default, deserialize_with = "given")]
            #[schema(value_type = Vec<String>, required = false, max_items = 20)]
            key_types: Option<Vec<String>>,
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
                    key_types: self.key_types.clone(),
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
