//! HTTP/2 on its way to HTTP/1.1, written frame by frame.

use super::{
    AT_ONCE, PATIENCE, SELF, Stage,
    http2_cases::{
        Case, Field,
        Wanted::{CutOff, Reads, Refused, RefusedOr},
        cases,
    },
};
use it::{proxy::Kind, recorder::Seen, wire};
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

/// Writes a frame.
pub(super) fn frame(bytes: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("a small frame").to_be_bytes();
    bytes.extend_from_slice(&length[1..]);
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
}

/// Fields as literals that nobody remembers (RFC 7541 6.2.2), not compressed: any byte may stand there.
pub(super) fn block(fields: &[Field]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in fields {
        bytes.push(0);
        for text in [*name, &value[..]] {
            match u8::try_from(text.len()) {
                Ok(short) if short < 127 => bytes.push(short),
                _ => {
                    bytes.push(127);
                    let mut rest = text.len() - 127;
                    while rest >= 128 {
                        bytes.push(u8::try_from(rest % 128).expect("seven bits") | 128);
                        rest /= 128;
                    }
                    bytes.push(u8::try_from(rest).expect("seven bits"));
                }
            }
            bytes.extend_from_slice(text);
        }
    }
    bytes
}

/// The frames of what came back: kind, flags, stream, payload.
fn frames(mut bytes: &[u8]) -> Vec<(u8, u8, u8, &[u8])> {
    let mut found = Vec::new();
    while let [a, b, c, kind, flags, _, _, _, stream, rest @ ..] = bytes {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let Some(payload) = rest.get(..length) else { break };
        found.push((*kind, *flags, *stream, payload));
        bytes = &rest[length..];
    }
    found
}

/// Whether the one request of a case has had its answer.
fn is_over(bytes: &[u8]) -> bool {
    frames(bytes).into_iter().any(|(kind, flags, stream, _)| match kind {
        DATA | HEADERS => stream == 1 && flags & END_STREAM != 0,
        RST_STREAM => stream == 1,
        kind => kind == GOAWAY,
    })
}

/// The numbers of the upstream's answers in what came back: they stand in the clear in its bodies.
fn answered(bytes: &[u8]) -> Vec<u64> {
    let data = frames(bytes).into_iter().filter(|frame| frame.0 == DATA);
    let body: Vec<u8> = data.flat_map(|frame| frame.3).copied().collect();
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    json["number"].as_u64().into_iter().collect()
}

/// What is wrong with a case; nothing should be.
fn verdict(case: &Case, answered: &[u64], seen: &[Seen], is_direct: bool) -> Option<String> {
    let numbers: Vec<u64> = seen.iter().map(|request| request.number as u64).collect();
    let read: Vec<usize> = seen.iter().map(|request| request.body.len()).collect();
    let as_told = match case.direct {
        Refused => read.is_empty(),
        Reads(length) => read == [length],
        RefusedOr(length) | CutOff(length) => read.is_empty() || read == [length],
    };
    let cut_off = matches!(case.direct, CutOff(length) if read == [length]) && answered.is_empty();
    let forged = seen.iter().any(|request| !request.header("x-forged").is_empty());
    let complaint = if forged || read.len() > 1 || (answered != numbers && !cut_off) {
        "a split"
    } else if is_direct && !as_told {
        "read otherwise than we say"
    } else {
        return None;
    };
    let (name, wanted) = (&case.name, case.direct);
    Some(format!(
        "{complaint}: {name}: answered {answered:?}, upstream {numbers:?} {read:?}, wanted {wanted:?}"
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_01_nothing_in_http2_becomes_a_line_of_http1() {
    let mut findings = Vec::new();
    for kind in [None, Some(Kind::Nginx), Some(Kind::Haproxy)] {
        let stage = Stage::start().await;
        let cases = Arc::new(cases(&stage.key));
        let proxy = match kind {
            Some(kind) => Some(stage.behind(kind).await),
            None => None,
        };
        let to = proxy.as_ref().map_or_else(|| stage.address(), |proxy| proxy.http2.clone());
        let mut answers: Vec<Vec<u64>> = cases.iter().map(|_| Vec::new()).collect();
        for first in (0..cases.len()).step_by(AT_ONCE) {
            let mut under_way = JoinSet::new();
            for id in first..cases.len().min(first + AT_ONCE) {
                let (cases, to) = (Arc::clone(&cases), to.clone());
                under_way.spawn(async move {
                    let bytes =
                        wire::exchange(SELF, &to, &cases[id].bytes, PATIENCE, is_over).await;
                    (id, answered(&bytes.expect("a connection")))
                });
            }
            while let Some(done) = under_way.join_next().await {
                let (id, numbers) = done.expect("a case");
                answers[id] = numbers;
            }
        }
        let way = kind.map_or("directly", Kind::name);
        let seen = stage.seen();
        for (id, case) in cases.iter().enumerate() {
            let requests = seen.get(&id).map(Vec::as_slice).unwrap_or_default();
            if let Some(finding) = verdict(case, &answers[id], requests, kind.is_none()) {
                findings.push(format!("{way}: {finding}"));
            }
        }
        findings.extend(stage.strange(cases.len()).map(|what| format!("{way}: {what}")));
        assert!(seen.len() > 5, "{way}: {} cases passed", seen.len());
    }
    assert!(findings.is_empty(), "{}:\n{}", findings.len(), findings.join("\n"));
}
