//! `GET /console/keys/{id}/secrets`: which secrets open a key; and while two do, what may be done about the
//! old one: end it now, or let it work for longer.

use super::{
    head::{Found, Head, Tab, find},
    switch,
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page, when::When},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::KeyId, key::MAX_OVERLAP_S, right::Deed};
use http::Response;
use service::keys::KeySecret;

const HOUR_S: u32 = 3_600;
const DAY_S: u32 = 86_400;

#[derive(Template)]
#[template(path = "console/keys/secrets.html")]
struct Page {
    shell: Shell,
    head: Head,
    secrets: Vec<Row>,
    /// Whether something may be done about an old one.
    may_change: bool,
    /// Whether keys of this type are rotated at all.
    rotates: bool,
    panel: Option<Panel>,
    faults: Faults,
    amount: String,
    unit: String,
}

/// What is open beside the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Panel {
    Retire,
    Extend,
}

struct Row {
    slot: u8,
    current: bool,
    hint: String,
    created: Option<When>,
    ends: Option<When>,
    last_used: Option<When>,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let asked =
        Asked { id: switch::id(&id)?, panel: None, amount: String::new(), unit: String::new() };
    render(&app, &visitor, asked, Faults::default()).await
}

/// `GET …/retire-secret`.
pub(in crate::console) async fn show_retire(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, Asked::of(&id, Panel::Retire)?, Faults::default()).await
}

/// `POST …/retire-secret`.
pub(in crate::console) async fn retire(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let asked = Asked::of(&id, Panel::Retire)?;
    let retired = app.service().retire_secret(&visitor.caller, asked.id, form.version()).await;
    match retired {
        Ok(_) => {
            Ok(page::see_other(&app, &format!("/console/keys/{id}/secrets?done=secret-retired")))
        }
        Err(error) => render(&app, &visitor, asked, Faults::of_error(error, &[])?).await,
    }
}

/// `GET …/extend-overlap`.
pub(in crate::console) async fn show_extend(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, Asked::of(&id, Panel::Extend)?, Faults::default()).await
}

/// `POST …/extend-overlap`.
pub(in crate::console) async fn extend(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let mut asked = Asked::of(&id, Panel::Extend)?;
    asked.amount = form.text("amount").trim().to_owned();
    asked.unit = form.text("unit").to_owned();
    let Some(overlap_s) = asked.overlap_s() else {
        let faults = Faults::one("amount", "Enter a whole number: up to 720 hours, or 30 days.");
        return render(&app, &visitor, asked, faults).await;
    };
    let version = form.version();
    match app.service().extend_overlap(&visitor.caller, asked.id, overlap_s, version).await {
        Ok(_) => {
            Ok(page::see_other(&app, &format!("/console/keys/{id}/secrets?done=overlap-extended")))
        }
        Err(error) => {
            let faults = Faults::of_error(error, &[("overlapSeconds", "amount")])?;
            render(&app, &visitor, asked, faults).await
        }
    }
}

/// What is asked of which key.
struct Asked {
    id: KeyId,
    panel: Option<Panel>,
    amount: String,
    unit: String,
}

impl Asked {
    fn of(id: &str, panel: Panel) -> Result<Self, Failure> {
        let (amount, unit) = ("24".to_owned(), "hours".to_owned());
        Ok(Self { id: switch::id(id)?, panel: Some(panel), amount, unit })
    }

    fn overlap_s(&self) -> Option<u32> {
        let amount: u32 = self.amount.parse().ok()?;
        let unit = if self.unit == "days" { DAY_S } else { HOUR_S };
        amount.checked_mul(unit).filter(|s| (1..=MAX_OVERLAP_S).contains(s))
    }
}

async fn render(
    app: &App,
    visitor: &Visiting,
    asked: Asked,
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let found = find(app, visitor, asked.id).await?;
    let secrets = app.service().list_key_secrets(&visitor.caller, asked.id).await?;
    let Found { key, of_type, .. } = &found;
    let may_update = visitor.may(of_type.family, Deed::Update);
    if asked.panel.is_some() && !may_update {
        visitor.caller.require_rights(of_type.family.rights_for(Deed::Update))?;
    }
    let has_old = secrets.iter().any(|secret| !secret.current);
    let rotates = of_type.actions.rotate;
    let title = match asked.panel {
        None => key.name.clone(),
        Some(Panel::Retire) => format!("Retire the old secret of {}", key.name),
        Some(Panel::Extend) => format!("Extend the overlap of {}", key.name),
    };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Keys, title),
        head: Head::of(&found, Tab::Secrets, visitor),
        secrets: secrets.into_iter().map(|secret| Row::of(secret, visitor)).collect(),
        may_change: rotates && may_update && has_old && !key.is_revoked(visitor.now),
        rotates,
        panel: asked.panel,
        faults,
        amount: asked.amount,
        unit: asked.unit,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}

impl Row {
    fn of(secret: KeySecret, visitor: &Visiting) -> Self {
        let when = |at| When::maybe(at, visitor.now);
        Self {
            slot: secret.slot,
            current: secret.current,
            hint: secret.hint,
            created: when(secret.created_at),
            ends: when(secret.ends_at),
            last_used: when(secret.last_used),
        }
    }
}

impl Page {
    fn opens(&self, panel: Panel) -> bool {
        self.panel == Some(panel)
    }

    /// The page without a panel.
    fn there(&self) -> String {
        format!("/console/keys/{}/secrets", self.head.id)
    }

    /// When the old secret ends.
    fn old_ends(&self) -> Option<&When> {
        self.secrets.iter().find(|row| !row.current).and_then(|row| row.ends.as_ref())
    }

    /// When the old secret last opened the key.
    fn old_used(&self) -> Option<&When> {
        self.secrets.iter().find(|row| !row.current).and_then(|row| row.last_used.as_ref())
    }
}

/// A span in words, as large a unit as fits.
pub(super) fn span(seconds: u32) -> String {
    let units = [(DAY_S, "day"), (HOUR_S, "hour"), (60, "minute"), (1, "second")];
    let fits =
        units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, name) = fits.unwrap_or((1, "second"));
    let n = seconds / unit;
    if n == 1 { format!("1 {name}") } else { format!("{n} {name}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_largest_unit_that_fits() {
        assert_eq!(span(86_400), "1 day");
        assert_eq!(span(90_000), "25 hours");
        assert_eq!(span(90), "90 seconds");
        assert_eq!(span(120), "2 minutes");
    }
}
