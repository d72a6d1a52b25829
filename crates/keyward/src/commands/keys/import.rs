//! `keyward keys import` (also `keyward import`) and `keyward keys export`: files of many keys.

use super::super::session::Session;
use crate::{
    api::{Call, next_piece},
    failure::{Exit, Failure},
    output::{Progress, warn, write},
};
use bytes::Bytes;
use clap::{Args, ValueEnum};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use serde_json::Value;
use std::{
    fs::{File, OpenOptions},
    io::{Read, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll},
};

const PIECE: usize = 64 * 1024;

/// Where the keys are.
#[derive(Args, Debug)]
pub(crate) struct Import {
    /// File of keys, one a line; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Its form [default: by the file's ending, else `ndjson`]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Check everything, change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Where to write keys.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Its form
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// Only of this tenant; `*`: the cluster's own
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// The form of a file of keys.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// A JSON object a line
    Ndjson,
    /// A table whose first line names the columns
    Csv,
}

impl Format {
    fn of(path: &Path) -> Self {
        let csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if csv { Self::Csv } else { Self::Ndjson }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
        }
    }
}

/// Sends the file and prints what became of each line.
pub(crate) async fn run(session: &mut Session, import: Import) -> Result<Exit, Failure> {
    let format = import.format.unwrap_or_else(|| Format::of(&import.file));
    let body = Upload::open(&import.file)?;
    let call = Call::post(&["v1", "keys", "import"])
        .of_type(format.media_type())
        .query("dryRun", import.dry_run.then_some(true));
    let mut answer = session.api.upload(call, body.boxed_unsync()).await?;
    let mut results = Results::default();
    let mut rest = Vec::new();
    while let Some(piece) = next_piece(&mut answer.body).await? {
        rest.extend_from_slice(&piece);
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            results.take(session, &line)?;
        }
    }
    results.take(session, &rest)?;
    results.end(session)
}

/// What became of the lines.
#[derive(Default)]
struct Results {
    counts: Vec<(String, u64)>,
    refused: u64,
}

impl Results {
    /// One result. JSON is passed on as it is; a person is told what did not go well.
    fn take(&mut self, session: &Session, line: &[u8]) -> Result<(), Failure> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        session.output.raw(line)?;
        let result: Value = serde_json::from_slice(line).unwrap_or_default();
        let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
        let status = text("status").to_owned();
        if status.is_empty() {
            return Ok(());
        }
        if status == "refused" {
            self.refused += 1;
            let number = result.get("line").map(ToString::to_string).unwrap_or_default();
            let field = match text("field") {
                "" => String::new(),
                field => format!("`{field}`: "),
            };
            session.output.done(&format!("line {number}: refused: {field}{}", text("detail")))?;
        }
        match self.counts.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((status, 1)),
        }
        Ok(())
    }

    fn end(self, session: &Session) -> Result<Exit, Failure> {
        let counts: Vec<String> =
            self.counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
        let text =
            if counts.is_empty() { "nothing to import".to_owned() } else { counts.join(", ") };
        session.output.done(&text)?;
        Ok(if self.refused == 0 { Exit::Done } else { Exit::Found })
    }
}

impl Export {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let format = (self.format == Format::Csv).then_some("csv");
        let call = Call::get(&["v1", "keys", "export"])
            .query("tenant", self.tenant)
            .query("format", format);
        download(session, call, self.out.as_deref()).await
    }
}

/// Writes an answer to a file, or to standard output, as it comes.
///
/// # Errors
/// The call was refused, it broke off, or the file cannot be written.
pub(crate) async fn download(
    session: &mut Session,
    call: Call,
    out: Option<&Path>,
) -> Result<Exit, Failure> {
    let mut answer = session.api.send(call).await?;
    let Some(path) = out else {
        while let Some(piece) = next_piece(&mut answer.body).await? {
            write(&piece)?;
        }
        return Ok(Exit::Done);
    };
    let failed =
        |e: std::io::Error| Failure::failed(format!("cannot write `{}`: {e}", path.display()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| failed(e).with_hint("an existing file is not written over"))?;
    let progress = Progress::counting("bytes");
    while let Some(piece) = next_piece(&mut answer.body).await? {
        file.write_all(&piece).map_err(failed)?;
        progress.add(piece.len() as u64);
    }
    file.sync_all().map_err(failed)?;
    progress.end();
    warn(&format!("written to `{}`", path.display()))?;
    Ok(Exit::Done)
}

/// A file on its way to the server, a piece at a time.
struct Upload {
    source: Box<dyn Read + Send>,
    progress: Progress,
}

impl Upload {
    #[allow(
        clippy::disallowed_methods,
        reason = "the file is the command's argument, longer than memory"
    )]
    fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self { source: Box::new(std::io::stdin()), progress: Progress::none() });
        }
        let failed = |e: std::io::Error| {
            Failure::new(Exit::Usage, format!("cannot read `{}`: {e}", path.display()))
        };
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(Self { source: Box::new(file), progress: Progress::bytes(bytes, "importing") })
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    /// Reads where it is polled: this process waits for nothing else.
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let upload = self.get_mut();
        let mut piece = vec![0; PIECE];
        let read = upload.source.read(&mut piece);
        Poll::Ready(match read {
            Ok(0) => {
                upload.progress.end();
                None
            }
            Ok(count) => {
                piece.truncate(count);
                upload.progress.add(count as u64);
                Some(Ok(Frame::data(Bytes::from(piece))))
            }
            Err(e) => Some(Err(e.into())),
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
