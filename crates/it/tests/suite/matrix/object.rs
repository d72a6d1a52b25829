//! What routes name.

/// What the objects of a row are.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Object {
    /// A nexus key of the first tenant; its owner is that tenant's administrator.
    Key,
    /// The same, on a wire where a secret names nothing.
    KeyById,
    /// An OAuth client of the cluster.
    Client,
    /// An OAuth client of the first tenant.
    OwnClient,
    /// A person of the first tenant.
    Person,
    /// A role of the first tenant.
    Role,
    /// The first tenant itself, named in the query or the body.
    Tenant,
    /// A tenant that the cluster made.
    TenantById,
    /// The same, in the words of the Environment Service.
    ContactCenter,
    /// A key of Callback of the first tenant.
    ApiKey,
    /// The first tenant, for one of its keys of Callback.
    ApiKeys,
    /// A key of a data product of the first tenant.
    DataKey,
    /// A data product, of which nobody knows here.
    DataProduct,
    /// A key type of the first tenant's own.
    KeyType,
    /// What the first tenant says of its keys of a type.
    KeyPolicy,
    /// The first tenant, for all that it says of its keys.
    KeyPolicies,
    /// A master key that nobody has.
    MasterKey,
    /// An issuer that the first tenant believes.
    Issuer,
    /// A policy that the first tenant made.
    Policy,
    /// A route of the gateway that the first tenant made, where the configuration reserves room.
    GatewayRoute,
}
