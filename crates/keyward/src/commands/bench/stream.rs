//! Long bodies through the gateway: a gibibyte up and one down, and the memory of the server meanwhile.

use super::{
    installation::{Folder, Installation},
    machine, made,
    process::Server,
    report::{Report, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::{
    Method, Request, Response,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const BODY_BYTES: u64 = 1 << 30;
const PIECE_BYTES: usize = 64 * 1024;
const MIB: f64 = 1_048_576.0;
/// How often the kernel is asked for the server's memory.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// What may be added to the memory for both bodies together.
const FLAT_MIB: f64 = 16.0;

/// Sends one gibibyte up and fetches one.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    report.section("A body of 1 GiB through the gateway, plain HTTP/1.1 on both sides");
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, 2))?;
    let upstream = runtime.block_on(upstream())?;
    let more =
        format!("[[gateway.routes]]\npreset = \"nexus-chat\"\nupstream = \"http://{upstream}\"\n");
    let server = Server::configured(&made, &[], &more)?;
    let secret = made::secret(1);
    let secret = made::text(&secret);
    runtime.block_on(async {
        // The first call brings what every call needs into memory.
        fetch(server.address, secret, 1).await?;
        let before = machine::resident_bytes_of(server.pid())? / MIB;
        report.plain("memory of the server before", &format!("{} MiB", rounded(before)));
        let watch = Watch::begin(server.pid());
        for (name, upwards) in [("up", true), ("down", false)] {
            let (begin, used) = (Instant::now(), machine::cpu_seconds(server.pid())?);
            match upwards {
                true => send(server.address, secret).await?,
                false => fetch(server.address, secret, BODY_BYTES).await?,
            }
            let seconds = begin.elapsed().as_secs_f64();
            let cpu = machine::cpu_seconds(server.pid())? - used;
            let text = format!("{} s, {} s of CPU", rounded(seconds), rounded(cpu));
            report.plain(&format!("1 GiB {name}"), &text);
        }
        let peak = watch.end().await? / MIB;
        report.plain("memory of the server, its peak", &format!("{} MiB", rounded(peak)));
        report.at_most("added by both bodies", (peak - before).max(0.0), "MiB", FLAT_MIB);
        Ok(())
    })
}

/// Looks at a server's memory until it is ended.
struct Watch {
    over: Arc<AtomicBool>,
    looking: JoinHandle<Result<f64>>,
}

impl Watch {
    fn begin(process: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let looking = tokio::spawn(async move {
            let mut peak = 0.0_f64;
            while !ended.load(Relaxed) {
                peak = peak.max(machine::resident_bytes_of(process)?);
                tokio::time::sleep(LOOK_EVERY).await;
            }
            Ok(peak)
        });
        Self { over, looking }
    }

    /// The most that was seen.
    async fn end(self) -> Result<f64> {
        self.over.store(true, Relaxed);
        self.looking.await?
    }
}

/// Sends the body; the upstream says how much of it arrived.
async fn send(address: SocketAddr, secret: &str) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let head = head("POST", address, secret, BODY_BYTES);
    stream.write_all(head.as_bytes()).await?;
    let piece = vec![b'x'; PIECE_BYTES];
    for _ in 0..BODY_BYTES / PIECE_BYTES as u64 {
        stream.write_all(&piece).await?;
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    if !answer.starts_with("HTTP/1.1 200") || !answer.contains(&BODY_BYTES.to_string()) {
        bail!("the body did not arrive:\n{answer}");
    }
    Ok(())
}

/// Fetches so many bytes and throws them away.
async fn fetch(address: SocketAddr, secret: &str, bytes: u64) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let head = head("GET", address, secret, 0).replace("/body", &format!("/body/{bytes}"));
    stream.write_all(head.as_bytes()).await?;
    let (mut piece, mut seen) = (vec![0; PIECE_BYTES], 0_u64);
    let first = stream.read(&mut piece).await?;
    let begin = piece.get(..first).unwrap_or_default();
    let end = begin.windows(4).position(|four| four == b"\r\n\r\n").context("a whole head")? + 4;
    if !begin.starts_with(b"HTTP/1.1 200") {
        bail!("a call was refused:\n{}", String::from_utf8_lossy(begin));
    }
    seen += (first - end) as u64;
    loop {
        match stream.read(&mut piece).await? {
            0 => break,
            more => seen += more as u64,
        }
    }
    if seen < bytes { bail!("{seen} of {bytes} bytes arrived") } else { Ok(()) }
}

fn head(method: &str, address: SocketAddr, secret: &str, bytes: u64) -> String {
    format!(
        "{method} /nexus/v3/chat/body HTTP/1.1\r\nHost: {address}\r\nX-Api-Key: {secret}\r\n\
         Content-Length: {bytes}\r\nConnection: close\r\n\r\n"
    )
}

/// Takes bodies of any length, and answers with as many bytes as a path ends in.
pub(super) async fn upstream() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)),
            );
        }
    });
    Ok(address)
}

async fn answer(
    request: Request<Incoming>,
) -> Result<Response<Either<Full<Bytes>, Pieces>>, hyper::Error> {
    if request.method() == Method::GET {
        let bytes = request.uri().path().rsplit('/').next().and_then(|text| text.parse().ok());
        let pieces = Pieces { left: bytes.unwrap_or(0), piece: vec![b'x'; PIECE_BYTES].into() };
        return Ok(Response::new(Either::Right(pieces)));
    }
    let (mut body, mut seen) = (request.into_body(), 0);
    while let Some(frame) = body.frame().await {
        seen += frame?.data_ref().map_or(0, Bytes::len);
    }
    Ok(Response::new(Either::Left(Full::from(seen.to_string()))))
}

/// A body of so many bytes that holds one piece of them.
struct Pieces {
    left: u64,
    piece: Bytes,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let bytes = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.piece.len());
        self.left -= bytes as u64;
        Poll::Ready(Some(Ok(Frame::data(self.piece.slice(..bytes)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
