//! One estimated number with its interval, and how the interval was made.
//!
//! Knows nothing of what is estimated.

/// The probability left out on each side of a two-sided 95 % interval, as tables show it.
pub(crate) const TWO_SIDED: f64 = 0.025;
/// The probability left out by a one-sided 95 % bound, as verdicts use it.
pub(crate) const ONE_SIDED: f64 = 0.05;
/// Independent units below which no interval is given (`docs/metrics.md` §8).
pub const LEAST_UNITS: u64 = 8;

/// One estimated number.
///
/// Every field is finite where it is present, and `low <= value <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value, in the unit of its column; `None` where it is not applicable or not estimable.
    ///
    /// A rate of which nothing was seen has no value, only an upper bound: zero is never an estimate of it.
    pub value: Option<f64>,
    /// Lower end of the two-sided 95 % interval.
    pub low: Option<f64>,
    /// Upper end; where nothing was seen, the bound.
    pub high: Option<f64>,
    /// Independent units behind it.
    pub n: u64,
    /// How the interval was made.
    pub method: Method,
    /// One-sided 95 % bounds, for verdicts: the true value is at least this, ...
    pub at_least: Option<f64>,
    /// ... and at most this.
    pub at_most: Option<f64>,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A plain count, or a figure of exactly this run: no interval applies, and the value is its own bound.
    Count,
    /// Ratio of sums, jackknife over units on the log scale.
    Jackknife,
    /// Few events: gamma interval widened by the over-dispersion between units.
    Gamma,
    /// Nothing seen: the bound for incidents.
    ZeroEvents,
    /// Kaplan-Meier quantile with a cluster-robust (Woodruff) interval, or mean with a cluster-robust one.
    KaplanMeier,
    /// A share: Clopper and Pearson's interval for the effective number of clustered cases.
    Share,
    /// Mean over trials with Student's t.
    Student,
    /// Fewer than [`LEAST_UNITS`] units: no interval.
    TooFewUnits,
    /// Not applicable, or nothing to estimate it from.
    NotApplicable,
}

impl Method {
    /// The name in result files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Jackknife => "log jackknife",
            Self::Gamma => "over-dispersed gamma",
            Self::ZeroEvents => "nothing seen",
            Self::KaplanMeier => "Kaplan-Meier, cluster-robust",
            Self::Share => "cluster-robust Clopper-Pearson",
            Self::Student => "Student's t over trials",
            Self::TooFewUnits => "too few units",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// What is asked of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// The value alone: for the rows of single trials.
    Value,
    /// Value and interval.
    Interval,
}

impl Effort {
    /// Whether to compute an interval from so many units.
    pub(crate) fn has_interval(self, units: u64) -> bool {
        self == Self::Interval && units >= LEAST_UNITS
    }
}

/// Two ends, each absent where it cannot be given.
pub(crate) type Ends = (Option<f64>, Option<f64>);

impl Estimate {
    /// Nothing to say.
    pub(crate) const fn not_applicable() -> Self {
        Self::bare(None, 0, Method::NotApplicable)
    }

    /// A figure of exactly this run. Where it is absent, it is not applicable.
    pub(crate) fn count(value: Option<f64>, n: u64) -> Self {
        let Some(value) = value else { return Self::not_applicable() };
        Self { at_least: Some(value), at_most: Some(value), ..Self::bare(Some(value), n, Method::Count) }
    }

    /// A value without interval, and no ground for any verdict.
    pub(crate) const fn bare(value: Option<f64>, n: u64, method: Method) -> Self {
        Self { value, low: None, high: None, n, method, at_least: None, at_most: None }
    }

    /// A value whose ends for a probability left out on a side are given by `ends`; ends never exclude the value.
    pub(crate) fn with_ends(value: Option<f64>, n: u64, method: Method, ends: impl Fn(f64) -> Ends) -> Self {
        let clamp = |(low, high): Ends| {
            let low = low.filter(|end| end.is_finite()).map(|end| value.map_or(end, |value| end.min(value)));
            let high = high.filter(|end| end.is_finite()).map(|end| value.map_or(end, |value| end.max(value)));
            (low, high)
        };
        let (low, high) = clamp(ends(TWO_SIDED));
        let (at_least, at_most) = clamp(ends(ONE_SIDED));
        Self { value, low, high, n, method, at_least, at_most }
    }

    /// The same in another unit: everything times `factor`, above 0.
    pub(crate) fn times(self, factor: f64) -> Self {
        self.map(|x| x * factor)
    }

    /// Everything turned by a falling function; low and high change places.
    pub(crate) fn reversed(self, turn: impl Fn(f64) -> f64) -> Self {
        let turned = self.map(turn);
        Self { low: turned.high, high: turned.low, at_least: turned.at_most, at_most: turned.at_least, ..turned }
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        let change = |x: Option<f64>| x.map(&change).filter(|x| x.is_finite());
        Self {
            value: change(self.value),
            low: change(self.low),
            high: change(self.high),
            at_least: change(self.at_least),
            at_most: change(self.at_most),
            ..self
        }
    }
}
