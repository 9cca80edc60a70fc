mod invariants;
mod planted;
mod reserved;
mod sweep;
mod urls;

use super::{Classifier, Finding};
use domain::PropertyValue;
use domain::event::Properties;

/// Properties from JSON.
fn properties(json: &str) -> Properties {
    match serde_json::from_str(json).expect("JSON") {
        PropertyValue::Object(properties) => properties,
        other => panic!("no object: {other:?}"),
    }
}

fn json(properties: &Properties) -> String {
    serde_json::to_string(&PropertyValue::Object(properties.clone())).expect("JSON")
}

/// Path, kind, clear value (none if destroyed).
type Taken = (String, &'static str, Option<String>);

/// What is left of the properties, and what was taken: path, kind, clear value.
fn swept(json_text: &str) -> (String, Vec<Taken>) {
    swept_by(&Classifier::new(Default::default()), json_text)
}

fn swept_by(classifier: &Classifier, json_text: &str) -> (String, Vec<Taken>) {
    let mut properties = properties(json_text);
    let mut found = vec![];
    classifier.sweep(&mut properties, &mut found);
    let found = found.iter().map(|f| (f.path.clone(), f.kind.as_str(), clear(f))).collect();
    (json(&properties), found)
}

fn clear(finding: &Finding) -> Option<String> {
    finding.value.as_ref().map(|value| value.expose().clone())
}
