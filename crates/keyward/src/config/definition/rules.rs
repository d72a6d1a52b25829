//! `[gateway]` and `[[policies]]`: what calls must present, and where they go.

use super::{OPTIONAL, REQUIRED, setting};
use crate::config::setting::{Fallback, Kind, Setting};

/// What a preset brings, and what holds without one.
const OF_PRESET: Fallback = Fallback::Nothing("that of the preset; else required");

/// In the order in which they are printed.
pub(super) const SETTINGS: &[&[Setting]] = &[GATEWAY, ROUTES, &OF_ROUTES, UPSTREAMS, &OF_POLICIES];

const GATEWAY: &[Setting] = &[setting(
    "gateway.upstream_authorities",
    Kind::Text,
    OPTIONAL,
    "File of authorities, PEM, that certificates of upstreams may come from, beside the public ones.",
)];

const ROUTES: &[Setting] = &[
    setting(
        "gateway.routes[].preset",
        Kind::Text,
        OPTIONAL,
        "What the route is where nothing else is said: `engagement`, `nexus-chat`, \
         `nexus-securemail`, `nexus-designer`, `client`, `queueadapter`, `telephony`, `openconnect`, \
         `nexusone`.",
    ),
    setting(
        "gateway.routes[].upstream",
        Kind::Text,
        REQUIRED,
        "Where its calls go: `http://127.0.0.1:9000` or `https://orders.internal/base`.",
    ),
    setting(
        "gateway.routes[].prefix",
        Kind::Text,
        OF_PRESET,
        "The beginning of their paths, whole segments: `/orders` holds `/orders/7` and not `/orders7`.",
    ),
    setting(
        "gateway.routes[].host",
        Kind::Text,
        Fallback::Nothing("any"),
        "Their host. It need not stand in `hosts`.",
    ),
    setting(
        "gateway.routes[].strip_prefix",
        Kind::Switch,
        Fallback::Value("false"),
        "Takes the prefix off before the path goes upstream.",
    ),
    setting(
        "gateway.routes[].forward_secret",
        Kind::Switch,
        Fallback::Value("false"),
        "Leaves the key in the call that goes upstream.",
    ),
    setting(
        "gateway.routes[].forward_host",
        Kind::Switch,
        Fallback::Value("false"),
        "Sends the client's `Host` upstream in place of the upstream's own.",
    ),
    setting(
        "gateway.routes[].timeouts.connect_ms",
        Kind::Whole,
        Fallback::Value("5000"),
        "Milliseconds until the connection to the upstream stands.",
    ),
    setting(
        "gateway.routes[].timeouts.answer_ms",
        Kind::Whole,
        Fallback::Value("60000"),
        "Milliseconds from the end of the request to the head of the answer.",
    ),
    setting(
        "gateway.routes[].timeouts.idle_ms",
        Kind::Whole,
        Fallback::Value("300000"),
        "Milliseconds without a byte of a body, or of a tunnel, in either direction.",
    ),
    setting(
        "gateway.routes[].max_body_bytes",
        Kind::Size,
        Fallback::Nothing("any"),
        "The longest body of a call.",
    ),
];

/// What a route and a policy have in common; `$list` is the list's path.
macro_rules! of_policy {
    ($list:literal, $name:expr, $needed:expr, $envelope:expr) => {
        [
            setting(
                concat!($list, ".name"),
                Kind::Text,
                $name,
                "Its name: `a-z`, `0-9`, `-`, `_`. No route and no other policy has it.",
            ),
            setting(
                concat!($list, ".tenant"),
                Kind::Text,
                Fallback::Nothing("any"),
                "Id of the tenant whose keys pass, beside those of the cluster.",
            ),
            setting(
                concat!($list, ".key_types"),
                Kind::Texts,
                $needed,
                "Key types that pass; an empty list: any.",
            ),
            setting(
                concat!($list, ".permission"),
                Kind::Permission,
                $needed,
                "What a key must hold: one permission; several with `,` between, which are all needed; \
                 several with ` or ` between, one of which is enough; or `none`: nothing in particular. Also \
                 `{ any = […] }`, `{ all = […] }`.",
            ),
            setting(
                concat!($list, ".presented_in"),
                Kind::Places,
                $needed,
                "Where a key is presented: `bearer`, `header:NAME`, `parameter:NAME` (of the query or a \
                 form). Also `{ header = \"NAME\" }`, `{ parameter = \"NAME\" }`.",
            ),
            setting(
                concat!($list, ".tokens"),
                Kind::Text,
                Fallback::Value("\"refused\""),
                "Whether an access token of OAuth 2.0, as `Authorization: Bearer`, passes: `refused`, none \
                 does; `accepted`, a token or a key; `only`, nothing but a token. What a token may do are \
                 the `nx1:…` of its person's or client's roles.",
            ),
            setting(
                concat!($list, ".cost"),
                Kind::Whole,
                Fallback::Value("1"),
                "Units that a call takes from the key's limit; 0 takes none.",
            ),
            setting(
                concat!($list, ".limit.capacity"),
                Kind::Whole,
                Fallback::Nothing("none"),
                "Calls, all together, that pass in every interval of `limit.frequency`, besides the \
                 keys' own limits.",
            ),
            setting(
                concat!($list, ".limit.frequency"),
                Kind::Whole,
                Fallback::Nothing("none"),
                "Seconds of that interval.",
            ),
            setting(
                concat!($list, ".limited_as"),
                Kind::Whole,
                Fallback::Value("429"),
                "Status of a call over a limit: 429, or 403 for a proxy that makes 500 of a 429, as \
                 nginx's `auth_request` does. `X-Keyward-Status` says 429 either way.",
            ),
            setting(
                concat!($list, ".envelope"),
                Kind::Text,
                $envelope,
                "In whose words a refusal is said: `problem` (our own), `ges`, `nexus`, `experience`, \
                 `nexusone`.",
            ),
            setting(
                concat!($list, ".identity_headers.tenant"),
                Kind::Text,
                Fallback::Value("\"x-keyward-tenant\""),
                "Header in which the upstream learns the key's tenant.",
            ),
            setting(
                concat!($list, ".identity_headers.key_id"),
                Kind::Text,
                Fallback::Value("\"x-keyward-key-id\""),
                "Header of the key's id.",
            ),
            setting(
                concat!($list, ".identity_headers.key_name"),
                Kind::Text,
                Fallback::Value("\"x-keyward-key-name\""),
                "Header of the key's name.",
            ),
            setting(
                concat!($list, ".identity_headers.permissions"),
                Kind::Text,
                Fallback::Value("\"x-keyward-permissions\""),
                "Header of what the key may do, separated by spaces.",
            ),
        ]
    };
}

const OF_ROUTES: [Setting; 15] = of_policy!(
    "gateway.routes[]",
    Fallback::Nothing("that of the preset, else the prefix with `-` for `/`"),
    OF_PRESET,
    Fallback::Nothing("that of the preset, else `problem`")
);

const UPSTREAMS: &[Setting] = &[
    setting(
        "gateway.upstreams[].tenant",
        Kind::Text,
        REQUIRED,
        "Id of a tenant whose admins may make routes to `upstream`, below what is reserved here.",
    ),
    setting(
        "gateway.upstreams[].upstream",
        Kind::Text,
        REQUIRED,
        "The upstream; plain HTTP and addresses within are fine.",
    ),
    setting(
        "gateway.upstreams[].host",
        Kind::Text,
        OPTIONAL,
        "A host that is reserved for the tenant. One of `host` and `prefix` is needed.",
    ),
    setting(
        "gateway.upstreams[].prefix",
        Kind::Text,
        OPTIONAL,
        "A prefix that is reserved for the tenant.",
    ),
];

const OF_POLICIES: [Setting; 15] =
    of_policy!("policies[]", REQUIRED, REQUIRED, Fallback::Value("\"problem\""));
