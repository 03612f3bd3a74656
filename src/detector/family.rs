//! stub
use super::{Config, Estimator, timeout};
use crate::units::Span;
pub trait Visitor {
    type Output;
    fn visit<E: Estimator + 'static>(self, estimator: E, settings: Vec<(usize, E::Setting)>) -> Self::Output;
}
pub fn families(configs: &[Config]) -> Vec<Vec<usize>> {
    vec![(0..configs.len()).collect()]
}
pub fn build<V: Visitor>(members: &[(usize, &Config)], _interval: Span, visitor: V) -> V::Output {
    let s = members
        .iter()
        .map(|(i, c)| match c {
            Config::Timeout(t) => (*i, t.after),
            _ => unimplemented!(),
        })
        .collect();
    visitor.visit(timeout::Silence::new(timeout::Rearm::Newer), s)
}
