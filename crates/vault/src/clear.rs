//! Clear personal values as a type, so that no log line and no error can show one by accident.

use std::fmt;
use zeroize::Zeroize;

/// A clear personal value. It has no `Display`, its `Debug` says only that it is there, and its
/// memory is overwritten when it goes. [`expose`](Self::expose) is the one way to the value: each
/// place that reads a clear value can be found by that word.
#[derive(Clone, PartialEq, Eq)]
pub struct Clear<T: Zeroize>(T);

impl<T: Zeroize> Clear<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Clear<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Clear<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Zeroize> Drop for Clear<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Clear<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[clear]")
    }
}

/// A client's id of a person, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinctId(Clear<String>);

impl DistinctId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(Clear::new(id.into()))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}
