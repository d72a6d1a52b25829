//! Slow matchers that read entries as they are written, and share nothing with the fast ones.

use std::net::IpAddr;
use url::Url;

/// An address as its bits, and whether it is one of the old kind: what is compared.
fn bits(address: IpAddr) -> (bool, Vec<bool>) {
    let of = |bytes: &[u8]| {
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1 == 1)).collect()
    };
    match address {
        IpAddr::V4(four) => (true, of(&four.octets())),
        IpAddr::V6(six) => match six.octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, rest @ ..] => (true, of(&rest)),
            all => (false, of(&all)),
        },
    }
}

/// Compares bit after bit.
pub(super) fn allows_address(entries: &[String], address: Option<IpAddr>) -> bool {
    if entries.is_empty() {
        return true;
    }
    let Some(address) = address else { return false };
    let (mut named, mut taken_away, mut names_any) = (false, false, false);
    let (kind, presented) = bits(address);
    for entry in entries {
        let (excluded, text) = match entry.strip_prefix('!') {
            Some(text) => (true, text),
            None => (false, entry.as_str()),
        };
        let (network, length) = text.split_once('/').unwrap_or((text, ""));
        let written: IpAddr = network.parse().unwrap();
        let (of_kind, wanted) = bits(written);
        let all = if written.is_ipv4() { 32 } else { 128 };
        let length: usize = if length.is_empty() { all } else { length.parse().unwrap() };
        // A mapped address is 96 bits shorter than it is written.
        let length = length - (all - wanted.len());
        let holds = kind == of_kind && presented[..length] == wanted[..length];
        names_any |= !excluded;
        match excluded {
            true => taken_away |= holds,
            false => named |= holds,
        }
    }
    (named || !names_any) && !taken_away
}

/// Compares what a browser's own parser makes of the texts, label after label.
pub(super) fn allows_origin(entries: &[String], presented: Option<&str>) -> bool {
    if entries.is_empty() {
        return true;
    }
    let Some(presented) = presented else { return false };
    let Some(said) = as_a_browser_says_it(presented) else { return false };
    entries.iter().any(|entry| {
        let whole = match entry.contains("://") {
            true => entry.clone(),
            false => format!("https://{entry}"),
        };
        match whole.split_once("://*.") {
            None => as_a_browser_says_it(&whole) == Some(said.clone()),
            Some((scheme, apex)) => {
                let apex = as_a_browser_says_it(&format!("{scheme}://{apex}")).unwrap();
                is_below(&said, &apex)
            }
        }
    })
}

/// The origin as browsers write it; `None`: the text is another one, whatever it means.
fn as_a_browser_says_it(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let web = ["http", "https"].contains(&url.scheme());
    if !web {
        // Browsers have such an origin as it is.
        let whole = format!("{}://{}", url.scheme(), url.host_str()?);
        return (whole == text).then_some(whole);
    }
    let said = url.origin().ascii_serialization();
    let explicit = match url.scheme() {
        "https" => format!("{said}:443"),
        _ => format!("{said}:80"),
    };
    let lower = text.to_ascii_lowercase();
    let plain = lower == said || (url.port().is_none() && lower == explicit);
    let nameless = said.ends_with('.') || said.contains(".:") || url.port() == Some(0);
    (plain && !nameless).then_some(said)
}

fn is_below(said: &str, apex: &str) -> bool {
    let (said_scheme, said_host) = said.split_once("://").unwrap();
    let (apex_scheme, apex_host) = apex.split_once("://").unwrap();
    let labels =
        |host: &str| -> Vec<String> { host.split(['.', ':']).rev().map(str::to_owned).collect() };
    let (said_labels, apex_labels) = (labels(said_host), labels(apex_host));
    said_scheme == apex_scheme
        && said_host.contains(':') == apex_host.contains(':')
        && said_labels.len() > apex_labels.len()
        && said_labels.iter().zip(&apex_labels).all(|(a, b)| a == b)
        && said_labels.iter().all(|label| !label.is_empty())
}

/// Whether every server there is would find the call under one and the same prefix.
pub(super) fn allows_path(prefixes: &[String], path: Option<&str>) -> bool {
    if prefixes.is_empty() {
        return true;
    }
    let Some(path) = path else { return false };
    let readings = readings(path);
    prefixes.iter().any(|prefix| {
        // A server that does not decode the path knows the prefix as it is written, too.
        let wanted = [segments(prefix), segments(&decoded(prefix).unwrap())];
        let under = |path: &Vec<String>| wanted.iter().any(|wanted| path.starts_with(wanted));
        !readings.is_empty() && readings.iter().all(under)
    })
}

/// The segments of a path as servers see them, each with habits of its own.
fn readings(path: &str) -> Vec<Vec<String>> {
    let mut texts = vec![path.to_owned()];
    for _ in 0..2 {
        match decoded(texts.last().unwrap()) {
            Some(text) => texts.push(text),
            None => return Vec::new(),
        }
    }
    let mut all = Vec::new();
    for text in texts {
        for habits in 0..8 {
            let mut text = text.clone();
            if habits & 1 != 0 {
                text = text.replace('\\', "/");
            }
            if habits & 2 != 0 {
                let cut = |segment: &str| segment.split(';').next().unwrap().to_owned();
                text = text.split('/').map(cut).collect::<Vec<_>>().join("/");
            }
            if habits & 4 != 0 {
                text = text.split('?').next().unwrap().to_owned();
            }
            if !text.starts_with('/') {
                return Vec::new();
            }
            all.push(resolved(&segments(&text)));
        }
    }
    all
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

fn resolved(segments: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for segment in segments {
        match segment.trim_end() {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(segment.clone()),
        }
    }
    kept
}

fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}
