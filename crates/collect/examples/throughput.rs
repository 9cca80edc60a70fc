//! How long one core takes from the bytes of a batch to what goes into the log.
//!
//! `cargo run --release -p bulkhead-collect --example throughput`
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use collect::classify::{ClassOverrides, Classifier};
use collect::enrich::Enricher;
use collect::pipeline::{Pipeline, PrivacyPolicy, ProjectContext};
use collect::wire::{self, Endpoint, Incoming, Limits};
use domain::identity::IdentityMode;
use domain::{ProjectId, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault::{ProjectSealer, PseudonymKey, SeededEntropy, VaultPrivateKey};

const EVENTS: usize = 2000;
const ROUNDS: usize = 50;
const NOW: Timestamp = Timestamp::from_seconds(1_785_585_600);

fn batch(round: usize) -> String {
    let events: Vec<String> = (0..EVENTS)
        .map(|at| {
            let user = (round * EVENTS + at) % 5000;
            let time = NOW.seconds() - at as i64;
            format!(
                r#"{{"event":"Item {}","properties":{{"time":{time},"distinct_id":"user-{user}","$device_id":"d-{user}","$insert_id":"r{round}e{at}","$browser":"Chrome","$browser_version":139,"$os":"Windows","$current_url":"https://shop.example/items/{at}?utm_source=news","$referrer":"https://www.google.com/","$screen_height":1080,"$screen_width":1920,"mp_lib":"web","price":{at}.5,"currency":"EUR","category":"chairs","in_stock":true,"company":"Acme Ltd"}}}}"#,
                at % 20,
            )
        })
        .collect();
    format!("[{}]", events.join(","))
}

fn main() {
    let entropy = Arc::new(SeededEntropy::new(1));
    let vault = VaultPrivateKey::generate(&*entropy).public();
    let key = PseudonymKey::from_bytes([7; 32]);
    let sealer = ProjectSealer::new(ProjectId(1), vault, &key, [], entropy.clone());
    let classifier = Classifier::new(ClassOverrides::default());
    let pipeline = Pipeline::new(Arc::new(Enricher::built_in()), entropy);
    let project = ProjectContext {
        project: ProjectId(1),
        identity_mode: IdentityMode::Simplified,
        sealer: &sealer,
        classifier: &classifier,
        policy: PrivacyPolicy::default(),
    };
    let decode = |body: &String| {
        let incoming = Incoming {
            endpoint: Endpoint::Import,
            query: Some("strict=1"),
            content_type: None,
            user_agent: None,
            do_not_track: false,
            global_privacy_control: false,
            body: body.as_bytes(),
            address: None,
            now: NOW,
        };
        wire::decode(&incoming, Limits::default()).expect("a good batch").whole()
    };

    let (mut decoding, mut processing) = (Duration::ZERO, Duration::ZERO);
    for body in (0..ROUNDS).map(batch) {
        let started = Instant::now();
        let (head, share) = decode(&body);
        decoding += started.elapsed();
        let started = Instant::now();
        let processed = pipeline.run(&head, share, &project);
        processing += started.elapsed();
        assert_eq!(processed.batch.events.len(), EVENTS);
    }
    for (name, spent) in [("decode", decoding), ("pipeline", processing)] {
        println!("{name:8} {:6.2} µs per event", spent.as_secs_f64() * 1e6 / (EVENTS * ROUNDS) as f64);
    }
}
