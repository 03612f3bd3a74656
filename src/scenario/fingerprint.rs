//! A fingerprint of what was simulated: the same on every platform, and no secret.

/// FNV-1a over 128 bits (Fowler, Noll and Vo). Each part is preceded by its length, so that no two lists of parts read
/// alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fingerprint(u128);

/// The starting value that the authors chose.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
/// The prime that the authors chose.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Fingerprint {
    /// Of nothing.
    pub(super) const fn new() -> Self {
        Self(OFFSET)
    }

    /// Adds a part.
    pub(super) fn add(&mut self, part: &[u8]) {
        let length = part.len().to_string();
        for byte in length.bytes().chain([b':']).chain(part.iter().copied()) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }

    /// In 32 hexadecimal digits.
    pub(super) fn hex(self) -> String {
        format!("{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&str]) -> String {
        let mut fingerprint = Fingerprint::new();
        for part in parts {
            fingerprint.add(part.as_bytes());
        }
        fingerprint.hex()
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), of(&["a", ""]));
    }

    #[test]
    fn the_bytes_of_fnv_are_those_that_its_authors_published() {
        // The published vector for "a" in FNV-1a, 128 bits.
        let byte = (OFFSET ^ u128::from(b'a')).wrapping_mul(PRIME);
        assert_eq!(byte, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
