//! What happens to pairs, put down in the order in which it happens and taken up pair by pair.
//!
//! Neighbouring pairs share a shelf. While the ring runs, each thing goes behind the last one on its shelf: the places that
//! are written to are as many as the shelves, and stay in the processor's cache however many pairs there are. When the slice
//! ends, one shelf after another is sorted out, each of them small enough for the cache again.

/// Pairs that share a shelf.
pub(super) const WIDTH: u8 = 64;

/// Things of one kind, by the pair to which they happened.
#[derive(Debug)]
pub(super) struct Shelves<T> {
    shelves: Vec<Shelf<T>>,
}

/// Things and the pair's place on the shelf for each. Side by side they would leave gaps, and be moved in pieces.
#[derive(Debug)]
struct Shelf<T> {
    things: Vec<T>,
    places: Vec<u8>,
}

impl<T: Copy> Shelves<T> {
    /// Empty shelves for so many pairs.
    pub(super) fn new(pairs: u32) -> Self {
        let shelf = || Shelf { things: Vec::new(), places: Vec::new() };
        Self { shelves: (0..pairs.div_ceil(u32::from(WIDTH))).map(|_| shelf()).collect() }
    }

    /// Makes room for so many things of each pair: what grows step by step is copied again and again.
    pub(super) fn expect(&mut self, things: usize) {
        for Shelf { things: held, places } in &mut self.shelves {
            held.reserve(things * usize::from(WIDTH));
            places.reserve(things * usize::from(WIDTH));
        }
    }

    /// Puts down what happens to a pair now.
    #[inline]
    pub(super) fn put(&mut self, pair: u32, thing: T) {
        let width = u32::from(WIDTH);
        let shelf = &mut self.shelves[(pair / width) as usize];
        #[expect(clippy::cast_possible_truncation, reason = "a remainder below WIDTH")]
        shelf.places.push((pair % width) as u8);
        shelf.things.push(thing);
    }

    /// Clears one shelf: hands over each thing with its pair's place on the shelf, in the order in which they were put down.
    pub(super) fn clear(&mut self, shelf: usize, mut each: impl FnMut(usize, T)) {
        let Shelf { things, places } = &mut self.shelves[shelf];
        for (&place, &thing) in places.iter().zip(&*things) {
            each(usize::from(place), thing);
        }
        places.clear();
        things.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stay_in_order_within_a_shelf() {
        let mut shelves = Shelves::new(u32::from(WIDTH) + 1);
        for (pair, thing) in [(3, 'a'), (u32::from(WIDTH), 'b'), (0, 'c'), (3, 'd')] {
            shelves.put(pair, thing);
        }
        let mut cleared = |shelf| {
            let mut things = Vec::new();
            shelves.clear(shelf, |place, thing| things.push((place, thing)));
            things
        };
        assert_eq!(cleared(0), [(3, 'a'), (0, 'c'), (3, 'd')]);
        assert_eq!(cleared(1), [(0, 'b')]);
        assert_eq!(cleared(0), []);
    }
}
