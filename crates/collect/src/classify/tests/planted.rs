//! How much is stopped of what is planted, and how often an ordinary event is touched.

use super::{json, properties};
use crate::classify::{ClassOverrides, Classifier};

/// A small generator of numbers, so that every run plants the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    fn string(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| letters[self.roll(letters.len())]).collect()
    }

    fn digits(&mut self, length: usize) -> String {
        self.string("0123456789", length)
    }

    fn uuid(&mut self) -> String {
        let hex = self.string("0123456789abcdef", 32);
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }
}

const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &str = "0123456789abcdef";

fn luhn_digit(number: &str) -> u32 {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    (10 - sum % 10) % 10
}

fn secret(dice: &mut Dice) -> String {
    match dice.roll(16) {
        0 => format!(
            "{}.{}@{}.example",
            dice.string("abcdefghijk", 6),
            dice.string("lmnopqrst", 7),
            dice.pick(&["mail", "corp"])
        ),
        1 => {
            format!("+{}7{}", dice.pick(&["1", "44", "880", "20", "62", "40"]), dice.digits(8))
        }
        2 => {
            let number = format!("4{}", dice.digits(14));
            format!("{number}{}", luhn_digit(&number))
        }
        3 => format!("sk_{}_{}", "live", dice.string(BASE62, 24)),
        4 => format!("ghp_{}", dice.string(BASE62, 36)),
        5 => format!("AK{}{}", "IA", dice.string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        6 => format!("AI{}{}", "za", dice.string(BASE62, 35)),
        7 => dice.string(BASE62, 40),
        8 => dice.string(HEX, 64),
        9 => format!(
            "eyJ{}.eyJ{}.{}",
            dice.string(BASE62, 30),
            dice.string(BASE62, 40),
            dice.string(BASE62, 43)
        ),
        10 => format!("xox{}-{}-{}", "b", dice.digits(12), dice.string(BASE62, 24)),
        11 => format!("{}-{}-{}", 100 + dice.roll(500), 10 + dice.roll(80), 1000 + dice.roll(8000)),
        12 => format!("203.0.113.{}", 1 + dice.roll(250)),
        13 => format!("sk-proj-{}", dice.string(BASE62, 48)),
        14 => dice.string(HEX, 32),
        _ => format!(
            "({}{}) {}-{}",
            2 + dice.roll(7),
            10 + dice.roll(80),
            200 + dice.roll(700),
            1000 + dice.roll(8000)
        ),
    }
}

/// An event with the secret somewhere in it.
fn with(secret: &str, dice: &mut Dice) -> String {
    let quoted = serde_json::to_string(secret).expect("a string");
    let encoded: String = secret
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    match dice.roll(12) {
        0 => format!(r#"{{"value":{quoted}}}"#),
        1 => format!(r#"{{"a":{{"b":[1,{{"c":{quoted}}}]}}}}"#),
        2 => format!(r#"{{"$current_url":"https://app.example.com/x?v={encoded}&plan=pro"}}"#),
        3 => format!(r#"{{"$referrer":"https://example.com/p/{encoded}/z"}}"#),
        4 => format!(r#"{{"text":"as agreed: {secret}, see you"}}"#),
        5 => format!(r#"{{{quoted}:1}}"#),
        6 => format!(r#"{{"error":"failed for {secret}"}}"#),
        7 => format!(r#"{{"list":["x",{quoted}]}}"#),
        8 => format!(r#"{{"body":"{{\"k\":\"{secret}\"}}"}}"#),
        9 => format!(r##"{{"hash":"https://example.com/#code={encoded}"}}"##),
        10 => format!(r#"{{"label":"({secret})"}}"#),
        _ => format!(r#"{{"$el_text":"Copy {secret}"}}"#),
    }
}

#[test]
fn of_two_thousand_planted_secrets_at_least_99_percent_are_stopped() {
    const PLANTED: usize = 2_000;
    let classifier = Classifier::new(ClassOverrides::default());
    let mut dice = Dice(7);
    let mut missed = vec![];
    for _ in 0..PLANTED {
        let secret = secret(&mut dice);
        let event = with(&secret, &mut dice);
        let mut properties = properties(&event);
        classifier.sweep(&mut properties, &mut vec![]);
        if json(&properties).contains(&secret) {
            missed.push(event);
        }
    }
    assert!(
        missed.len() * 100 <= PLANTED,
        "{} missed, such as {:#?}",
        missed.len(),
        &missed[..missed.len().min(12)]
    );
}

/// An event as a product sends it, with nothing personal outside of the identity step's own fields.
fn ordinary(dice: &mut Dice) -> String {
    let uuid = dice.uuid();
    let order = match dice.roll(4) {
        0 => dice.uuid(),
        1 => format!("ORD-2026-{}", dice.digits(8)),
        2 => format!("pi_3{}", dice.string(BASE62, 23)),
        _ => dice.digits(12),
    };
    let page = dice.pick(&[
        "https://www.example.com/pricing",
        "https://shop.example.com/women/dresses/summer-dress-blue?color=blue&size=m&sort=price",
        "https://example.com/blog/2026/11/ten-ways-to-ship-faster.html#comments",
        "https://app.example.com/projects/overview?tab=activity&page=3",
        "https://example.com/?utm_source=google&utm_medium=cpc&utm_campaign=black_friday_2026&utm_content=banner-2",
        "https://docs.example.com/api/v2/events",
        "http://localhost:3000/checkout/step-2",
    ]);
    let referrer = dice.pick(&[
        "$direct",
        "https://www.google.com/",
        "https://t.co/",
        "https://www.facebook.com/",
        "https://news.ycombinator.com/item",
        "android-app://com.google.android.gm/",
        "https://duckduckgo.com/?t=h",
    ]);
    let agent = dice.pick(&[
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        "okhttp/4.12.0",
        "python-requests/2.31.0",
    ]);
    let product = dice.pick(&[
        "Trail Runner 2.0 (Blue/White)",
        "USB-C Cable, 2 m",
        "Basic T-Shirt",
        "Enterprise Annual Plan",
        "Noise-Cancelling Headphones WH-1000XM5",
        "Crème brûlée set",
        "Gift Card $50",
        "ThinkPad X1 Carbon Gen 11",
        "The Great Gatsby",
        "LEGO 42143",
    ]);
    let button = dice.pick(&[
        "Sign Up",
        "Start free trial",
        "Add to cart",
        "Read More",
        "Get Started Now",
        "Save & Continue",
        "Log in with Google",
        "Buy now, pay later",
        "Next >",
        "50% off",
        "Contact Sales",
        "Learn More",
    ]);
    let error = dice.pick(&[
        "TypeError: Cannot read properties of undefined (reading 'map')",
        "NetworkError: timeout after 30000ms",
        "HTTP 404: Not Found",
        "Error 1045: access denied",
        "java.lang.NullPointerException at com.example.app.MainActivity.onCreate(MainActivity.kt:42)",
        "assertion failed: left == right",
        "Uncaught (in promise) ChunkLoadError: Loading chunk 42 failed.",
    ]);
    let plan = dice.pick(&["free", "Pro", "Team (annual)", "Enterprise", "starter-2024", "growth_v2"]);
    let experiment = dice.pick(&[
        "checkout-redesign-v2",
        "Pricing Page Test",
        "onboarding_flow_2026_q4",
        "New Homepage Hero",
    ]);
    let version = format!("{}.{}.{}", dice.roll(20), dice.roll(30), dice.roll(400));
    let build = format!("{version}.{}", dice.roll(4000));
    let seconds = 1_700_000_000 + dice.roll(90_000_000);
    format!(
        r##"{{"distinct_id":"u{seconds}@example.com","$device_id":"{uuid}","$insert_id":"{insert}","time":{seconds},"$os":"Mac OS X","$browser":"Chrome","$browser_version":{major},
        "$current_url":"{page}","$referrer":"{referrer}","$initial_referrer":"$direct","$screen_height":1080,"mp_lib":"web","$lib_version":"{version}","$app_version_string":"{build}",
        "$city":"{city}","$region":"{region}","mp_country_code":"BD","user_agent":"{agent}","order_id":"{order}","session_id":"{session}","trace_id":"{trace}","product_name":"{product}",
        "price":{price},"currency":"USD","total":"{price} USD","quantity":{quantity},"plan":"{plan}","Experiment name":"{experiment}","Variant name":"Variant {variant}","button_text":"{button}",
        "error_message":"{error}","duration_ms":{millis},"created_at":"2026-11-{day:02}T10:{minute:02}:00.000Z","timestamp":{seconds}000,"date":"2026-11-{day:02}","screen":"{screen}",
        "is_trial":true,"tags":["{plan}","new"],"items":[{{"id":"SKU-{sku}","name":"{product}","price":{price}}}],"resolution":"1920x1080","locale":"en-US","timezone":"Asia/Dhaka",
        "feature_flags":{{"new-nav":true,"checkout":"v{variant}"}},"commit":"{commit}","score":{score},"progress":"{quantity}/10","ratio":"16:9","element":"div.btn.btn-primary#submit",
        "company":"{company}","industry":"Health Care","team_size":"11-50","query_time":"12.5 ms","barcode":"5901234{sku}","count":{seconds},"size":"{quantity} GB","$mp_replay_id":"{uuid}",
        "utm_campaign":"black_friday_2026","$el_classes":["btn","btn-primary","mt-4"],"$el_tag_name":"BUTTON","locale_date":"11/{day:02}/2026 10:{minute:02} AM","range":"2026-11-01 - 2026-11-{day:02}"}}"##,
        insert = dice.string("abcdefghijklmnopqrstuvwxyz0123456789", 16),
        major = 100 + dice.roll(40),
        city = dice.pick(&[
            "Dhaka",
            "São Paulo",
            "New York",
            "Cluj-Napoca",
            "San Francisco",
            "القاهرة",
            "Jakarta",
            "St. Louis"
        ]),
        region = dice.pick(&["Dhaka Division", "California", "Île-de-France", "North Rhine-Westphalia"]),
        session = dice.uuid(),
        trace = dice.string(HEX, 32),
        price = format_args!("{}.{:02}", dice.roll(2000), dice.roll(100)),
        quantity = 1 + dice.roll(9),
        variant = 1 + dice.roll(3),
        millis = dice.roll(100_000),
        day = 1 + dice.roll(28),
        minute = dice.roll(60),
        screen = dice.pick(&[
            "HomeScreen",
            "Product Detail",
            "CheckoutViewController",
            "settings/notifications",
            "com.example.app.MainActivity"
        ]),
        sku = 100_000 + dice.roll(800_000),
        commit = dice.string(HEX, 40),
        score = format_args!("0.{}", dice.digits(15)),
        company = dice.pick(&[
            "Acme Corp",
            "Grameen Foods Ltd.",
            "Nile Logistics",
            "Example GmbH & Co. KG",
            "PT Nusantara Jaya"
        ]),
    )
}

#[test]
fn of_ordinary_events_at_most_one_in_a_thousand_is_touched() {
    const EVENTS: usize = 3_000;
    let classifier = Classifier::new(ClassOverrides::default());
    let mut dice = Dice(11);
    let mut touched = vec![];
    for _ in 0..EVENTS {
        let mut properties = properties(&ordinary(&mut dice));
        let mut found = vec![];
        classifier.sweep(&mut properties, &mut found);
        if let Some(finding) = found.first() {
            touched.push(format!(
                "{finding:?} was {:?}",
                finding.value.as_ref().map(|value| value.expose().clone())
            ));
        }
    }
    assert!(
        touched.len() * 1_000 <= EVENTS,
        "{} touched, such as {:#?}",
        touched.len(),
        &touched[..touched.len().min(12)]
    );
}
