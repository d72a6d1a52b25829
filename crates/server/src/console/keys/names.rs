//! What people call key types and permissions. Programs know them by other names.

use domain::permission::Permission;

/// The three things that Digital Channels keys are for, and the permission of each.
pub(in crate::console) const CHANNELS: [(&str, &str); 3] = [
    ("Chat", "nexus:consumer:chat"),
    ("Secure Mail", "nexus:consumer:securemail"),
    ("Designer", "nexus:designer:chat"),
];

/// What a key type is called.
pub(in crate::console) fn of_type(name: &str) -> &str {
    match name {
        "nexus" => "Digital Channels",
        "ges" => "Callback",
        "client" => "Client",
        "openconnect" => "OpenConnect",
        "queueadapter" => "Queue Adapter",
        "telephony" => "Telephony",
        "psk" => "Personal PSK",
        "deployment" => "Deployment PSK",
        "data-psk" => "Data product",
        "api" => "API",
        own => own,
    }
}

/// What a permission is called, where it has a name besides its text.
pub(in crate::console) fn of_permission(permission: &Permission) -> Option<&'static str> {
    CHANNELS.iter().find(|(_, text)| *text == permission.as_str()).map(|(name, _)| *name)
}
