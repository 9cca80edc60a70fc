//! Builds the components from the settings, in the order in which they need each other.

mod app;
mod lock;
mod office;
mod stopping;

pub use app::App;
pub use office::Office;
