//! Quantile tables: a law of whole nanoseconds drawn with integer arithmetic alone.
//!
//! A draw is a point of [0, 1), and the value is the law's quantile there, linear between knots. The middle of the law has
//! 4096 pieces of equal probability, of which 32 random bits need the top 12 to find the piece and the rest to find the
//! place in it. Beyond the outermost 128 pieces on either side, where a quantile function bends most, another 32 bits are
//! drawn, and pieces are equal parts of octaves of the tail probability: 256 an octave, down to 2^-24 at the lower and
//! 2^-48 at the upper end. So the place of a draw is known to 2^-64 where it matters, and 32 bits suffice 15 times of 16.
//!
//! The table is the law that is simulated: [`QuantileTable::pieces`] states it, a mixture of uniform laws. This module knows
//! laws by their quantile function only.

use std::sync::OnceLock;

use super::convert::{f64_to_u64, round_to_u64, u64_to_f64, u64_to_usize, u128_to_u64, unit_interval};
use super::tail::Tail;

/// Pieces of equal probability.
const PIECES: usize = 1 << PIECE_BITS;
const PIECE_BITS: u32 = 12;
/// Bits of a 32-bit quantile that say where in its piece it lies.
const PLACE_BITS: u32 = 32 - PIECE_BITS;
/// This many of the equal pieces at either end are replaced by the end's own.
const REFINED: usize = 1 << (PIECE_BITS - REFINED_OCTAVE);
/// An end begins at a tail probability of 2^-5.
const REFINED_OCTAVE: u32 = 5;
/// What is left of the equal pieces.
const MIDDLE_PIECES: usize = PIECES - 2 * REFINED;
/// Parts of an octave of tail probability.
const PARTS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 8;
/// The last octave at the lower end stops here: what lies below has probability 2^-24 and values near the law's least.
const LOWER_OCTAVES: u32 = 24;
/// The last octave at the upper end stops here: a draw beyond it happens once in 3 * 10^14.
const UPPER_OCTAVES: u32 = 48;
/// 2^64: tail probabilities are integers of 64 bits over this.
const UNIT: f64 = 18_446_744_073_709_551_616.0;

/// A law of nanoseconds, ready to be drawn from.
#[derive(Clone, Debug)]
pub struct QuantileTable {
    /// Quantiles at multiples of 2^-12, ascending.
    middle: Box<[u64; PIECES + 1]>,
    lower: End,
    upper: End,
    /// For each piece, the integral of the value up to its end: made when first asked for.
    lengths: OnceLock<Vec<f64>>,
}

/// One piece of a table: the law is uniform between its two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Probability.
    pub mass: f64,
    /// Least value, in nanoseconds.
    pub low: u64,
    /// Greatest value, in nanoseconds.
    pub high: u64,
}

impl Piece {
    /// Mean within the piece.
    #[must_use]
    pub fn mean(&self) -> f64 {
        0.5 * (u64_to_f64(self.low) + u64_to_f64(self.high))
    }

    /// Mean of the square within the piece.
    #[must_use]
    pub fn mean_square(&self) -> f64 {
        let (low, high) = (u64_to_f64(self.low), u64_to_f64(self.high));
        (low * low + low * high + high * high) / 3.0
    }
}

impl QuantileTable {
    /// Tables a law by its quantile function, which gives nanoseconds: never less for a larger probability, at least 0, and
    /// finite at all points but the very ends. What does not fit into 64 bits saturates.
    #[must_use]
    pub fn new(quantile: impl Fn(Tail) -> f64) -> Self {
        let mut middle: Box<[u64; PIECES + 1]> = Box::new([0; PIECES + 1]);
        let mut least = 0;
        for (number, knot) in (0_u32..).zip(middle.iter_mut()) {
            // The outermost knots belong to the ends; here they only keep the order.
            let p = f64::from(number) / f64::from(1_u32 << PIECE_BITS);
            let value = if number == 1 << PIECE_BITS { least } else { round_to_u64(quantile(Tail::at(p))) };
            least = least.max(value);
            *knot = least;
        }
        let lower = End::new(LOWER_OCTAVES, quantile(Tail::Lower(0.0)), |t| quantile(Tail::Lower(t)));
        let at_upper = |t| quantile(Tail::Upper(t));
        let upper = End::new(UPPER_OCTAVES, upper_limit(&at_upper), at_upper);
        Self { middle, lower, upper, lengths: OnceLock::new() }
    }

    /// The value of one draw. The low 32 bits are the quantile; `more` gives 32 further bits where they are needed.
    #[must_use]
    #[inline]
    pub fn sample(&self, quantile: u32, more: impl FnOnce() -> u32) -> u64 {
        let piece = (quantile >> PLACE_BITS) as usize;
        if piece.wrapping_sub(REFINED) < MIDDLE_PIECES {
            let low = self.middle[piece];
            let width = self.middle[piece + 1] - low;
            // The middle of the draw's own interval, rounded: so that the mean is that of the piece.
            let place = 2 * u64::from(quantile & ((1 << PLACE_BITS) - 1)) + 1;
            low + u128_to_u64((u128::from(width) * u128::from(place) + (1 << PLACE_BITS)) >> (PLACE_BITS + 1))
        } else {
            self.sample_end(quantile, more())
        }
    }

    #[inline(never)]
    fn sample_end(&self, quantile: u32, more: u32) -> u64 {
        let place = u64::from(quantile) << 32 | u64::from(more);
        if quantile >> 31 == 0 { self.lower.value(place) } else { self.upper.value(!place) }
    }

    /// The pieces in ascending order. Their masses sum to 1.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        (0..self.lower.pieces() + MIDDLE_PIECES + self.upper.pieces()).map(|number| self.piece(number))
    }

    /// A piece by its place in the ascending order.
    fn piece(&self, number: usize) -> Piece {
        let before = self.lower.pieces();
        if number < before {
            return self.lower.piece(number);
        }
        let number = number - before;
        if number < MIDDLE_PIECES {
            let (low, high) = (self.middle[REFINED + number], self.middle[REFINED + number + 1]);
            return Piece { mass: 1.0 / u64_to_f64(1 << PIECE_BITS), low, high };
        }
        self.upper.piece(self.upper.pieces() - 1 - (number - MIDDLE_PIECES))
    }

    /// Mean of the tabled law in nanoseconds. Finite, even where that of the law is not.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.lengths().last().copied().unwrap_or(0.0)
    }

    /// A value from the law of a renewal gap that contains a given instant, times a uniform share of it: the time from that
    /// instant to the next renewal, where gaps follow the tabled law. Exact for the tabled law.
    ///
    /// A gap is met in proportion to its length. So a piece is drawn by its mass times its mean, the gap within the piece
    /// with a density in proportion to its length, and the instant uniformly within the gap.
    #[must_use]
    pub fn sample_residual(&self, draws: [u64; 3]) -> u64 {
        let lengths = self.lengths();
        let target = unit_interval(draws[0]) * self.mean();
        let number = lengths.partition_point(|&until| until <= target);
        if number == lengths.len() {
            // All gaps are empty.
            return 0;
        }
        let piece = self.piece(number);
        let (low, high) = (u64_to_f64(piece.low), u64_to_f64(piece.high));
        let gap = (low * low + unit_interval(draws[1]) * (high - low) * (high + low)).sqrt();
        f64_to_u64(gap * unit_interval(draws[2]))
    }

    fn lengths(&self) -> &[f64] {
        self.lengths.get_or_init(|| {
            let mut sum = 0.0;
            let until = self.pieces().map(|piece| {
                sum += piece.mass * piece.mean();
                sum
            });
            until.collect()
        })
    }

    /// FNV-1a, 64 bits, over the little-endian bytes of all knots: two tables with one fingerprint draw alike.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let knots = self.lower.knots.iter().chain(self.middle.iter()).chain(&self.upper.knots);
        knots
            .flat_map(|knot| knot.to_le_bytes())
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }
}

/// One end of a law: quantiles by tail probability, from far out towards the middle.
#[derive(Clone, Debug)]
struct End {
    /// Tail probability 0, then 256 a octave from 2^-`octaves` to 2^-5.
    knots: Vec<u64>,
    /// Logarithm of the least tabled tail probability but 0, in units of 2^-64.
    first_bit: u32,
}

impl End {
    fn new(octaves: u32, limit: f64, quantile: impl Fn(f64) -> f64) -> Self {
        let first_bit = 64 - octaves;
        let tails = (first_bit..64 - REFINED_OCTAVE)
            .flat_map(|bit| (0..PARTS as u64).map(move |part| (PARTS as u64 + part) << (bit - PART_BITS)))
            .chain([1 << (64 - REFINED_OCTAVE)]);
        let values = tails.map(|tail| quantile(u64_to_f64(tail) / UNIT));
        let knots = std::iter::once(limit).chain(values).map(round_to_u64).collect();
        Self { knots, first_bit }
    }

    /// The quantile at tail probability `place` / 2^64.
    fn value(&self, place: u64) -> u64 {
        let bit = 63 - (place | 1).leading_zeros();
        let (number, width_bits, start) = if bit < self.first_bit {
            (0, self.first_bit, 0)
        } else {
            let width_bits = bit - PART_BITS;
            let part = (place >> width_bits) - PARTS as u64;
            let number = 1 + u64::from(bit - self.first_bit) * PARTS as u64 + part;
            (number, width_bits, (PARTS as u64 + part) << width_bits)
        };
        let number = u64_to_usize(number);
        between(self.knots[number], self.knots[number + 1], place - start, width_bits)
    }

    const fn pieces(&self) -> usize {
        self.knots.len() - 1
    }

    /// A piece by its place in the order from far out.
    fn piece(&self, number: usize) -> Piece {
        let width_bits = match number.checked_sub(1) {
            None => self.first_bit,
            Some(part) => self.first_bit - PART_BITS + part_octave(part),
        };
        let (one, other) = (self.knots[number], self.knots[number + 1]);
        Piece { mass: u64_to_f64(1 << width_bits) / UNIT, low: one.min(other), high: one.max(other) }
    }
}

/// The octave in which a part lies, counted from far out.
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 64 octaves")]
const fn part_octave(part: usize) -> u32 {
    (part / PARTS) as u32
}

/// The point at (`place` + 1/2) / 2^`bits` of the way between two values, rounded. `bits` at most 59.
fn between(from: u64, to: u64, place: u64, bits: u32) -> u64 {
    let place = 2 * u128::from(place) + 1;
    let whole = 2_u128 << bits;
    u128_to_u64((u128::from(from) * (whole - place) + u128::from(to) * place + whole / 2) >> (bits + 1))
}

/// The greatest value of the table.
///
/// The last piece is uniform, the law beyond its first knot is not: the limit is chosen so that the means there are the same,
/// but never beyond the quantile at a tail of 2^-64, for laws whose mean is infinite.
fn upper_limit(quantile: &impl Fn(f64) -> f64) -> f64 {
    const STEPS: u32 = 8;
    let greatest = quantile(0.0);
    if greatest.is_finite() {
        return greatest;
    }
    let start = 1.0 / u64_to_f64(1 << UPPER_OCTAVES);
    let mut tail = start;
    let mut value = quantile(tail);
    let nearest = value;
    let mut sum = 0.0;
    // Octave by octave, by the trapezium rule, down to where numbers end.
    while tail > start * 1e-250 {
        let mut octave = 0.0;
        for step in 1..=STEPS {
            let next_tail = tail * (1.0 - f64::from(step) / f64::from(2 * STEPS));
            let next = quantile(next_tail);
            octave += 0.5 * (value + next) * tail / f64::from(2 * STEPS);
            value = next;
        }
        sum += octave;
        tail *= 0.5;
        if octave < 1e-12 * sum {
            break;
        }
    }
    (2.0 * sum / start - nearest).min(quantile(1.0 / UNIT)).max(nearest)
}
