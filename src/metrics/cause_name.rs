//! A cause as text, as result files and charts name it.

use std::fmt;

use super::record::Cause;

impl fmt::Display for Cause {
    /// `loss + sender-pause`: only their removal together prevents the mistake. `loss / sender-pause`: the removal of either
    /// does. `threshold`: nothing prevents it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = Self::KINDS.iter().enumerate().filter(|(bit, _)| self.named & (1 << bit) != 0);
        let names: Vec<&str> = kinds.map(|(_, kind)| *kind).collect();
        match (names.is_empty(), self.joint) {
            (true, _) => out.write_str(Self::THRESHOLD),
            (false, true) => out.write_str(&names.join(" + ")),
            (false, false) => out.write_str(&names.join(" / ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_have_names() {
        let cause = |named, joint| Cause { named, joint, ..Cause::default() }.to_string();
        assert_eq!(cause(0, false), "threshold");
        assert_eq!(cause(0b10, false), "loss-burst");
        assert_eq!(cause(0b1001, true), "loss + sender-pause");
        assert_eq!(cause(0b1001, false), "loss / sender-pause");
    }
}
