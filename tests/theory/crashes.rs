//! Crashes: how long until they are seen, and until the restarted node is trusted again.
