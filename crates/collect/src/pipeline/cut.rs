//! Cuts texts to the length that is kept. After the classifier, so that it saw the whole of them.

use crate::admit::limits::TEXT_UNITS;
use domain::event::Properties;
use domain::{PropertyName, PropertyValue};

/// The beginning of a text, at most 255 units of UTF-16 long; half a pair is left out.
pub(super) fn text(text: &str) -> &str {
    // No text has more units than bytes.
    if text.len() <= TEXT_UNITS {
        return text;
    }
    let mut units = 0;
    for (at, character) in text.char_indices() {
        units += character.len_utf16();
        if units > TEXT_UNITS {
            return &text[..at];
        }
    }
    text
}

pub(super) fn properties(properties: &mut Properties) {
    let mut renamed = false;
    for (name, value) in properties.iter_mut() {
        if let Some(cut) = property_name(name) {
            *name = cut;
            renamed = true;
        }
        self::value(value);
    }
    if renamed {
        let mut seen = std::collections::HashSet::new();
        properties.retain(|(name, _)| seen.insert(name.clone()));
    }
}

/// The cut name, if it has to be cut.
pub(super) fn property_name(name: &PropertyName) -> Option<PropertyName> {
    let cut = text(name.as_str());
    (cut.len() < name.as_str().len()).then(|| PropertyName::from(cut))
}

fn value(value: &mut PropertyValue) {
    match value {
        PropertyValue::String(whole) => {
            let cut = text(whole).len();
            if cut < whole.len() {
                *whole = whole[..cut].into();
            }
        }
        PropertyValue::List(items) => items.iter_mut().for_each(self::value),
        PropertyValue::Object(inner) => properties(inner),
        PropertyValue::Null | PropertyValue::Bool(_) | PropertyValue::Int(_) | PropertyValue::Float(_) => {}
    }
}
