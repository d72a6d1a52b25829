//! `keyward audit verify`: is the audit log whole?

use super::runtime;
use crate::{
    cli::Verify,
    config::Config,
    failure::{Exit, Failure},
    open,
};
use service::audit::{AuditCheck, KnownHead};
use std::io::Write as _;

/// Checks every chain and prints what it found, one finding a line.
pub(crate) fn run(config: &Config, arguments: &Verify) -> Result<Exit, Failure> {
    let heads =
        arguments.head.iter().map(|text| known_head(text)).collect::<Result<Vec<_>, _>>()?;
    let check = runtime()?.block_on(async {
        let service = open::existing(config).await?;
        let check = service.verify_audit(&heads).await;
        service.close().await;
        check.map_err(|e| Failure::failed(format!("the audit log could not be read: {e}")))
    })?;
    std::io::stdout()
        .lock()
        .write_all(text(&check).as_bytes())
        .map_err(|e| Failure::failed(format!("cannot print: {e}")))?;
    Ok(if check.findings.is_empty() { Exit::Done } else { Exit::Found })
}

/// Reads a head as the log has it.
pub(super) fn known_head(text: &str) -> Result<KnownHead, Failure> {
    KnownHead::parse(text).map_err(|e| {
        Failure::new(Exit::Usage, format!("`--head`: {e}"))
            .with_hint("copy the text of `head` from the log; that of `signature` may follow it")
    })
}

fn text(check: &AuditCheck) -> String {
    let AuditCheck { events, chains, rows, signed_heads, findings } = check;
    let mut text = String::new();
    for finding in findings {
        text.push_str(finding);
        text.push('\n');
    }
    let verdict = match findings.len() {
        0 => "whole".to_owned(),
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    text.push_str(&format!(
        "{verdict}: {events} events in {chains} chains, {rows} rows, {signed_heads} signed heads\n"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_lines_and_the_last_line_counts() {
        let whole = AuditCheck { events: 3, chains: 2, rows: 1, ..AuditCheck::default() };
        assert_eq!(text(&whole), "whole: 3 events in 2 chains, 1 rows, 0 signed heads\n");
        let cut = AuditCheck { findings: vec!["a".to_owned(), "b".to_owned()], ..whole };
        assert_eq!(text(&cut), "a\nb\n2 findings: 3 events in 2 chains, 1 rows, 0 signed heads\n");
    }

    #[test]
    fn a_head_that_is_none_is_a_usage_error() {
        assert_eq!(known_head("nonsense").unwrap_err().exit, Exit::Usage);
    }
}
