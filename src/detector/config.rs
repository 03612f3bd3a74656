//! Every built-in detector with its parameters, as plain data.

use super::{
    bertier, exponential, histogram, misses, nfd_e, nfd_s, nfd_u, phi_akka, phi_cassandra, phi_chitchat, phi_hazelcast,
    phi_normal, self_tuning, timeout, two_window,
};

/// A built-in detector and its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Config {
    /// See [`timeout`].
    Timeout(timeout::Config),
    /// See [`misses`].
    Misses(misses::Config),
    /// See [`nfd_s`].
    NfdS(nfd_s::Config),
    /// See [`nfd_u`].
    NfdU(nfd_u::Config),
    /// See [`nfd_e`].
    NfdE(nfd_e::Config),
    /// See [`bertier`].
    Bertier(bertier::Config),
    /// See [`two_window`].
    TwoWindow(two_window::Config),
    /// See [`phi_normal`].
    PhiNormal(phi_normal::Config),
    /// See [`phi_akka`].
    PhiAkka(phi_akka::Config),
    /// See [`phi_hazelcast`].
    PhiHazelcast(phi_hazelcast::Config),
    /// See [`phi_cassandra`].
    PhiCassandra(phi_cassandra::Config),
    /// See [`phi_chitchat`].
    PhiChitchat(phi_chitchat::Config),
    /// See [`exponential`].
    Exponential(exponential::Config),
    /// See [`histogram`].
    Histogram(histogram::Config),
    /// See [`self_tuning`].
    SelfTuning(self_tuning::Config),
}
