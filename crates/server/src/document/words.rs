//! Values that many operations share, as types for `#[schema(value_type = …)]`: what a text must look
//! like is said once. None of them is ever made.

use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident: $schema:tt;)+) => {
        $(
            $(#[doc = $about])+
            #[derive(Debug)]
            pub(crate) enum $name {}

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    Schema::default().into()
                }
            }

            impl ToSchema for $name {}
        )+

        /// The schema of the word of this name.
        pub(super) fn written(name: &str) -> Option<Value> {
            let (mut schema, about) = match name {
                $(stringify!($name) => (json!($schema), [$($about),+].map(str::trim).join(" ")),)+
                _ => return None,
            };
            if let Some(members) = schema.as_object_mut() {
                members.insert("description".to_owned(), about.into());
            }
            Some(schema)
        }
    };
}

words! {
    /// A name: not only white space, no control characters.
    Name: {
        "type": "string", "minLength": 1, "maxLength": 255,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
    };
    /// A text for people.
    Description: {"type": "string", "maxLength": 1000};
    /// An instant of RFC 3339; written in UTC with milliseconds.
    Instant: {"type": "string", "format": "date-time", "pattern": (super::schema::YEARS)};
    /// A tenant's id.
    TenantId: {"type": "string", "format": "uuid"};
    /// A tenant's id, or `*` for the cluster.
    Scope: {
        "type": "string",
        "pattern": "^(\\*|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$"
    };
    /// A person's id.
    PersonId: {"type": "string", "format": "uuid"};
    /// An issuer's id.
    IssuerId: {"type": "string", "format": "uuid"};
    /// The `iss` of an issuer, exactly as its tokens have it; below it lies its configuration.
    IssuerAddress: {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 512};
    /// What the header of an access token says that it is: an access token of RFC 9068, or any JWT, as
    /// Keycloak has it.
    IssuerTokenType: {"type": "string", "enum": ["at+jwt", "JWT"]};
    /// How an issuer may sign (RFC 7518, RFC 8037).
    IssuerAlgorithm: {
        "type": "string",
        "enum": (domain::issuer::JwsAlgorithm::ALL.iter().map(|a| a.as_str()).collect::<Vec<_>>())
    };
    /// A key's id.
    KeyId: {"type": "string", "pattern": "^key_[0-9A-Za-z]{22}$"};
    /// What a key may do: 2 to 6 parts joined by `:`, the last of which may be `*`.
    Permission: {
        "type": "string", "maxLength": 255,
        "pattern": "^[a-z0-9_-]+(:[a-z0-9_-]+){0,4}:(\\*|[a-z0-9_-]+)$"
    };
    /// The name of a role.
    RoleName: {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"};
    /// The name of a person, unique in its tenant in any case: no control character, no backslash, no
    /// white space at either end.
    Username: {
        "type": "string", "minLength": 1, "maxLength": 255,
        "pattern": "^[^\\s\\\\\\u0000-\\u001f\\u007f-\\u009f]([^\\\\\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\\\\\u0000-\\u001f\\u007f-\\u009f])?$"
    };
    /// An address of electronic mail.
    Email: {
        "type": "string", "minLength": 3, "maxLength": 254, "pattern": "^[^@\\s]+@[^@\\s]+$"
    };
    /// A given or family name.
    PartOfName: {"type": "string", "minLength": 1, "maxLength": 255};
    /// A password: several unrelated words do well; common ones, and those that are made of the names
    /// around, are refused.
    Password: {"type": "string", "format": "password", "minLength": 15, "maxLength": 256};
    /// The id that a client presents, unique in the installation and compared exactly.
    ClientId: {"type": "string", "pattern": "^[\\x20-\\x7e]{1,255}$"};
    /// A way to obtain tokens (RFC 6749).
    Grant: {
        "type": "string",
        "enum": ["authorization_code", "client_credentials", "password", "refresh_token"]
    };
    /// A scope that tokens may have (RFC 6749 section 3.3).
    TokenScope: {"type": "string", "pattern": "^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255}$"};
    /// An absolute address without a fragment.
    RedirectUri: {"type": "string", "format": "uri", "minLength": 3, "maxLength": 2048};
    /// A right; `GET /v1/rights` says what each means.
    Right: {
        "type": "string",
        "enum": (domain::right::Right::ALL.iter().map(|r| r.as_str()).collect::<Vec<_>>())
    };
    /// What random secrets begin with: unique in the installation, and never free again.
    KeyPrefix: {
        "type": "string", "pattern": "^[a-z][a-z0-9]{1,14}_$",
        "not": {"enum": ["kw_", "psk_", "key_"]}
    };
    /// A domain: unique in the installation in any case, without a period.
    Domain: {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,63}$"};
    /// The name of a realm, unique in the installation.
    Realm: {"type": "string", "pattern": "^[a-z0-9_-]{1,63}$"};
    /// Whether codes need a challenge (RFC 7636): of a public client always.
    Pkce: {"type": "string", "enum": ["required", "optional"]};
    /// The `typ` of an access token's header: Keycloak's, or that of RFC 9068.
    AccessTokenType: {"type": "string", "enum": ["JWT", "at+jwt"]};
    /// How a realm signs its tokens (RFC 7518, RFC 8037).
    SigningAlgorithm: {
        "type": "string",
        "enum": (domain::signing::Algorithm::ALL.iter().map(|a| a.as_str()).collect::<Vec<_>>())
    };
    /// Where a signing key stands: published and does not sign yet, signs, or signs no more and is still
    /// published.
    SigningStage: {"type": "string", "enum": ["next", "signing", "served"]};
    /// Where a master key is in its life.
    MasterKeyState: {
        "type": "string", "enum": ["known", "next", "writer", "retiring", "closed", "retired"]
    };
    /// What becomes of a key, of a type whose secrets are shown once, while nobody has acknowledged it: it
    /// serves, it does not serve, or it serves for so many minutes. And whether new keys, and changes of
    /// keys, must name the origins or addresses from which the key is accepted, where its type lets them.
    KeyPolicy: {
        "oneOf": [
            {
                "type": "object", "additionalProperties": false, "required": ["unacknowledged"],
                "properties": {
                    "unacknowledged": {"type": "string", "enum": ["live", "inactive"]},
                    "lapseMinutes": {"type": "null"},
                    "requireAllowList": {"type": "boolean"}, "warningDays": (warning_days())
                }
            },
            {
                "type": "object", "additionalProperties": false,
                "required": ["unacknowledged", "lapseMinutes"],
                "properties": {
                    "unacknowledged": {"type": "string", "enum": ["lapse"]},
                    "lapseMinutes": {"type": "integer", "minimum": 1, "maximum": 525_600},
                    "requireAllowList": {"type": "boolean"}, "warningDays": (warning_days())
                }
            },
            {
                "type": "object", "additionalProperties": false, "required": ["requireAllowList"],
                "properties": {
                    "lapseMinutes": {"type": "null"},
                    "requireAllowList": {"type": "boolean"}, "warningDays": (warning_days())
                }
            },
            {
                "type": "object", "additionalProperties": false, "required": ["warningDays"],
                "properties": {"lapseMinutes": {"type": "null"}, "warningDays": (warning_days())}
            }
        ]
    };
    /// How secrets are made: UUIDs, or random with a prefix of their own.
    NewKeyFormat: {
        "oneOf": [
            {
                "type": "object", "additionalProperties": false, "required": ["kind", "prefix"],
                "properties": {
                    "kind": {"type": "string", "enum": ["random"]},
                    "prefix": {
                        "type": "string", "pattern": "^[a-z][a-z0-9]{1,14}_$",
                        "not": {"enum": ["kw_", "psk_", "key_"]}
                    }
                }
            },
            {
                "type": "object", "additionalProperties": false, "required": ["kind"],
                "properties": {
                    "kind": {"type": "string", "enum": ["uuid"]},
                    "prefix": {"type": "null"}
                }
            }
        ]
    };
    /// Where a key is presented: a header, a parameter, or `Authorization: Bearer`.
    KeyPlace: {
        "oneOf": [
            {"type": "string", "enum": ["bearer"]},
            {
                "type": "object", "additionalProperties": false, "required": ["header"],
                "properties": {"header": {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,64}$"}}
            },
            {
                "type": "object", "additionalProperties": false, "required": ["parameter"],
                "properties": {"parameter": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}}
            }
        ]
    };
    /// The name of a key type of a tenant's own.
    KeyTypeName: {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"};
    /// Whether a secret can be read again.
    KeyReveal: {"type": "string", "enum": ["once", "onceAcknowledged", "recoverable"]};
    /// A setting of keys.
    KeySetting: {
        "type": "string",
        "enum": ["name", "description", "expiry", "limit", "allowList", "permissions"]
    };
    /// The one kind of permissions that a tenant's own type has: any outside the reserved namespaces.
    OwnPermissions: {
        "type": "object", "additionalProperties": false, "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": ["tenantsOwn"]}}
    };
    /// Units that pass in every interval of `frequency` seconds.
    Capacity: {"type": "integer", "minimum": 1, "maximum": 1_000_000};
    /// The length of the interval, in seconds.
    Frequency: {"type": "integer", "minimum": 1, "maximum": 86_400};
    /// A version: counts up with each change.
    Version: {"type": "integer", "minimum": 1, "maximum": 2_147_483_647};
    /// The name of a policy or of a route, unique in the installation.
    RuleName: {"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"};
    /// The name of a preset.
    PresetName: {
        "type": "string",
        "enum": (domain::gateway_route::PRESETS.iter().map(|p| p.name).collect::<Vec<_>>())
    };
    /// The beginning of a path, without empty segments, `.`, `..`, `;` and what is encoded.
    PathPrefix: {
        "type": "string", "maxLength": 255,
        "pattern": "^/([A-Za-z0-9._~!$&'()*+,=:@-]+(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*/?)?$"
    };
    /// The permissions that a key must hold, without `*`: one, one of several, or all of them; `null`:
    /// nothing in particular.
    WantedPermissions: {
        "oneOf": [
            {"type": "null"},
            {"type": "string", "maxLength": 255, "pattern": (super::schema::WANTED)},
            {
                "type": "object", "additionalProperties": false, "required": ["any"],
                "properties": {"any": {
                    "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": true,
                    "items": {"type": "string", "maxLength": 255, "pattern": (super::schema::WANTED)}
                }}
            },
            {
                "type": "object", "additionalProperties": false, "required": ["all"],
                "properties": {"all": {
                    "type": "array", "maxItems": 50, "uniqueItems": true,
                    "items": {"type": "string", "maxLength": 255, "pattern": (super::schema::WANTED)}
                }}
            }
        ]
    };
    /// How a call over a limit is refused: with 429, or with 403 and `X-Keyward-Status: 429`, for a proxy
    /// that makes a failure of anything else.
    LimitedAs: {"type": "integer", "enum": [429, 403]};
    /// Whether an access token of OAuth 2.0, as `Authorization: Bearer`, passes: none does, a token or a key
    /// does, or nothing but a token.
    TokensPass: {
        "type": "string",
        "enum": (domain::policy::Tokens::ALL.map(domain::policy::Tokens::as_str))
    };
    /// In whose words a refusal is said.
    Envelope: {
        "type": "string",
        "enum": (domain::policy::Envelope::ALL.map(domain::policy::Envelope::as_str))
    };
    /// Where it is written down: what the configuration holds is changed there.
    RuleSource: {"type": "string", "enum": ["configuration", "stored"]};
    /// The name of a header, in any case.
    HeaderName: {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"};
    /// Where to go on, or `null` at the end.
    Cursor: {"type": ["string", "null"]};
    /// Shown in this answer and never again.
    Secret: {"type": "string"};
    /// A member that cannot be changed here: left out, or sent as it is shown.
    Unchanging: {"readOnly": true};
}

/// From how many days before its end on a key's verdict says how many are left.
fn warning_days() -> Value {
    let day = json!({"type": "integer", "minimum": 1, "maximum": 365});
    json!({"type": "array", "uniqueItems": true, "maxItems": 8, "items": day})
}
