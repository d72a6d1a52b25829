//! What requests are counted by, for metrics: routes as the table writes them, classes of status, codes
//! of failures. All of them are known when the program is built, or made by an administrator, so that no
//! caller can make a label (TI-03).

use crate::{failure::Failure, route::Route};
use http::StatusCode;
use prometheus_client::metrics::{counter::Counter, family::Family, histogram::Histogram};

/// Seconds: from what memory answers to what a deadline cuts off.
const BUCKETS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

type Label = (&'static str, &'static str);

type NamedLabel = (&'static str, String);

/// Calls through the gateway, by the route's name.
#[derive(Clone, Debug)]
pub(crate) struct GatewayFigures {
    pub(crate) answered: Family<[NamedLabel; 2], Counter>,
    pub(crate) seconds: Family<[NamedLabel; 1], Histogram, fn() -> Histogram>,
}

/// Requests beyond the hot paths, and whatever failed on either.
#[derive(Clone, Debug)]
pub(crate) struct RequestFigures {
    pub(crate) answered: Family<[Label; 3], Counter>,
    pub(crate) seconds: Family<[Label; 2], Histogram, fn() -> Histogram>,
    pub(crate) refused: Family<[Label; 1], Counter>,
    pub(crate) gateway: GatewayFigures,
}

impl Default for RequestFigures {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            refused: Family::default(),
            gateway: GatewayFigures {
                answered: Family::default(),
                seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            },
        }
    }
}

impl RequestFigures {
    /// One answer; `None`: it came to no route.
    pub(crate) fn answered(&self, route: Option<&'static Route>, status: StatusCode, micros: u64) {
        let (method, path) = route.map_or(("", ""), |r| (r.method.as_str(), r.path));
        let status = ("status", class(status));
        self.answered.get_or_create(&[("method", method), ("route", path), status]).inc();
        let micros = u32::try_from(micros).unwrap_or(u32::MAX);
        self.seconds
            .get_or_create(&[("method", method), ("route", path)])
            .observe(f64::from(micros) / 1e6);
    }

    /// One failure, of a hot path too.
    pub(crate) fn refused(&self, failure: &Failure) {
        self.refused.get_or_create(&[("code", failure.code())]).inc();
    }
}

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
