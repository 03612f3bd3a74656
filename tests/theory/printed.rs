//! The formulas give the figures that were published, or computed by another program and checked by its own Monte Carlo.

use super::delay::Delay;
use super::exact::{Accuracy, Chain, Path, PauseEffect};
use systole::num::exp;

fn number(figure: &str) -> f64 {
    figure.parse().expect("figures are numbers")
}

/// Equal to the digits that are printed.
fn printed(what: &str, value: f64, figure: &str) {
    let digits = figure.trim_start_matches(['0', '.']).chars().filter(char::is_ascii_digit).count();
    let digits = systole::num::usize_to_f64(digits);
    let expected = number(figure);
    let last_digit = systole::num::pow(10.0, systole::num::log10(expected).floor() + 1.0 - digits);
    assert!((value - expected).abs() <= 0.51 * last_digit, "{what}: {value} is not {figure}");
}

fn check(what: &str, accuracy: Accuracy, recurrence: &str, duration: &str, right: &str) {
    printed(&format!("E(T_MR) of {what}"), accuracy.recurrence(), recurrence);
    printed(&format!("E(T_M) of {what}"), accuracy.duration(), duration);
    if !right.is_empty() {
        printed(&format!("P_A of {what}"), 1.0 - accuracy.wrong, right);
    }
}

const CHEN: Path = Path { eta: 1.0, loss: 0.01, delay: Delay::Exponential(0.02) };

#[test]
fn nfd_s_steps_by_a_hundred_at_each_interval() {
    let steps = [
        (0.0, "1.0101", "0.0301"),
        (0.1, "60.592", "0.5659"),
        (0.5, "101.010", "0.5301"),
        (1.0, "101.010", "0.0301"),
        (1.1, "6059.19", "0.5659"),
        (1.5, "10101.0", "0.5301"),
        (2.0, "10101.0", "0.0301"),
        (2.1, "605919", "0.5659"),
        (2.5, "1.01010e6", "0.5301"),
    ];
    for (shift, recurrence, duration) in steps {
        let recurrence = recurrence.replace("1.01010e6", "1010100");
        let accuracy = CHEN.nfd_s(shift);
        let close = (accuracy.recurrence() / number(&recurrence) - 1.0).abs();
        assert!(close < 1e-5, "shift {shift}: {} is not {recurrence}", accuracy.recurrence());
        assert!((accuracy.duration() - number(duration)).abs() < 6e-5, "shift {shift}");
    }
}

#[test]
fn nfd_s_at_selected_points() {
    let path = |eta, loss, delay| Path { eta, loss, delay };
    let exponential = Delay::Exponential;
    let memoryless = path(1.0, 0.0, exponential(0.02)).nfd_s(0.1);
    assert!((memoryless.recurrence() - exp(5.0)).abs() < 1e-6 && (memoryless.duration() - 0.02).abs() < 1e-9);
    check("memoryless", memoryless, "148.413", "0.02", "0.999865");
    check("short shift", path(1.0, 0.05, exponential(0.02)).nfd_s(0.05), "8.22492", "0.411712", "0.949943");
    check("exponential", path(0.1, 0.1, exponential(0.1)).nfd_s(0.3), "8.17443", "0.0438689", "0.994633");
    let lognormal = path(0.1, 0.1, Delay::lognormal(0.1, 1.0)).nfd_s(0.3);
    check("lognormal", lognormal, "9.90638", "0.0472478", "0.995231");
    check("gamma", path(1.0, 0.05, Delay::GammaTwo(0.25)).nfd_s(1.2), "13.5106", "0.317311", "0.976514");
    check("uniform", path(1.0, 0.05, Delay::Uniform(0.0, 1.5)).nfd_s(0.8), "2.13371", "0.398315", "0.813323");
    check("constant", path(1.0, 0.1, Delay::Constant(0.2)).nfd_s(1.5), "111.111", "0.811111", "0.9927");
    check("lossy", path(1.0, 0.25, Delay::Constant(0.2)).nfd_s(2.5), "85.3333", "1.03333", "0.987891");
}

#[test]
fn timeouts_at_both_rules() {
    for accuracy in [CHEN.newer(1.1), CHEN.any(1.1)] {
        check("1.1 s", accuracy, "75.7465", "0.687478", "0.990924");
    }
    for accuracy in [CHEN.newer(2.0), CHEN.any(2.0)] {
        check("2 s", accuracy, "200.020", "0.039606", "0.999802");
    }
    let lossy = Path { eta: 0.1, loss: 0.1, delay: Delay::Exponential(0.1) };
    check("any, lossy", lossy.any(0.3), "4.60616", "0.0488669", "0.989391");
    check("newer, lossy", lossy.newer(0.3), "3.57207", "0.0493382", "0.986188");
    let late = Path { loss: 0.0, ..lossy };
    check("any, late", late.any(0.3), "11.4784", "0.0316738", "0.997241");
    check("newer, late", late.newer(0.3), "8.06389", "0.0321417", "0.996014");
    let wide = Path { eta: 1.0, loss: 0.1, delay: Delay::Uniform(0.5, 2.5) };
    check("any, wide", wide.any(2.2), "13.0342", "0.429423", "");
    check("newer, wide", wide.newer(2.2), "11.1111", "0.430777", "");
    let regular = Path { eta: 1.0, loss: 0.25, delay: Delay::Constant(0.2) };
    for accuracy in [regular.newer(3.5), regular.any(3.5), regular.in_order(3.5)] {
        check("constant", accuracy, "85.3333", "0.833333", "0.990234");
    }
}

#[test]
fn detection_after_a_crash_at_any_instant() {
    printed("1.1 s", CHEN.newer_detection(1.1), "0.613873");
    printed("1.1 s, any", CHEN.any_detection(1.1), "0.613873");
    printed("2 s", CHEN.newer_detection(2.0), "1.50995");
    let lossy = Path { eta: 0.1, loss: 0.1, delay: Delay::Exponential(0.1) };
    printed("any, lossy", lossy.any_detection(0.3), "0.363892");
    printed("newer, lossy", lossy.newer_detection(0.3), "0.338909");
    let late = Path { loss: 0.0, ..lossy };
    printed("any, late", late.any_detection(0.3), "0.377620");
    printed("newer, late", late.newer_detection(0.3), "0.35");
    let wide = Path { eta: 1.0, loss: 0.1, delay: Delay::Uniform(0.5, 2.5) };
    printed("any, wide", wide.any_detection(2.2), "3.12663");
    printed("newer, wide", wide.newer_detection(2.2), "3.08917");
    let regular = Path { eta: 1.0, loss: 0.25, delay: Delay::Constant(0.2) };
    printed("constant", regular.newer_detection(3.5), "2.87162");
    printed("NFD-S", CHEN.nfd_s_detection(1.0), "1.4899");
}

#[test]
fn bursts_make_long_silences_common() {
    let chain = |to_bad, to_good, loss| Chain { to_bad, to_good, loss };
    let bursts = chain(0.01, 0.3, [0.0, 1.0]);
    printed("loss", bursts.mean_loss() * 100.0, "3.226");
    check("bursts, 1.5 s", bursts.timeout(1.0, 1.5), "103.333", "2.8333", "");
    check("bursts, 3.5 s", bursts.timeout(1.0, 3.5), "210.884", "2.8333", "");
    check("long bursts", chain(0.002, 0.1, [0.0, 1.0]).timeout(0.1, 0.55), "77.7321", "0.95", "");
    check("leaky bursts", chain(0.02, 0.2, [0.005, 0.7]).timeout(1.0, 2.5), "63.4655", "1.77117", "");
    // Without memory it is the formula of independent loss.
    let loss = bursts.mean_loss();
    let independent = chain(0.5, 0.5, [loss, loss]).timeout(1.0, 3.5);
    let same = Path { eta: 1.0, loss, delay: Delay::Constant(0.2) }.newer(3.5);
    assert!((independent.recurrence() / same.recurrence() - 1.0).abs() < 1e-9);
    assert!(
        (same.recurrence() / 30_800.0 - 1.0).abs() < 2e-3 && (independent.duration() - same.duration()).abs() < 1e-9
    );
}

#[test]
fn pauses_by_what_becomes_of_their_slots() {
    printed("drop", PauseEffect::of_dropped_slots(1.0, 3.5, 1.0).chance, "0.085548");
    printed("skip", PauseEffect::of_late_slots(1.0, 3.5, 1.0).chance, "0.051888");
}
