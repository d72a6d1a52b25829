//! `/console/audit/check`: whether a chain is whole. It reads every event, so it is asked for by a button.

use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Form, Section, Shell, Visiting, page,
        places::{self, Names, Places},
        when::When,
    },
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::id::Scope;
use http::Response;
use service::{Error, audit::CheckedAudit};

const TITLE: &str = "Chain status";

#[derive(Template)]
#[template(path = "console/audit/check.html")]
struct Page {
    shell: Shell,
    faults: Faults,
    /// Of the form that asks for a copy.
    copy: Faults,
    /// The chains to choose from; empty where there is one.
    chains: Places,
    result: Option<Outcome>,
}

/// What was found.
struct Outcome {
    chain: String,
    when: When,
    /// The place of the last event; `None` where all chains were looked at.
    position: Option<i64>,
    events: u64,
    chains: u64,
    rows: u64,
    signed_heads: u64,
    findings: Vec<String>,
}

/// `GET`.
pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, (None, ""), Ok(None)).await
}

/// The page where a copy was asked for of a chain that is not there.
pub(super) async fn no_copy(
    app: &App,
    visitor: &Visiting,
    typed: &str,
    copy: Faults,
) -> Result<Response<Body>, Failure> {
    let chains = places::choices(app, visitor, None).await?.or_typed(typed, &copy);
    let shell = Shell::of(app, visitor, Section::Audit, TITLE);
    let page = Page { shell, faults: Faults::default(), copy, chains, result: None };
    Ok(page::show_as(app, page.copy.status(), &page.shell, &page))
}

/// `POST`: changes nothing, so it can be sent again.
pub(in super::super) async fn check(
    State(app): State<App>,
    visitor: Visiting,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let no_such = || Faults::one("tenant", "There is no such contact center.");
    let typed = form.text("tenant");
    let scope = match places::find(&app, &visitor, typed).await {
        Ok(scope) => scope,
        Err(Error::NotFound) => return render(&app, &visitor, (None, ""), Err(no_such())).await,
        Err(error) => {
            let faults = Faults::of_error(error, &[("tenant", "tenant")])?;
            return render(&app, &visitor, (None, typed), Err(faults)).await;
        }
    };
    let outcome = match app.service().check_audit(&visitor.caller, scope).await {
        Ok(checked) => Ok(Some(checked)),
        Err(Error::NotFound) => Err(no_such()),
        Err(error) => Err(Faults::of_error(error, &[("tenant", "tenant")])?),
    };
    // A chain that is not there is not named again.
    let chosen = scope.filter(|_| outcome.is_ok());
    render(&app, &visitor, (chosen, ""), outcome).await
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (chosen, typed): (Option<Scope>, &str),
    outcome: Result<Option<CheckedAudit>, Faults>,
) -> Result<Response<Body>, Failure> {
    let checked = outcome.as_ref().ok().and_then(Option::as_ref);
    let names = Names::of(app, visitor, checked.and_then(|checked| checked.scope)).await?;
    let (faults, result) = match outcome {
        Ok(found) => {
            let result = found.map(|checked| Outcome::of(checked, &names, visitor));
            (Faults::default(), result)
        }
        Err(faults) => (faults, None),
    };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Audit, TITLE),
        chains: places::choices(app, visitor, chosen).await?.or_typed(typed, &faults),
        faults,
        copy: Faults::default(),
        result,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}

impl Outcome {
    fn of(checked: CheckedAudit, names: &Names, visitor: &Visiting) -> Self {
        let CheckedAudit { scope, at, position, check } = checked;
        Self {
            chain: scope.map_or_else(|| "All chains".to_owned(), |scope| names.name(scope)),
            when: When::of(at, visitor.now),
            position,
            events: check.events,
            chains: check.chains,
            rows: check.rows,
            signed_heads: check.signed_heads,
            findings: check.findings,
        }
    }
}
