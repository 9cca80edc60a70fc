//! What an expression can come to, and how values are cast and compared.

use super::PropertyScope;
use crate::PropertyValue;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A value of the language. Numbers are finite: what would not be is `Undefined`.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprValue<'a> {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<ExprValue<'a>>),
    /// Milliseconds since 1970. Comes from `datetime()` only.
    DateTime(i64),
}

/// A number at or above this in size is Unix time in milliseconds, below it in seconds (that is
/// 5138 in seconds and 1973 in milliseconds).
const FIRST_IN_MILLIS: f64 = 1e11;

impl<'a> ExprValue<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// `Undefined` unless it is finite.
    pub fn number(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Undefined }
    }

    /// Whether a row for which a filter comes to this is kept: `true` alone keeps it.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Boolean(true))
    }

    /// Whether anything is there: neither `undefined` nor `null`.
    pub fn is_defined(&self) -> bool {
        !matches!(self, Self::Undefined | Self::Null)
    }

    pub fn into_owned(self) -> ExprValue<'static> {
        match self {
            Self::Undefined => ExprValue::Undefined,
            Self::Null => ExprValue::Null,
            Self::Boolean(value) => ExprValue::Boolean(value),
            Self::Number(value) => ExprValue::Number(value),
            Self::Text(text) => ExprValue::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => ExprValue::List(items.into_iter().map(ExprValue::into_owned).collect()),
            Self::DateTime(millis) => ExprValue::DateTime(millis),
        }
    }

    /// `number()`
    pub fn to_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Boolean(value) => Some(f64::from(u8::from(*value))),
            Self::Text(text) => decimal(text),
            Self::DateTime(millis) => Some(*millis as f64 / 1000.0),
            Self::Undefined | Self::Null | Self::List(_) => None,
        }
    }

    /// `boolean()`: false are `false`, 0, the texts "" and "false", an empty list and what is not set.
    pub fn to_boolean(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Boolean(value) => *value,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty() && text != "false",
            Self::List(items) => !items.is_empty(),
            Self::DateTime(_) => true,
        }
    }

    /// `string()`: as it is written in a report. `None` for what is not set.
    pub fn to_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Undefined | Self::Null => return None,
            Self::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(items) => {
                let items: Vec<_> =
                    items.iter().map(|item| item.to_text().unwrap_or(Cow::Borrowed("null"))).collect();
                Cow::Owned(format!("[{}]", items.join(", ")))
            }
            Self::DateTime(millis) => match jiff::Timestamp::from_millisecond(*millis) {
                Ok(instant) => Cow::Owned(instant.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
                Err(_) => return None,
            },
        })
    }

    /// `datetime()`, in milliseconds.
    pub fn to_date_time(&self) -> Option<i64> {
        match self {
            Self::DateTime(millis) => Some(*millis),
            Self::Number(number) if number.abs() >= FIRST_IN_MILLIS => Some(*number as i64),
            Self::Number(number) => Some((number * 1000.0) as i64),
            Self::Text(text) => instant(text),
            _ => None,
        }
    }

    /// `==`: false across types, except that anything is compared with a point in time as one.
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DateTime(_), _) | (_, Self::DateTime(_)) => {
                self.to_date_time().is_some_and(|left| other.to_date_time() == Some(left))
            }
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.equals(right))
            }
            _ => self == other,
        }
    }

    /// Order within a type; `None` across types and where there is no order.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::DateTime(_), _) | (_, Self::DateTime(_)) => {
                Some(self.to_date_time()?.cmp(&other.to_date_time()?))
            }
            (Self::Number(left), Self::Number(right)) => left.partial_cmp(right),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Boolean(left), Self::Boolean(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }
}

fn decimal(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// An ISO date or date and time; UTC where it names no offset, as clients write dates (mixpanel-wire.md §3).
fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.as_millisecond());
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

impl<'a> From<&'a PropertyValue> for ExprValue<'a> {
    /// An object counts as its JSON text.
    fn from(value: &'a PropertyValue) -> Self {
        match value {
            PropertyValue::Null => Self::Null,
            PropertyValue::Bool(value) => Self::Boolean(*value),
            PropertyValue::Int(value) => Self::Number(*value as f64),
            PropertyValue::Float(value) => Self::number(*value),
            PropertyValue::String(text) => Self::Text(Cow::Borrowed(text)),
            PropertyValue::List(items) => Self::List(items.iter().map(Self::from).collect()),
            PropertyValue::Object(_) => match serde_json::to_string(value) {
                Ok(json) => Self::Text(Cow::Owned(json)),
                Err(_) => Self::Undefined,
            },
        }
    }
}

/// The properties of one row.
impl super::PropertySource for crate::event::Properties {
    fn property(&self, scope: PropertyScope, name: &str) -> ExprValue<'_> {
        match scope {
            PropertyScope::User => ExprValue::Undefined,
            PropertyScope::Row | PropertyScope::Event => self
                .iter()
                .find(|(found, _)| found.as_str() == name)
                .map_or(ExprValue::Undefined, |(_, value)| value.into()),
        }
    }
}
