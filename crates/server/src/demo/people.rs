//! The demo's cast: people with names and addresses that only the vault will know, their
//! organisations, browsers and ways in. All of it made up; mail domains are reserved for examples.

use super::places::{self, Place};
use fastrand::Rng;

const FIRST_NAMES: [&str; 40] = [
    "Ada", "Amina", "Andrei", "Anika", "Arjun", "Bilal", "Budi", "Carmen", "Chidi", "Clara", "Dana", "Diego",
    "Elif", "Emeka", "Farida", "Felix", "Grace", "Hana", "Ines", "Ioana", "Ivan", "Jonas", "Kemal", "Laila",
    "Linh", "Mara", "Mei", "Nadia", "Noor", "Omar", "Priya", "Rafael", "Rania", "Sana", "Sofia", "Tariq",
    "Thabo", "Vera", "Yuki", "Zainab",
];
const LAST_NAMES: [&str; 40] = [
    "Adeyemi", "Ahmed", "Almeida", "Bauer", "Begum", "Chen", "Costa", "Das", "Dimitrov", "Dumitru",
    "Fischer", "Garcia", "Haddad", "Hassan", "Ionescu", "Ito", "Jensen", "Kaya", "Khan", "Kowalski", "Lopez",
    "Marin", "Mbeki", "Moreau", "Nair", "Nguyen", "Novak", "Okafor", "Pop", "Pratama", "Rahman", "Rossi",
    "Santos", "Sato", "Schmidt", "Silva", "Sharma", "Tanaka", "Wang", "Wijaya",
];
const ORGANISATIONS: [&str; 24] = [
    "Alder",
    "Basalt",
    "Cinder",
    "Dovetail",
    "Ember",
    "Fathom",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Keystone",
    "Lantern",
    "Meridian",
    "Nimbus",
    "Orchard",
    "Pioneer",
    "Quarry",
    "Ridgeway",
    "Sable",
    "Tidewater",
    "Umber",
    "Vantage",
    "Willow",
    "Zephyr",
];
const TRADES: [&str; 10] =
    ["Labs", "Health", "Foods", "Robotics", "Energy", "Studios", "Logistics", "Bank", "Schools", "Media"];

/// Browser, system, device class and weight.
const AGENTS: [(&str, &str, &str, u32); 7] = [
    ("Chrome", "Windows", "", 34),
    ("Chrome", "Mac OS X", "", 18),
    ("Safari", "Mac OS X", "", 10),
    ("Mobile Safari", "iOS", "iPhone", 14),
    ("Chrome", "Android", "Android", 12),
    ("Firefox", "Linux", "", 5),
    ("Microsoft Edge", "Windows", "", 7),
];

/// How somebody came: referrer, campaign source, medium and weight.
const WAYS_IN: [(&str, &str, &str, u32); 9] = [
    ("", "", "", 30),
    ("https://www.google.com/", "", "", 26),
    ("https://www.google.com/", "google", "cpc", 10),
    ("https://www.bing.com/search", "", "", 5),
    ("https://news.ycombinator.com/", "", "", 8),
    ("https://www.linkedin.com/feed/", "linkedin", "social", 8),
    ("https://t.co/", "", "", 4),
    ("https://duckduckgo.com/", "", "", 4),
    ("", "newsletter", "email", 5),
];

#[derive(Clone, Debug)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub employees: u32,
    pub plan: &'static str,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub device: String,
    pub user: String,
    pub name: String,
    pub email: String,
    pub organisation: usize,
    pub place: Place,
    pub browser: &'static str,
    pub browser_version: u32,
    pub system: &'static str,
    pub device_name: &'static str,
    pub referrer: &'static str,
    pub utm_source: &'static str,
    pub utm_medium: &'static str,
    /// How much they like the product, 0 to 1: who comes back, and how often.
    pub zeal: f64,
}

pub fn organisations(rng: &mut Rng, count: usize) -> Vec<Organisation> {
    (0..count)
        .map(|number| {
            let name = format!(
                "{} {}",
                ORGANISATIONS[number % ORGANISATIONS.len()],
                TRADES[(number / ORGANISATIONS.len()) % TRADES.len()]
            );
            let employees = [4, 9, 18, 45, 120, 400, 2200][rng.usize(..7)];
            let plan = match employees {
                0..=9 => "free",
                10..=99 => "team",
                _ => "business",
            };
            Organisation { id: format!("org-{:03}", number + 1), name, employees, plan }
        })
        .collect()
}

pub fn person(rng: &mut Rng, number: u32, organisations: &[Organisation]) -> Person {
    let (first, last) = (rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES));
    let (first, last) = (first.unwrap_or("Ada"), last.unwrap_or("Chen"));
    let (browser, system, device_name, _) = AGENTS[weighted(rng, AGENTS.map(|agent| agent.3))];
    let (referrer, utm_source, utm_medium, _) = WAYS_IN[weighted(rng, WAYS_IN.map(|way| way.3))];
    // Few large organisations, many small ones.
    let organisation = ((rng.f64() * rng.f64()) * organisations.len() as f64) as usize;
    Person {
        device: uuid_v4(rng),
        user: format!("user-{number:06}"),
        name: format!("{first} {last}"),
        email: format!(
            "{}.{}{number}@{}.example",
            first.to_ascii_lowercase(),
            last.to_ascii_lowercase(),
            organisations[organisation].id
        ),
        organisation,
        place: places::pick(rng),
        browser,
        browser_version: rng.u32(118..157),
        system,
        device_name,
        referrer,
        utm_source,
        utm_medium,
        zeal: rng.f64() * rng.f64(),
    }
}

fn weighted<const N: usize>(rng: &mut Rng, weights: [u32; N]) -> usize {
    let mut ticket = rng.u32(..weights.iter().sum::<u32>());
    for (index, weight) in weights.into_iter().enumerate() {
        if ticket < weight {
            return index;
        }
        ticket -= weight;
    }
    N - 1
}

/// A random UUID as browsers make them, from the story's own randomness.
pub fn uuid_v4(rng: &mut Rng) -> String {
    let value = (rng.u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{value:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
