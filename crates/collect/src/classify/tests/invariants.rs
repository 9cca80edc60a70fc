//! What holds for any input.

use super::{json, properties};
use crate::classify::{ClassOverrides, Classifier};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::PropertyValue;
use domain::event::Properties;
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "\\PC{0,20}",
        "[a-z0-9@%./?&=:+#\\[\\]{}\" -]{0,60}",
        "(https?://)?[a-z]{1,8}\\.(com|org)(/[a-zA-Z0-9%@._-]{0,12}){0,4}(\\?[a-z_]{1,8}=[a-zA-Z0-9%+@.]{0,12}(&[a-z]{1,4}=[a-z0-9%]{0,6}){0,2})?(#[a-z/=&]{0,9})?",
        "[0-9+() .-]{6,24}",
        "(name|email|password|is|to|at|phone|[A-Z][a-z]{2,6}|[=: ]|[0-9]{1,5}|[a-z]+@[a-z]+\\.com| ){1,12}",
    ]
}

fn value() -> impl Strategy<Value = PropertyValue> {
    let leaf = prop_oneof![
        Just(PropertyValue::Null),
        any::<bool>().prop_map(PropertyValue::Bool),
        any::<i64>().prop_map(PropertyValue::Int),
        (-1e18..1e18_f64).prop_map(PropertyValue::Float),
        text().prop_map(|text| PropertyValue::String(text.into_boxed_str())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(PropertyValue::List),
            object(inner).prop_map(PropertyValue::Object),
        ]
    })
}

fn object(value: impl Strategy<Value = PropertyValue>) -> impl Strategy<Value = Properties> {
    let name = prop_oneof![
        text(),
        "(user|plan|email|name|id|phone|\\$email|owner|url|\\$current_url|address|token|comment|title|count)(_[a-z]{1,4})?"
    ];
    prop::collection::vec((name, value), 0..5).prop_map(|entries| {
        let mut properties = Properties::new();
        for (name, value) in entries {
            if !properties.iter().any(|(other, _)| other.as_str() == name) {
                properties.push((name.as_str().into(), value));
            }
        }
        properties
    })
}

/// Ways in which a clear value is written into a text, and texts around it.
fn disguised(secret: &str, way: usize) -> String {
    match way % 8 {
        0 => secret.to_owned(),
        1 => format!("please write to {secret}, thanks"),
        2 => secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        3 => STANDARD.encode(secret),
        4 => secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        5 => format!(
            "https://example.com/x?a={}&b=1",
            secret.replace('@', "%40").replace('+', "%2B").replace(' ', "%20")
        ),
        6 => format!("{{\"deep\":[\"{secret}\"]}}"),
        _ => format!("<{secret}>"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn sweeping_never_panics_and_a_second_sweep_finds_nothing(mut properties in object(value())) {
        let classifier = Classifier::new(ClassOverrides::default());
        let names = properties.len();
        classifier.sweep(&mut properties, &mut vec![]);
        prop_assert_eq!(properties.len(), names);
        let once = json(&properties);
        let mut again = vec![];
        classifier.sweep(&mut properties, &mut again);
        prop_assert!(again.is_empty(), "{:?} in {}", again, once);
        prop_assert_eq!(json(&properties), once);
    }

    #[test]
    fn single_texts_come_to_rest(text in text()) {
        let classifier = Classifier::new(ClassOverrides::default());
        if let Some(clean) = classifier.sweep_text(None, &text, &mut vec![]) {
            let mut again = vec![];
            prop_assert_eq!(classifier.sweep_text(None, &clean, &mut again), None, "{:?} from {:?}", clean, text);
            prop_assert!(again.is_empty());
        }
    }

    #[test]
    fn what_is_planted_is_gone(
        local in "[a-z]{3,8}[.][a-z]{3,8}", digits in "[1-9][0-9]{9}", body in "[A-Za-z0-9]{24}", way in 0..8_usize, deep in 0..4_usize,
    ) {
        for secret in [format!("{local}@example.org"), format!("+44{digits}"), format!("ghp_{body}")] {
            let written = disguised(&secret, way);
            let mut value = serde_json::to_string(&written).expect("a string");
            for level in 0..deep {
                value = if level % 2 == 0 { format!("[1,{value}]") } else { format!("{{\"k\":{value}}}") };
            }
            let mut properties = properties(&format!("{{\"thing\":{value}}}"));
            let mut found = vec![];
            Classifier::new(ClassOverrides::default()).sweep(&mut properties, &mut found);
            let left = json(&properties);
            prop_assert!(!left.contains(&written) && !left.contains(&secret), "{} left in {}", secret, left);
            prop_assert_eq!(found.len(), 1, "{}: {}", written, left);
        }
    }
}
