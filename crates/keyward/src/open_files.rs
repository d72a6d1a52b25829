//! How many files and sockets the process may have open. Shells and service managers often start
//! programs with a limit that is lower than the one they could have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More are of no use to one process.
const ENOUGH: u64 = 1 << 20;
/// For the database, logs, and whatever is no client.
const OURS: u64 = 512;

/// Raises the limit as far as that is allowed, and says how many connections that leaves room for.
pub(crate) fn most_connections(wanted: usize) -> usize {
    let found = getrlimit(Resource::Nofile);
    let highest = found.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let current = found.current.unwrap_or(ENOUGH);
    let mut most = current;
    if current < highest {
        let raised = Rlimit { current: Some(highest), maximum: found.maximum };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            most = highest;
        }
    }
    let room = most.saturating_sub(OURS).max(most / 2);
    usize::try_from(room).map_or(wanted, |room| wanted.min(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_some_and_no_more_than_wanted() {
        assert_eq!(most_connections(1), 1);
        assert!(most_connections(usize::MAX) >= 100);
    }
}
