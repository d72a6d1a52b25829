//! Finds out whether the audit log is whole: every chain and row (`store::audit::verify`), the
//! signatures of the heads that were signed, and heads that somebody kept elsewhere.

use crate::{
    Service,
    error::Error,
    heads::{Head, is_signed},
    open::AUDIT,
    unlock::named,
};
use domain::{id::Scope, time::Timestamp};
use store::{
    Read,
    audit::{ChainHead, Report, SignedHead, StoredEvent},
};

/// What a check looked at and found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditCheck {
    /// Events read.
    pub events: u64,
    /// Chains read.
    pub chains: u64,
    /// Rows compared with their last event.
    pub rows: u64,
    /// Signed heads whose signatures were checked.
    pub signed_heads: u64,
    /// What is wrong, a sentence each; empty: the log is whole.
    pub findings: Vec<String>,
}

/// A head that the operator kept: the line of the log, with its signature or without.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownHead {
    head: Head,
    signature: Option<Vec<u8>>,
}

impl KnownHead {
    /// Reads `keyward-head/1 <chain> <position> <link in hex> <instant> [<signature in hex>]`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut words = text.split_whitespace();
        let mut next = || words.next().unwrap_or_default();
        let (format, chain, position, link, at) = (next(), next(), next(), next(), next());
        let signature = words.next();
        let bad = || {
            let form = "keyward-head/1 <chain> <position> <link> <instant> [<signature>]";
            Error::invalid("head", format!("must be of the form `{form}`, as the log has it"))
        };
        if format != "keyward-head/1" || words.next().is_some() {
            return Err(bad());
        }
        let link = from_hex(link).and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
        let head = Head {
            scope: Scope::parse(chain).map_err(|_| bad())?,
            position: position.parse().map_err(|_| bad())?,
            link,
            at: Timestamp::parse(at).map_err(|_| bad())?,
        };
        let signature = match signature {
            Some(text) => Some(from_hex(text).ok_or_else(bad)?),
            None => None,
        };
        Ok(Self { head, signature })
    }
}

impl Service {
    /// Checks the whole audit log.
    ///
    /// # Errors
    /// The store is unavailable. What is wrong with the log is in the answer.
    pub async fn verify_audit(&self, known: &[KnownHead]) -> Result<AuditCheck, Error> {
        let installation = self.store.installation().await?.ok_or(Error::NotFound)?;
        let key =
            named(&self.keyring, &installation, AUDIT).map_err(|e| Error::Internal(Box::new(e)))?;
        let turn = self.audit_turn().await;
        let verify = move |r: &mut Read| {
            let _turn = turn;
            store::audit::verify(r, &key)
        };
        let report: Report = self.store.read(verify).await?;
        let signed: Vec<SignedHead> =
            self.store.read(|r: &mut Read| store::audit::signed_heads(r, None)).await?;
        let mut check = self.checked(&report, &signed);
        for head in known {
            if let Some(finding) = self.compare(head).await? {
                check.findings.push(finding);
            }
        }
        Ok(check)
    }

    /// What was found, with the signatures of the heads checked, too.
    pub(super) fn checked(&self, report: &Report, signed: &[SignedHead]) -> AuditCheck {
        let mut check = AuditCheck {
            events: report.events,
            chains: report.chains,
            rows: report.rows,
            signed_heads: u64::try_from(signed.len()).unwrap_or(u64::MAX),
            findings: report.findings.iter().map(sentence).collect(),
        };
        for one in signed {
            let head = Head::of(one);
            if !self.is_ours(&head, &one.signature) {
                check.findings.push(format!("{}: the signature is not ours", head.message()));
            }
        }
        check
    }

    fn is_ours(&self, head: &Head, signature: &[u8]) -> bool {
        is_signed(self.head_signer.public_key(), &head.message(), signature)
    }

    /// What is wrong with the log, measured by a head that was kept elsewhere.
    async fn compare(&self, known: &KnownHead) -> Result<Option<String>, Error> {
        let Head { scope, position, link, .. } = known.head;
        let line = known.head.message();
        if known.signature.as_ref().is_some_and(|s| !self.is_ours(&known.head, s)) {
            return Ok(Some(format!("{line}: the signature is not ours; the copy may be wrong")));
        }
        if position == 0 {
            return Ok(None);
        }
        let head = ChainHead { scope, position, link };
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            let event = store::audit::find_by_position(r, scope, position)?;
            Ok((event, store::audit::is_pruned(r, &head)?))
        };
        let (event, is_pruned): (Option<StoredEvent>, bool) = self.store.read(find).await?;
        Ok(match event {
            None if is_pruned => None,
            None => Some(format!("{line}: the chain is shorter now; events were cut off")),
            Some(event) if event.link != link => Some(format!(
                "{line}: the event there has another link now; the chain was rewritten"
            )),
            Some(_) => None,
        })
    }
}

fn sentence(finding: &store::audit::Finding) -> String {
    let chain = finding.scope.map_or_else(|| "no chain".to_owned(), |s| format!("chain {s}"));
    match finding.position {
        Some(position) => format!("{chain}, position {position}: {}", finding.problem),
        None => format!("{chain}: {}", finding.problem),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_head_is_read_as_the_log_has_it() {
        let head = Head {
            scope: Scope::Cluster,
            position: 12,
            link: [0xab; 32],
            at: Timestamp::from_millis(1_767_225_600_000),
        };
        let line = head.message();
        assert_eq!(
            KnownHead::parse(&line).unwrap(),
            KnownHead { head: head.clone(), signature: None }
        );
        let signed = KnownHead::parse(&format!("{line} 00ff")).unwrap();
        assert_eq!(signed, KnownHead { head, signature: Some(vec![0, 255]) });
    }

    #[test]
    fn anything_else_is_no_head() {
        for text in
            ["", "keyward-head/1 * 1 zz 2026-01-01T00:00:00Z", "keyward-head/2 * 1 00 x y z"]
        {
            assert!(KnownHead::parse(text).is_err(), "{text}");
        }
    }
}
