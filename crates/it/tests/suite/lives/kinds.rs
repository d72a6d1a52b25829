//! The key types, as far as their keys' lives go.

/// What may be done to keys of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Its secrets are shown once, and acknowledged.
    pub(super) once: bool,
    pub(super) rotates: bool,
    pub(super) regenerates: bool,
    /// It has a start and an end, and a switch.
    pub(super) ends: bool,
    pub(super) revokes: bool,
}

const OF_ALL: Kind =
    Kind { name: "", once: false, rotates: false, regenerates: false, ends: false, revokes: true };

pub(super) const KINDS: [Kind; 10] = [
    Kind { name: "nexus", rotates: true, ends: true, ..OF_ALL },
    Kind { name: "api", once: true, rotates: true, ends: true, ..OF_ALL },
    Kind { name: "partner", rotates: true, ends: true, ..OF_ALL },
    Kind { name: "ges", revokes: false, ..OF_ALL },
    Kind { name: "psk", once: true, regenerates: true, ..OF_ALL },
    Kind { name: "deployment", once: true, regenerates: true, ..OF_ALL },
    Kind { name: "client", once: true, rotates: true, ..OF_ALL },
    Kind { name: "openconnect", once: true, rotates: true, ..OF_ALL },
    Kind { name: "queueadapter", once: true, rotates: true, ..OF_ALL },
    Kind { name: "telephony", once: true, rotates: true, ..OF_ALL },
];
