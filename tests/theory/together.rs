//! All exact points at once: their z values look like draws from the standard normal law.

use super::observe::Seen;
use super::{bursts, chen, crashes, stalls, timeout};
use systole::num::usize_to_f64;

#[test]
#[expect(clippy::print_stdout, reason = "the values are what one wants to read when the test is run by hand")]
fn z_values_together_look_standard_normal() {
    let groups: [&[Seen]; 9] = [
        &chen::COMMON,
        &chen::CLIFF,
        &timeout::RULES,
        &timeout::IN_ORDER,
        &timeout::PACED,
        &bursts::PER_PACKET,
        &bursts::CONTINUOUS,
        &stalls::SEEN,
        &crashes::SEEN,
    ];
    let mut z: Vec<f64> = groups.concat().iter().filter(|seen| seen.counts).map(Seen::z).collect();
    z.sort_by(f64::total_cmp);
    let count = usize_to_f64(z.len());
    let mean = z.iter().sum::<f64>() / count;
    let variance = z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / (count - 1.0);
    let within_one = usize_to_f64(z.iter().filter(|z| z.abs() < 1.0).count()) / count;
    println!("{count} values: mean {mean:.3}, variance {variance:.3}, within one {within_one:.3}, {z:.2?}");
    assert!(z.len() >= 60, "{count} values are too few to judge");
    // Some points share a world, so the limits are wider than those of independent values.
    assert!(mean.abs() < 5.0 / count.sqrt(), "the mean of {count} values is {mean}");
    assert!((variance - 1.0).abs() < 5.0 * (2.0 / count).sqrt(), "the variance of {count} values is {variance}");
    assert!((within_one - 0.683).abs() < 5.0 * (0.217 / count).sqrt(), "{within_one} lie within one");
}
