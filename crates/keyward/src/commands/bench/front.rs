//! In front of an API: the gateway beside nginx alone, and nginx that asks `/check` beside nginx that asks
//! for a fixed answer. All stand before the same tiny upstream, which is not counted.

use super::{
    callgrind,
    client::{Connection, Requests},
    contest::{self, Contender},
    installation::{Folder, Installation},
    made, nginx,
    process::Server,
    report::Report,
};
use crate::{cli::Bench, commands};
use anyhow::{Context as _, Result, bail};
use std::{net::SocketAddr, sync::Arc};

/// Different requests of a run, spread over all keys.
const REQUESTS: u64 = 4_096;
/// Bytes of the upstream's answers.
const BYTES: usize = 512;
const CALL: &str = "/nexus/v3/chat/sessions";
const CHECK: &str = "/check/bench";
const AS_A_PROXY: &str = "X-Original-Method: GET\r\nX-Original-URI: /nexus/v3/chat/sessions\r\n\
                          X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: api.example\r\n\
                          X-Forwarded-Proto: https\r\n";
const OURS: &str = "Keyward's check";
const CHECKED: &str = "asking Keyward";
const FIXED: &str = "asking nginx";
const FIXED_BY_HYPER: &str = "asking hyper";
/// Headers that every server makes by itself.
const OWN_HEADERS: [&str; 4] = ["date", "content-length", "server", "connection"];

/// The installation, and the upstream behind all.
struct Stage {
    made: Installation,
    upstream: Server,
    keys: u64,
}

impl Stage {
    fn set(arguments: &Bench) -> Result<Self> {
        let keys = if arguments.callgrind { callgrind::KEYS } else { arguments.keys };
        let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
        let folder = Folder::new(arguments.folder.as_deref())?;
        let made = runtime.block_on(Installation::make(folder, None, keys))?;
        let upstream = Server::bare(BYTES, made.folder.path(), &[])?;
        Ok(Self { made, upstream, keys })
    }

    fn keyward(&self, wrapper: &[String]) -> Result<Server> {
        let upstream = self.upstream.address;
        let more = format!(
            "trusted_proxies = [\"127.0.0.1\"]\n\
             [[gateway.routes]]\npreset = \"nexus-chat\"\nupstream = \"http://{upstream}\"\n\
             [[policies]]\nname = \"bench\"\nkeyTypes = [\"nexus\"]\n\
             permission = \"{}\"\npresentedIn = [\"header:x-api-key\"]\nlimited_as = 403\n",
            made::PERMISSION
        );
        Server::configured(&self.made, wrapper, &more)
    }

    /// Calls that present keys everywhere in the table; `path` and `more` go with each.
    fn requests(&self, address: SocketAddr, path: &str, more: &str) -> Requests {
        let count = REQUESTS.min(self.keys).max(1);
        let call = |n| {
            let secret = made::secret(made::mixed(n) % self.keys.max(1));
            let secret = made::text(&secret);
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nX-Api-Key: {secret}\r\n{more}\r\n")
                .into_bytes()
        };
        Arc::new((0..count).map(call).collect())
    }

    fn calls(&self, name: &'static str, servers: Vec<Arc<Server>>) -> Result<Contender> {
        let requests = |address| self.requests(address, CALL, "");
        Contender::new(name, servers, requests, "x")
    }

    /// Asks as a proxy does.
    fn questions(&self, name: &'static str, server: Arc<Server>) -> Result<Contender> {
        let requests = |address| self.requests(address, CHECK, AS_A_PROXY);
        Contender::new(name, vec![server], requests, "")
    }

    /// What the check answers with, less what every server makes by itself.
    fn headers_of(&self, address: SocketAddr) -> Result<Vec<(String, String)>> {
        let requests = self.requests(address, CHECK, AS_A_PROXY);
        let request = requests.first().context("a request")?;
        let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
        runtime.block_on(async {
            let mut connection = Connection::open(address).await?;
            let answer = connection.ask(request).await?;
            if answer.status != 200 {
                bail!("the check does not pass a good key:\n{}", answer.shown());
            }
            let head = String::from_utf8_lossy(answer.head).into_owned();
            let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
            let of_its_own = |name: &str| OWN_HEADERS.iter().any(|h| name.eq_ignore_ascii_case(h));
            let kept = lines.filter(|(name, _)| !of_its_own(name));
            Ok(kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
        })
    }

    /// User instructions a call, counted by the instrument.
    fn count(&self, path: &str, more: &str, report: &mut Report) -> Result<f64> {
        let wrapper = callgrind::wrapper(self.made.folder.path());
        let requests = |address| self.requests(address, path, more);
        let ours = callgrind::a_request(requests, "", || self.keyward(&wrapper))?;
        let digest = callgrind::of_a_digest(self.made.folder.path())?;
        report.plain("Keyward", &format!("{ours:.0}"));
        report.plain("one digest, without SHA instructions", &format!("{digest:.0}"));
        report.note(callgrind::NOTE);
        Ok(ours - digest)
    }

    fn title(&self, what: &str, arguments: &Bench) -> String {
        format!(
            "{what}, {} keys, {} connections, answers of {BYTES} bytes, {} rounds of {} s in turn",
            self.keys, arguments.connections, arguments.rounds, arguments.seconds,
        )
    }
}

/// `keyward bench gateway`.
pub(super) fn gateway(arguments: &Bench, report: &mut Report) -> Result<()> {
    let stage = Stage::set(arguments)?;
    if arguments.callgrind {
        report.section("User instructions a call through the gateway (valgrind --tool=callgrind)");
        return stage.count(CALL, "", report).map(drop);
    }
    report.section(&stage.title("Gateway", arguments));
    let keyward = Arc::new(stage.keyward(&[])?);
    let mut all = vec![stage.calls("Keyward's gateway", vec![keyward])?];
    match nginx::proxy(stage.upstream.address, stage.made.folder.path())? {
        Some(server) => all.push(stage.calls("nginx proxy_pass", vec![Arc::new(server)])?),
        None => report.note(nginx::MISSING),
    }
    contest::hold(&mut all, arguments, report)?;
    contest::ratio(&all, "Keyward's gateway", "nginx proxy_pass", 1.5, report);
    Ok(())
}

/// `keyward bench check`.
pub(super) fn check(arguments: &Bench, report: &mut Report) -> Result<()> {
    let stage = Stage::set(arguments)?;
    let folder = stage.made.folder.path();
    let keyward = Arc::new(stage.keyward(&[])?);
    let headers = stage.headers_of(keyward.address)?;
    let bytes = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let fixed = nginx::fixed(&headers, folder)?.map(Arc::new);
    if fixed.is_none() {
        report.note(nginx::MISSING);
    }
    if arguments.callgrind {
        report.section("User instructions a check (valgrind --tool=callgrind)");
        let ours = stage.count(CHECK, AS_A_PROXY, report)?;
        let requests = |address| stage.requests(address, CHECK, AS_A_PROXY);
        let under = callgrind::wrapper(folder);
        let bare = callgrind::a_request(requests, "", || Server::bare(bytes, folder, &under))?;
        report.plain("bare hyper", &format!("{bare:.0}"));
        report.at_most("(Keyward - digest) / bare hyper", ours / bare, "x", 1.15);
        return Ok(());
    }

    report.section(&stage.title("The check, asked directly", arguments));
    let bare = Arc::new(Server::bare(bytes, folder, &[])?);
    let mut all = vec![stage.questions(OURS, Arc::clone(&keyward))?];
    all.push(stage.questions("bare hyper", bare)?);
    if let Some(fixed) = &fixed {
        all.push(stage.questions("nginx, fixed answer", Arc::clone(fixed))?);
    }
    contest::hold(&mut all, arguments, report)?;
    contest::ratio(&all, OURS, "bare hyper", 1.10, report);
    contest::ratio(&all, OURS, "nginx, fixed answer", 1.15, report);
    drop(all);

    let Some(fixed) = fixed else { return Ok(()) };
    behind_nginx(&stage, keyward, fixed, arguments, report)
}

/// The same as an `auth_request`: what nginx and whoever it asks use together.
fn behind_nginx(
    stage: &Stage,
    keyward: Arc<Server>,
    fixed: Arc<Server>,
    arguments: &Bench,
    report: &mut Report,
) -> Result<()> {
    report.section(&stage.title("nginx that asks first (auth_request)", arguments));
    report.note("nginx itself + who is asked; nginx and hyper answer with fixed bytes");
    let (folder, upstream) = (stage.made.folder.path(), stage.upstream.address);
    // Without a body, which nginx would have to read and throw away.
    let bare = Arc::new(Server::bare(0, folder, &[])?);
    let mut all = Vec::new();
    for (name, answerer) in [(CHECKED, keyward), (FIXED, fixed), (FIXED_BY_HYPER, bare)] {
        let front = nginx::asking(upstream, answerer.address, CHECK, folder)?;
        let front = front.context(nginx::MISSING)?;
        all.push(stage.calls(name, vec![Arc::new(front), answerer])?);
    }
    let alone = nginx::proxy(upstream, folder)?.context(nginx::MISSING)?;
    all.push(stage.calls("asking nobody", vec![Arc::new(alone)])?);
    contest::hold(&mut all, arguments, report)?;
    contest::ratio(&all, CHECKED, FIXED, 1.15, report);
    contest::ratio(&all, CHECKED, FIXED_BY_HYPER, 1.15, report);
    Ok(())
}
