//! The mark of a data directory: what this node has seen of its database, kept outside of it.
//!
//! The file `keyward.mark` holds the latest wall time and the newest audit event, written with every
//! flush. From the first, time does not run back across a restart: an expired key stays expired when
//! somebody sets the clock back. From the second, a database that is older than what was served from
//! here is noticed, however it came about: a file copied back, a server rolled back. The link
//! of an event tells nothing. Without the file both begin anew, so a lost one locks nobody out.

use crate::failure::{Exit, Failure};
use domain::time::Timestamp;
use service::{Service, backup};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};
use store::audit::ChainHead;
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

const FILE_NAME: &str = "keyward.mark";
const FORMAT: &str = "keyward-mark/1";
/// As often as usage is flushed.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// Writes between two that wait for the disk: a power cut may cost so much.
const SYNC_EVERY: u32 = 60;

/// What this node has seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    /// Of which installation.
    pub(crate) installation: Uuid,
    /// The latest wall time.
    pub(crate) seen_at: Timestamp,
    /// The newest audit event.
    pub(crate) event: Option<ChainHead>,
}

impl Mark {
    /// The mark of a directory; `None` where there is none that can be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "backup is a named exception, and this is its half"
    )]
    pub(crate) fn read(data_dir: &Path) -> Option<Self> {
        let path = data_dir.join(FILE_NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(file = %path.display(), %error, "the mark cannot be read");
                }
                return None;
            }
        };
        let mark = Self::parse(&text);
        if mark.is_none() {
            tracing::warn!(file = %path.display(), "the mark is damaged and begins anew");
        }
        mark
    }

    /// What `service` has now; the time of `earlier` where that is later.
    pub(crate) async fn of(service: &Service) -> Result<Self, service::Error> {
        Ok(Self {
            installation: service.installation_id().await?,
            seen_at: service.now().wall,
            event: service.last_event().await?,
        })
    }

    /// Writes it in one piece; `durable`: and waits for the disk.
    #[expect(clippy::disallowed_methods, reason = "a folder is opened to be synced")]
    pub(crate) fn write(&self, data_dir: &Path, durable: bool) -> io::Result<()> {
        let (path, new) = (data_dir.join(FILE_NAME), data_dir.join("keyward.mark.new"));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(self.to_text().as_bytes())?;
        if durable {
            file.sync_all()?;
        }
        fs::rename(&new, &path)?;
        if durable { File::open(data_dir)?.sync_all() } else { Ok(()) }
    }

    fn to_text(&self) -> String {
        let event = self.event.map_or_else(String::new, |head| {
            format!("event {} {} {}\n", head.scope, head.position, backup::hex(&head.link))
        });
        format!("{FORMAT}\ninstallation {}\nseen {}\n{event}", self.installation, self.seen_at)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(FORMAT) {
            return None;
        }
        let installation = Uuid::parse_str(lines.next()?.strip_prefix("installation ")?).ok()?;
        let seen_at = Timestamp::parse(lines.next()?.strip_prefix("seen ")?).ok()?;
        let event = match lines.next() {
            Some(line) => Some(backup::head(line.strip_prefix("event ")?)?),
            None => None,
        };
        Some(Self { installation, seen_at, event })
    }
}

/// Whether changes that this node has seen are missing: until when they were seen.
///
/// # Errors
/// The store is unavailable.
pub(crate) async fn missing(
    service: &Service,
    data_dir: &Path,
) -> Result<Option<Timestamp>, service::Error> {
    let Some(mark) = Mark::read(data_dir) else { return Ok(None) };
    if mark.installation != service.installation_id().await? {
        return Ok(None);
    }
    let events: Vec<ChainHead> = mark.event.into_iter().collect();
    Ok((!service.has_events(&events).await?).then_some(mark.seen_at))
}

/// Refuses to serve what may have brought a revoked key back.
///
/// # Errors
/// Changes are missing, or a restore is not finished; says how to go on.
pub(crate) async fn check(service: &Service, data_dir: &Path) -> Result<(), Failure> {
    let failed = |e: service::Error| Failure::failed(format!("the audit log cannot be read: {e}"));
    if let Some(since) = service.unnamed_loss().await.map_err(failed)? {
        let message = format!(
            "this database was restored from a backup of {since}; keys that were revoked after it \
             may work again"
        );
        return Err(Failure::new(Exit::Locked, message).with_hint(name_the_loss(since, data_dir)));
    }
    if let Some(until) = missing(service, data_dir).await.map_err(failed)? {
        let message = format!(
            "this database is older than the one that was served from here: changes that were seen \
             until {until} are missing, and keys that were revoked may work again"
        );
        return Err(Failure::new(Exit::Locked, message).with_hint(name_the_loss(until, data_dir)));
    }
    Ok(())
}

fn name_the_loss(at: Timestamp, data_dir: &Path) -> String {
    format!(
        "put the newer database back, or restore again with `--newer`; if the changes are lost for \
         good, say so: `keyward restore --data-dir {} --accept-loss {at}`",
        data_dir.display()
    )
}

/// Writes the mark as long as the process serves.
#[derive(Debug)]
pub(crate) struct Keeper {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Begins.
    pub(crate) fn start(service: Service, data_dir: PathBuf) -> Self {
        let (stop, stopping) = oneshot::channel();
        Self { stop, task: tokio::spawn(keep(service, data_dir, stopping)) }
    }

    /// Writes once more, and waits for the disk.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the mark was not kept");
        }
    }
}

async fn keep(service: Service, data_dir: PathBuf, mut stop: oneshot::Receiver<()>) {
    let mut every = tokio::time::interval(WRITE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut round, mut failing) = (0_u32, false);
    loop {
        let last = tokio::select! {
            _ = &mut stop => true,
            _ = every.tick() => false,
        };
        // While the database is away, what was seen before stays.
        if let Ok(mark) = Mark::of(&service).await {
            let written = mark.write(&data_dir, last || round.is_multiple_of(SYNC_EVERY));
            // Told once: this comes around every second.
            if let (Err(error), false) = (&written, failing) {
                tracing::warn!(%error, "the mark of the data directory cannot be written");
            }
            failing = written.is_err();
        }
        if last {
            return;
        }
        round = round.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::Scope;

    #[test]
    fn a_mark_reads_back_and_a_damaged_one_is_none() {
        let event = ChainHead { scope: Scope::Cluster, position: 9, link: [0xcd; 32] };
        let mark = Mark {
            installation: Uuid::from_u128(7),
            seen_at: Timestamp::from_millis(1_772_366_400_000),
            event: Some(event),
        };
        let text = mark.to_text();
        assert_eq!(Mark::parse(&text), Some(mark.clone()));
        let empty = Mark { event: None, ..mark };
        assert_eq!(Mark::parse(&empty.to_text()), Some(empty));
        for bad in [
            "",
            "keyward-mark/2\n",
            &text.replace("seen", "soon"),
            &text.replace("event *", "event x"),
        ] {
            assert_eq!(Mark::parse(bad), None, "{bad}");
        }
    }
}
