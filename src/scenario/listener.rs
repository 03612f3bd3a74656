//! `[detector.NAME.KIND]`: a detector's parameters and how it is looked at, once the interval is known.

use super::diagnostic::Fault;
use super::failure::one_kind;
use super::keys::{DETECTOR_KINDS, Kind, WATCH};
use super::refuse::SHORTEST;
use super::section::Section;
use super::setting::{CheckPhase as WrittenPhase, Reader};
use super::shape::join;
use super::tree::{Entry, Table};
use crate::detector::{
    CheckPeriod, CheckPhase, Clock, Config, Watch, bertier, exponential, histogram, misses, nfd_e, nfd_s, nfd_u,
    phi_akka, phi_cassandra, phi_chitchat, phi_hazelcast, phi_normal, self_tuning, timeout, two_window,
};
use crate::units::{Length, Span};

/// Reads the detector of a `[detector.NAME]` table for a world of this heartbeat interval.
pub(super) fn read(named: &Entry, interval: Span, reader: &mut Reader<'_>) -> Option<(Config, Watch)> {
    let path = join("detector", &named.key);
    let (kind, entry) = one_kind(DETECTOR_KINDS, named, &path, "detector", reader)?;
    let Kind::Detector(keys) = kind.kind else { return None };
    let path = join(&path, kind.name);
    let own = entry.node.as_table();
    let parameters = Parameters { section: Section::new(keys, own, entry.key_place, &path), interval };
    let watch_section = Section::new(WATCH, own, entry.key_place, &path);
    let beside = named.node.as_table()?;
    refuse_twice(own, beside, reader);
    let watch = read_watch(&Parameters { section: watch_section.with_beside(beside), interval }, reader);
    let config = read_config(kind.name, &parameters, reader)?;
    if let Err(invalid) = config.validate(interval) {
        let message = format!("{} must be {}", parameters.section.path_of(invalid.parameter), invalid.range);
        reader.faults.add(
            Fault::new(parameters.section.value_place(invalid.parameter), message)
                .label(format!("of no use with an interval of {interval}")),
        );
    }
    Some((config, watch?))
}

/// How a detector is looked at may be written beside its kind or in it, but not in both places.
fn refuse_twice(own: Option<&Table>, beside: &Table, reader: &mut Reader<'_>) {
    for key in WATCH {
        let places = own.and_then(|table| table.entry(key.name)).zip(beside.entry(key.name));
        if let Some((inner, _)) = places {
            reader.faults.add(
                Fault::new(inner.key_place, format!("{} is written twice", key.name))
                    .label("stands beside the kind as well")
                    .help("take one of the two out"),
            );
        }
    }
}

/// A section whose lengths are resolved against the interval.
struct Parameters<'a> {
    section: Section<'a>,
    interval: Span,
}

impl Parameters<'_> {
    /// A span, or so many intervals of the world.
    fn length(&self, key: &str, reader: &mut Reader<'_>) -> Option<Span> {
        let length = self.section.length(key, reader)?;
        self.resolve(length, key, reader)
    }

    fn resolve(&self, length: Length, key: &str, reader: &mut Reader<'_>) -> Option<Span> {
        match length.resolve(self.interval) {
            Ok(span) => Some(span),
            Err(error) => {
                let message = format!("{}: {length} of {} {error}", self.section.path_of(key), self.interval);
                reader.faults.add(Fault::new(self.section.value_place(key), message).label("cannot be used"));
                None
            }
        }
    }

    fn number(&self, key: &str, reader: &mut Reader<'_>) -> Option<f64> {
        self.section.number(key, reader)
    }

    fn count(&self, key: &str, reader: &mut Reader<'_>) -> Option<u32> {
        self.section.count_u32(key, reader)
    }
}

/// Reads every field before any of them decides, so that all faults are told.
macro_rules! config {
    ($kind:ident, $variant:ident, $parameters:expr, $reader:expr; $($field:ident = $getter:ident($key:literal)),+) => {{
        $(let $field = $parameters.$getter($key, $reader);)+
        Some(Config::$variant($kind::Config { $($field: $field?),+ }))
    }};
}

fn read_config(kind: &str, parameters: &Parameters<'_>, reader: &mut Reader<'_>) -> Option<Config> {
    match kind {
        "timeout" => read_timeout(parameters, reader),
        "misses" => config!(misses, Misses, parameters, reader; count = count("count"), grace = length("grace")),
        "nfd-s" => config!(nfd_s, NfdS, parameters, reader; shift = length("shift")),
        "nfd-u" => {
            config!(nfd_u, NfdU, parameters, reader; mean_delay = length("mean-delay"), margin = length("margin"))
        }
        "nfd-e" => config!(nfd_e, NfdE, parameters, reader; margin = length("margin"), window = count("window")),
        "bertier" => config!(bertier, Bertier, parameters, reader;
            window = count("window"), beta = number("beta"), phi = number("phi"), gamma = number("gamma")),
        "two-window" => config!(two_window, TwoWindow, parameters, reader;
            short = count("short"), long = count("long"), margin = length("margin")),
        "exponential" => config!(exponential, Exponential, parameters, reader;
            threshold = number("threshold"), window = count("window")),
        "histogram" => config!(histogram, Histogram, parameters, reader;
            threshold = number("threshold"), window = count("window"), scale = number("scale")),
        "self-tuning" => read_self_tuning(parameters, reader),
        phi => read_phi(phi, parameters, reader),
    }
}

fn read_phi(kind: &str, parameters: &Parameters<'_>, reader: &mut Reader<'_>) -> Option<Config> {
    match kind {
        "phi-normal" => config!(phi_normal, PhiNormal, parameters, reader;
            threshold = number("threshold"), window = count("window"), min_std_dev = length("min-std-dev")),
        "phi-akka" => config!(phi_akka, PhiAkka, parameters, reader;
            threshold = number("threshold"), window = count("window"), min_std_dev = length("min-std-dev"),
            acceptable_pause = length("acceptable-pause"), first_interval = length("first-interval")),
        "phi-hazelcast" => config!(phi_hazelcast, PhiHazelcast, parameters, reader;
            threshold = number("threshold"), window = count("window"), min_std_dev = length("min-std-dev"),
            acceptable_pause = length("acceptable-pause"), first_interval = length("first-interval")),
        "phi-cassandra" => config!(phi_cassandra, PhiCassandra, parameters, reader;
            threshold = number("threshold"), window = count("window"), first_interval = length("first-interval"),
            max_interval = length("max-interval"), max_local_pause = length("max-local-pause")),
        "phi-chitchat" => config!(phi_chitchat, PhiChitchat, parameters, reader;
            threshold = number("threshold"), window = count("window"), max_interval = length("max-interval"),
            initial_interval = length("initial-interval"), prior_weight = number("prior-weight")),
        _ => None,
    }
}

fn read_timeout(parameters: &Parameters<'_>, reader: &mut Reader<'_>) -> Option<Config> {
    let (after, rearm) = (parameters.length("after", reader), parameters.section.choice("rearm", reader));
    let rearm = if rearm? == "any" { timeout::Rearm::Any } else { timeout::Rearm::Newer };
    Some(Config::Timeout(timeout::Config { after: after?, rearm }))
}

fn read_self_tuning(parameters: &Parameters<'_>, reader: &mut Reader<'_>) -> Option<Config> {
    let target_mistake_rate = parameters.section.rate("target-mistake-rate", reader);
    let (window, margin) = (parameters.count("window", reader), parameters.length("margin", reader));
    let (step, target_detection) = (parameters.length("step", reader), parameters.length("target-detection", reader));
    let adjust_every = parameters.count("adjust-every", reader);
    Some(Config::SelfTuning(self_tuning::Config {
        window: window?,
        margin: margin?,
        step: step?,
        target_detection: target_detection?,
        target_mistake_rate: target_mistake_rate?,
        adjust_every: adjust_every?,
    }))
}

fn read_watch(parameters: &Parameters<'_>, reader: &mut Reader<'_>) -> Option<Watch> {
    let section = &parameters.section;
    let clock = section.choice("clock", reader);
    let clock = if clock? == "wall" { Clock::Wall } else { Clock::Monotonic };
    if !section.has("check-every") {
        for key in ["check-phase", "check-gap"] {
            if section.has(key) {
                reader.faults.add(
                    Fault::new(section.place_of(key), format!("{key} without check-every"))
                        .label("there are no ticks to move")
                        .help("write check-every = \"1s\" beside it, or take it out"),
                );
            }
        }
        return Some(Watch { every: None, clock });
    }
    let (period, phase) = (parameters.length("check-every", reader), section.check_phase("check-phase", reader));
    let gap = section.shares("check-gap", reader);
    let phase = match phase? {
        WrittenPhase::Random => CheckPhase::Random,
        WrittenPhase::Aligned => CheckPhase::Aligned,
        WrittenPhase::At(length) => CheckPhase::At(parameters.resolve(length, "check-phase", reader)?),
    };
    let (gap_min, gap_max) = gap?;
    let period = period?;
    if period < SHORTEST {
        let place = section.place_of("check-every");
        reader.faults.add(
            Fault::new(place, format!("check-every is {period}")).label(format!("looks are at least {SHORTEST} apart")),
        );
        return None;
    }
    let every = CheckPeriod { period, phase, gap_min: gap_min.get(), gap_max: gap_max.get() };
    Some(Watch { every: Some(every), clock })
}
