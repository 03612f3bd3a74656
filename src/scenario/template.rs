//! The scenario that `systole new` starts a user with.

/// A commented scenario that runs as it is.
#[must_use]
pub const fn template() -> &'static str {
    include_str!("template.toml")
}
