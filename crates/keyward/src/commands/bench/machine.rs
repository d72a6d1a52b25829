//! What the machine itself costs, and what the kernel counted for a process.

use super::made;
use anyhow::{Context as _, Result};
use domain::secret::SecretDigest;
use std::{fs, hint::black_box, time::Instant};

/// Far more than any cache: 512 MiB.
const CHASED_LINES: u32 = 1 << 23;
const STEPS: u32 = 2_000_000;

/// What one load costs that the next one depends on and that no cache holds, in nanoseconds.
pub(super) fn miss_ns() -> f64 {
    // Sattolo's shuffle: one cycle through all lines, so that no prefetcher sees a pattern.
    let mut next: Vec<[u32; 16]> = (0..CHASED_LINES).map(|n| [n; 16]).collect();
    for last in (1..CHASED_LINES as usize).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "below the number of lines")]
        let other = (made::mixed(last as u64) % last as u64) as usize;
        next.swap(last, other);
    }
    let mut at = 0_u32;
    let work = Stretch::begin();
    for _ in 0..STEPS {
        at = next.get(at as usize).map_or(0, |line| line[0]);
    }
    let ns = work.nanoseconds() / f64::from(STEPS);
    black_box(at);
    ns
}

/// What SHA-256 of a made secret costs, in nanoseconds.
pub(super) fn digest_ns() -> f64 {
    let secret = made::secret(1);
    let rounds = 1_000_000_u32;
    let work = Stretch::begin();
    for _ in 0..rounds {
        black_box(SecretDigest::of(black_box(made::text(&secret))));
    }
    work.nanoseconds() / f64::from(rounds)
}

/// A stretch of this thread's own work: its CPU time, which what else runs on the machine does not
/// lengthen, where the kernel tells it; else the clock.
pub(super) struct Stretch {
    wall: Instant,
    cpu: Option<u64>,
}

impl Stretch {
    pub(super) fn begin() -> Self {
        Self { cpu: thread_cpu_ns(), wall: Instant::now() }
    }

    pub(super) fn nanoseconds(&self) -> f64 {
        match (self.cpu, thread_cpu_ns()) {
            (Some(begin), Some(end)) => end.saturating_sub(begin) as f64,
            _ => self.wall.elapsed().as_secs_f64() * 1e9,
        }
    }
}

fn thread_cpu_ns() -> Option<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().filter(|ns| *ns > 0)
}

/// Bytes of memory that this process holds.
pub(super) fn resident_bytes() -> f64 {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return 0.0 };
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kib = line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0
}

const PAGE_BYTES: f64 = 4096.0;

/// Bytes of memory that another process holds.
pub(super) fn resident_bytes_of(process: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/statm"))?;
    let pages = text.split_whitespace().nth(1).context("a line of the kernel")?;
    Ok(pages.parse::<f64>()? * PAGE_BYTES)
}

/// The kernel counts CPU time in hundredths of a second for everything that user space sees.
const TICKS_A_SECOND: f64 = 100.0;

/// CPU seconds, user and system, of a process and of its children that live.
pub(super) fn cpu_seconds(process: u32) -> Result<f64> {
    let mut ticks = 0.0;
    for entry in fs::read_dir("/proc").context("/proc")? {
        let name = entry.context("/proc")?.file_name();
        let Some(pid) = name.to_str().and_then(|n| n.parse::<u32>().ok()) else { continue };
        // One that has ended meanwhile is not counted.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        if let Some(times) = Times::of(&stat)
            && (pid == process || times.parent == process)
        {
            ticks += times.user + times.system;
        }
    }
    Ok(ticks / TICKS_A_SECOND)
}

/// Three fields of proc_pid_stat(5).
#[derive(PartialEq, Debug)]
struct Times {
    parent: u32,
    user: f64,
    system: f64,
}

impl Times {
    fn of(stat: &str) -> Option<Self> {
        // The program's name stands in parentheses and may hold blanks and parentheses of its own.
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let parent = fields.nth(1)?.parse().ok()?;
        let user = fields.nth(9)?.parse().ok()?;
        let system = fields.next()?.parse().ok()?;
        Some(Self { parent, user, system })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_line_is_read_past_a_name_with_blanks() {
        let stat = "42 (a (b) c) S 7 42 42 0 -1 4194304 1 2 3 4 123 45 6 7 20 0 3 0 99";
        assert_eq!(Times::of(stat), Some(Times { parent: 7, user: 123.0, system: 45.0 }));
        assert!(cpu_seconds(std::process::id()).unwrap() >= 0.0);
        assert!(resident_bytes() > 0.0);
    }
}
