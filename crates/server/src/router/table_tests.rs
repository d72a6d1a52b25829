//! What must hold of every row of the real table.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::{access::Access, peer::SurfaceSet};
use std::collections::HashSet;

#[test]
fn every_path_and_every_operation_stands_in_the_table_once() {
    let rows = routes();
    let paths: HashSet<_> = rows.iter().map(|r| (r.method.as_str(), r.path)).collect();
    let operations: HashSet<_> = rows.iter().map(|r| r.operation).collect();
    assert_eq!(paths.len(), rows.len(), "a method and a path occur twice");
    assert_eq!(operations.len(), rows.len(), "an operation id occurs twice");
    let snake = |name: &str| {
        name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    assert!(operations.iter().all(|name| snake(name)), "{operations:?}");
}

#[test]
fn every_route_lies_below_a_prefix_of_its_surface() {
    assert!(SURFACES.len() <= 64, "a listener's set has 64 places");
    for surface in SURFACES {
        // What `/` leads to has the style; what lies nowhere has our own wire's.
        for route in surface.routes.iter().filter(|route| route.path != "/") {
            let own = surface.prefixes.iter().any(|(prefix, _)| route.path.starts_with(prefix));
            assert!(
                own,
                "{route:?} is outside of {surface:?}: its misses would fail in another style"
            );
        }
    }
}

#[test]
fn hot_rows_have_an_access_that_memory_can_decide() {
    for route in SURFACES.iter().flat_map(|surface| surface.routes) {
        if matches!(route.handler, Handler::Front(_)) {
            assert!(matches!(route.access, Access::Public(_) | Access::VerifyCaller), "{route:?}");
        }
    }
}

#[test]
fn ap_12_a_public_route_says_why() {
    for row in routes() {
        if let Some(why) = row.public_because {
            assert!(why.len() > 20 && !row.wants_credentials, "{row:?}");
        }
    }
}

#[test]
fn listeners_name_surfaces_that_exist() {
    let ops = SurfaceSet::named(&["ops"]).unwrap();
    assert!(ops.holds(0) && !ops.holds(1));
    assert!(SurfaceSet::named(&["oops"]).unwrap_err().to_string().contains("`oops`"));
}
