//! Our own API: `/v1`, camelCase JSON, unknown members refused, RFC 9457 errors.

mod error;

pub(crate) use error::STYLE;

use crate::route::{Route, Surface};

/// The surface.
pub(crate) static SURFACE: Surface =
    Surface { name: "native", prefixes: &[("/v1", STYLE)], routes: ROUTES };

static ROUTES: &[Route] = &[];
