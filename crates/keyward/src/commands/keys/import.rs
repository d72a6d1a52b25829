//! `keyward keys import` (also `keyward import`) and `keyward keys export`: files of many keys.

use super::{
    super::session::Session,
    pieces::{Piece, Pieces},
};
use crate::{
    api::{Call, next_piece},
    failure::{Exit, Failure},
    output::{Progress, plain, warn, write},
};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

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
    let (source, progress) = open(&import.file)?;
    let mut pieces = Pieces::new(source, format == Format::Csv);
    let mut results = Results::default();
    let read = |e| Failure::failed(format!("cannot read `{}`: {e}", import.file.display()));
    while let Some(mut piece) = pieces.next().map_err(read)? {
        progress.add(piece.read);
        while let Some(line) = send(session, &import, format, &piece, &mut results).await? {
            piece = piece.rest(line, format == Format::Csv).ok_or_else(|| {
                Failure::failed("the server stopped before the first key")
                    .with_hint("send the same file again: what is there already is passed over")
            })?;
        }
    }
    progress.end();
    results.end(session)
}

/// Sends one piece; where the server stopped in between, the line to go on from.
async fn send(
    session: &mut Session,
    import: &Import,
    format: Format,
    piece: &Piece,
    results: &mut Results,
) -> Result<Option<u64>, Failure> {
    let call = Call::post(&["v1", "keys", "import"])
        .query("dryRun", import.dry_run.then_some(true))
        .of_type(format.media_type())
        .with_bytes(piece.bytes.clone());
    let answer = session.api.ask(call).await?;
    let mut next = None;
    for line in answer.bytes().split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let Ok(Value::Object(result)) = serde_json::from_slice(line) else { continue };
        match result.get("summary") {
            Some(summary) => next = results.add(summary),
            None => results.show(session, result, piece.line_offset)?,
        }
    }
    Ok(next)
}

#[allow(
    clippy::disallowed_methods,
    reason = "the file is the command's argument, longer than memory"
)]
fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, Progress), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(std::io::stdin())), Progress::none()));
    }
    let failed = |e: std::io::Error| {
        Failure::new(Exit::Usage, format!("cannot read `{}`: {e}", path.display()))
    };
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok((Box::new(BufReader::new(file)), Progress::bytes(bytes, "importing")))
}

/// What became of the lines: the sums of the server's summaries.
#[derive(Default)]
struct Results(Map<String, Value>);

/// What is counted, and in which words.
const COUNTS: [(&str, &str); 4] = [
    ("created", "created"),
    ("wouldCreate", "would be created"),
    ("exists", "there already"),
    ("refused", "refused"),
];

impl Results {
    /// A line's result. JSON is passed on, numbered as in the file; a person is told what was refused.
    fn show(
        &self,
        session: &Session,
        mut result: Map<String, Value>,
        line_offset: u64,
    ) -> Result<(), Failure> {
        let line = result.get("line").and_then(Value::as_u64).unwrap_or_default() + line_offset;
        if let Some(place) = result.get_mut("line") {
            *place = line.into();
        }
        let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("status") == "refused" {
            let field = match text("field") {
                "" => String::new(),
                field => format!("`{field}`: "),
            };
            session.output.done(&format!("line {line}: {field}{}", plain(text("detail"))))?;
        }
        session.output.raw(Value::Object(result).to_string().as_bytes())
    }

    /// Adds a summary; where it is not complete, the line to go on from.
    fn add(&mut self, summary: &Value) -> Option<u64> {
        for (name, value) in summary.as_object().into_iter().flatten() {
            let sum = match (self.0.get(name).and_then(Value::as_u64), value.as_u64()) {
                (Some(before), Some(more)) => Value::from(before + more),
                _ => value.clone(),
            };
            if !["stopped", "nextLine"].contains(&name.as_str()) {
                self.0.insert(name.clone(), sum);
            }
        }
        summary.get("nextLine").and_then(Value::as_u64)
    }

    fn end(self, session: &Session) -> Result<Exit, Failure> {
        let count = |name: &str| self.0.get(name).and_then(Value::as_u64).unwrap_or_default();
        let counts: Vec<String> = COUNTS
            .iter()
            .filter(|(name, _)| count(name) > 0)
            .map(|(name, words)| format!("{} {words}", count(name)))
            .collect();
        let text =
            if counts.is_empty() { "nothing to import".to_owned() } else { counts.join(", ") };
        session.output.done(&text)?;
        let exit = if count("refused") == 0 { Exit::Done } else { Exit::Found };
        let summary = serde_json::json!({ "summary": self.0 });
        session.output.raw(summary.to_string().as_bytes())?;
        Ok(exit)
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
