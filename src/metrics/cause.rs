//! From an explanation to a cause: Shapley shares, and the kinds that are named.

use std::fmt;

use super::record::Cause;
use crate::engine::{Explanation, Trouble};

impl From<&Explanation> for Cause {
    fn from(explanation: &Explanation) -> Self {
        let kinds = &explanation.kinds;
        let mut cause = Self::default();
        let prevented = explanation.prevents.last().copied().unwrap_or(false);
        if !prevented {
            return cause;
        }
        for (player, &kind) in kinds.iter().enumerate() {
            cause.sixtieths[place(kind)] = shapley(explanation, player);
        }
        let sets = 1..explanation.prevents.len();
        let smallest = sets.clone().filter(|&set| explanation.prevents[set]).map(usize::count_ones).min();
        let named = |set: usize| {
            let members = kinds.iter().enumerate().filter(|&(bit, _)| set & (1 << bit) != 0);
            members.fold(0, |bits, (_, &kind)| bits | 1 << place(kind))
        };
        let candidates = sets.filter(|&set| explanation.prevents[set] && Some(set.count_ones()) == smallest);
        if smallest == Some(1) {
            cause.named = candidates.fold(0, |bits, set| bits | named(set));
        } else {
            cause.joint = true;
            cause.named = candidates.map(named).next().unwrap_or(0);
        }
        cause
    }
}

/// The place of a kind in [`Cause::KINDS`].
const fn place(kind: Trouble) -> usize {
    kind as usize
}

/// The Shapley share of one kind in preventing the mistake, in sixtieths: exact for up to six kinds.
fn shapley(explanation: &Explanation, player: usize) -> u8 {
    /// By number of kinds, then by size of the set without the player: 60 |S|! (m - |S| - 1)! / m!.
    const WEIGHTS: [&[u8]; 7] =
        [&[], &[60], &[30, 30], &[20, 10, 20], &[15, 5, 5, 15], &[12, 3, 2, 3, 12], &[10, 2, 1, 1, 2, 10]];
    let weights = WEIGHTS[explanation.kinds.len().min(6)];
    let without = (0..explanation.prevents.len()).filter(|set| set & (1 << player) == 0);
    let decisive = without.filter(|&set| explanation.prevents[set | 1 << player] && !explanation.prevents[set]);
    decisive.map(|set| weights[set.count_ones() as usize]).sum()
}

impl fmt::Display for Cause {
    /// As result files name it: `loss`, `loss or sender-pause` where each alone prevents the mistake, `loss +
    /// sender-pause` where only both do, `threshold` where nothing does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.named == 0 {
            return f.write_str(Self::THRESHOLD);
        }
        let between = if self.joint { " + " } else { " or " };
        let named = Self::KINDS.iter().enumerate().filter(|(place, _)| self.named & (1 << place) != 0);
        for (index, (_, kind)) in named.enumerate() {
            write!(f, "{}{kind}", if index == 0 { "" } else { between })?;
        }
        Ok(())
    }
}
