//! Who is at the console: the session that the browser's cookie names. Whoever has none is led to the
//! sign-in, and a form that another site sent is refused before anything of it is read (WB-04).

use super::{
    Visitor,
    cookie::{self, Renewed},
    page::{self, see_other},
};
use crate::{access::Need, answer::Body, app::App, browser, failure::Failure, trace::Trace};
use axum::extract::Request;
use http::{Method, Response, Uri, header};
use std::sync::Arc;

/// What becomes of a request for the console.
pub(crate) enum Admission {
    /// It goes on; the visitor lies in its extensions. What their browser presents may change meanwhile.
    Visitor(Request, Renewed),
    /// The browser is led elsewhere, or told why it is not served.
    Led(Response<Body>),
}

/// Where a person chooses another password. Until they did, everything else leads there.
pub(super) const NEW_PASSWORD: &str = "/console/settings/password";
/// What such a person may do besides.
const ALWAYS: [&str; 3] = [NEW_PASSWORD, "/console/sign-out", "/console/extend"];
/// Where somebody begins who may see neither keys nor the log: with what is their own.
const WITHOUT_OVERVIEW: &str = "/console/settings";

/// Lets a browser in whose session stands and whose person may do what the route needs.
pub(crate) async fn admit(
    app: &App,
    need: Need,
    trace: &Trace,
    mut request: Request,
) -> Result<Admission, Failure> {
    let Some(transport) = cookie::transport(app, trace, request.headers()) else {
        return Ok(Admission::Led(page::needs_tls(app, trace)));
    };
    if request.method() != Method::GET {
        browser::check_same_site(app, request.headers())?;
    }
    let known = cookie::find(request.headers(), transport);
    let Some(presented) = known else { return Ok(to_sign_in(app, &request, false)) };
    let found = app.service().authenticate_session(&presented, trace.context()).await?;
    let Some(found) = found else { return Ok(to_sign_in(app, &request, true)) };
    let must_change = found.must_change_password;
    trace.name_actor(&found.caller);
    if must_change && !ALWAYS.contains(&request.uri().path()) {
        return Ok(Admission::Led(see_other(app, NEW_PASSWORD)));
    }
    need.check(&found.caller)?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    let renewed = Renewed::default();
    let visitor = Visitor {
        token: app.service().form_token(&found.session),
        renewed: renewed.clone(),
        caller: found.caller,
        session: found.session,
        tenant_name: found.tenant_name,
        agent: agent.map(str::to_owned),
        address: request.uri().clone(),
        now: app.service().now().wall,
        transport,
        must_change,
        outside: found.outside,
        presented: Arc::new(presented),
    };
    if request.uri().path() == "/console" && !visitor.has_overview() {
        return Ok(Admission::Led(see_other(app, WITHOUT_OVERVIEW)));
    }
    request.extensions_mut().insert(Arc::new(visitor));
    Ok(Admission::Visitor(request, renewed))
}

/// To the sign-in, and from there back here, if here is a page.
fn to_sign_in(app: &App, request: &Request, ended: bool) -> Admission {
    let here = if request.method() == Method::GET { path_of(request.uri()) } else { "/console" };
    let mut query = Vec::with_capacity(2);
    query.extend((here != "/console").then_some(("next", here)));
    query.extend(ended.then_some(("done", "ended")));
    Admission::Led(see_other(app, &browser::with_query("/console/sign-in", &query)))
}

fn path_of(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/console", |here| here.as_str())
}
