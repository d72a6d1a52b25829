//! What the kernel says of this process. Nothing is said where it says nothing.

use std::{fs, path::Path};

/// Ticks of `/proc/self/stat` a second: fixed in the kernel's interface.
const TICKS_A_SECOND: f64 = 100.0;
const PAGE_BYTES: u64 = 4096;

/// Figures under the names that Prometheus' own clients use.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProcessFigures {
    pub(super) cpu_seconds: f64,
    pub(super) threads: u64,
    pub(super) resident_bytes: u64,
    pub(super) open_files: Option<u64>,
    pub(super) most_files: Option<u64>,
}

/// Asks the kernel.
#[expect(clippy::disallowed_methods, reason = "the kernel's figures are files that hold no data")]
pub(super) fn read() -> Option<ProcessFigures> {
    let folder = Path::new("/proc/self");
    let open_files = fs::read_dir(folder.join("fd")).ok().map(|files| files.count() as u64);
    let limits = fs::read_to_string(folder.join("limits")).unwrap_or_default();
    of(&fs::read_to_string(folder.join("stat")).ok()?, &limits, open_files)
}

/// proc(5): the fields of `stat` are counted from behind the program's name, which may hold anything.
fn of(stat: &str, limits: &str, open_files: Option<u64>) -> Option<ProcessFigures> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let ticks = u32::try_from(field(14)? + field(15)?).unwrap_or(u32::MAX);
    let files = limits.lines().find(|line| line.starts_with("Max open files"));
    Some(ProcessFigures {
        cpu_seconds: f64::from(ticks) / TICKS_A_SECOND,
        threads: field(20)?,
        resident_bytes: field(24)? * PAGE_BYTES,
        open_files,
        most_files: files.and_then(|line| line.split_whitespace().nth(3)?.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_be_called_anything() {
        let stat =
            "7 (a) b ( 1 2) S 1 7 7 0 -1 4194304 9 0 0 0 150 50 0 0 20 0 3 0 99 1000000 25 1";
        let limits =
            "Limit Soft Hard Units\nMax open files            1024                 4096   files\n";
        let figures = of(stat, limits, Some(9)).unwrap();
        assert_eq!((figures.cpu_seconds, figures.threads), (2.0, 3));
        assert_eq!((figures.resident_bytes, figures.most_files), (25 * 4096, Some(1024)));
        assert!(of("", "", None).is_none());
        assert!(read().unwrap().open_files.unwrap() > 0);
    }
}
