//! What a page of the console costs: the CPU time of the server for one, and its bytes.

use super::{
    client::Connection,
    installation::{Folder, Installation, PASSWORD, PERSON, TENANT},
    machine,
    process::Server,
    report::Report,
};
use crate::{cli::Bench, commands};
use anyhow::{Context as _, Result, bail};

/// The pages, each with a text that it must hold.
const PAGES: [(&str, &str, &str); 3] = [
    ("a list of 50 keys", "/console/keys", "<table"),
    ("a search in the list", "/console/keys?search=key", "<table"),
    ("the overview", "/console", "tiles"),
];
/// How often each is fetched.
const TIMES: u32 = 200;

pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    report.section(&format!("Pages of the console, {} keys, {TIMES} times each", arguments.keys));
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, arguments.keys))?;
    let server = Server::keyward(&made, &[])?;
    runtime.block_on(measure(&server, report))
}

async fn measure(server: &Server, report: &mut Report) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let session = sign_in(&mut connection, server).await?;
    for (name, path, wanted) in PAGES {
        let request = get(server, path, &session);
        let answer = connection.ask(&request).await?;
        if !answer.is(200, wanted) {
            bail!("{path} is not the page that was meant:\n{}", answer.shown());
        }
        let bytes = answer.body.len();
        let before = machine::cpu_seconds(server.pid())?;
        for _ in 0..TIMES {
            connection.ask(&request).await?;
        }
        let cpu_ms = (machine::cpu_seconds(server.pid())? - before) * 1e3 / f64::from(TIMES);
        report.at_most(&format!("{name}: CPU"), cpu_ms, "ms", 15.0);
        report.plain("its bytes", &bytes.to_string());
    }
    Ok(())
}

/// Signs in as a browser would, and returns the cookie of the session.
async fn sign_in(connection: &mut Connection, server: &Server) -> Result<String> {
    let page = connection.ask(&get(server, "/console/sign-in", "")).await?;
    let visit = cookie(page.head).context("the sign-in page sets no cookie")?;
    let text = String::from_utf8_lossy(page.body).into_owned();
    let token =
        text.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let token = token.context("the sign-in page has no token")?;
    let form = format!("token={token}&next=&tenant={TENANT}&username={PERSON}&password={PASSWORD}");
    let request = format!(
        "POST /console/sign-in HTTP/1.1\r\nHost: {address}\r\nCookie: {visit}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}",
        address = server.address,
        length = form.len(),
    );
    let answer = connection.ask(request.as_bytes()).await?;
    if answer.status != 303 {
        bail!("nobody could be signed in:\n{}", answer.shown());
    }
    cookie(answer.head).context("the sign-in sets no session")
}

fn get(server: &Server, path: &str, cookie: &str) -> Vec<u8> {
    let address = server.address;
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n").into_bytes()
}

/// The name and value of the last cookie that an answer sets.
fn cookie(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).into_owned();
    let field = head.lines().rev().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then_some(value)
    })?;
    field.split(';').next().map(|pair| pair.trim().to_owned())
}
