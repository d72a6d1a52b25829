//! What is printed: a line a figure, with its ratio to what is promised.

use std::io::Write as _;

/// Prints figures as they come, so that a long run shows how far it is.
pub(super) struct Report(());

impl Report {
    pub(super) const fn new() -> Self {
        Self(())
    }

    /// Begins a group of figures.
    pub(super) fn section(&mut self, title: &str) {
        say(&format!("\n{title}"));
    }

    /// A figure that nothing was promised of.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        say(&format!("  {name:<52} {value:>18}"));
    }

    /// A figure that must not exceed `promised`.
    pub(super) fn at_most(&mut self, name: &str, value: f64, unit: &str, promised: f64) {
        self.against(name, value, unit, promised, "<=");
    }

    /// A figure that must reach `promised`.
    pub(super) fn at_least(&mut self, name: &str, value: f64, unit: &str, promised: f64) {
        self.against(name, value, unit, promised, ">=");
    }

    fn against(&mut self, name: &str, value: f64, unit: &str, promised: f64, sign: &str) {
        let shown = format!("{} {unit}", rounded(value));
        let ratio = value / promised;
        let promised = rounded(promised);
        say(&format!(
            "  {name:<52} {shown:>18}  {ratio:>5.2} of the promise ({sign} {promised} {unit})"
        ));
    }

    /// What a reader must know beside the figures.
    pub(super) fn note(&mut self, text: &str) {
        say(&format!("  ({text})"));
    }
}

/// A closed pipe is no reason to fail.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Three digits that count.
pub(super) fn rounded(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle one; 0 of nothing.
pub(super) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which `part` of all values lie; 0 of nothing.
pub(super) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let at = (part * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_list() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(median(&values).to_string(), "3");
        assert_eq!(quantile(&values, 0.0).to_string(), "1");
        assert_eq!(quantile(&values, 1.0).to_string(), "5");
        assert_eq!(median(&[]).to_string(), "0");
    }

    #[test]
    fn three_digits_count() {
        assert_eq!([0.456, 12.34, 1234.5].map(rounded), ["0.46", "12.3", "1234"]);
    }
}
