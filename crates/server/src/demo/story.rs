//! What happens in the demo: people find Fieldnote, a tool for team notes, some sign up, some stay,
//! some bring their team, some pay.

use super::people::{self, Organisation, Person};
use domain::Timestamp;
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// How long the story is, and how many are in it.
#[derive(Clone, Copy, Debug)]
pub struct StorySettings {
    pub seed: u64,
    pub people: u32,
    pub days: u32,
    /// The present: the story ends here.
    pub now: Timestamp,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

/// One organisation for about fifteen people.
const PEOPLE_PER_ORGANISATION: u32 = 15;

const PAGES: [(&str, &str); 6] = [
    ("/", "Fieldnote"),
    ("/pricing", "Pricing"),
    ("/features", "Features"),
    ("/blog/meeting-notes", "Better meeting notes"),
    ("/docs/start", "Get started"),
    ("/customers", "Customers"),
];

/// The cast and, person by person, what they do.
#[derive(Debug)]
pub struct Story {
    settings: StorySettings,
    rng: Rng,
    pub organisations: Vec<Organisation>,
    pub people: Vec<Person>,
}

impl Story {
    pub fn new(settings: StorySettings) -> Self {
        let mut rng = Rng::with_seed(settings.seed);
        let count = (settings.people / PEOPLE_PER_ORGANISATION).max(1) as usize;
        let organisations = people::organisations(&mut rng, count);
        let people =
            (1..=settings.people).map(|number| people::person(&mut rng, number, &organisations)).collect();
        Self { settings, rng, organisations, people }
    }

    /// All events of one person, in order of time.
    pub fn life_of(&mut self, person: &Person) -> Vec<Value> {
        let start = self.settings.now.millis() - i64::from(self.settings.days) * DAY_MS;
        // The product grows: later days see more newcomers.
        let arrival = start + (self.rng.f64().sqrt() * f64::from(self.settings.days) * DAY_MS as f64) as i64;
        let mut life =
            Life { story: self.settings, rng: &mut self.rng, person, signed_up: false, events: vec![] };
        life.live(at_working_hours(arrival, person), &self.organisations[person.organisation]);
        life.events
    }

    pub fn profiles(&self, token: &str) -> Vec<Value> {
        self.people
            .iter()
            .map(|person| {
                let organisation = &self.organisations[person.organisation];
                json!({
                    "$token": token, "$distinct_id": person.user, "$ip": address(person),
                    "$set": {
                        "$name": person.name, "$email": person.email, "plan": organisation.plan,
                        "company": organisation.id, "language": person.place.locale,
                    },
                })
            })
            .collect()
    }

    pub fn group_profiles(&self, token: &str) -> Vec<Value> {
        self.organisations
            .iter()
            .map(|organisation| {
                json!({
                    "$token": token, "$group_key": "company", "$group_id": organisation.id,
                    "$set": {
                        "$name": organisation.name, "employees": organisation.employees, "plan": organisation.plan,
                    },
                })
            })
            .collect()
    }
}

fn address(person: &Person) -> String {
    let [a, b, c, d] = person.place.address;
    format!("{a}.{b}.{c}.{d}")
}

/// Moves a moment into the person's waking day, roughly, by the clock of their country.
fn at_working_hours(moment: i64, person: &Person) -> i64 {
    let offset_hours = match person.place.locale {
        "en-US" | "en-CA" => -6,
        "pt-BR" => -3,
        "en-GB" => 0,
        "hi-IN" | "bn-BD" | "id-ID" => 6,
        "ja-JP" | "en-AU" => 9,
        _ => 2,
    };
    let day = moment.div_euclid(DAY_MS) * DAY_MS;
    let within = moment.rem_euclid(DAY_MS);
    // Squeeze 24 hours into 8:00 to 20:00.
    day + within / 2 + (8 - offset_hours) * 60 * MINUTE_MS
}

struct Life<'a> {
    story: StorySettings,
    rng: &'a mut Rng,
    person: &'a Person,
    signed_up: bool,
    events: Vec<Value>,
}

impl Life<'_> {
    fn live(&mut self, first_visit: i64, organisation: &Organisation) {
        let mut moment = self.browse(first_visit);
        if !self.chance(0.35 + 0.5 * self.person.zeal) {
            return;
        }
        moment = self.event(moment, "Sign Up Started", json!({}));
        if !self.chance(0.72) {
            return;
        }
        self.signed_up = true;
        let details = json!({"method": self.one_of(&["google", "email", "sso"])});
        moment = self.event(moment, "Signed Up", details);
        if self.chance(0.8) {
            let details = json!({"template": self.one_of(&["blank", "meeting", "roadmap", "interview"])});
            moment = self.event(moment, "Notebook Created", details);
        }
        if self.chance(0.25 + 0.4 * self.person.zeal) {
            let details = json!({"invites": self.rng.u32(1..6)});
            moment = self.event(moment, "Teammate Invited", details);
        }
        self.come_back(moment, organisation);
    }

    /// Days on which they return, fewer and fewer, the zealous longer.
    fn come_back(&mut self, signed_up: i64, organisation: &Organisation) {
        let mut paid = false;
        let mut day = signed_up;
        loop {
            let gap_days = 1.0 + self.rng.f64() * 9.0 * (1.1 - self.person.zeal);
            day += (gap_days * DAY_MS as f64) as i64;
            let weekend = (day.div_euclid(DAY_MS) + 4).rem_euclid(7) >= 5;
            if day > self.story.now.millis() || !self.chance(0.82 + 0.17 * self.person.zeal) {
                return;
            }
            if weekend && self.chance(0.7) {
                continue;
            }
            let mut moment = self.event(day, "App Opened", json!({}));
            for _ in 0..self.rng.u32(1..=2 + (self.person.zeal * 8.0) as u32) {
                moment = self.work(moment);
            }
            if !paid && organisation.plan != "free" && self.chance(0.08 + 0.2 * self.person.zeal) {
                paid = true;
                let seats = self.rng.u32(1..=organisation.employees.clamp(1, 40));
                let amount = f64::from(seats) * if organisation.plan == "team" { 8.0 } else { 14.5 };
                self.event(
                    moment,
                    "Upgraded",
                    json!({"plan": organisation.plan, "seats": seats, "amount": amount}),
                );
            }
        }
    }

    fn work(&mut self, moment: i64) -> i64 {
        let (name, details) = match self.rng.u32(..10) {
            0..=4 => ("Note Written", json!({"words": self.rng.u32(8..900), "shared": self.rng.bool()})),
            5..=6 => {
                let (results, took) = (self.rng.u32(..40), self.rng.u32(12..480));
                ("Search Performed", json!({"results": results, "duration_ms": took}))
            }
            7 => ("Comment Added", json!({"mentions": self.rng.u32(..4)})),
            8 => ("Note Exported", json!({"format": self.one_of(&["pdf", "markdown", "docx"])})),
            _ => (
                "Integration Connected",
                json!({"service": self.one_of(&["slack", "calendar", "github", "drive"])}),
            ),
        };
        self.event(moment, name, details)
    }

    fn browse(&mut self, first: i64) -> i64 {
        let mut moment = first;
        for _ in 0..self.rng.u32(1..5) {
            let (path, title) = PAGES[self.rng.usize(..PAGES.len())];
            moment = self.event(
                moment,
                "$mp_web_page_view",
                json!({"current_page_title": title, "current_url_path": path, "current_domain": "fieldnote.example"}),
            );
        }
        moment
    }

    /// Adds an event and gives the moment of the next.
    fn event(&mut self, moment: i64, name: &str, details: Value) -> i64 {
        if moment <= self.story.now.millis() {
            let properties = self.properties(moment, details);
            self.events.push(json!({"event": name, "properties": properties}));
        }
        moment + 10_000 + self.rng.i64(0..4 * MINUTE_MS)
    }

    fn properties(&mut self, moment: i64, details: Value) -> Map<String, Value> {
        let person = self.person;
        let mut properties = match details {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let mut put = |name: &str, value: Value| {
            properties.insert(name.to_owned(), value);
        };
        put("time", moment.into());
        put("$insert_id", format!("{:032x}", self.rng.u128(..)).into());
        put("$device_id", person.device.clone().into());
        if self.signed_up {
            put("$user_id", person.user.clone().into());
            put("distinct_id", person.user.clone().into());
            put("company", format!("org-{:03}", person.organisation + 1).into());
        } else {
            put("distinct_id", format!("$device:{}", person.device).into());
        }
        put("ip", address(person).into());
        put("$browser", person.browser.into());
        put("$browser_version", person.browser_version.into());
        put("$os", person.system.into());
        if !person.device_name.is_empty() {
            put("$device", person.device_name.into());
        }
        put("mp_lib", "web".into());
        put("$initial_referrer", if person.referrer.is_empty() { "$direct" } else { person.referrer }.into());
        if !person.utm_source.is_empty() {
            put("utm_source", person.utm_source.into());
            put("utm_medium", person.utm_medium.into());
        }
        properties
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.rng.f64() < probability
    }

    fn one_of(&mut self, options: &[&'static str]) -> &'static str {
        options[self.rng.usize(..options.len())]
    }
}
