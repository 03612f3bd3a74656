//! The keys of distributions and of burst losses.

use super::kind::{Bounds, Kind};
use super::sections::{ANY_SPAN, SOME_SPAN};
use super::{Key, Preset, key};

/// The logarithm of seconds, from less than a nanosecond to more than a hundred years.
const MU: Bounds = Bounds::from_to(-21.0, 22.0);
/// With a sigma of 10 the 99th percentile is already 10^10 times the median.
const SIGMA: Bounds = Bounds::from_to(0.0, MOST_SIGMA);
/// The widest lognormal law.
pub(in crate::scenario) const MOST_SIGMA: f64 = 10.0;

/// The laws beside a plain span: `{ LAW = { … } }`.
pub(in crate::scenario) const LAWS: &[Key] = &[
    form("uniform", &[required("min", ANY_SPAN), required("max", SOME_SPAN)], "Equally likely from min to max."),
    form(
        "exponential",
        &[required("mean", SOME_SPAN), key("min", ANY_SPAN, Preset::Text("0s"), "The shift.")],
        "min plus an exponential span of that mean.",
    ),
    form(
        "normal",
        &[required("mean", SOME_SPAN), required("std-dev", ANY_SPAN)],
        "Normal with the parent's mean and deviation, conditioned on being above zero.",
    ),
    form(
        "lognormal",
        &[
            optional("mean", SOME_SPAN, "Its mean; with std-dev."),
            optional("std-dev", ANY_SPAN, "Its standard deviation."),
            optional("median", SOME_SPAN, "Its median; with p99."),
            optional("p99", SOME_SPAN, "Its 99th percentile."),
            optional("mu", Kind::Number(MU), "Mean of the logarithm of seconds; with sigma."),
            optional("sigma", Kind::Number(SIGMA), "Standard deviation of the logarithm."),
        ],
        "By mean and std-dev, or median and p99, or mu and sigma.",
    ),
    form("gamma", &[required("mean", SOME_SPAN), required("std-dev", ANY_SPAN)], "Gamma."),
    form(
        "weibull",
        &[required("scale", SOME_SPAN), required("shape", Kind::Number(Bounds::at_least(0.1)))],
        "P(X > x) = exp(-(x / scale)^shape).",
    ),
    form(
        "pareto",
        &[
            required("min", SOME_SPAN),
            required("shape", Kind::Number(Bounds::at_least(0.05))),
            optional("max", SOME_SPAN, "Conditioned on being below it."),
        ],
        "P(X > x) = (min / x)^shape.",
    ),
    form(
        "empirical",
        &[required("file", Kind::File), required("column", Kind::Text)],
        "One of the recorded values of a CSV column whose name ends in _s, _ms, _us or _ns.",
    ),
    Key {
        name: "mixture",
        kind: Kind::Mixture,
        default: Preset::Absent,
        reach: super::Reach::World,
        doc: "One of several laws, chosen first by weight.",
    },
];

/// The keys of one part of a mixture.
pub(in crate::scenario) const COMPONENT: &[Key] = &[
    key("weight", Kind::Number(Bounds::above_up_to(0.0, 1e9)), Preset::Required, "How often, relative to the others."),
    key("of", Kind::Law, Preset::Required, "The law."),
];

/// The losses beside a plain probability: `{ LOSS = { … } }`.
pub(in crate::scenario) const LOSSES: &[Key] = &[
    form(
        "gilbert-elliott",
        &[
            required("p", Kind::Probability),
            required("r", Kind::Probability),
            key("loss-good", Kind::Probability, Preset::Text("0"), "Loss in the good state."),
            key("loss-bad", Kind::Probability, Preset::Text("1"), "Loss in the bad state."),
        ],
        "A chain that steps after each packet of the path: to the bad state with p, back with r.",
    ),
    form(
        "bursts",
        &[
            optional("mean-loss", Kind::Probability, "Share of messages lost; with mean-burst."),
            optional("mean-burst", SOME_SPAN, "Mean length of a bad spell."),
            optional("mean-good", SOME_SPAN, "Mean length of a good spell; with mean-bad."),
            optional("mean-bad", SOME_SPAN, "Mean length of a bad spell."),
            key("loss-good", Kind::Probability, Preset::Text("0"), "Loss in a good spell."),
            key("loss-bad", Kind::Probability, Preset::Text("1"), "Loss in a bad spell."),
        ],
        "Exponential spells in time: the same bursts whatever the interval.",
    ),
];

const fn form(name: &'static str, keys: &'static [Key], doc: &'static str) -> Key {
    Key { name, kind: Kind::Table(keys), default: Preset::Absent, reach: super::Reach::World, doc }
}

const fn required(name: &'static str, kind: Kind) -> Key {
    key(name, kind, Preset::Required, "")
}

const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    key(name, kind, Preset::Absent, doc)
}
