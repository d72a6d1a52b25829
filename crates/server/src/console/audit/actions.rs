//! What the audit log says was done, in words.

/// Every action that this release writes, sorted, with its words.
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("audit.prune", "Oldest events let go"),
    ("client.create", "Client made"),
    ("client.delete", "Client deleted"),
    ("client.regenerate_secret", "Client's secret replaced"),
    ("client.update", "Client changed"),
    ("consent.grant", "Consent given"),
    ("consent.revoke", "Consent taken back"),
    ("cors.update", "Origins of browsers changed"),
    ("cors_origin.create", "Origin of browsers added"),
    ("cors_origin.delete", "Origin of browsers removed"),
    ("cors_settings.update", "Settings for browsers changed"),
    ("environment.create", "Environment made"),
    ("gateway_route.create", "Route made"),
    ("gateway_route.delete", "Route deleted"),
    ("gateway_route.update", "Route changed"),
    ("installation.accept_loss", "Loss accepted"),
    ("installation.create", "Installation made"),
    ("installation.merge", "What ended was merged"),
    ("installation.restore", "Backup restored"),
    ("issuer.create", "Issuer added"),
    ("issuer.delete", "Issuer removed"),
    ("issuer.update", "Issuer changed"),
    ("key.acknowledge", "Secret acknowledged as stored"),
    ("key.copy", "Key copied"),
    ("key.create", "Key made"),
    ("key.create_refused", "Secret that is taken refused"),
    ("key.delete", "Key deleted"),
    ("key.disable", "Key disabled"),
    ("key.enable", "Key enabled"),
    ("key.export", "Keys exported"),
    ("key.extend_overlap", "Overlap extended"),
    ("key.hold", "Key held back"),
    ("key.import", "Key imported"),
    ("key.regenerate", "Key regenerated"),
    ("key.release", "Key released"),
    ("key.retire_secret", "Old secret retired"),
    ("key.reveal", "Secret read"),
    ("key.revoke", "Key revoked"),
    ("key.rotate", "Key rotated"),
    ("key.update", "Key changed"),
    ("key_policy.delete", "Lifetime policy deleted"),
    ("key_policy.set", "Lifetime policy set"),
    ("key_signer.create", "Signing key of JWTs made"),
    ("key_type.create", "Key type made"),
    ("key_type.update", "Key type changed"),
    ("master_key.promote", "Master key promoted"),
    ("master_key.reseal", "Secrets sealed anew"),
    ("master_key.retire", "Master key retired"),
    ("master_key.rotate", "Master key rotated"),
    ("person.change_password", "Own password changed"),
    ("person.create", "Person made"),
    ("person.delete", "Person deleted"),
    ("person.recover", "Account recovered"),
    ("person.set_password", "Password set"),
    ("person.sign_in", "Signed in"),
    ("person.sign_in_failed", "Sign-in failed"),
    ("person.unlock", "Person unlocked"),
    ("person.update", "Person changed"),
    ("policy.create", "Policy made"),
    ("policy.delete", "Policy deleted"),
    ("policy.update", "Policy changed"),
    ("role.create", "Role made"),
    ("role.delete", "Role deleted"),
    ("role.update", "Role changed"),
    ("session.end", "Session ended"),
    ("session.open", "Session opened"),
    ("signing_key.create", "Signing key made"),
    ("signing_key.retire", "Signing key retired"),
    ("signing_key.rotate", "Signing key rotated"),
    ("tenant.create", "Contact center made"),
    ("tenant.delete", "Contact center deleted"),
    ("tenant.purge", "Remains of a contact center removed"),
    ("tenant.update", "Contact center changed"),
    ("token.revoke_family", "Tokens revoked"),
    ("token.sign_out", "Signed out"),
];

/// What an action is called; one that no release of ours wrote, by its own name.
pub(super) fn words(action: &str) -> &str {
    let known = ACTIONS.binary_search_by_key(&action, |(name, _)| name);
    known.ok().and_then(|at| ACTIONS.get(at)).map_or(action, |(_, words)| words)
}

/// What kind of thing was acted on, in words.
pub(super) fn kind(kind: &str) -> &str {
    match kind {
        "key" => "Key",
        "person" => "Person",
        "client" => "Client",
        "tenant" => "Contact center",
        "key_type" => "Key type",
        "role" => "Role",
        "session" => "Session",
        "key_policy" => "Lifetime policy",
        "policy" => "Policy",
        "gateway_route" => "Route",
        "cors" => "Origins of browsers",
        "signing_key" => "Signing key",
        "master_key" => "Master key",
        "environment" => "Environment",
        "installation" => "Installation",
        "issuer" => "Issuer",
        "token" => "Token",
        "audit" => "Audit log",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_by_their_names() {
        assert!(ACTIONS.is_sorted_by_key(|(name, _)| name));
        assert_eq!(words("key.rotate"), "Key rotated");
        assert_eq!(words("key.sing"), "key.sing");
    }
}
