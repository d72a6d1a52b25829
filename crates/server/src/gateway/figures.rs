//! What calls through the gateway are counted by: the route's name and the class of the status. An
//! administrator makes the names; a caller cannot make a label (TI-03).

use crate::figures::{GatewayFigures, RequestFigures};
use http::StatusCode;
use prometheus_client::metrics::{counter::Counter, histogram::Histogram};

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of one route: looked up once, counted by many.
pub(super) struct RouteFigures {
    classes: [Counter; 5],
    seconds: Histogram,
}

impl RouteFigures {
    pub(super) fn of(figures: &RequestFigures, name: &str) -> Self {
        let GatewayFigures { answered, seconds } = &figures.gateway;
        let class = |class: &'static str| {
            answered
                .get_or_create(&[("route", name.to_owned()), ("status", class.to_owned())])
                .clone()
        };
        Self {
            classes: CLASSES.map(class),
            seconds: seconds.get_or_create(&[("route", name.to_owned())]).clone(),
        }
    }

    /// Drops those of a route that is gone: what is counted by name may not grow with every name that
    /// there ever was.
    pub(super) fn forget(figures: &RequestFigures, name: &str) {
        let GatewayFigures { answered, seconds } = &figures.gateway;
        for class in CLASSES {
            answered.remove(&[("route", name.to_owned()), ("status", class.to_owned())]);
        }
        seconds.remove(&[("route", name.to_owned())]);
    }

    /// One answer, and how long it took until its head.
    pub(super) fn answered(&self, status: StatusCode, micros: u64) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1).min(4);
        if let Some(counter) = self.classes.get(class) {
            counter.inc();
        }
        let micros = u32::try_from(micros).unwrap_or(u32::MAX);
        self.seconds.observe(f64::from(micros) / 1e6);
    }
}
