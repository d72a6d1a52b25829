//! `GET /openapi.json`.

use super::served;
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation},
};
use axum::extract::State;
use http::{HeaderMap, Response};
use serde_json::json;

pub(super) async fn openapi(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let document = app.document();
    served::served(&headers, &document.etag, "application/json", document.json.clone())
}

pub(super) fn doc() -> Operation {
    let schema = json!({
        "type": "object",
        "required": ["openapi", "info", "paths"],
        "properties": {
            "openapi": {"type": "string", "const": "3.1.0"},
            "info": {"type": "object"},
            "paths": {"type": "object"},
        },
    });
    let example = json!({"openapi": "3.1.0", "info": {"title": "Keyward"}, "paths": {}});
    served::kept(
        operation("Show the OpenAPI document")
            .about(
                "Every operation of every surface, as OpenAPI 3.1. It is made from the table that the \
                 router is made from.",
            )
            .answers_as(
                200,
                "The document.",
                "application/json",
                Named::new("OpenApiDocument", schema),
                example,
            ),
    )
}
