//! Finds what is personal or secret in an event and takes it out, leaving a typed placeholder.
//!
//! Two questions are asked of each property. *What does its name promise?* ([`reserved`], over the
//! words of the name): `billing_email` is an e-mail whatever stands in it. *What does its value look
//! like?* ([`shape`]): an e-mail is one wherever it stands, in a nested list, a URL, a free text, the
//! name of a property, or percent- or base64-encoded. Names win over shapes; both leave `[email]`.
//!
//! A value is looked at by [`glance`] first: one pass over its bytes tells for nearly all values of an
//! ordinary event that no shape can be in them.
//!
//! What is taken out is handed to the caller as a [`Finding`]: with its clear value, which goes to the
//! vault, or, for a secret, without: that is destroyed here.

mod encoded;
mod glance;
mod memo;
mod name;
mod pair;
mod reserved;
mod shape;
mod sweep;
mod text;
mod url;
mod words;

#[cfg(test)]
mod tests;

use domain::event::Properties;
use domain::schema::{DataKind, Sensitivity};
use rustc_hash::FxHashMap;
use std::fmt;
use vault::Clear;

/// What an operator decided in the Lexicon: the class of properties by name.
///
/// `Plain` and `Coarse` leave everything in the property readable but secrets; `Personal` and
/// `Identifier` seal the whole of it; `Secret` destroys it.
#[derive(Clone, Debug, Default)]
pub struct ClassOverrides(FxHashMap<Box<str>, Sensitivity>);

impl ClassOverrides {
    fn get(&self, name: &str) -> Option<Sensitivity> {
        if self.0.is_empty() { None } else { self.0.get(name).copied() }
    }
}

impl<N: Into<Box<str>>> FromIterator<(N, Sensitivity)> for ClassOverrides {
    fn from_iter<I: IntoIterator<Item = (N, Sensitivity)>>(overrides: I) -> Self {
        Self(overrides.into_iter().map(|(name, class)| (name.into(), class)).collect())
    }
}

/// One value that was taken out.
pub struct Finding {
    /// Where it stood, for example `$email` or `account.owner[2].phone`. Free of personal values: a
    /// name that held one is written with its placeholder.
    pub path: String,
    pub kind: DataKind,
    /// `None`: a secret, destroyed.
    pub value: Option<Clear<String>>,
    /// Whether the whole value was replaced, not a span of it.
    pub whole: bool,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("path", &self.path)
            .field("kind", &self.kind)
            .field("destroyed", &self.value.is_none())
            .field("whole", &self.whole)
            .finish()
    }
}

/// The scanner. Compiled once, shared by all who collect.
#[derive(Debug)]
pub struct Classifier {
    overrides: ClassOverrides,
    names: name::NameCache,
}

impl Classifier {
    pub fn new(overrides: ClassOverrides) -> Self {
        Self { overrides, names: name::NameCache::default() }
    }

    /// Takes everything personal or secret out of the properties of an event or of a person's
    /// profile, the names of properties included.
    ///
    /// `distinct_id`, `$device_id`, `$user_id` and `$insert_id` at the top are left alone: they are the
    /// identity step's, which pseudonymises them. Anywhere deeper they are ids like others.
    pub fn sweep(&self, properties: &mut Properties, found: &mut Vec<Finding>) {
        sweep::Sweeper::new(self, found).properties(properties, sweep::Owner::Person);
    }

    /// The same for the properties of a group: its `$name` and `name` name an organisation and stay
    /// readable, unless they have a personal shape.
    pub fn sweep_group(&self, properties: &mut Properties, found: &mut Vec<Finding>) {
        sweep::Sweeper::new(self, found).properties(properties, sweep::Owner::Group);
    }

    /// The class of a property by its name alone: what the Lexicon shows.
    pub fn sensitivity_of(&self, name: &str) -> Sensitivity {
        if let Some(decided) = self.overrides.get(name) {
            return decided;
        }
        match name::promise(name, None) {
            name::Promise::Reserved(kind) => kind.sensitivity(),
            name::Promise::Identity => Sensitivity::Identifier,
            name::Promise::Url | name::Promise::Nothing(_) if sweep::is_coarse(name) => Sensitivity::Coarse,
            name::Promise::Url | name::Promise::Nothing(_) => Sensitivity::Plain,
        }
    }

    /// The same for a single text: an event's name, a group's id, a cell of a lookup table with its
    /// column's name. Returns what to keep instead, if anything was taken out.
    pub fn sweep_text(&self, name: Option<&str>, text: &str, found: &mut Vec<Finding>) -> Option<String> {
        sweep::Sweeper::new(self, found).single(name, text)
    }
}
