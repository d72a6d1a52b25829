//! What browsers report of pages, in the log of the built program: of the signed-in alone, and not for ever.

use http::Method;
use it::{
    Answer,
    console::form_to,
    process::Process,
    world::{PASSWORD, Place},
};
use serde_json::{Value, json};

/// Reports of one person within a minute that are looked at.
const LOOKED_AT: usize = 12;

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter();
    let pair = |text: &str| text.split(';').next().unwrap_or_default().to_owned();
    set.map(|field| pair(field.to_str().expect("text"))).collect::<Vec<_>>().join("; ")
}

/// Signs a person in; what their browser presents from then on.
async fn signed_in(process: &Process, (tenant, username): (&str, &str)) -> String {
    let path = "/console/sign-in";
    let page = process.send(Method::GET, path, &[], "".into()).await.expect("a page");
    let form = form_to(&page, path)
        .with("tenant", tenant)
        .with("username", username)
        .with("password", PASSWORD);
    let fields: Vec<(&str, &str)> =
        form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = cookies(&page);
    let headers =
        [("cookie", before.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = it::browser::encoded(&fields).into();
    let answer = process.send(Method::POST, path, &headers, body).await.expect("an answer");
    assert_eq!(answer.status, 303, "{}", answer.text());
    cookies(&answer)
}

/// Sends so many reports, each of which is answered as if it were looked at.
async fn report(process: &Process, cookie: &str, directive: &str, times: usize) {
    let body = json!({"csp-report": {"effective-directive": directive}}).to_string();
    for _ in 0..times {
        let headers = [("cookie", cookie), ("content-type", "application/csp-report")];
        let headers = if cookie.is_empty() { &headers[1..] } else { &headers[..] };
        let sent = process.send(Method::POST, "/console/reports", headers, body.clone().into());
        let answer = sent.await.expect("an answer");
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (204, ""), "{directive}");
    }
}

/// How often the log names a directive.
fn noted(process: &Process, directive: &str) -> usize {
    let is_one = |line: &&str| {
        let event: Value = serde_json::from_str(line).expect("a line of JSON");
        event.to_string().contains(&format!("\"{directive}\""))
    };
    process.log().lines().filter(is_one).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_fills_the_log_with_reports_of_pages() {
    let place = Place::new();
    let more = "log = { format = \"json\" }";
    let process = Process::start(&place, more).await.expect("the program starts");
    report(&process, "", "script-src", 3).await;
    report(&process, "keyward-session=0123456789abcdef", "script-src", 3).await;
    assert_eq!(noted(&process, "script-src"), 0, "nobody is signed in");
    let nexus = signed_in(&process, ("t100", "nexus")).await;
    report(&process, &nexus, "img-src", 2 * LOOKED_AT).await;
    assert_eq!(noted(&process, "img-src"), LOOKED_AT, "and no more within a minute");
    // A person has one measure, however many browsers they have; another person has their own.
    let again = signed_in(&process, ("t100", "nexus")).await;
    report(&process, &again, "font-src", 3).await;
    assert_eq!(noted(&process, "font-src"), 0, "another browser of the same person");
    let bob = signed_in(&process, ("t200", "bob")).await;
    report(&process, &bob, "Not A Word\\n", 1).await;
    report(&process, &bob, "connect-src", 2).await;
    assert_eq!(noted(&process, "connect-src"), 2);
    assert!(!process.log().contains("Not A Word"), "what is no directive is not repeated");
}
