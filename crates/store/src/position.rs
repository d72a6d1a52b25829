//! How far the feed was read, when numbers can become visible out of order.
//!
//! A number is taken before its transaction commits, so 7 can be seen while 6 is under way. Every
//! visible row is taken at once; a number that was passed over is remembered, and forgotten when all
//! transactions that ran when it was first missed have ended: then nobody is left to fill it.

use std::collections::BTreeMap;

/// More missing numbers than this are not the work of transactions under way.
const MOST_GAPS: i64 = 100_000;

/// What a reader's snapshot says of transactions: all below `oldest` have ended, none from `next` on
/// had begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Snapshot {
    pub(crate) oldest: i64,
    pub(crate) next: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Position {
    /// The highest number seen.
    highest: i64,
    /// Missing numbers, each with the `next` of the snapshot that first missed it.
    gaps: BTreeMap<i64, i64>,
}

impl Position {
    /// Behind `highest`.
    pub(crate) const fn after(highest: i64) -> Self {
        Self { highest, gaps: BTreeMap::new() }
    }

    pub(crate) const fn highest(&self) -> i64 {
        self.highest
    }

    /// The missing numbers, joined by commas, as the statement takes them.
    pub(crate) fn missing(&self) -> String {
        let numbers: Vec<String> = self.gaps.keys().map(ToString::to_string).collect();
        numbers.join(",")
    }

    /// Takes what one statement saw: visible numbers in their order, and the statement's snapshot.
    pub(crate) fn see(&mut self, visible: impl IntoIterator<Item = i64>, snapshot: Snapshot) {
        for number in visible {
            if number <= self.highest {
                self.gaps.remove(&number);
                continue;
            }
            let first = (self.highest + 1).max(number - MOST_GAPS);
            for missing in first..number {
                self.gaps.insert(missing, snapshot.next);
            }
            self.highest = number;
        }
        self.gaps.retain(|_, next| *next > snapshot.oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn snapshot(oldest: i64, next: i64) -> Snapshot {
        Snapshot { oldest, next }
    }

    #[test]
    fn a_gap_is_kept_while_a_transaction_that_could_fill_it_runs() {
        let mut at = Position::after(5);
        at.see([6, 9], snapshot(100, 110));
        assert_eq!((at.highest(), at.missing().as_str()), (9, "7,8"));
        at.see([8], snapshot(105, 112));
        assert_eq!(at.missing(), "7");
        // 110 itself began later: only what is below it matters.
        at.see([], snapshot(109, 112));
        assert_eq!(at.missing(), "7");
        at.see([], snapshot(110, 112));
        assert_eq!(at.missing(), "");
    }

    #[test]
    fn a_gap_that_nobody_can_fill_any_more_is_not_kept_at_all() {
        let mut at = Position::after(0);
        at.see([3], snapshot(50, 50));
        assert_eq!((at.highest(), at.missing().as_str()), (3, ""));
    }

    #[test]
    fn a_pruned_feed_leaves_no_endless_gap() {
        let mut at = Position::after(0);
        at.see([5_000_000], snapshot(1, 2));
        assert_eq!(i64::try_from(at.gaps.len()), Ok(MOST_GAPS));
    }
}
