//! A collector for one project whose token is `T`, at a time that stands still.

use collect::classify::{ClassOverrides, Classifier};
use collect::enrich::Enricher;
use collect::outcome::{self, Outcome};
use collect::pipeline::{Counts, Pipeline, PrivacyPolicy, Processed, ProjectContext};
use collect::wire::{self, Endpoint, Incoming, Limits, Reply};
use domain::event::Properties;
use domain::identity::IdentityMode;
use domain::{Batch, Event, ProjectId, PropertyValue, Pseudonym, Timestamp};
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use vault::{OpenedRecord, ProjectSealer, PseudonymKey, RecordOpener, SeededEntropy, VaultPrivateKey};

/// 2026-08-01T12:00:00Z
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_785_585_600);
pub(crate) const NOW_S: i64 = NOW.seconds();
pub(crate) const TOKEN: &str = "T";

/// Unpacked once for all tests.
static ENRICHER: LazyLock<Arc<Enricher>> = LazyLock::new(|| Arc::new(Enricher::built_in()));

pub(crate) struct Collector {
    pub(crate) mode: IdentityMode,
    pub(crate) policy: PrivacyPolicy,
    pub(crate) address: Option<&'static str>,
    pub(crate) user_agent: Option<&'static str>,
    pub(crate) do_not_track: bool,
    pub(crate) global_privacy_control: bool,
    pipeline: Pipeline,
    classifier: Classifier,
    sealer: ProjectSealer,
    vault: VaultPrivateKey,
}

/// What came of one request.
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) batch: Batch,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) counts: Counts,
    pub(crate) examples: Vec<outcome::DroppedExample>,
}

impl Collector {
    pub(crate) fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let vault = VaultPrivateKey::generate(&*entropy);
        let key = PseudonymKey::from_bytes([7; 32]);
        Self {
            mode: IdentityMode::Simplified,
            policy: PrivacyPolicy::default(),
            address: None,
            user_agent: None,
            do_not_track: false,
            global_privacy_control: false,
            pipeline: Pipeline::new(ENRICHER.clone(), entropy.clone()),
            classifier: Classifier::new(ClassOverrides::default()),
            sealer: ProjectSealer::new(ProjectId(1), vault.public(), &key, [], entropy),
            vault,
        }
    }

    pub(crate) fn original() -> Self {
        Self { mode: IdentityMode::Original, ..Self::new() }
    }

    pub(crate) fn who(&self, id: &str) -> Pseudonym {
        self.sealer.pseudonym(id)
    }

    pub(crate) fn group(&self, key: &str, id: &str) -> Pseudonym {
        self.sealer.group_subject(key, id)
    }

    /// What the vault will read in the sealed part of a batch.
    pub(crate) fn open(&self, batch: &Batch) -> Vec<OpenedRecord> {
        let mut opener = RecordOpener::new(self.vault.clone());
        batch.sealed.iter().map(|record| opener.open(record).unwrap()).collect()
    }

    /// `path` with its query, as in a request line.
    pub(crate) fn send(&self, path: &str, body: &[u8]) -> Answer {
        self.send_as(path, None, body)
    }

    pub(crate) fn send_as(&self, path: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let endpoint = Endpoint::from_path(path).unwrap();
        let incoming = Incoming {
            endpoint,
            query,
            content_type,
            user_agent: self.user_agent,
            do_not_track: self.do_not_track,
            global_privacy_control: self.global_privacy_control,
            body,
            address: self.address.map(|address| address.parse().unwrap()),
            now: NOW,
        };
        let request = match wire::decode(&incoming, Limits::default()) {
            Ok(request) => request,
            Err(refusal) => {
                return Answer {
                    reply: wire::refused(endpoint, &refusal),
                    batch: Batch::new(ProjectId(1), NOW),
                    outcomes: vec![],
                    counts: Counts::default(),
                    examples: vec![],
                };
            }
        };
        let count = request.records.len();
        let (head, shares) = if endpoint == Endpoint::Import {
            let (head, share) = request.whole();
            (head, vec![share])
        } else {
            request.by_token()
        };
        let mut numbered = Vec::new();
        let mut answer = Answer {
            reply: wire::reply(endpoint, &head.options, &[]),
            batch: Batch::new(ProjectId(1), NOW),
            outcomes: vec![],
            counts: Counts::default(),
            examples: vec![],
        };
        for share in shares {
            if endpoint == Endpoint::Import || share.token.as_deref() == Some(TOKEN) {
                let Processed { batch, outcomes, counts, examples } =
                    self.pipeline.run(&head, share, &self.context());
                numbered.extend(outcomes);
                answer.batch = batch;
                answer.counts = counts;
                answer.examples = examples;
            } else {
                numbered.extend(share.without_project());
            }
        }
        assert_eq!(numbered.len(), count, "one outcome per record");
        answer.outcomes = outcome::in_order(count, numbered);
        answer.reply = wire::reply(endpoint, &head.options, &answer.outcomes);
        answer
    }

    pub(crate) fn json(&self, path: &str, body: Value) -> Answer {
        self.send(path, body.to_string().as_bytes())
    }

    fn context(&self) -> ProjectContext<'_> {
        ProjectContext {
            project: ProjectId(1),
            identity_mode: self.mode,
            sealer: &self.sealer,
            classifier: &self.classifier,
            policy: self.policy,
        }
    }
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.reply.body).unwrap()
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.reply.body).unwrap()
    }

    pub(crate) fn event(&self) -> &Event {
        assert_eq!(self.batch.events.len(), 1, "reply: {}", self.text());
        &self.batch.events[0]
    }

    pub(crate) fn tags(&self) -> Vec<&'static str> {
        self.outcomes
            .iter()
            .map(|outcome| outcome.reason().map_or("accepted", |reason| reason.tag()))
            .collect()
    }
}

/// An event of user `u1` that has just happened.
pub(crate) fn event(name: &str, extra: Value) -> Value {
    let mut properties = serde_json::json!({ "token": TOKEN, "distinct_id": "u1", "time": NOW_S });
    properties.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    serde_json::json!({ "event": name, "properties": properties })
}

pub(crate) fn property<'a>(properties: &'a Properties, name: &str) -> Option<&'a PropertyValue> {
    properties.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value)
}

/// The properties as JSON, without what the server adds to every event.
pub(crate) fn clients_own(event: &Event) -> Value {
    const STAMPS: [&str; 4] =
        ["$mp_api_endpoint", "$mp_api_timestamp_ms", "mp_processing_time_ms", "$import"];
    let mut all = serde_json::to_value(PropertyValue::Object(event.properties.clone())).unwrap();
    all.as_object_mut().unwrap().retain(|name, _| !STAMPS.contains(&name.as_str()));
    all
}

pub(crate) fn text(text: &str) -> PropertyValue {
    PropertyValue::String(text.into())
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// As `encodeURIComponent` does.
pub(crate) fn escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// As the browser library's own encoder does: each half of a surrogate pair a sequence of its own.
pub(crate) fn cesu8(text: &str) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| match unit {
            0..0x80 => vec![unit as u8],
            0x80..0x800 => vec![0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8],
            _ => vec![0xe0 | (unit >> 12) as u8, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8],
        })
        .collect()
}
