//! `GET /console/keys/{id}/usage`: calls by verdict over time.

use super::{
    head::{Head, Tab, find},
    switch,
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Section, Shell, Visiting,
        calls::{self, Range},
        chart::Chart,
        numbers::grouped,
        page,
        when::When,
    },
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::verdict::Verdict;
use http::Response;
use service::keys::{UsageOfKey, UsageStep};

#[derive(Template)]
#[template(path = "console/keys/usage.html")]
struct Page {
    shell: Shell,
    head: Head,
    chart: Chart,
    /// The ranges: word, label, whether it is the one that is shown.
    ranges: Vec<(&'static str, &'static str, bool)>,
    last_used: Option<When>,
    /// Calls of the last 24 hours, and how many of them passed.
    day: (String, String),
    /// Each verdict of the range that occurred.
    verdicts: Vec<(&'static str, String)>,
}

pub(in crate::console) async fn usage(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let id = switch::id(&id)?;
    let found = find(&app, &visitor, id).await?;
    let range = Range::parse(query.take_text("range").as_deref());
    let (from, to) = range.span(visitor.now);
    let span = (Some(from), Some(to));
    let service = app.service();
    let used = service.show_key_usage(&visitor.caller, id, range.step(), span).await?;
    let last_day =
        service.show_key_usage(&visitor.caller, id, UsageStep::Hour, (None, None)).await?;
    let by_verdict = by_verdict(&used);
    let of_day = self::by_verdict(&last_day);
    let valid = of_day.iter().find(|(v, _)| *v == Verdict::Valid.as_str()).map_or(0, |(_, n)| *n);
    let title = "Calls by verdict";
    let page = Page {
        shell: Shell::of(&app, &visitor, Section::Keys, found.key.name.clone()),
        head: Head::of(&found, Tab::Usage, &visitor),
        chart: calls::chart("calls", title, range, &used.parts, visitor.now),
        ranges: Range::ALL.into_iter().map(|r| (r.word(), r.label(), r == range)).collect(),
        last_used: When::maybe(used.last_used, visitor.now),
        day: (grouped(of_day.iter().map(|(_, n)| n).sum()), grouped(valid)),
        verdicts: by_verdict.into_iter().map(|(verdict, n)| (verdict, grouped(n))).collect(),
    };
    Ok(page::show(&app, &page.shell, &page))
}

fn by_verdict(used: &UsageOfKey) -> Vec<(&'static str, u64)> {
    let mut all: Vec<(&'static str, u64)> = Vec::new();
    for (at, verdict) in Verdict::ALL.into_iter().enumerate() {
        let n: u64 = used.parts.iter().filter_map(|part| part.counts.get(at)).sum();
        if n > 0 {
            all.push((verdict.as_str(), n));
        }
    }
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all
}
