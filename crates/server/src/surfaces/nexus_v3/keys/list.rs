//! `GET /nexus/v3/apikeys`: without `limit` the whole list, paged inside and streamed; with it one
//! page, a cursor and a `Link` header.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::nexus_v3::{
        KEY_TYPES, forms,
        wire::{KeyBody, shown_id},
    },
    whole_list::{self, Listing, Part, Wanted},
};
use axum::extract::State;
use domain::id::Scope;
use http::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use service::keys::{ListKeys, MAX_PAGE, StatusFilter};
use std::sync::Arc;

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = query.0.take_text("tenant");
    let scope = tenant.as_deref().map(parse_tenant).transpose()?;
    let wanted = Wanted::of(&mut query)?;
    app.service().admit_revealing_list(&caller, KEY_TYPES)?;
    let address = scope.map_or_else(String::new, |scope| {
        format!("tenant={}&", utf8_percent_encode(&scope.to_string(), NON_ALPHANUMERIC))
    });
    let reading = Reading { app: app.clone(), caller: caller.clone(), scope, limit: wanted.limit };
    let reading = Arc::new(reading);
    let listing = Listing {
        around: ("", ""),
        address: format!("/nexus/v3/apikeys?{address}"),
        reader: Arc::new(move |cursor| {
            let reading = Arc::clone(&reading);
            Box::pin(async move { reading.part(cursor).await })
        }),
    };
    listing.answer(&app, &caller, wanted).await
}

fn parse_tenant(text: &str) -> Result<Scope, Failure> {
    Scope::parse(text).map_err(|_| Failure::BadQuery {
        field: Some("tenant".to_owned()),
        detail: "must be one contact center's id, or `*` for the keys of all of them".to_owned(),
    })
}

/// One list, while it is read.
struct Reading {
    app: App,
    caller: service::Caller,
    scope: Option<Scope>,
    limit: u32,
}

impl Reading {
    async fn part(&self, cursor: Option<String>) -> Result<Part, Failure> {
        let service = self.app.service();
        let list = ListKeys {
            route: "list_nexus_keys",
            scope: self.scope,
            key_types: KEY_TYPES,
            key_type: None,
            search: None,
            status: StatusFilter::default(),
            standing: None,
            permission: None,
            acknowledged: None,
            held: None,
            limit: self.limit,
            cursor,
        };
        let page = service.list_keys(&self.caller, list).await?;
        let secrets = service.reveal(&self.caller, &page.keys).await?;
        let ids: Vec<String> = page
            .keys
            .iter()
            .zip(&secrets)
            .map(|(key, secret)| shown_id(key, secret.as_ref()))
            .collect();
        let bodies: Vec<KeyBody<'_>> =
            page.keys.iter().zip(&ids).map(|(key, id)| KeyBody::new(key, id)).collect();
        Part::of(&bodies, page.next)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("List the API keys of Digital Channels")
        .about(
            "Newest first. Without `limit` and `cursor` the whole list, read and streamed page by page, \
             each page audited before it leaves; with either one page, the next one of which is named \
             in `Link`. `id` of each key is its secret for callers with `Nexus.ApiKeys.canReveal`, and \
             the key's id for all others.",
        )
        .query(
            "tenant",
            "A contact center's id, or `*` for the keys of the cluster; all that the caller reaches \
             where it is left out.",
            schema::scope(),
            "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        )
        .query("limit", "How many at most.", schema::integer(1, MAX_PAGE), 50)
        .query(
            "cursor",
            "Where to go on: as `Link` of the page before has it.",
            schema::text(1, 1000),
            Value::Null,
        )
        .answers_as(
            200,
            "The keys.",
            "application/json",
            forms::keys(),
            Value::Array(vec![forms::example()]),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/nexus/v3/apikeys?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([
            whole_list::bad_limit(),
            Failure::Service(service::Error::NotFound),
            Failure::Service(service::Error::Limited { retry_after_s: 60 }),
        ])
}
