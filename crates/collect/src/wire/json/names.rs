//! Names of a batch, each kept once: events of one client repeat the same few, mostly in the same
//! order.

use domain::{EventName, PropertyName};
use std::collections::HashSet;

/// The default hasher on purpose: names come from strangers, who must not be able to choose collisions.
#[derive(Default)]
pub(super) struct Names {
    properties: HashSet<PropertyName>,
    events: HashSet<EventName>,
    last_event: Option<EventName>,
    /// The names of the previous object in order, and how far the present one has come.
    expected: Vec<PropertyName>,
    position: usize,
}

impl Names {
    /// Says that an object of top-level properties begins.
    pub(super) fn begin(&mut self) {
        self.position = 0;
    }

    /// A top-level property's name. A guess from the previous event saves the hash.
    pub(super) fn next(&mut self, name: &str) -> PropertyName {
        let position = self.position;
        self.position += 1;
        if let Some(expected) = self.expected.get(position)
            && expected.as_str() == name
        {
            return expected.clone();
        }
        let found = self.property(name);
        match self.expected.get_mut(position) {
            Some(expected) => *expected = found.clone(),
            None => self.expected.push(found.clone()),
        }
        found
    }

    /// Any property's name.
    pub(super) fn property(&mut self, name: &str) -> PropertyName {
        match self.properties.get(name) {
            Some(known) => known.clone(),
            None => {
                let new = PropertyName::from(name);
                self.properties.insert(new.clone());
                new
            }
        }
    }

    pub(super) fn event(&mut self, name: &str) -> EventName {
        if let Some(last) = &self.last_event
            && last.as_str() == name
        {
            return last.clone();
        }
        let found = match self.events.get(name) {
            Some(known) => known.clone(),
            None => {
                let new = EventName::from(name);
                self.events.insert(new.clone());
                new
            }
        };
        self.last_event = Some(found.clone());
        found
    }
}
