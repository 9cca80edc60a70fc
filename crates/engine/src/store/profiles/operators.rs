//! What each profile operator does (mixpanel-wire.md §3).

use super::Profile;
use domain::event::Properties;
use domain::profile::{ProfileOperator, ProfileUpdate};
use domain::{PropertyName, PropertyValue, Timestamp};

const LAST_SEEN: &str = "$last_seen";

/// Properties of a profile, as documented. Past it, only those that are there change.
const MAX_PROPERTIES: usize = 2_000;

/// Items that operators bring a list to. A profile is read and written whole, and whoever knows
/// the project's token can append: without a limit that would cost ever more.
const MAX_ITEMS: usize = 10_000;

/// The profile after an update: `Some(None)` if it is deleted, `None` if nothing changed.
pub(crate) fn fold(before: Option<&Profile>, update: &ProfileUpdate) -> Option<Option<Profile>> {
    let mut profile = before.cloned();
    let mut touched = false;
    for operator in &update.operators {
        if let ProfileOperator::Delete = operator {
            touched |= profile.take().is_some();
            continue;
        }
        if profile.is_none() {
            if !creates(operator) {
                continue;
            }
            profile = Some(Profile { subject: update.subject.clone(), properties: vec![], last_seen: None });
        }
        if let Some(profile) = &mut profile {
            apply(operator, &mut profile.properties);
            touched = true;
        }
    }
    if !touched {
        return None;
    }
    if let Some(profile) = &mut profile
        && !update.ignore_time
    {
        see(profile, update.time);
    }
    Some(profile)
}

/// `$remove`, `$unset` and `$delete` of a profile that is not there make none.
fn creates(operator: &ProfileOperator) -> bool {
    !matches!(operator, ProfileOperator::Remove(_) | ProfileOperator::Unset(_) | ProfileOperator::Delete)
}

fn apply(operator: &ProfileOperator, properties: &mut Properties) {
    match operator {
        ProfileOperator::Set(values) => {
            for (name, value) in values {
                set(properties, name, value.clone());
            }
        }
        ProfileOperator::SetOnce(values) => {
            for (name, value) in values {
                if find(properties, name).is_none() {
                    insert(properties, name, value.clone());
                }
            }
        }
        ProfileOperator::Add(values) => {
            for (name, value) in values {
                add(properties, name, value);
            }
        }
        ProfileOperator::Append(values) => {
            for (name, value) in values {
                let mut items = take_list(properties, name);
                add_item(&mut items, value);
                set(properties, name, PropertyValue::List(items));
            }
        }
        ProfileOperator::Union(values) => {
            for (name, value) in values {
                let wanted = match value {
                    PropertyValue::List(values) => &values[..],
                    single => std::slice::from_ref(single),
                };
                let mut items = take_list(properties, name);
                for value in wanted {
                    if !items.iter().any(|other| same(other, value)) {
                        add_item(&mut items, value);
                    }
                }
                set(properties, name, PropertyValue::List(items));
            }
        }
        ProfileOperator::Remove(values) => {
            for (name, value) in values {
                if let Some(PropertyValue::List(list)) = find(properties, name) {
                    list.retain(|other| !same(other, value));
                }
            }
        }
        ProfileOperator::Unset(names) => properties.retain(|(name, _)| !names.contains(name)),
        // Ends the profile: done by the caller.
        ProfileOperator::Delete => {}
    }
}

fn find<'a>(properties: &'a mut Properties, name: &PropertyName) -> Option<&'a mut PropertyValue> {
    properties.iter_mut().find(|(other, _)| other == name).map(|(_, value)| value)
}

fn set(properties: &mut Properties, name: &PropertyName, value: PropertyValue) {
    match find(properties, name) {
        Some(old) => *old = value,
        None => insert(properties, name, value),
    }
}

/// Adds a property, if there is room.
fn insert(properties: &mut Properties, name: &PropertyName, value: PropertyValue) {
    if properties.len() < MAX_PROPERTIES {
        properties.push((name.clone(), value));
    } else {
        tracing::warn!(limit = MAX_PROPERTIES, "a profile has no room for another property");
    }
}

/// Adds to a number or to nothing; anything else stays as it is.
fn add(properties: &mut Properties, name: &PropertyName, value: &PropertyValue) {
    let Some(old) = find(properties, name) else {
        if let PropertyValue::Int(_) | PropertyValue::Float(_) = value {
            insert(properties, name, value.clone());
        }
        return;
    };
    let sum = match (&*old, value) {
        (PropertyValue::Int(a), PropertyValue::Int(b)) => match a.checked_add(*b) {
            Some(sum) => PropertyValue::Int(sum),
            None => PropertyValue::Float(*a as f64 + *b as f64),
        },
        (PropertyValue::Int(a), PropertyValue::Float(b)) => PropertyValue::Float(*a as f64 + b),
        (PropertyValue::Float(a), PropertyValue::Int(b)) => PropertyValue::Float(a + *b as f64),
        (PropertyValue::Float(a), PropertyValue::Float(b)) => PropertyValue::Float(a + b),
        _ => return,
    };
    // A sum beyond the largest number is not JSON.
    if !matches!(sum, PropertyValue::Float(sum) if !sum.is_finite()) {
        *old = sum;
    }
}

/// The items under a name, taken out: none if there is nothing, a single value as one.
fn take_list(properties: &mut Properties, name: &PropertyName) -> Vec<PropertyValue> {
    match find(properties, name).map(|value| std::mem::replace(value, PropertyValue::Null)) {
        None => vec![],
        Some(PropertyValue::List(items)) => items,
        Some(single) => vec![single],
    }
}

/// Adds an item, if there is room.
fn add_item(items: &mut Vec<PropertyValue>, value: &PropertyValue) {
    if items.len() < MAX_ITEMS {
        items.push(value.clone());
    } else {
        tracing::warn!(limit = MAX_ITEMS, "a list of a profile has no room for another item");
    }
}

/// Equal as JSON: 1 and 1.0 are one number.
fn same(a: &PropertyValue, b: &PropertyValue) -> bool {
    match (a, b) {
        (PropertyValue::Int(a), PropertyValue::Float(b))
        | (PropertyValue::Float(b), PropertyValue::Int(a)) => *a as f64 == *b,
        (PropertyValue::List(a), PropertyValue::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => a == b,
    }
}

/// The latest time counts, whatever the order of arrival.
fn see(profile: &mut Profile, time: Timestamp) {
    if profile.last_seen.is_some_and(|seen| seen > time) {
        return;
    }
    let Ok(instant) = jiff::Timestamp::from_second(time.seconds()) else { return };
    profile.last_seen = Some(time);
    let text = instant.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    set(&mut profile.properties, &PropertyName::from(LAST_SEEN), PropertyValue::String(text.into()));
}

#[cfg(test)]
mod tests;
