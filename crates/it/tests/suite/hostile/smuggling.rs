//! Smuggling (HT-01): bytes that two programs could read as different requests, sent to the gateway
//! itself, and through nginx and `HAProxy` in front of it. Whatever the bytes, what the upstream saw is
//! what the client was answered, request for request, and nothing that reached the upstream could have
//! been read in two ways there.

mod case;
mod chunks;
mod framing;
mod heads;
mod http2;
mod http2_cases;

use case::{Case, Cases, Reading};
use it::{
    process::Process,
    proxy::{Kind, Proxy},
    recorder::{Recorder, Seen},
    wire::{self, Wired},
    world::Place,
};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How many connections are under way at once.
const AT_ONCE: usize = 24;
/// How long the other side may be silent until it is told that no more comes. Only a request whose end is
/// missing waits for it.
const PATIENCE: Duration = Duration::from_secs(3);
const SELF: &str = "127.0.0.1";

/// Keyward with one route of the gateway, and the upstream behind it.
struct Stage {
    keyward: Process,
    upstream: Recorder,
    key: String,
    _place: Place,
}

impl Stage {
    async fn start() -> Self {
        let upstream = Recorder::start().await.expect("an upstream");
        let place = Place::new();
        let more = format!(
            r#"
[[gateway.routes]]
name = "smuggling"
prefix = "/g"
upstream = "http://{}"
keyTypes = ["api"]
permission = "none"
presentedIn = [{{ header = "x-api-key" }}]
"#,
            upstream.address
        );
        let keyward = Process::start(&place, &more).await.expect("the program starts");
        let admin = keyward.token(r"t100\nexus").await.expect("a token");
        let body = json!({"keyType": "api", "name": "n", "permissions": ["orders:read"]});
        let made = keyward.post("/v1/keys", &admin, &body).await.expect("a key").json();
        let key = made["secret"].as_str().expect("a secret").to_owned();
        Self { keyward, upstream, key, _place: place }
    }

    fn address(&self) -> String {
        self.keyward.url.trim_start_matches("http://").to_owned()
    }

    /// What the upstream saw of a case, in its order.
    fn seen(&self) -> BTreeMap<usize, Vec<Seen>> {
        let mut seen: BTreeMap<usize, Vec<Seen>> = BTreeMap::new();
        for request in self.upstream.seen() {
            let id = request.target.split('/').nth(2).and_then(|id| id.parse().ok());
            seen.entry(id.unwrap_or(usize::MAX)).or_default().push(request);
        }
        seen
    }

    /// What the upstream saw and nobody sent, or could have read in two ways.
    fn strange(&self, cases: usize) -> impl Iterator<Item = String> {
        let unknown = self.seen().into_iter().filter(move |(id, _)| *id >= cases);
        let unknown = unknown.map(|(_, requests)| format!("nobody sent {requests:?}"));
        unknown.chain(self.upstream.oddities())
    }

    /// A proxy that hands on everything, the key as well: the gateway behind it decides.
    async fn behind(&self, kind: Kind) -> Proxy {
        let keyward = self.address();
        Proxy::start(kind, |public, http2| vec![plain(kind, public, http2, &keyward)])
            .await
            .expect("the proxy starts")
    }
}

/// A configuration with nothing in it but the address to go to.
fn plain(kind: Kind, public: &str, http2: &str, keyward: &str) -> (PathBuf, String) {
    match kind {
        Kind::Nginx => {
            let text = format!(
                "worker_processes 1;\ndaemon off;\npid pid;\nerror_log stderr crit;\n\
                 events {{ worker_connections 512; }}\n\
                 http {{\n access_log off;\n client_body_temp_path body;\n proxy_temp_path proxy;\n\
                 fastcgi_temp_path fastcgi;\n uwsgi_temp_path uwsgi;\n scgi_temp_path scgi;\n\
                 upstream keyward {{ server {keyward}; keepalive 8; }}\n\
                 server {{\n listen {public};\n listen {http2} http2;\n underscores_in_headers on;\n\
                 location / {{\n proxy_http_version 1.1;\n proxy_request_buffering off;\n\
                 proxy_set_header Connection \"\";\n proxy_set_header Host $http_host;\n\
                 proxy_pass http://keyward;\n }}\n }}\n}}\n"
            );
            ("nginx.conf".into(), text)
        }
        Kind::Haproxy => {
            let text = format!(
                "defaults\n mode http\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n\
                 frontend public\n bind {public}\n default_backend keyward\n\
                 backend keyward\n http-reuse always\n server keyward {keyward}\n"
            );
            ("haproxy.cfg".into(), text)
        }
        Kind::Caddy | Kind::Envoy | Kind::EnvoyGrpc => unreachable!("they are not asked"),
    }
}

/// Sends every case to one address; the answers, case by case.
async fn send_all(cases: &Arc<Vec<Case>>, to: &str) -> Vec<Vec<Wired>> {
    let mut answers: Vec<Vec<Wired>> = cases.iter().map(|_| Vec::new()).collect();
    let mut under_way = JoinSet::new();
    let mut next = 0..cases.len();
    loop {
        while under_way.len() < AT_ONCE
            && let Some(id) = next.next()
        {
            let (cases, to) = (Arc::clone(cases), to.to_owned());
            under_way.spawn(async move {
                let bytes = wire::exchange(SELF, &to, &cases[id].bytes, PATIENCE, |_| false).await;
                (id, wire::answers(&bytes.expect("a connection"), false))
            });
        }
        match under_way.join_next().await {
            Some(done) => {
                let (id, got) = done.expect("a case");
                answers[id] = got;
            }
            None => return answers,
        }
    }
}

/// The requests of the upstream that a client was answered from, by its own account.
fn answered(answers: &[Wired]) -> Vec<u64> {
    answers.iter().filter_map(|answer| answer.json()["number"].as_u64()).collect()
}

/// What a case that is refused leaves over where its own end was beyond doubt.
const LAST: [(&str, usize); 1] = [("z", 0)];

/// What is wrong with a case; nothing should be.
fn verdict(case: &Case, answers: &[Wired], seen: &[Seen], is_direct: bool) -> Option<String> {
    let numbers: Vec<u64> = seen.iter().map(|request| request.number as u64).collect();
    let parts = |request: &Seen| {
        let part = request.target.split(['/', '?', '%']).nth(3).unwrap_or_default().to_owned();
        (part, request.body.len())
    };
    let read: Vec<(String, usize)> = seen.iter().map(parts).collect();
    let is = |wanted: &[(&str, usize)]| {
        read.iter().map(|(part, length)| (part.as_str(), *length)).eq(wanted.iter().copied())
    };
    let first_is_refused = answers.first().is_none_or(|answer| answer.status >= 400);
    let as_told = match &case.direct {
        Reading::Refused => (seen.is_empty() || is(&LAST)) && first_is_refused,
        Reading::Reads(wanted) => is(wanted),
        Reading::RefusedOr(wanted) => {
            is(wanted) || ((seen.is_empty() || is(&LAST)) && first_is_refused)
        }
    };
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    let complaint = if answered(answers) != numbers {
        "a split: the client was answered otherwise than the upstream was asked"
    } else if is_direct && !as_told {
        "read otherwise than we say"
    } else {
        return None;
    };
    Some(format!(
        "{complaint}: {}: answers {statuses:?}, upstream {read:?}, wanted {:?}",
        case.name, case.direct
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_01_no_bytes_are_two_requests_to_one_and_one_to_another() {
    let mut findings = Vec::new();
    for kind in [None, Some(Kind::Nginx), Some(Kind::Haproxy)] {
        let stage = Stage::start().await;
        let mut cases = Cases::new(&stage.key);
        framing::add(&mut cases);
        chunks::add(&mut cases);
        heads::add(&mut cases);
        let cases = Arc::new(cases.all);
        assert!(cases.len() >= 500, "{} cases", cases.len());
        let proxy = match kind {
            Some(kind) => Some(stage.behind(kind).await),
            None => None,
        };
        let way = kind.map_or("directly", Kind::name);
        let to = proxy.as_ref().map_or_else(|| stage.address(), |proxy| proxy.address.clone());
        let answers = send_all(&cases, &to).await;
        let seen = stage.seen();
        for (id, (case, answers)) in cases.iter().zip(&answers).enumerate() {
            let seen = seen.get(&id).map(Vec::as_slice).unwrap_or_default();
            let finding = verdict(case, answers, seen, kind.is_none());
            findings.extend(finding.map(|finding| format!("{way}: {finding}")));
        }
        findings.extend(stage.strange(cases.len()).map(|what| format!("{way}: {what}")));
        // Most of what is well made passes: the rest was refused for what it is, not for where it came.
        assert!(seen.len() > 40, "{way}: {} cases passed", seen.len());
    }
    assert!(findings.is_empty(), "{}:\n{}", findings.len(), findings.join("\n"));
}
