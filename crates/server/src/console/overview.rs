//! `GET /console`: what there is, how it is used, what ends soon and what was done last.

use super::{
    Faults, Section, Shell, Visiting, Visitor,
    audit::EventView,
    calls::{self, Range},
    chart::Chart,
    keys::names::of_type,
    numbers::grouped,
    page,
    places::{self, Names, Places},
    status::{self, Chip},
};
use crate::{answer::Body, app::App, failure::Failure};
use askama::Template;
use axum::extract::State;
use domain::{
    id::Scope,
    key::{Key, Standing},
    right::{Deed, Right},
};
use http::Response;
use service::{
    audit::ListAudit,
    overview::{KeyCounts, Overview, ShowOverview},
};

/// Events that are shown of the log.
const EVENTS: u32 = 8;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Page {
    shell: Shell,
    /// The places to choose from; empty where there is one.
    places: Places,
    /// What is wrong with the place that is asked for: then there is nothing to show of it.
    faults: Faults,
    range: &'static str,
    /// `None`: whoever is here may see no keys.
    seen: Option<Seen>,
    /// What was done last; `None`: whoever is here may not read the log.
    events: Option<Vec<EventView>>,
    all_events: String,
}

/// What is told to whoever may see keys.
struct Seen {
    ranges: Vec<RangeLink>,
    tiles: Vec<Tile>,
    total: String,
    /// Whether there is no key at all.
    none: bool,
    may_create: bool,
    soonest: Vec<Ending>,
    /// How many more end soon than are shown.
    more_soon: u64,
    soon: String,
    chart: Chart,
}

/// A number, and the list of what it counts.
struct Tile {
    count: String,
    label: &'static str,
    note: &'static str,
    href: String,
    tone: &'static str,
    icon: &'static str,
}

/// One of the times to look at.
struct RangeLink {
    label: &'static str,
    href: String,
    current: bool,
}

/// A key that ends soon.
struct Ending {
    id: String,
    name: String,
    key_type: String,
    place: String,
    chip: Chip,
}

/// What the address asks for.
struct Asked {
    range: Range,
    scope: Option<Scope>,
    /// The place as the address names it, and what is wrong with that.
    tenant: String,
    faults: Faults,
}

impl Asked {
    async fn read(app: &App, visitor: &Visitor) -> Result<Self, Failure> {
        let query = visitor.address.query().unwrap_or_default();
        let value = |wanted: &str| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find(|(name, _)| name == wanted).map(|(_, value)| value)
        };
        let tenant = value("tenant").unwrap_or_default().into_owned();
        let range = Range::parse(value("range").as_deref());
        let (scope, faults) = places::narrowed(app, visitor, &tenant).await?;
        Ok(Self { range, scope, tenant, faults })
    }

    /// An address with the place that is looked at, if one is chosen.
    fn within(&self, path: &str, query: &[(&str, &str)]) -> String {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.extend_pairs(query);
        if let Some(scope) = self.scope {
            fields.append_pair("tenant", &scope.to_string());
        }
        let query = fields.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn keys(&self, query: &[(&str, &str)]) -> String {
        self.within("/console/keys", query)
    }
}

pub(super) async fn overview(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let asked = Asked::read(&app, &visitor).await?;
    let fine = asked.faults.is_empty();
    let seen = match fine && visitor.may_some(Deed::See) {
        true => Some(see(&app, &visitor, &asked).await?),
        false => None,
    };
    let shell = Shell::of(&app, &visitor, Section::Overview, "Overview");
    let events = match fine && visitor.holds(Right::AuditRead) {
        true => Some(newest(&app, &visitor, asked.scope).await?),
        false => None,
    };
    let all_events = asked.within("/console/audit", &[]);
    let places = places::choices(&app, &visitor, asked.scope).await?;
    let places = places.or_typed(&asked.tenant, &asked.faults);
    let range = asked.range.word();
    let page = Page { shell, places, faults: asked.faults, range, seen, events, all_events };
    Ok(page::show_as(&app, page.faults.status(), &page.shell, &page))
}

async fn see(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Seen, Failure> {
    let (from, to) = asked.range.span(visitor.now);
    let show = ShowOverview {
        scope: asked.scope,
        step: asked.range.step(),
        from: Some(from),
        to: Some(to.plus_millis(-1)),
    };
    let found = app.service().show_overview(&visitor.caller, show).await?;
    let scopes: Vec<Scope> = found.soonest.iter().map(|key| key.scope).collect();
    let names = Names::of(app, visitor, scopes).await?;
    let title = "Calls";
    let shown = u64::try_from(found.soonest.len()).unwrap_or(u64::MAX);
    Ok(Seen {
        ranges: Range::ALL.map(|range| link(asked, range)).into_iter().collect(),
        tiles: tiles(asked, found.keys),
        total: grouped(found.keys.total),
        none: found.keys.total == 0,
        may_create: visitor.may_create(),
        more_soon: found.keys.soon_unavailable.saturating_sub(shown),
        soon: asked.keys(&[("soon", "1")]),
        chart: calls::chart("calls", title, asked.range, &found.calls, visitor.now),
        soonest: endings(found, visitor, &names),
    })
}

async fn newest(
    app: &App,
    visitor: &Visitor,
    scope: Option<Scope>,
) -> Result<Vec<EventView>, Failure> {
    let list = ListAudit { scope, limit: Some(EVENTS), ..ListAudit::default() };
    let entries = app.service().list_audit(&visitor.caller, list).await?.events;
    let scopes: Vec<Scope> = entries.iter().map(|entry| entry.scope).collect();
    let names = Names::of(app, visitor, scopes).await?;
    Ok(EventView::all(&entries, visitor, &names)?)
}

fn link(asked: &Asked, range: Range) -> RangeLink {
    RangeLink {
        label: range.label(),
        href: asked.within("/console", &[("range", range.word())]),
        current: range == asked.range,
    }
}

fn tiles(asked: &Asked, keys: KeyCounts) -> Vec<Tile> {
    let tile = |count: u64, label, note, query, tone, icon| Tile {
        count: grouped(count),
        label,
        note,
        href: asked.keys(&[query]),
        tone,
        icon,
    };
    let of = |standing: Standing| ("status", standing.as_str());
    let mut tiles = vec![
        tile(keys.available(), "Available", "", ("available", "1"), "good", "check"),
        tile(
            keys.soon_unavailable,
            "Soon unavailable",
            "within 30 days",
            ("soon", "1"),
            "soon",
            "clock",
        ),
        tile(
            keys.disabled,
            "Disabled",
            "among the available",
            of(Standing::Disabled),
            "off",
            "pause",
        ),
        tile(keys.expired, "Expired", "", of(Standing::Expired), "bad", "clock"),
        tile(keys.revoked, "Revoked", "", of(Standing::Revoked), "bad", "ban"),
        tile(keys.unacknowledged, "Not acknowledged", "", ("acknowledged", "0"), "calm", "info"),
    ];
    if keys.held > 0 {
        let query = of(Standing::Held);
        tiles.push(tile(keys.held, "Held back", "unused too long", query, "off", "pause"));
    }
    tiles
}

fn endings(found: Overview, visitor: &Visitor, names: &Names) -> Vec<Ending> {
    let of_many = visitor.caller.is_cluster();
    let ending = |key: Key| {
        Some(Ending {
            chip: status::ending(&key, visitor.now)?,
            place: if of_many { names.name(key.scope) } else { String::new() },
            id: key.id.to_string(),
            name: key.name,
            key_type: of_type(&key.key_type).to_owned(),
        })
    };
    found.soonest.into_iter().filter_map(ending).collect()
}
