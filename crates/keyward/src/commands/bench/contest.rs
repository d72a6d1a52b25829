//! Servers that are compared: they take turns under the same client, and the kernel says what each used.

use super::{
    client::{self, Requests, Until},
    machine,
    process::Server,
    report::{Report, median, rounded},
};
use crate::cli::Bench;
use anyhow::{Result, bail};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// One of those that are compared.
pub(super) struct Contender {
    name: &'static str,
    /// Where the client asks.
    address: SocketAddr,
    /// Whose CPU time counts.
    servers: Vec<Arc<Server>>,
    requests: Requests,
    /// What every right answer holds.
    wanted: &'static str,
    /// Of each round, in microseconds a request: of each server.
    cpu_us: Vec<Vec<f64>>,
    a_second: Vec<f64>,
}

impl Contender {
    /// The first of the servers is asked.
    pub(super) fn new(
        name: &'static str,
        servers: Vec<Arc<Server>>,
        requests: impl FnOnce(SocketAddr) -> Requests,
        wanted: &'static str,
    ) -> Result<Self> {
        let Some(address) = servers.first().map(|server| server.address) else {
            bail!("{name}: no server");
        };
        let requests = requests(address);
        let (cpu_us, a_second) = (Vec::new(), Vec::new());
        Ok(Self { name, address, servers, requests, wanted, cpu_us, a_second })
    }

    fn used(&self) -> Result<Vec<f64>> {
        self.servers.iter().map(|server| machine::cpu_seconds(server.pid())).collect()
    }

    fn round(&mut self, connections: usize, time: Duration) -> Result<()> {
        let before = self.used()?;
        let until = Until::Over(time);
        let tally = client::run(self.address, &self.requests, connections, until, self.wanted)?;
        let after = self.used()?;
        if tally.others > 0 || tally.requests == 0 {
            bail!(
                "{}: {} of {} answers are not what they should be",
                self.name,
                tally.others,
                tally.requests
            );
        }
        let each = before.iter().zip(&after);
        self.cpu_us.push(each.map(|(b, a)| (a - b) * 1e6 / tally.requests as f64).collect());
        self.a_second.push(tally.a_second());
        Ok(())
    }

    /// Of each round, of all its servers together.
    fn sums(&self) -> Vec<f64> {
        self.cpu_us.iter().map(|each| each.iter().sum()).collect()
    }

    /// Of one of its servers.
    fn part(&self, server: usize) -> Vec<f64> {
        self.cpu_us.iter().filter_map(|each| each.get(server).copied()).collect()
    }
}

/// Lets them take turns, and prints what each used.
pub(super) fn hold(all: &mut [Contender], arguments: &Bench, report: &mut Report) -> Result<()> {
    let time = Duration::from_secs(arguments.seconds);
    for round in 0..=arguments.rounds {
        for one in &mut *all {
            one.round(arguments.connections, time)?;
            if round == 0 {
                // The first round warms everything up.
                one.cpu_us.clear();
                one.a_second.clear();
            }
        }
    }
    for one in &*all {
        let cpu = rounded(median(&one.sums()));
        let parts: Vec<_> = (0..one.servers.len()).map(|n| rounded(median(&one.part(n)))).collect();
        let shown = match parts.len() {
            0 | 1 => format!("{cpu} us"),
            _ => format!("{cpu} us ({})", parts.join(" + ")),
        };
        report.plain(&format!("{}: CPU a request", one.name), &shown);
        let shown = format!("{:.0}", median(&one.a_second));
        report.plain(&format!("{}: requests a second", one.name), &shown);
    }
    Ok(())
}

/// One's CPU time by another's, round by round: what disturbs one round disturbs both.
pub(super) fn ratio(
    all: &[Contender],
    ours: &str,
    other: &str,
    promised: f64,
    report: &mut Report,
) {
    let of = |name: &str| all.iter().find(|one| one.name == name).map(Contender::sums);
    if let (Some(ours_us), Some(theirs_us)) = (of(ours), of(other)) {
        let ratios: Vec<f64> = ours_us.iter().zip(&theirs_us).map(|(a, b)| a / b).collect();
        let name = format!("CPU a request, {ours} / {other}");
        report.at_most(&name, median(&ratios), "x", promised);
    }
}
