//! Events of a plausible product: 40 names, about 15 properties, 90 days, heavy tails.

use bytes::Bytes;
use fastrand::Rng;
use std::fmt::Write;

/// 2026-01-05T00:00:00Z.
const START_MS: u64 = 1_767_571_200_000;

const DAYS: u64 = 90;

const COUNTRIES: [&str; 12] = ["US", "DE", "IN", "BR", "GB", "FR", "RO", "JP", "ID", "EG", "CA", "NG"];
const BROWSERS: [&str; 5] = ["Chrome", "Safari", "Firefox", "Microsoft Edge", "Opera"];
const SYSTEMS: [&str; 5] = ["Windows", "Mac OS X", "iOS", "Android", "Linux"];
const PLANS: [&str; 4] = ["free", "team", "business", "trial"];
const PAGES: [&str; 8] =
    ["/", "/pricing", "/docs/start", "/app/notes", "/app/search", "/app/settings", "/blog/notes", "/login"];

pub struct Events {
    rng: Rng,
    token: String,
}

impl Events {
    pub fn new(seed: u64, token: &str) -> Self {
        Self { rng: Rng::with_seed(seed), token: token.to_owned() }
    }

    pub fn import_bodies(&mut self, total: usize, batch: usize) -> Vec<Bytes> {
        let people = (total / 50).max(100) as u32;
        let mut bodies = Vec::new();
        let mut left = total;
        while left > 0 {
            let count = left.min(batch);
            left -= count;
            let mut body = String::with_capacity(count * 520);
            body.push('[');
            for number in 0..count {
                if number > 0 {
                    body.push(',');
                }
                let time = START_MS + self.rng.u64(..DAYS * 86_400_000);
                self.event(&mut body, people, &format!("\"time\":{time},"));
            }
            body.push(']');
            bodies.push(Bytes::from(body));
        }
        bodies
    }

    /// One event each; the time is that of arrival.
    pub fn track_bodies(&mut self, count: usize) -> Vec<Bytes> {
        (0..count)
            .map(|_| {
                let mut body = String::with_capacity(520);
                let token = format!("\"token\":\"{}\",", self.token);
                self.event(&mut body, 10_000, &token);
                Bytes::from(body)
            })
            .collect()
    }

    fn event(&mut self, body: &mut String, people: u32, first: &str) {
        let rng = &mut self.rng;
        // Squares of uniform numbers: few names and people make most of the events.
        let skewed = |rng: &mut Rng, n: f64| (rng.f64() * rng.f64() * n) as u32;
        let name = skewed(rng, 40.0);
        let person = skewed(rng, f64::from(people));
        let (country, browser) = (COUNTRIES[skewed(rng, 12.0) as usize], BROWSERS[skewed(rng, 5.0) as usize]);
        let (system, plan) = (SYSTEMS[skewed(rng, 5.0) as usize], PLANS[rng.usize(..4)]);
        let page = PAGES[rng.usize(..8)];
        write!(
            body,
            "{{\"event\":\"Event {name:02}\",\"properties\":{{{first}\"distinct_id\":\"user-{person}\",\
             \"$insert_id\":\"{:032x}\",\"$browser\":\"{browser}\",\"$browser_version\":{},\"$os\":\"{system}\",\
             \"mp_country_code\":\"{country}\",\"$current_url\":\"https://app.example.com{page}\",\
             \"$screen_height\":{},\"$screen_width\":{},\"mp_lib\":\"web\",\"plan\":\"{plan}\",\"seats\":{},\
             \"amount\":{:.2},\"duration_ms\":{},\"experiment\":\"variant {}\",\"first\":{}}}}}",
            rng.u128(..),
            rng.u32(110..157),
            rng.u32(600..1600),
            rng.u32(800..2600),
            rng.u32(1..50),
            rng.f64() * 500.0,
            rng.u32(5..5000),
            rng.u32(0..6),
            rng.bool(),
        )
        .expect("writing to a String cannot fail");
    }
}
