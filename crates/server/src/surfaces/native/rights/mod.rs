//! `/v1/rights`.

pub(super) mod list;
