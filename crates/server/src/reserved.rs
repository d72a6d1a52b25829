//! Paths that are the server's own, which no route of the gateway may take.

use crate::router::SURFACES;
use std::collections::BTreeSet;

/// Prefixes that peers' systems use, too: of those only what is served here is our own.
const SHARED: [&str; 1] = ["/nexus/v3"];
/// What is answered before the surfaces are looked at.
const IN_FRONT: [&str; 3] = ["/check", "/envoy.service.auth.v3.Authorization", "/metrics"];

/// The beginnings of the paths that are the server's own, whole segments.
#[must_use]
pub fn reserved_paths() -> Vec<String> {
    let prefixes = SURFACES.iter().flat_map(|surface| surface.prefixes).map(|(prefix, _)| *prefix);
    let own = prefixes.filter(|prefix| !SHARED.contains(prefix));
    let served = SURFACES.iter().flat_map(|surface| surface.routes).map(|route| fixed(route.path));
    let all: BTreeSet<&str> = own.chain(served).chain(IN_FRONT).collect();
    let mut paths = Vec::<String>::new();
    // In order, so that what covers a path stands somewhere before it.
    for path in all {
        if !path.is_empty() && !paths.iter().any(|outer| covers(outer, path)) {
            paths.push(path.to_owned());
        }
    }
    paths
}

/// The part of a path before its first placeholder.
fn fixed(path: &str) -> &str {
    let end = path.find('{').unwrap_or(path.len());
    path.get(..end).unwrap_or(path).trim_end_matches('/')
}

fn covers(outer: &str, path: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_lies_within_what_is_reserved() {
        let reserved = reserved_paths();
        // `/` leads to the console, and gives way to any route of the gateway.
        let routes = SURFACES.iter().flat_map(|surface| surface.routes);
        for route in routes.filter(|route| route.path != "/") {
            assert!(reserved.iter().any(|outer| covers(outer, route.path)), "{}", route.path);
        }
        for path in ["/v1", "/check", "/nexus/v3/apikeys", "/health", "/auth/v3"] {
            assert!(reserved.iter().any(|outer| outer == path), "{path}: {reserved:?}");
        }
    }

    #[test]
    fn what_peers_systems_serve_below_the_same_prefix_is_free() {
        let reserved = reserved_paths();
        for path in ["/nexus/v3/chat", "/nexus/v3/securemail", "/engagement/v3", "/api/data", "/"] {
            assert!(!reserved.iter().any(|outer| covers(outer, path)), "{path}");
        }
        assert!(!reserved.iter().any(|path| path == "/" || path == "/nexus/v3"), "{reserved:?}");
    }
}
