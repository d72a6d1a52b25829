//! What is read when somebody asks for metrics.

use super::process::ProcessFigures;
use crate::app::App;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};
use std::fmt;

/// The installation as it is now.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) app: App,
    /// `None`: the store did not tell.
    pub(super) audit_position: Option<i64>,
}

impl Collector for Snapshot {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut sheet = Sheet(encoder);
        self.program(&mut sheet)?;
        self.requests(&mut sheet)?;
        self.memory(&mut sheet)?;
        self.store(&mut sheet)?;
        self.certificates(&mut sheet)
    }
}

impl Snapshot {
    fn program(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        sheet.gauges("build", "The program's version; always 1", [(version, 1.0)])?;
        let ready = super::super::health::readiness(&self.app).is_ok();
        sheet.gauge("ready", "1 while /health/ready answers 200", f64::from(u8::from(ready)))
    }

    fn requests(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let frame = self.app.frame();
        let verdicts = self.app.service().figures().verdicts();
        let verdicts = verdicts.map(|(verdict, count)| ([("verdict", verdict.as_str())], count));
        sheet.counters("verdicts", "Verifications by verdict, up to a second late", verdicts)?;
        let all = "Requests that came in, hot paths and failures too";
        sheet.counter("requests_received", all, frame.ids.made())?;
        let counters = &frame.counters;
        sheet.counter("shed", "Requests shed because too many were in flight", counters.shed())?;
        sheet.counter("timeouts", "Handlers that did not finish in time", counters.timeouts())?;
        sheet.counter("panics", "Handlers that panicked", counters.panics())?;
        let free = frame.in_flight.available_permits();
        let in_flight = frame.config.limits.in_flight.saturating_sub(free);
        sheet.gauge(
            "requests_in_flight",
            "Requests under way, hot paths apart",
            count(in_flight),
        )?;
        let traffic = &frame.traffic;
        sheet.counter("connections", "Connections that were accepted", traffic.accepted())?;
        sheet.gauge("connections_open", "Connections that are open", large(traffic.open()))?;
        let dawdled = "Connections hung up on because they were slow, silent or idle";
        sheet.counter("connections_dawdled", dawdled, traffic.dawdled())?;
        let handshakes = "TLS handshakes that came to nothing";
        sheet.counter("tls_handshakes_refused", handshakes, traffic.refused_handshakes())
    }

    fn memory(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let stats = self.app.service().verifier().stats();
        sheet.gauge("keys", "Keys in memory", count(stats.keys))?;
        sheet.gauge("tokens", "Access tokens in memory", count(stats.tokens))?;
        sheet.gauge("index_bytes", "Memory of the index", count(stats.index_bytes))?;
        sheet.gauge("name_bytes", "Memory of names", count(stats.name_bytes))?;
        sheet.gauge("limiter_states", "Limits and usage in use", count(stats.limiter_states))?;
        let coarse = "Those of them that are coarse because memory was short";
        sheet.gauge("limiter_states_coarse", coarse, count(stats.coarse_states))
    }

    fn store(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let service = self.app.service();
        let now_ns = service.now().mono_ns;
        let since = |then_ns: u64| seconds(now_ns.saturating_sub(then_ns));
        let (_, confirmed_ns) = service.verifier().freshness();
        let fresh = "Since memory was last known to agree with the database";
        sheet.gauge("feed_age_seconds", fresh, since(confirmed_ns))?;
        let figures = service.figures();
        let flushed = "Since usage was last written";
        sheet.gauge("usage_age_seconds", flushed, since(figures.flushed_at_ns()))?;
        let flush = "How long the last write of usage took, its wait included";
        sheet.gauge("store_write_seconds", flush, seconds(figures.flush_ns()))?;
        let waiting = "Operations that wait for the store (SQLite) or are under way (PostgreSQL)";
        sheet.gauge("store_operations", waiting, count(service.store_operations()))?;
        sheet.counter("jobs_failed", "Jobs that failed and run again", figures.failed_jobs())?;
        match self.audit_position {
            Some(position) => sheet.gauge(
                "audit_position",
                "Number of the newest audit event; absent while the store does not answer",
                large(u64::try_from(position).unwrap_or_default()),
            ),
            None => Ok(()),
        }
    }

    fn certificates(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let listeners = self.app.config().listeners.iter();
        let ends = listeners.filter_map(|listener| {
            let ends_at = listener.certificate.as_ref()?.ends_at()?;
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let seconds = (ends_at.as_millis() / 1_000) as f64;
            Some(([("listener", listener.address.to_string())], seconds))
        });
        let ends: Vec<_> = ends.collect();
        if ends.is_empty() {
            return Ok(());
        }
        sheet.gauges("tls_certificate_end_seconds", "When a certificate ends, Unix time", ends)
    }
}

/// The process as it is now, under the names of Prometheus' own clients.
#[derive(Debug)]
pub(super) struct OfProcess(pub(super) ProcessFigures);

impl Collector for OfProcess {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut sheet = Sheet(encoder);
        let ProcessFigures { cpu_seconds, threads, resident_bytes, open_files, most_files } =
            self.0;
        let cpu = "CPU time, user and system";
        sheet.counter("process_cpu_seconds", cpu, cpu_seconds)?;
        sheet.gauge("process_threads", "Threads", large(threads))?;
        sheet.gauge("process_resident_memory_bytes", "Memory in use", large(resident_bytes))?;
        if let Some(open) = open_files {
            sheet.gauge("process_open_fds", "Open files and sockets", large(open))?;
        }
        match most_files {
            Some(most) => sheet.gauge("process_max_fds", "The most of them", large(most)),
            None => Ok(()),
        }
    }
}

/// Where figures are written.
struct Sheet<'a>(DescriptorEncoder<'a>);

impl Sheet<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        let metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        ConstGauge::new(value).encode(metric)
    }

    fn gauges<V: prometheus_client::encoding::EncodeLabelValue>(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = ([(&'static str, V); 1], f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in rows {
            ConstGauge::new(value).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn counter<N>(&mut self, name: &str, help: &str, value: N) -> fmt::Result
    where
        ConstCounter<N>: EncodeMetric,
    {
        let metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        ConstCounter::new(value).encode(metric)
    }

    fn counters(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = ([(&'static str, &'static str); 1], u64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in rows {
            ConstCounter::new(value).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn count(number: usize) -> f64 {
    large(number as u64)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
const fn large(number: u64) -> f64 {
    number as f64
}

fn seconds(ns: u64) -> f64 {
    large(ns) / 1e9
}
