//! After the history, the present: a few events a second, so that the live view lives.

use super::story::Story;
use domain::time::Clock;
use fastrand::Rng;
use serde_json::{Value, json};
use std::sync::Arc;

/// Share of broken records, so that the live view also shows drops and their reasons.
const BROKEN_SHARE: f64 = 0.02;

/// The present tense of the story.
#[derive(Debug)]
pub struct Trickle {
    story: Story,
    rng: Rng,
    clock: Arc<dyn Clock>,
}

impl Trickle {
    pub fn new(story: Story, seed: u64, clock: Arc<dyn Clock>) -> Self {
        Self { story, rng: Rng::with_seed(seed ^ 0x7717), clock }
    }

    /// What happens now: one to four events of people who are there at this moment.
    pub fn next(&mut self, token: &str) -> Vec<Value> {
        (0..self.rng.u32(1..5)).map(|_| self.event(token)).collect()
    }

    fn event(&mut self, token: &str) -> Value {
        if self.rng.f64() < BROKEN_SHARE {
            return json!({"event": "Note Written", "properties": {"token": token, "time": 946_684_800}});
        }
        let person = self.story.people[self.rng.usize(..self.story.people.len())].clone();
        let past = self.story.life_of(&person);
        let mut event = match past.into_iter().next_back() {
            Some(event) => event,
            None => json!({"event": "$mp_web_page_view", "properties": {"distinct_id": person.user}}),
        };
        event["properties"]["token"] = token.into();
        event["properties"]["time"] = self.clock.now().millis().into();
        event["properties"]["$insert_id"] = format!("{:032x}", self.rng.u128(..)).into();
        event
    }
}
