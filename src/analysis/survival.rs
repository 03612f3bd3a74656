//! Kaplan-Meier curves of lengths of time, some of which were cut before they ended, and their cluster-robust error.
//!
//! Lengths come in clusters: several monitors see one crash, several crashes hit one component. The curve pools them all;
//! its error is computed from the sum of the influences of each cluster, so that lengths of one cluster may depend on each
//! other in any way (as in Lin and Wei, "The robust inference for the Cox proportional hazards model", JASA 84, 1989,
//! for the curve without covariates).

use crate::num::{nanos_to_seconds, u64_to_f64};

/// One length, or several equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length {
    /// How long, in nanoseconds.
    pub(crate) nanos: u64,
    /// How many ended just then.
    pub(crate) ended: u64,
    /// How many were cut just then, and would have lasted at least that long.
    pub(crate) cut: u64,
    /// The subject, where the length is one of several views of it (a crash seen by a monitor); views of a subject have
    /// one unit. `None`: each is taken for a subject by itself.
    pub(crate) subject: Option<u32>,
    /// The independent unit.
    pub(crate) unit: u32,
}

/// A step of the curve: an instant at which at least one length ended.
#[derive(Clone, Copy, Debug)]
struct Step {
    nanos: u64,
    /// Lengths that reached this instant.
    at_risk: u64,
    /// Those of them that ended at it.
    ended: u64,
    /// Share that lasts longer.
    beyond: f64,
}

/// The share of lengths that last longer than a time.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    lengths: Vec<Length>,
    steps: Vec<Step>,
    longest: u64,
    /// Sum of the lengths where none was cut: the mean is then exact.
    uncut_sum: Option<u128>,
    total: u64,
    subjects: u64,
    units: u64,
}

/// Variance of a figure of the curve, by what is taken for independent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variance {
    /// If every subject were independent.
    pub(crate) by_subject: f64,
    /// With the units as they are.
    pub(crate) by_unit: f64,
}

impl Curve {
    /// The curve of these lengths of so many subjects; `None` where there are none.
    pub(crate) fn new(mut lengths: Vec<Length>, subjects: u64) -> Option<Self> {
        lengths.retain(|length| length.ended + length.cut > 0);
        lengths.sort_unstable_by_key(|length| (length.nanos, length.unit, length.subject));
        let longest = lengths.last()?.nanos;
        let total = lengths.iter().map(|length| length.ended + length.cut).sum();
        let any_cut = lengths.iter().any(|length| length.cut > 0);
        let sum = lengths.iter().map(|length| u128::from(length.nanos) * u128::from(length.ended)).sum();
        let steps = steps(&lengths, total);
        let units = distinct(lengths.iter().map(|length| length.unit));
        let uncut_sum = (!any_cut).then_some(sum);
        Some(Self { lengths, steps, longest, uncut_sum, total, subjects, units })
    }

    /// How many subjects.
    pub(crate) const fn subjects(&self) -> u64 {
        self.subjects
    }

    /// How many units have a length.
    pub(crate) const fn units(&self) -> u64 {
        self.units
    }

    /// The longest length, ended or cut, in seconds: how far the curve knows anything.
    pub(crate) fn longest(&self) -> f64 {
        nanos_to_seconds(self.longest)
    }

    /// The longest length that ended, in seconds.
    pub(crate) fn longest_ended(&self) -> Option<f64> {
        self.steps.last().map(|step| nanos_to_seconds(step.nanos))
    }

    /// Index of the first step at which at most the share `tail` lasts longer. With nothing cut and n lengths this is the
    /// ceil((1 - tail) n)-th smallest.
    pub(crate) fn reach(&self, tail: f64) -> Option<usize> {
        // The curve is exact up to a few roundings; a share that equals `tail` must count as reached.
        let limit = tail * (1.0 + 1e-12);
        let index = self.steps.partition_point(|step| step.beyond > limit);
        (index < self.steps.len()).then_some(index)
    }

    /// Index of the first step at which less than the share `tail` lasts longer.
    pub(crate) fn pass(&self, tail: f64) -> Option<usize> {
        let limit = tail * (1.0 - 1e-12);
        let index = self.steps.partition_point(|step| step.beyond >= limit);
        (index < self.steps.len()).then_some(index)
    }

    /// When a step is, in seconds.
    pub(crate) fn seconds(&self, index: usize) -> f64 {
        nanos_to_seconds(self.steps[index].nanos)
    }

    /// The share that lasts longer than a step's time.
    pub(crate) fn beyond(&self, index: usize) -> f64 {
        self.steps[index].beyond
    }

    /// All steps: seconds, and the share that lasts longer.
    pub(crate) fn points(&self) -> impl ExactSizeIterator<Item = (f64, f64)> {
        self.steps.iter().map(|step| (nanos_to_seconds(step.nanos), step.beyond))
    }

    /// Mean in seconds, restricted to the longest length: the area under the curve.
    pub(crate) fn mean(&self) -> f64 {
        match self.uncut_sum {
            Some(sum) => crate::num::u128_to_f64(sum) / u64_to_f64(self.total) / crate::num::NANOS_PER_SECOND,
            None => self.areas().0,
        }
    }

    /// Variance of the share beyond a step.
    pub(crate) fn variance_at(&self, index: usize) -> Variance {
        let scale = self.steps[index].beyond;
        self.variance(index + 1, |_| scale)
    }

    /// Variance of the mean, in seconds squared.
    pub(crate) fn variance_of_mean(&self) -> Variance {
        let (_, areas) = self.areas();
        self.variance(self.steps.len(), |step| areas[step])
    }

    /// The area under the curve, and the part of it behind each step.
    fn areas(&self) -> (f64, Vec<f64>) {
        let mut areas = vec![0.0; self.steps.len()];
        let mut area = 0.0;
        let mut end = self.longest;
        for (step, behind) in self.steps.iter().zip(&mut areas).rev() {
            area += step.beyond * nanos_to_seconds(end - step.nanos);
            *behind = area;
            end = step.nanos;
        }
        (area + nanos_to_seconds(end), areas)
    }

    /// Variance of a figure to which step j adds, per unit of change of the logarithm of the curve there, `weight(j)`; only
    /// the first `count` steps matter.
    ///
    /// The influence of one length on that logarithm is, for each step that it reached, the hazard of the step less 1 if it
    /// ended there, divided by those who went on.
    fn variance(&self, count: usize, weight: impl Fn(usize) -> f64) -> Variance {
        let mut survived = 0.0;
        let mut next = 0;
        let mut of_units = Clusters::default();
        let mut of_subjects = Clusters::default();
        let mut lone = 0.0;
        for length in &self.lengths {
            let mut ending = 0.0;
            while next < count && self.steps[next].nanos <= length.nanos {
                survived += self.steps[next].expected() * weight(next);
                next += 1;
            }
            if length.ended > 0 && next > 0 && self.steps[next - 1].nanos == length.nanos {
                ending = self.steps[next - 1].of_one() * weight(next - 1);
            }
            let ended = survived - ending;
            let (ended_count, cut_count) = (u64_to_f64(length.ended), u64_to_f64(length.cut));
            let influence = ended_count * ended + cut_count * survived;
            of_units.add(length.unit, influence);
            match length.subject {
                Some(subject) => of_subjects.add(subject, influence),
                None => lone += ended_count * ended * ended + cut_count * survived * survived,
            }
        }
        Variance {
            by_subject: (of_subjects.squares() + lone) * spread(self.subjects),
            by_unit: of_units.squares() * spread(self.units),
        }
    }
}

impl Step {
    /// What a length that ended here adds, the last step of a curve that ends at 0 apart (nothing hangs on it).
    fn of_one(&self) -> f64 {
        let on = self.at_risk - self.ended;
        if on == 0 { 0.0 } else { 1.0 / u64_to_f64(on) }
    }

    /// What every length that reached this step is charged.
    fn expected(&self) -> f64 {
        self.of_one() * u64_to_f64(self.ended) / u64_to_f64(self.at_risk)
    }
}

/// Sums by cluster.
#[derive(Default)]
struct Clusters(Vec<f64>);

impl Clusters {
    fn add(&mut self, cluster: u32, influence: f64) {
        let index = crate::num::u64_to_usize(u64::from(cluster));
        if index >= self.0.len() {
            self.0.resize(index + 1, 0.0);
        }
        self.0[index] += influence;
    }

    fn squares(&self) -> f64 {
        self.0.iter().map(|sum| sum * sum).sum()
    }
}

/// n / (n - 1): the sum of n influences is 0, which costs a degree of freedom.
fn spread(n: u64) -> f64 {
    if n < 2 { 1.0 } else { u64_to_f64(n) / u64_to_f64(n - 1) }
}

/// How many different values there are.
fn distinct(values: impl Iterator<Item = u32>) -> u64 {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.len() as u64
}

/// The steps of the curve. At equal times what ended comes before what was cut.
///
/// Between two cuts the product of the factors telescopes into one fraction, which keeps the curve exact where nothing was
/// cut.
fn steps(lengths: &[Length], total: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut at_risk = total;
    let (mut base, mut base_at_risk, mut beyond) = (1.0, total, 1.0);
    for group in lengths.chunk_by(|a, b| a.nanos == b.nanos) {
        let ended: u64 = group.iter().map(|length| length.ended).sum();
        let cut: u64 = group.iter().map(|length| length.cut).sum();
        if ended > 0 {
            beyond = base * (u64_to_f64(at_risk - ended) / u64_to_f64(base_at_risk));
            steps.push(Step { nanos: group[0].nanos, at_risk, ended, beyond });
        }
        at_risk -= ended + cut;
        if cut > 0 {
            (base, base_at_risk) = (beyond, at_risk);
        }
    }
    steps
}
