//! The things of the API as tables show them, in lists; a single thing shows all of its members.

use serde_json::Value;

/// Members of an answer that hold a secret, shown this once.
pub(crate) const SECRETS: [&str; 3] = ["secret", "password", "psk"];

/// One kind of thing.
#[derive(Debug)]
pub(crate) struct Thing {
    /// The member of the list's answer.
    pub(crate) many: &'static str,
    /// What a thing is called by in paths.
    id: &'static str,
    /// What to say beside a secret that was made: it will not be shown again.
    pub(super) once: &'static str,
    /// Heads and JSON pointers.
    pub(super) columns: &'static [(&'static str, &'static str)],
}

impl Thing {
    /// What `--quiet` prints.
    pub(super) fn id(&self, value: &Value) -> String {
        value.pointer(self.id).map(super::table::text).unwrap_or_default()
    }
}

pub(crate) static KEY: Thing = Thing {
    many: "keys",
    id: "/id",
    once: "the secret is shown this once unless its type is recoverable: keep it now",
    columns: &[
        ("id", "/id"),
        ("type", "/keyType"),
        ("tenant", "/tenant"),
        ("name", "/name"),
        ("enabled", "/enabled"),
        ("availability", "/availability"),
        ("held", "/held"),
        ("expires", "/expires"),
        ("secret ends", "/secretEnds"),
        ("hint", "/hint"),
    ],
};

/// A secret of a key, without its text.
pub(crate) static KEY_SECRET: Thing = Thing {
    many: "secrets",
    id: "/slot",
    once: "",
    columns: &[
        ("slot", "/slot"),
        ("current", "/current"),
        ("hint", "/hint"),
        ("created", "/created"),
        ("ends", "/ends"),
        ("last used", "/lastUsed"),
    ],
};

/// A personal key.
pub(crate) static PSK: Thing =
    Thing { many: "", id: "/id", once: "the secret is shown this once: keep it now", columns: &[] };

/// What a JWT is.
pub(crate) static INSPECTED: Thing = Thing { many: "", id: "/keyId", once: "", columns: &[] };

/// A key whose secret was asked for again.
pub(crate) static REVEALED: Thing = Thing { many: "", id: "/id", once: "", columns: &[] };

pub(crate) static TENANT: Thing = Thing {
    many: "tenants",
    id: "/id",
    once: "",
    columns: &[
        ("id", "/id"),
        ("name", "/name"),
        ("domains", "/domains"),
        ("realm", "/realm"),
        ("key prefix", "/keyPrefix"),
        ("enabled", "/enabled"),
    ],
};

pub(crate) static KEY_POLICY: Thing = Thing {
    many: "keyPolicies",
    id: "/keyType",
    once: "",
    columns: &[
        ("type", "/keyType"),
        ("tenant", "/tenant"),
        ("life", "/defaultLifeDays"),
        ("longest life", "/longestLifeDays"),
        ("description", "/descriptionRequired"),
        ("most", "/mostKeys"),
        ("per person", "/mostKeysPerPerson"),
        ("per minute", "/mostNewPerMinute"),
        ("unused", "/unusedDays"),
    ],
};

pub(crate) static MASTER_KEY: Thing = Thing {
    many: "masterKeys",
    id: "/name",
    once: "",
    columns: &[
        ("name", "/name"),
        ("state", "/state"),
        ("since", "/since"),
        ("here", "/here"),
        ("seals", "/seals"),
        ("secrets left", "/secretsLeft"),
        ("others left", "/othersLeft"),
    ],
};

pub(crate) static NODE: Thing = Thing {
    many: "nodes",
    id: "/id",
    once: "",
    columns: &[("node", "/id"), ("master keys", "/masterKeys"), ("seen", "/seen")],
};

pub(crate) static SIGNING_KEY: Thing = Thing {
    many: "signingKeys",
    id: "/kid",
    once: "",
    columns: &[
        ("kid", "/kid"),
        ("algorithm", "/algorithm"),
        ("stage", "/stage"),
        ("signs from", "/signsFrom"),
        ("signs until", "/signsUntil"),
        ("served until", "/servesUntil"),
    ],
};

pub(crate) static PERSON: Thing = Thing {
    many: "persons",
    id: "/id",
    once: "the password is shown this once: hand it over now",
    columns: &[
        ("id", "/id"),
        ("tenant", "/tenant"),
        ("username", "/username"),
        ("roles", "/roles"),
        ("mapped roles", "/outside/mappedRoles"),
        ("issuer", "/outside/issuer"),
        ("enabled", "/enabled"),
    ],
};

/// A browser that is signed in.
pub(crate) static SESSION: Thing = Thing {
    many: "sessions",
    id: "/id",
    once: "",
    columns: &[
        ("id", "/id"),
        ("authenticated", "/authenticated"),
        ("last seen", "/lastSeen"),
        ("expires", "/expires"),
        ("address", "/address"),
        ("agent", "/agent"),
    ],
};

/// What a client was allowed.
pub(crate) static CONSENT: Thing = Thing {
    many: "consents",
    id: "/clientId",
    once: "",
    columns: &[("client id", "/clientId"), ("scopes", "/scopes"), ("granted", "/granted")],
};

pub(crate) static CLIENT: Thing = Thing {
    many: "clients",
    id: "/clientId",
    once: "the secret is shown this once: keep it now",
    columns: &[
        ("client id", "/clientId"),
        ("tenant", "/tenant"),
        ("name", "/name"),
        ("grants", "/grants"),
        ("roles", "/roles"),
        ("public", "/public"),
        ("enabled", "/enabled"),
    ],
};

pub(crate) static ROLE: Thing = Thing {
    many: "roles",
    id: "/name",
    once: "",
    columns: &[
        ("name", "/name"),
        ("tenant", "/tenant"),
        ("seeded", "/seeded"),
        ("cluster only", "/clusterOnly"),
        ("rights", "/rights"),
    ],
};

pub(crate) static RIGHT: Thing = Thing {
    many: "rights",
    id: "/right",
    once: "",
    columns: &[("right", "/right"), ("meaning", "/meaning")],
};

pub(crate) static KEY_TYPE: Thing = Thing {
    many: "keyTypes",
    id: "/name",
    once: "",
    columns: &[
        ("name", "/name"),
        ("tenant", "/tenant"),
        ("format", "/format/kind"),
        ("prefix", "/format/prefix"),
        ("reveal", "/reveal"),
        ("seeded", "/seeded"),
        ("description", "/description"),
    ],
};

pub(crate) static POLICY: Thing = Thing {
    many: "policies",
    id: "/name",
    once: "",
    columns: &[
        ("name", "/name"),
        ("tenant", "/tenant"),
        ("key types", "/keyTypes"),
        ("permission", "/permission"),
        ("presented in", "/presentedIn"),
        ("tokens", "/tokens"),
        ("envelope", "/envelope"),
        ("source", "/source"),
    ],
};

pub(crate) static ISSUER: Thing = Thing {
    many: "issuers",
    id: "/id",
    once: "",
    columns: &[
        ("id", "/id"),
        ("tenant", "/tenant"),
        ("name", "/name"),
        ("issuer", "/issuer"),
        ("sign-in", "/signIn"),
        ("callers", "/callers"),
        ("enabled", "/enabled"),
        ("source", "/source"),
    ],
};

pub(crate) static ROUTE: Thing = Thing {
    many: "routes",
    id: "/name",
    once: "",
    columns: &[
        ("name", "/name"),
        ("tenant", "/tenant"),
        ("host", "/host"),
        ("prefix", "/prefix"),
        ("upstream", "/upstream"),
        ("key types", "/keyTypes"),
        ("permission", "/permission"),
        ("tokens", "/tokens"),
        ("source", "/source"),
    ],
};

pub(crate) static EVENT: Thing = Thing {
    many: "events",
    id: "/link",
    once: "",
    columns: &[
        ("at", "/event/at"),
        ("chain", "/chain"),
        ("action", "/event/action"),
        ("actor", "/event/actor/name"),
        ("subject", "/event/subject/id"),
        ("address", "/event/address"),
    ],
};

pub(crate) static USAGE: Thing = Thing {
    many: "usage",
    id: "/start",
    once: "",
    columns: &[("from", "/start"), ("total", "/total"), ("verdicts", "/verdicts")],
};

/// Who is asking; there is no list of it.
pub(crate) static CALLER: Thing = Thing { many: "", id: "/id", once: "", columns: &[] };

/// The verdict of a verification.
pub(crate) static VERDICT: Thing = Thing { many: "", id: "/verdict", once: "", columns: &[] };
