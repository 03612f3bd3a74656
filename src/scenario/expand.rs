//! From a tree with axes to worlds and listeners: every combination, numbered, equal worlds shared.

use std::collections::BTreeMap;

use super::diagnostic::Fault;
use super::keys::Reach;
use super::listener;
use super::plan::{Listener, WorldPlan};
use super::refuse;
use super::setting::Reader;
use super::sweep::SweptKey;
use super::tree::{Entry, Table};
use super::world::{self, Draft};
use crate::detector::{Config, Watch};
use crate::model::{Traffic, World};
use crate::units::Span;

/// Faults after which further combinations are not looked at: they would only repeat them.
const ENOUGH_FAULTS: usize = 50;

/// What a scenario expands to.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    pub(super) worlds: Vec<WorldPlan>,
    pub(super) remarks: Vec<String>,
    /// The longest heartbeat interval of the whole sweep, also where only its base is run.
    pub(super) longest_interval: Span,
}

/// Expands a scenario over its axes. `all_axes` are those of the file, from which the warm-up is chosen; `axes` those
/// that are run: the same, or none.
pub(super) fn expand(
    root: &Table,
    all_axes: &[SweptKey],
    axes: &[SweptKey],
    options: &refuse::Options,
    reader: &mut Reader<'_>,
) -> Expansion {
    if !refuse::rows_fit(root, axes, reader) {
        return Expansion::default();
    }
    let mut drafts = read_worlds(root, axes, reader);
    // Where only the base is run, what is chosen for all worlds still looks at the whole sweep.
    let all = (all_axes.len() != axes.len()).then(|| read_worlds(root, all_axes, reader));
    let swept = || all.as_deref().unwrap_or(&drafts).iter().flatten().map(|draft| &draft.world);
    let (warm_up, ordinary) = (world::default_warm_up(swept()), world::ordinary_warm_up(swept()));
    let longest_interval = swept().map(World::interval).max().unwrap_or_default();
    let long_warm_up = choose_warm_up(warm_up, ordinary, &mut drafts);
    for draft in drafts.iter().flatten() {
        refuse::check_world(root, &draft.world, reader);
        refuse::check_pace(root, &draft.world, reader);
    }
    let mut expansion = Expansion { longest_interval, ..Expansion::default() };
    expansion.remarks.extend(long_warm_up);
    for remark in drafts.iter().flatten().flat_map(|draft| &draft.remarks) {
        if !expansion.remarks.contains(remark) {
            expansion.remarks.push(remark.clone());
        }
    }
    let places = share_equal(drafts, &mut expansion.worlds);
    listen(root, axes, &places, &mut expansion, reader);
    refuse::check_plan(root, &expansion.worlds, options, reader);
    expansion
}

/// The axes that vary the world.
fn world_axes(axes: &[SweptKey]) -> Vec<&SweptKey> {
    axes.iter().filter(|axis| axis.reach == Reach::World).collect()
}

/// Number of combinations of some axes, at most `u64::MAX`.
pub(super) fn combinations<'a>(axes: impl IntoIterator<Item = &'a SweptKey>) -> u64 {
    let count = |axis: &SweptKey| u64::try_from(axis.values.len()).unwrap_or(u64::MAX);
    axes.into_iter().fold(1, |product: u64, axis| product.saturating_mul(count(axis)))
}

/// The place of combination `index` on every axis; the first axis changes slowest.
fn digits(mut index: u64, axes: &[&SweptKey]) -> Vec<usize> {
    let mut digits = vec![0; axes.len()];
    for (digit, axis) in digits.iter_mut().zip(axes).rev() {
        let length = axis.values.len() as u64;
        *digit = usize::try_from(index % length).unwrap_or_default();
        index /= length;
    }
    digits
}

/// The tree with the values of one combination.
fn at_point(root: &Table, axes: &[&SweptKey], digits: &[usize], skip: usize) -> Table {
    let mut tree = root.clone();
    for (axis, digit) in axes.iter().zip(digits) {
        // That the path can be written was checked when the axis was read.
        let _ = tree.set(&axis.path[skip..], axis.place, axis.values[*digit].node.clone());
    }
    tree
}

/// The worlds of every combination of the axes that vary them; `None` where one is faulty.
fn read_worlds(root: &Table, axes: &[SweptKey], reader: &mut Reader<'_>) -> Vec<Option<Draft>> {
    let axes = world_axes(axes);
    // What no world depends on need not be copied for each.
    let mut root = root.clone();
    root.entries.retain(|entry| !matches!(entry.key.as_str(), "sweep" | "limits" | "detector"));
    let mut drafts = Vec::new();
    for index in 0..combinations(axes.iter().copied()) {
        if reader.faults.count() > ENOUGH_FAULTS {
            break;
        }
        drafts.push(world::read(&at_point(&root, &axes, &digits(index, &axes), 0), reader));
    }
    drafts
}

/// Writes the default warm-up where none was given: one for the whole sweep, so that its worlds stay paired. Gives back what
/// the reader should know where bursts or stalls make it longer than the ordinary one, and than the run.
fn choose_warm_up(warm_up: Span, ordinary: Span, drafts: &mut [Option<Draft>]) -> Option<String> {
    let duration = drafts.iter().flatten().find(|draft| !draft.warm_up_given)?.world.duration;
    for draft in drafts.iter_mut().flatten().filter(|draft| !draft.warm_up_given) {
        draft.world.warm_up = warm_up;
    }
    (warm_up > duration && warm_up > ordinary).then(|| {
        format!(
            "the warm-up of {warm_up} is longer than the run of {duration}, because a burst or a stall lasts a tenth of it in \
             the mean: write run.warm-up for another, or a longer run"
        )
    })
}

/// Keeps each world once, in the order of the combinations; gives back where each combination's world is.
fn share_equal(drafts: Vec<Option<Draft>>, worlds: &mut Vec<WorldPlan>) -> Vec<Option<usize>> {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut place = |world: World| {
        let candidates = alike.entry(sketch(&world)).or_default();
        if let Some(known) = candidates.iter().copied().find(|known| worlds[*known].world == world) {
            return known;
        }
        candidates.push(worlds.len());
        worlds.push(WorldPlan { world, listeners: Vec::new() });
        worlds.len() - 1
    };
    drafts.into_iter().map(|draft| draft.map(|draft| place(draft.world))).collect()
}

/// A text that equal worlds have in common, so that not every world is compared with every other.
fn sketch(world: &World) -> String {
    match &world.traffic {
        Traffic::Push(_) => format!("{world:?}"),
        Traffic::Recorded { interval, .. } => interval.to_string(),
    }
}

/// Adds the listeners of every detector to the worlds.
fn listen(
    root: &Table,
    axes: &[SweptKey],
    places: &[Option<usize>],
    expansion: &mut Expansion,
    reader: &mut Reader<'_>,
) {
    let detectors = root.table("detector").map_or(&[][..], |table| &table.entries);
    for (index, named) in detectors.iter().enumerate() {
        let mut detector = Detector::new(index, named, axes);
        for point in 0..combinations(detector.seen.iter().copied()) {
            if reader.faults.count() > ENOUGH_FAULTS {
                return;
            }
            detector.listen(point, axes, places, &mut expansion.worlds, reader);
        }
        expansion.remarks.extend(detector.remark);
    }
}

/// What a detector is at one combination of its own axes, for one interval.
type Settings = BTreeMap<(u64, Span), Option<(Config, Watch)>>;

/// One detector, being expanded.
struct Detector<'a> {
    index: usize,
    named: &'a Entry,
    /// The axes that its rows have.
    seen: Vec<&'a SweptKey>,
    /// Those of them that vary the detector itself.
    own: Vec<&'a SweptKey>,
    settings: Settings,
    /// What the reader of the results should know.
    remark: Option<String>,
}

impl<'a> Detector<'a> {
    fn new(index: usize, named: &'a Entry, axes: &'a [SweptKey]) -> Self {
        let seen: Vec<&SweptKey> = axes.iter().filter(|axis| axis.seen_by(&named.key)).collect();
        let own = seen.iter().copied().filter(|axis| axis.reach == Reach::Listener).collect();
        Self { index, named, seen, own, settings: BTreeMap::new(), remark: None }
    }

    /// Adds the listener of one point, from 0.
    fn listen(
        &mut self,
        point: u64,
        axes: &[SweptKey],
        places: &[Option<usize>],
        worlds: &mut [WorldPlan],
        reader: &mut Reader<'_>,
    ) {
        let digits = digits(point, &self.seen);
        let (mut world, mut own) = (0_usize, 0_u64);
        for (axis, digit) in self.seen.iter().zip(&digits) {
            match axis.reach {
                Reach::Listener => own = own * axis.values.len() as u64 + *digit as u64,
                _ => world = world * axis.values.len() + digit,
            }
        }
        let plan = places.get(world).copied().flatten().and_then(|place| worlds.get_mut(place));
        // Without a world the parameters are read all the same, for their faults; lengths then need some interval.
        let interval = plan.as_ref().map_or(Span::from_secs(1), |plan| plan.world.interval());
        let settings = self.settings(own, interval, reader);
        let (Some(plan), Some((config, watch))) = (plan, settings) else { return };
        self.remember(&config, &plan.world);
        let value = |axis: &SweptKey| {
            let index = self.seen.iter().position(|seen| seen.key == axis.key)?;
            Some(axis.values[digits[index]].text.clone())
        };
        let at_base = |(axis, digit): (&&SweptKey, &usize)| axis.base.as_ref() == Some(&axis.values[*digit].text);
        plan.listeners.push(Listener {
            point: u32::try_from(point + 1).unwrap_or(u32::MAX),
            detector: self.index,
            config,
            watch,
            parameters: axes.iter().map(value).collect(),
            base: self.seen.iter().zip(&digits).all(at_base),
        });
    }

    /// The detector at one combination of its own axes.
    fn settings(&mut self, own: u64, interval: Span, reader: &mut Reader<'_>) -> Option<(Config, Watch)> {
        if let Some(known) = self.settings.get(&(own, interval)) {
            return known.clone();
        }
        let mut named = self.named.clone();
        if let (super::tree::Value::Table(table), false) = (&mut named.node.value, self.own.is_empty()) {
            *table = at_point(table, &self.own, &digits(own, &self.own), 2);
        }
        let settings = listener::read(&named, interval, reader);
        self.settings.insert((own, interval), settings.clone());
        settings
    }

    /// Notes where a detector remembers more than the warm-up teaches it.
    fn remember(&mut self, config: &Config, world: &World) {
        if config.window_bytes() == 0 {
            return;
        }
        let window = config.window();
        let memory = world.interval().times(window);
        let recorded = matches!(world.traffic, Traffic::Recorded { .. });
        if memory > world.warm_up && !recorded && self.remark.is_none() {
            self.remark = Some(format!(
                "{}: its window of {window} heartbeats takes {memory} to fill, longer than the warm-up of {}",
                self.named.key, world.warm_up
            ));
        }
    }
}

/// Complains where no detector is written.
pub(super) fn need_a_detector(root: &Table, reader: &mut Reader<'_>) {
    let named = root.table("detector").is_some_and(|table| !table.entries.is_empty());
    if !named && root.get("detector").is_none_or(|node| node.as_table().is_some()) {
        reader.faults.add(
            Fault::new(super::diagnostic::Place::START, "there is no detector")
                .label("a scenario needs at least one")
                .help("write [detector.fixed.timeout], and below it after = \"10s\""),
        );
    }
}
