//! Walks the properties of an event, names and nested values included.

use super::glance::Glance;
use super::memo;
use super::name::{self, Hints, Promise};
use super::text::{self, Taken};
use super::{Classifier, Finding, shape, url};
use domain::event::Properties;
use domain::schema::{DataKind, Sensitivity};
use domain::{PropertyName, PropertyValue};
use std::fmt::Write;
use vault::Clear;

/// How deep JSON inside of strings inside of JSON is followed.
const DEEPEST: usize = 6;
/// Fewest digits of a plain number that is checked for being a card's.
const CARD_NUMBERS: u64 = 100_000_000_000_000;

/// Whose properties they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Person,
    Group,
}

/// What to do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Treatment {
    /// Another step's.
    Leave,
    /// Reserved by name.
    Take(DataKind),
    /// An operator said so: all of it, whatever it is.
    TakeAll {
        kind: DataKind,
        destroy: bool,
    },
    /// An operator made it readable: only secrets go.
    SecretsOnly,
    Url,
    Scan(Hints),
}

pub(super) struct Sweeper<'a> {
    classifier: &'a Classifier,
    found: &'a mut Vec<Finding>,
    path: String,
    depth: usize,
}

impl<'a> Sweeper<'a> {
    pub(super) fn new(classifier: &'a Classifier, found: &'a mut Vec<Finding>) -> Self {
        Self { classifier, found, path: String::new(), depth: 0 }
    }

    pub(super) fn properties(mut self, properties: &mut Properties, owner: Owner) {
        self.object(properties, None, None, owner);
    }

    pub(super) fn single(mut self, name: Option<&str>, text: &str) -> Option<String> {
        let treatment = match name {
            Some(name) => {
                let clean_name = self.clean_name(name);
                self.path.push_str(clean_name.as_deref().unwrap_or(name));
                self.treatment(name, None, Owner::Person)
            }
            None => Treatment::Scan(Hints::NONE),
        };
        // An id column of a lookup table holds ids that the identity step does not see.
        let treatment = if treatment == Treatment::Leave { Treatment::Take(DataKind::Id) } else { treatment };
        self.string(text, treatment)
    }

    /// Sweeps an object. `inherited` is the treatment of the object as a whole where that binds what
    /// is in it.
    fn object(
        &mut self,
        properties: &mut Properties,
        parent: Option<&str>,
        inherited: Option<Treatment>,
        owner: Owner,
    ) {
        let mut renamed = false;
        for (name, value) in properties.iter_mut() {
            let clean_name = if self.knows(name, parent) { None } else { self.clean_name(name.as_str()) };
            if let Some(clean_name) = clean_name {
                *name = PropertyName::from(clean_name.as_str());
                renamed = true;
            }
            let own = self.treatment(name.as_str(), parent, owner);
            let treatment = combine(inherited, own, name.as_str());
            let mark = self.path.len();
            if mark > 0 {
                self.path.push('.');
            }
            self.path.push_str(name.as_str());
            self.value(value, name, treatment);
            self.path.truncate(mark);
        }
        if renamed {
            number_repeated(properties);
        }
    }

    /// Whether this name was seen before, and holds nothing itself.
    fn knows(&self, name: &PropertyName, parent: Option<&str>) -> bool {
        parent.is_none() && self.classifier.names.get(name.as_str()).is_some()
    }

    /// What to call a property whose name holds something personal.
    fn clean_name(&mut self, name: &str) -> Option<String> {
        let mut taken = vec![];
        let clean = text::clean(name, Hints::NONE, &mut taken)?;
        let mark = self.path.len();
        if mark > 0 {
            self.path.push('.');
        }
        self.path.push_str(&clean);
        self.record(taken, false);
        self.path.truncate(mark);
        Some(clean)
    }

    fn treatment(&self, name: &str, parent: Option<&str>, owner: Owner) -> Treatment {
        let promise = match parent {
            Some(_) => name::promise(name, parent),
            None => self.classifier.names.get(name).unwrap_or_else(|| {
                let promise = name::promise(name, None);
                if text::clean(name, Hints::NONE, &mut vec![]).is_none() {
                    self.classifier.names.remember(name, promise);
                }
                promise
            }),
        };
        if parent.is_none()
            && promise != Promise::Identity
            && let Some(class) = self.classifier.overrides.get(name)
        {
            return overridden(class, promise);
        }
        match promise {
            Promise::Identity => Treatment::Leave,
            Promise::Reserved(DataKind::Name)
                if owner == Owner::Group && matches!(name, "$name" | "name") =>
            {
                Treatment::Scan(Hints::NONE)
            }
            Promise::Reserved(kind) => Treatment::Take(kind),
            Promise::Url => Treatment::Url,
            Promise::Nothing(hints) => Treatment::Scan(hints),
        }
    }

    fn value(&mut self, value: &mut PropertyValue, name: &PropertyName, treatment: Treatment) {
        match value {
            PropertyValue::Null | PropertyValue::Bool(_) => {}
            PropertyValue::Int(number) => {
                let number = *number;
                if let Some(placeholder) = self.number(&number, number.unsigned_abs(), treatment) {
                    *value = placeholder;
                }
            }
            PropertyValue::Float(number) => {
                let number = *number;
                // A whole number that came as a fraction (`4111111111111111.0`) is looked at as one.
                let whole = number.abs() < 9e18 && number.fract() == 0.0;
                let magnitude = if whole { number.abs() as u64 } else { 0 };
                if let Some(placeholder) = self.number(&number, magnitude, treatment) {
                    *value = placeholder;
                }
            }
            PropertyValue::String(text) => {
                if let Some(clean) = self.string(text, treatment) {
                    *text = clean.into_boxed_str();
                }
            }
            PropertyValue::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let mark = self.path.len();
                    let _ = write!(self.path, "[{index}]");
                    self.value(item, name, treatment);
                    self.path.truncate(mark);
                }
            }
            PropertyValue::Object(properties) => {
                if treatment != Treatment::Leave {
                    self.object(properties, Some(name.as_str()), Some(treatment), Owner::Person);
                }
            }
        }
    }

    fn number(
        &mut self,
        number: &dyn std::fmt::Display,
        magnitude: u64,
        treatment: Treatment,
    ) -> Option<PropertyValue> {
        let (kind, destroy) = match treatment {
            Treatment::Leave | Treatment::Url => return None,
            Treatment::TakeAll { kind, destroy } => (kind, destroy),
            Treatment::Take(kind) if is_numeric(kind, magnitude) => {
                (kind, kind.sensitivity() == Sensitivity::Secret)
            }
            Treatment::Take(_) | Treatment::Scan(_) | Treatment::SecretsOnly => {
                let card = magnitude >= CARD_NUMBERS && shape::is_card_number(&magnitude.to_string());
                if !card {
                    return None;
                }
                (DataKind::Card, true)
            }
        };
        Some(PropertyValue::String(self.take(kind, &number.to_string(), destroy).into_boxed_str()))
    }

    /// What to keep instead of a text; `None`: the text itself.
    fn string(&mut self, text: &str, treatment: Treatment) -> Option<String> {
        // Deeper down JSON in strings is followed less far, so that only the top can be relied on.
        let may_repeat = self.depth == 0
            && matches!(treatment, Treatment::Url | Treatment::Scan(_) | Treatment::SecretsOnly);
        if may_repeat && memo::is_known_clean(text, treatment) {
            return None;
        }
        let clean = self.looked_through(text, treatment);
        if may_repeat && clean.is_none() {
            memo::remember_clean(text, treatment);
        }
        clean
    }

    fn looked_through(&mut self, text: &str, treatment: Treatment) -> Option<String> {
        if text.is_empty() || DataKind::from_placeholder(text).is_some() {
            return None;
        }
        let mut taken = vec![];
        let clean = match treatment {
            Treatment::Leave => return None,
            Treatment::TakeAll { kind, destroy } => return Some(self.take(kind, text, destroy)),
            Treatment::Take(kind) => {
                if says_nothing(text) {
                    return None;
                }
                if let Some(clean) = self.json(text, treatment) {
                    return Some(clean);
                }
                if holds(kind, text) {
                    return Some(self.take(kind, text, kind.sensitivity() == Sensitivity::Secret));
                }
                text::clean(text, Hints::NONE, &mut taken)
            }
            Treatment::SecretsOnly => text::destroy_secrets(text, &mut taken),
            Treatment::Url if url::is_url(text) || url::may_be_part(text) => url::clean(text, &mut taken),
            Treatment::Scan(hints) if hints.has(Hints::BARE_ID) && shape::is_uuid(text) => {
                return Some(self.take(DataKind::Id, text, false));
            }
            Treatment::Url | Treatment::Scan(_) => {
                let hints = if let Treatment::Scan(hints) = treatment { hints } else { Hints::NONE };
                if Glance::of(text).is_clean() {
                    return None;
                }
                if let Some(clean) = self.json(text, treatment) {
                    return Some(clean);
                }
                if url::is_url(text) {
                    url::clean(text, &mut taken)
                } else {
                    text::clean(text, hints, &mut taken)
                }
            }
        };
        let clean = clean?;
        let whole = DataKind::from_placeholder(&clean).is_some();
        self.record(taken, whole);
        Some(clean)
    }

    /// JSON that came as a string is swept as what it is. `None`: it is none, or it may stay.
    fn json(&mut self, text: &str, treatment: Treatment) -> Option<String> {
        let begins = text.trim_start().starts_with(['{', '[']);
        if !begins || self.depth >= DEEPEST {
            return None;
        }
        let mut value: PropertyValue = serde_json::from_str(text).ok()?;
        let before = self.found.len();
        self.depth += 1;
        self.value(&mut value, &PropertyName::from(""), treatment);
        self.depth -= 1;
        if self.found.len() == before { None } else { serde_json::to_string(&value).ok() }
    }

    fn take(&mut self, kind: DataKind, value: &str, destroy: bool) -> String {
        let value = (!destroy).then(|| Clear::new(value.to_owned()));
        self.found.push(Finding { path: self.path.clone(), kind, value, whole: true });
        kind.placeholder().to_string()
    }

    fn record(&mut self, taken: Taken, whole: bool) {
        let whole = whole && taken.len() == 1;
        for (kind, value) in taken {
            let value = Clear::new(value);
            let value = (kind.sensitivity() != Sensitivity::Secret).then_some(value);
            self.found.push(Finding { path: self.path.clone(), kind, value, whole });
        }
    }
}

fn overridden(class: Sensitivity, promise: Promise) -> Treatment {
    let kind = match promise {
        Promise::Reserved(kind) => Some(kind),
        _ => None,
    };
    match class {
        // A secret by name stays one: an operator's slip must not make passwords readable.
        _ if kind.is_some_and(|kind| kind.sensitivity() == Sensitivity::Secret) => {
            Treatment::Take(kind.unwrap_or(DataKind::Token))
        }
        Sensitivity::Plain | Sensitivity::Coarse => Treatment::SecretsOnly,
        Sensitivity::Personal => Treatment::TakeAll { kind: kind.unwrap_or(DataKind::Other), destroy: false },
        Sensitivity::Identifier => Treatment::TakeAll { kind: kind.unwrap_or(DataKind::Id), destroy: false },
        Sensitivity::Secret => Treatment::TakeAll { kind: kind.unwrap_or(DataKind::Token), destroy: true },
    }
}

/// What holds for a value inside of an object: what the object's name says, or its own.
fn combine(inherited: Option<Treatment>, own: Treatment, name: &str) -> Treatment {
    match inherited {
        Some(Treatment::TakeAll { .. } | Treatment::SecretsOnly | Treatment::Leave) => {
            inherited.unwrap_or(own)
        }
        // `user: {plan: …}` and `owner: {team: …}`: an object about a person has plain sides. An
        // object about an e-mail or an address has only where and what kind.
        Some(Treatment::Take(kind)) if !matches!(kind, DataKind::Id | DataKind::Name) => match own {
            Treatment::Scan(_) if !is_coarse(name) => Treatment::Take(kind),
            _ => own,
        },
        _ => own,
    }
}

pub(super) fn is_coarse(name: &str) -> bool {
    matches!(
        name::words(name).concat().as_str(),
        "city"
            | "country"
            | "countrycode"
            | "region"
            | "state"
            | "province"
            | "county"
            | "continent"
            | "type"
            | "label"
            | "verified"
            | "status"
            | "primary"
            | "brand"
            | "kind"
            | "default"
            | "currency"
    )
}

/// Two names that became the same: the later ones are numbered, a name stands once.
fn number_repeated(properties: &mut Properties) {
    for at in 1..properties.len() {
        let taken = |name: &str, properties: &Properties| {
            properties[..at].iter().any(|(other, _)| other.as_str() == name)
        };
        if taken(properties[at].0.as_str(), properties) {
            let name = properties[at].0.clone();
            let free =
                (2_u32..).map(|number| format!("{name} {number}")).find(|name| !taken(name, properties));
            if let Some(free) = free {
                properties[at].0 = PropertyName::from(free);
            }
        }
    }
}

/// Kinds that come as plain numbers. A count of tokens is no token, the name of a level no name.
fn is_numeric(kind: DataKind, magnitude: u64) -> bool {
    match kind {
        DataKind::Phone => magnitude >= 10_000,
        DataKind::Card => magnitude >= 10_000_000,
        DataKind::Id
        | DataKind::NationalId
        | DataKind::Password
        | DataKind::Address
        | DataKind::BirthDate
        | DataKind::Iban => true,
        DataKind::Email
        | DataKind::Name
        | DataKind::Ip
        | DataKind::ApiKey
        | DataKind::Jwt
        | DataKind::Token
        | DataKind::Other => false,
    }
}

/// Whether a text under a reserved name can be what the name says: `mobile: iPhone` and
/// `card: visa` are not.
fn holds(kind: DataKind, text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    match kind {
        DataKind::Phone => digits >= 5,
        DataKind::Card => digits >= 8,
        _ => text.parse::<domain::Pseudonym>().is_err(),
    }
}

/// Values that mean that there is none.
fn says_nothing(text: &str) -> bool {
    const NONE: [&str; 16] = [
        "true",
        "false",
        "yes",
        "no",
        "null",
        "none",
        "nil",
        "n/a",
        "na",
        "undefined",
        "unknown",
        "$direct",
        "-",
        "on",
        "off",
        "(not set)",
    ];
    text.len() <= 9 && NONE.iter().any(|none| text.eq_ignore_ascii_case(none))
}
