//! One node around its worst false positive: what was sent, what arrived, and what the detector thought.

use super::axis::{Axis, Scale, Unit};
use super::frame::{Area, BODY, Plot, SMALL, label, notes, page};
use super::scene::{Anchor, Ink, Label, Scene};
use super::theme::{ALARM, CALM, GRID, INK, LINE, MUTED};
use super::{Picture, slug};
use crate::experiment::{Stall, Timeline};
use crate::num::{f64_to_i64, i64_to_f64};
use crate::report::sweep::Sweep;
use crate::report::{Results, number};

const LEFT: f64 = 190.0;
const RIGHT: f64 = 1170.0;
/// Where the lanes lie, from top to bottom.
const SENT: f64 = 176.0;
/// Where heartbeats are processed: lower where no level is drawn.
const ARRIVED: (f64, f64) = (306.0, 500.0);
const LEVEL: (f64, f64) = (358.0, 566.0);
const VERDICT: (f64, f64) = (590.0, 622.0);
const BOTTOM: f64 = 640.0;

/// A picture for each timeline that was recorded.
pub(super) fn pictures(results: &Results<'_>) -> Vec<Picture> {
    results.findings.timelines.iter().filter_map(|timeline| picture(results, timeline)).collect()
}

fn picture(results: &Results<'_>, timeline: &Timeline) -> Option<Picture> {
    let row = results.summary.rows.get(timeline.row)?;
    // Small numbers read better: the axis counts from the start of the mistake.
    let time =
        Axis::exactly("", Unit::Seconds, timeline.from - timeline.mistake_from, timeline.to - timeline.mistake_from);
    let arrived = if level_axis(timeline).is_some() { ARRIVED.0 } else { ARRIVED.1 };
    let lanes = Lanes { time, origin: timeline.mistake_from, arrived };
    let question = format!("What led to the worst false positive of {}?", row.detector);
    let settings = Sweep::of(results.summary).settings(row);
    let separator = if settings.is_empty() { "" } else { " · " };
    let subtitle = format!(
        "{settings}{separator}trial {}, monitor {}, node {} · suspected for {} · cause: {}",
        timeline.trial,
        timeline.monitor,
        timeline.node,
        number::span(timeline.mistake_to - timeline.mistake_from, 3),
        timeline.cause
    );
    let mut scene = page(&question, &subtitle);
    lanes.mistake(&mut scene, timeline);
    lanes.stalls(&mut scene, &timeline.stalls);
    lanes.grid(&mut scene);
    lanes.heartbeats(&mut scene, timeline);
    lanes.level(&mut scene, timeline);
    lanes.verdicts(&mut scene, timeline);
    names(&mut scene, timeline, lanes.arrived);
    let at = format!("0 s is {} after the end of the warm-up.", seconds(timeline.mistake_from));
    notes(&mut scene, &[at, "A heartbeat's line leads from its sending to its processing.".to_owned()]);
    let caption = format!("Cause by the but-for rule: {}.", timeline.cause);
    Some(Picture { name: format!("timeline-{}", slug(&row.detector)), title: question, caption, scene })
}

/// Seconds to the millisecond, for finding the place again.
fn seconds(value: f64) -> String {
    format!("{} s", number::exact(i64_to_f64(f64_to_i64((value * 1000.0).round())) / 1000.0))
}

struct Lanes {
    time: Axis,
    /// Time at which the mistake began.
    origin: f64,
    /// Where heartbeats are processed.
    arrived: f64,
}

impl Lanes {
    fn across(&self, time: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * self.time.place(time - self.origin)
    }

    /// The mistake, as a pale band through all lanes.
    fn mistake(&self, scene: &mut Scene, timeline: &Timeline) {
        let (from, to) = (self.across(timeline.mistake_from), self.across(timeline.mistake_to));
        scene.rectangle((from, SENT - 16.0), (to.max(from + 3.0), BOTTOM), ALARM.tint(0.85));
    }

    fn grid(&self, scene: &mut Scene) {
        for tick in self.time.ticks() {
            let at = self.across(tick + self.origin);
            scene.line([(at, SENT - 16.0), (at, BOTTOM)], GRID, 1.0);
            scene.line([(at, BOTTOM), (at, BOTTOM + 6.0)], INK, 1.5);
            scene.label(label((at, BOTTOM + 23.0), Unit::Seconds.write(tick), SMALL, Anchor::Middle));
        }
        scene.line([(LEFT, BOTTOM), (RIGHT, BOTTOM)], INK, 1.5);
        let at = (f64::midpoint(LEFT, RIGHT), BOTTOM + 47.0);
        scene.label(label(at, "time from the start of the mistake", BODY, Anchor::Middle));
    }

    /// Bars behind the lanes, with their names beside them: those of nodes and paths above, of monitors below.
    fn stalls(&self, scene: &mut Scene, stalls: &[Stall]) {
        let mut rows = [SENT - 26.0, SENT - 44.0, self.arrived + 31.0].map(|at| (at, f64::NEG_INFINITY));
        for stall in stalls {
            let (from, to) = (self.across(stall.from), self.across(stall.to));
            let (top, bottom, rows) = match stall.what {
                "path cut" => (SENT - 16.0, self.arrived + 16.0, &mut rows[..2]),
                what if what.starts_with("monitor") => (self.arrived - 16.0, self.arrived + 16.0, &mut rows[2..]),
                _ => (SENT - 16.0, SENT + 16.0, &mut rows[..2]),
            };
            scene.rectangle((from, top), (to.max(from + 1.5), bottom), shade(stall.what));
            let width = super::paint::text_width(stall.what, SMALL, false);
            let middle = f64::midpoint(from, to).clamp(LEFT + width / 2.0, RIGHT - width / 2.0);
            // A name without room in any row is left to its colour.
            if let Some((at, free_from)) = rows.iter_mut().find(|(_, free_from)| middle - width / 2.0 >= *free_from) {
                let name = label((middle, *at), stall.what, SMALL, Anchor::Middle);
                scene.label(Label { ink: MUTED, ..name });
                *free_from = middle + width / 2.0 + 12.0;
            }
        }
    }

    fn heartbeats(&self, scene: &mut Scene, timeline: &Timeline) {
        for lane in [SENT, self.arrived] {
            scene.line([(LEFT, lane), (RIGHT, lane)], INK.tint(0.55), 1.0);
        }
        for beat in &timeline.beats {
            let from = self.across(beat.sent);
            let visible = beat.sent >= timeline.from;
            match beat.processed {
                Some(processed) => {
                    scene.line([(from, SENT), (self.across(processed), self.arrived)], CALM.tint(LINE), 1.5);
                    if processed <= timeline.to {
                        scene.disc((self.across(processed), self.arrived), 4.0, CALM);
                    }
                    if visible {
                        scene.disc((from, SENT), 4.0, CALM);
                    }
                }
                None if visible => lost(scene, from),
                None => {}
            }
        }
    }

    fn level(&self, scene: &mut Scene, timeline: &Timeline) {
        let Some(axis) = level_axis(timeline) else { return };
        let area = Area { left: LEFT, top: LEVEL.0, right: RIGHT, bottom: LEVEL.1 };
        let plot = Plot { area, x: self.time.clone(), y: axis };
        for tick in plot.y.ticks() {
            let at = plot.up(tick);
            scene.line([(LEFT, at), (RIGHT, at)], GRID, 1.0);
            scene.label(label((LEFT - 10.0, at + 5.0), Unit::Plain.write(tick), SMALL, Anchor::End));
        }
        scene.line([(LEFT, LEVEL.0), (LEFT, LEVEL.1)], INK, 1.5);
        // There is no level while the monitor is down.
        for stretch in timeline.level.split(|(_, level)| level.is_nan()).filter(|stretch| !stretch.is_empty()) {
            scene.line(stretch.iter().map(|&(time, level)| (self.across(time), plot.up(level))), INK, 2.0);
        }
        if let Some(limit) = timeline.level_limit {
            let at = plot.up(limit);
            scene.dashed(&[(LEFT, at), (RIGHT, at)], &[8.0, 5.0], ALARM, 2.0);
            let text = format!("limit {}", Unit::Plain.write(limit));
            let name = label((RIGHT - 4.0, at - 7.0), text, SMALL, Anchor::End);
            scene.label(Label { ink: ALARM, bold: true, ..name });
        }
    }

    fn verdicts(&self, scene: &mut Scene, timeline: &Timeline) {
        let ends = timeline.verdicts.iter().skip(1).map(|next| next.0).chain([timeline.to]);
        let mut verdicts: Vec<((f64, bool), f64)> = timeline.verdicts.iter().copied().zip(ends).collect();
        // Suspicions last, so that the shortest of them is seen.
        verdicts.sort_by_key(|((_, suspect), _)| *suspect);
        for ((from, suspect), to) in verdicts {
            let (from, to) = (self.across(from), self.across(to));
            scene.rectangle((from, VERDICT.0), (to.max(from + 3.0), VERDICT.1), if suspect { ALARM } else { CALM });
            let text = if suspect { "suspect" } else { "trust" };
            if to - from > super::paint::text_width(text, SMALL, true) + 12.0 {
                let at = (f64::midpoint(from, to), f64::midpoint(VERDICT.0, VERDICT.1) + 5.0);
                scene.label(Label { ink: Ink(255, 255, 254), bold: true, ..label(at, text, SMALL, Anchor::Middle) });
            }
        }
    }
}

/// The names of the lanes.
fn names(scene: &mut Scene, timeline: &Timeline, arrived: f64) {
    let mut name = |at: f64, text: &str, note: &str| {
        scene.label(label((36.0, at), text, BODY, Anchor::Start));
        scene.label(Label { ink: MUTED, ..label((36.0, at + 19.0), note, SMALL, Anchor::Start) });
    };
    let lost = timeline.beats.iter().filter(|beat| beat.processed.is_none() && beat.sent >= timeline.from).count();
    name(SENT, "node sends", &format!("{lost} lost (×)"));
    name(arrived, "monitor", "processes");
    name(f64::midpoint(VERDICT.0, VERDICT.1) + 5.0, "verdict", "");
    if level_axis(timeline).is_some() {
        name(f64::midpoint(LEVEL.0, LEVEL.1), "suspicion", "level");
    }
}

/// Levels beyond three times the limit say nothing more, and some are infinite: they are cut there.
fn level_axis(timeline: &Timeline) -> Option<Axis> {
    let limit = timeline.level_limit?;
    let most = timeline.level.iter().map(|(_, level)| *level).filter(|level| level.is_finite()).fold(limit, f64::max);
    if timeline.level.len() < 2 || limit <= 0.0 {
        return None;
    }
    let most = if timeline.level.iter().any(|(_, level)| level.is_infinite()) { f64::INFINITY } else { most };
    let axis = Axis::exactly("", Unit::Plain, 0.0, (most * 1.05).min(limit * 3.0).max(limit * 1.25));
    debug_assert_eq!(axis.scale, Scale::Linear);
    Some(axis)
}

fn shade(what: &str) -> Ink {
    match what {
        "node stalled" | "monitor stalled" => Ink(250, 223, 170),
        "node down" | "monitor down" => Ink(208, 214, 222),
        _ => Ink(240, 208, 226),
    }
}

/// A cross on the lane of the sender: this heartbeat never arrived.
fn lost(scene: &mut Scene, at: f64) {
    scene.line([(at - 6.0, SENT - 6.0), (at + 6.0, SENT + 6.0)], ALARM, 3.0);
    scene.line([(at - 6.0, SENT + 6.0), (at + 6.0, SENT - 6.0)], ALARM, 3.0);
}
