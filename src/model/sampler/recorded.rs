//! Recorded spans as a law: each of them equally likely, exactly as recorded.

use std::sync::OnceLock;

use crate::num::{u64_to_f64, u64_to_usize, u128_to_u64, unit_interval, usize_to_f64};
use crate::units::Span;

/// The spans in ascending order, at least one and fewer than 2^32.
#[derive(Clone, Debug)]
pub(super) struct RecordedSpans {
    nanos: Vec<u64>,
    /// Running sums of the spans: made when first asked for.
    sums: OnceLock<Vec<f64>>,
}

impl RecordedSpans {
    /// Takes the spans in ascending order.
    pub(super) fn new(spans: &[Span]) -> Self {
        Self { nanos: spans.iter().map(|span| span.as_nanos()).collect(), sums: OnceLock::new() }
    }

    /// The span at a quantile of 32 bits. A span's probability is that of the others but for 2^-32.
    pub(super) fn sample(&self, quantile: u32) -> u64 {
        let number = (u128::from(quantile) * self.nanos.len() as u128) >> 32;
        self.nanos.get(u64_to_usize(u128_to_u64(number))).copied().unwrap_or(0)
    }

    /// A span drawn in proportion to its length.
    pub(super) fn sample_by_length(&self, draw: u64) -> f64 {
        let sums = self.sums();
        let target = unit_interval(draw) * sums.last().copied().unwrap_or(0.0);
        let number = sums.partition_point(|&until| until <= target);
        self.nanos.get(number).map_or(0.0, |&nanos| u64_to_f64(nanos))
    }

    pub(super) fn mean(&self) -> f64 {
        self.sums().last().copied().unwrap_or(0.0) / usize_to_f64(self.nanos.len().max(1))
    }

    fn sums(&self) -> &[f64] {
        self.sums.get_or_init(|| {
            let mut sum = 0.0;
            let until = self.nanos.iter().map(|&nanos| {
                sum += u64_to_f64(nanos);
                sum
            });
            until.collect()
        })
    }
}
