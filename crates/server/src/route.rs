//! One row of a surface's table. Path, method, access, error style and documentation of an operation
//! stand here and nowhere else; router, access check, OpenAPI and ledgers are made from it.

use crate::{
    access::Access,
    answer::Body,
    app::App,
    document::Operation,
    failure::{ErrorStyle, Failure},
    front::FrontRequest,
};
use axum::routing::MethodRouter;
use http::{Method, Response};

/// What a body may measure where a route says nothing else.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// A hot handler: parse, verify, write bytes; it waits for nothing.
pub type FrontHandler = fn(&App, &FrontRequest<'_>) -> Result<Response<Body>, Failure>;

/// Who answers.
#[derive(Clone, Copy)]
pub enum Handler {
    /// A hot path: matched on the exact path and answered before the router is touched.
    Front(FrontHandler),
    /// Everything else: `|| any(create::create)`. The table holds the method, so the method of the
    /// `MethodRouter` may be `any`.
    Axum(fn() -> MethodRouter<App>),
    /// `/openconnect`: matched on the exact path, ahead of the router, because a call may be handed on to a
    /// route of the gateway.
    OpenConnect,
    /// `/check/{policy}` and whatever follows: matched on its beginning, ahead of the router.
    Check,
}

/// One operation on one path.
pub struct Route {
    /// Its name in all five places: use case, file, test, OpenAPI, audit.
    pub operation: &'static str,
    /// The one method; HEAD and OPTIONS are not implied (AP-05).
    pub method: Method,
    /// The path with `{placeholders}`: also what the log shows instead of the path itself (LG-02).
    pub path: &'static str,
    /// Who may call; enforced before the handler runs, whatever it extracts.
    pub access: Access,
    /// How it fails.
    pub errors: ErrorStyle,
    /// Who answers.
    pub handler: Handler,
    /// What it takes and gives.
    pub doc: fn() -> Operation,
    /// The longest body it takes.
    pub max_body_bytes: usize,
    /// Whether it answers under any host: health, metrics, the gateway and `/check` do.
    pub any_host: bool,
    /// Whether a repetition with the same `Idempotency-Key` is answered instead of done.
    pub idempotent: bool,
}

impl Route {
    /// A row with the usual limits. Arguments in the order in which one reads a table.
    #[must_use]
    pub const fn new(
        operation: &'static str,
        method: Method,
        path: &'static str,
        access: Access,
        errors: ErrorStyle,
        handler: Handler,
        doc: fn() -> Operation,
    ) -> Self {
        Self {
            operation,
            method,
            path,
            access,
            errors,
            handler,
            doc,
            max_body_bytes: MAX_BODY_BYTES,
            any_host: false,
            idempotent: false,
        }
    }

    /// With another limit on the body.
    #[must_use]
    pub const fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Does a thing once however often it is asked with the same `Idempotency-Key` (HT-08): every
    /// operation that makes something has this. Its secret stands in the answer's member `secret`.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Answers under any host.
    #[must_use]
    pub const fn any_host(mut self) -> Self {
        self.any_host = true;
        self
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.operation)
    }
}

/// One wire: its table and how its misses look.
pub struct Surface {
    /// The name that listeners are restricted by.
    pub name: &'static str,
    /// What it is, in a sentence, for the OpenAPI document.
    pub about: &'static str,
    /// The prefixes that are its own: a miss below one of them fails in `misses`.
    pub prefixes: &'static [(&'static str, ErrorStyle)],
    /// Whether it is a wire for programs, and stands in the OpenAPI document; what is for people alone does
    /// not.
    pub documented: bool,
    /// Its operations.
    pub routes: &'static [Route],
}

impl std::fmt::Debug for Surface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Surface({})", self.name)
    }
}

/// A row as the ledgers and tests see it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RouteInfo {
    /// The surface's name.
    pub surface: &'static str,
    /// The path with placeholders.
    pub path: &'static str,
    /// The method.
    pub method: String,
    /// The operation id.
    pub operation: &'static str,
    /// Who may call, in words.
    pub access: String,
    /// Why nobody is asked who they are, where that is so.
    pub public_because: Option<&'static str>,
    /// Whether a caller without credentials is refused: with 401, but where a wire has other words for it.
    pub wants_credentials: bool,
    /// The style of its errors.
    pub errors: &'static str,
}
