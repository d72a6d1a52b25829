//! Good calls beside thousands who say nothing, or say it a byte every few seconds (HT-03). Whoever is
//! hung up on comes back at once, for as long as good calls are timed.

use super::{
    client::Connection,
    http::{VALID, verify},
    installation::{Folder, Installation},
    machine::resident_bytes_of,
    made,
    process::Server,
    report::{Report, quantile, rounded},
    stream,
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Of those who say nothing, and again of those who are slow.
const ATTACKERS: usize = 5_000;
/// The same beside calls through the gateway.
const BESIDE_THE_GATEWAY: usize = 1_000;
/// Bytes of the answers of the upstream.
const BYTES: usize = 512;
const KEYS: u64 = 10_000;
/// Between two bytes of one who is slow.
const DRIP: Duration = Duration::from_secs(3);
/// Between two of them who begin: they are spread over ten seconds, and so are those who come back.
const APART: Duration = Duration::from_millis(1);
/// Connections that make good calls.
const GOOD: usize = 8;
/// Between two calls of one of them: what is asked is how long a call takes, not how many there can be.
const PACE: Duration = Duration::from_millis(10);

/// What the slow ones begin with, in turn: a header, a body that is waited for, HTTP/2.
fn beginnings(path: &str, credential: &str) -> [Arc<str>; 3] {
    let body = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n{credential}\r\ncontent-length: 60000\r\n\r\n"
    );
    [
        "GET /health/live HTTP/1.1\r\nhost: localhost\r\nx-slow: ".into(),
        body.into(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
    ]
}

/// A call that must not suffer.
struct Good {
    request: Vec<u8>,
    wanted: &'static str,
}

/// Verdicts beside the many, then calls through the gateway beside a few.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, KEYS))?;
    let time = Duration::from_secs(arguments.seconds);

    report.section(&format!("{ATTACKERS} silent and {ATTACKERS} slow connections"));
    let server = Server::keyward(&made, &[])?;
    let token = made.token.expose();
    let request = verify(server.address, token, KEYS / 2);
    let good = Arc::new(Good { request, wanted: VALID });
    let beginnings = beginnings("/v1/keys/verify", &format!("authorization: Bearer {token}"));
    runtime.block_on(async {
        let many = (ATTACKERS, &beginnings);
        let (crowd, each, files) = compare(&server, &good, many, time, report).await?;
        report.at_most("memory of the server for each of them", each, "KiB", 16.0);
        let gone = crowd.leave(|| Ok(open_files(server.pid())? <= files)).await?;
        report.at_most("until the last of them is hung up on", gone, "s", 15.0);
        anyhow::Ok(())
    })?;
    drop(server);

    let each = BESIDE_THE_GATEWAY;
    report.section(&format!("{each} silent and {each} slow connections beside the gateway"));
    gateway(&runtime, &made, time, report)
}

fn gateway(
    runtime: &tokio::runtime::Runtime,
    made: &Installation,
    time: Duration,
    report: &mut Report,
) -> Result<()> {
    // It reads a body to its end: whoever is slow is not answered before that, and sent away.
    let upstream = runtime.block_on(stream::upstream())?;
    let more =
        format!("[[gateway.routes]]\npreset = \"nexus-chat\"\nupstream = \"http://{upstream}\"\n");
    let server = Server::configured(made, &[], &more)?;
    let secret = made::secret(KEYS / 2);
    let key = format!("x-api-key: {}", made::text(&secret));
    let path = &format!("/nexus/v3/chat/{BYTES}");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{key}\r\n\r\n", server.address);
    let good = Arc::new(Good { request: request.into_bytes(), wanted: "x" });
    let beginnings = beginnings(path, &key);
    runtime.block_on(async {
        let few = (BESIDE_THE_GATEWAY, &beginnings);
        // A body with a good key may drip for as long as the route's time for silence is kept.
        let (_crowd, each, _) = compare(&server, &good, few, time, report).await?;
        report.plain("memory of the server for each of them", &format!("{} KiB", rounded(each)));
        Ok(())
    })
}

/// Times good calls alone, then beside the others. Returns these, the KiB of the server for each of them,
/// and what it had open without them.
async fn compare(
    server: &Server,
    good: &Arc<Good>,
    (each_kind, beginnings): (usize, &[Arc<str>; 3]),
    time: Duration,
    report: &mut Report,
) -> Result<(Crowd, f64, usize)> {
    let alone = timed(server.address, good, time).await?;
    let resident = resident_bytes_of(server.pid())?;
    let files = open_files(server.pid())?;
    let crowd = Crowd::gather(server.address, each_kind, beginnings).await?;
    let beside = timed(server.address, good, time).await?;
    let open = crowd.open.load(Relaxed);
    let each = (resident_bytes_of(server.pid())? - resident).max(0.0) / open.max(1) as f64;
    report.plain("open beside the good calls", &open.to_string());
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        let (before, during) = (quantile(&alone, part), quantile(&beside, part));
        let text = format!("{} ms alone, {} ms beside them", rounded(before), rounded(during));
        report.plain(&format!("a good call, {name}"), &text);
        report.at_most(&format!("ratio of the two, {name}"), during / before, "times", 2.0);
    }
    Ok((crowd, each / 1024.0, files))
}

/// Milliseconds of each call, taken on a thread that does nothing else.
async fn timed(address: SocketAddr, good: &Arc<Good>, time: Duration) -> Result<Vec<f64>> {
    let good = Arc::clone(good);
    let calling = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(calls(address, &good, time))
    });
    calling.await?
}

/// One call that fails ends the run.
async fn calls(address: SocketAddr, good: &Arc<Good>, time: Duration) -> Result<Vec<f64>> {
    let mut calling = JoinSet::new();
    for number in 0..GOOD {
        let good = Arc::clone(good);
        calling.spawn(async move {
            let mut kept = Connection::open(address).await?;
            let (begin, mut took) = (Instant::now(), Vec::new());
            while begin.elapsed() < time {
                let asked = Instant::now();
                // One of them opens a connection for each call.
                if number == 0 {
                    kept = Connection::open(address).await?;
                }
                let answer = kept.ask(&good.request).await?;
                if !answer.is(200, good.wanted) {
                    bail!("a good call was refused:\n{}", answer.shown());
                }
                took.push(asked.elapsed().as_secs_f64() * 1e3);
                tokio::time::sleep(PACE).await;
            }
            Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(one) = calling.join_next().await {
        all.extend(one??);
    }
    Ok(all)
}

struct Crowd {
    open: Arc<AtomicUsize>,
    leaving: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

impl Crowd {
    /// Returns when nearly all of them are connected.
    async fn gather(
        address: SocketAddr,
        each_kind: usize,
        beginnings: &[Arc<str>; 3],
    ) -> Result<Self> {
        let (open, leaving) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let mut tasks = JoinSet::new();
        for number in 0..2 * each_kind {
            let (open, leaving) = (Arc::clone(&open), Arc::clone(&leaving));
            let beginning =
                if number < each_kind { None } else { beginnings.get(number % 3).cloned() };
            let turn = APART * u32::try_from(number).unwrap_or_default();
            tasks.spawn(async move {
                tokio::time::sleep(turn).await;
                while !leaving.load(Relaxed) {
                    if let Ok(stream) = TcpStream::connect(address).await {
                        open.fetch_add(1, Relaxed);
                        dawdle(stream, beginning.as_deref()).await;
                        open.fetch_sub(1, Relaxed);
                    }
                }
            });
        }
        let begin = Instant::now();
        while open.load(Relaxed) < 2 * each_kind * 9 / 10 {
            if begin.elapsed() > Duration::from_secs(60) {
                bail!("they do not get in; raise the limit of open files (`ulimit -n 65536`)");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(Self { open, leaving, tasks })
    }

    /// Seconds until the server has hung up on the last one, when none comes back. It is asked what it
    /// has open: a client may believe in a connection that the kernel never completed.
    async fn leave(mut self, is_over: impl Fn() -> Result<bool>) -> Result<f64> {
        self.leaving.store(true, Relaxed);
        let begin = Instant::now();
        while !is_over()? {
            if begin.elapsed() > Duration::from_secs(60) {
                bail!("the server does not hang up on some of them");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.tasks.abort_all();
        Ok(begin.elapsed().as_secs_f64())
    }
}

/// Stays until the server hangs up.
async fn dawdle(mut stream: TcpStream, beginning: Option<&str>) {
    let mut answer = [0; 256];
    let Some(beginning) = beginning else {
        while stream.read(&mut answer).await.is_ok_and(|bytes| bytes > 0) {}
        return;
    };
    if stream.write_all(beginning.as_bytes()).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            read = stream.read(&mut answer) => match read {
                Ok(bytes) if bytes > 0 => {}
                _ => return,
            },
            () = tokio::time::sleep(DRIP) => {
                if stream.write_all(b"a").await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Files and sockets that a process has open.
fn open_files(process: u32) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{process}/fd"))?.count())
}
