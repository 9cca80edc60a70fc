//! One property of the rows of a block.
//!
//! A property has no declared type: the same name may hold text in one event and a number in the
//! next. Each kind has its own array; a row is non-null in one of them at most.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray};
use arrow_schema::ArrowError;
use arrow_select::filter::FilterPredicate;

/// Text with each distinct value once: a breakdown can work on the codes.
pub(crate) type Strings = DictionaryArray<Int32Type>;

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// The event does not have the property.
    Missing,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'a str),
    /// A list or an object, as JSON text.
    Json(&'a str),
}

/// Values of one property. `Default` is a property that no row has.
#[derive(Clone, Debug, Default)]
pub struct PropertyColumn {
    pub(crate) strings: Option<Strings>,
    pub(crate) ints: Option<Int64Array>,
    pub(crate) floats: Option<Float64Array>,
    pub(crate) bools: Option<BooleanArray>,
    /// Lists, objects and `null`.
    pub(crate) json: Option<Strings>,
}

impl PropertyColumn {
    pub fn value(&self, row: usize) -> ValueRef<'_> {
        if let Some(text) = text_at(self.strings.as_ref(), row) {
            return ValueRef::Str(text);
        }
        if let Some(ints) = &self.ints
            && ints.is_valid(row)
        {
            return ValueRef::Int(ints.value(row));
        }
        if let Some(floats) = &self.floats
            && floats.is_valid(row)
        {
            return ValueRef::Float(floats.value(row));
        }
        if let Some(bools) = &self.bools
            && bools.is_valid(row)
        {
            return ValueRef::Bool(bools.value(row));
        }
        match text_at(self.json.as_ref(), row) {
            Some("null") => ValueRef::Null,
            Some(text) => ValueRef::Json(text),
            None => ValueRef::Missing,
        }
    }

    /// The value as a number, if it is one.
    pub fn number(&self, row: usize) -> Option<f64> {
        match self.value(row) {
            ValueRef::Int(value) => Some(value as f64),
            ValueRef::Float(value) => Some(value),
            _ => None,
        }
    }

    /// Fast path where every value of the block is text: distinct values, and per row the index
    /// of its value (null: the row has none).
    pub fn as_strings(&self) -> Option<(&StringArray, &Int32Array)> {
        if self.ints.is_some() || self.floats.is_some() || self.bools.is_some() || self.json.is_some() {
            return None;
        }
        let strings = self.strings.as_ref()?;
        Some((strings.values().as_string(), strings.keys()))
    }

    /// Fast path where every value of the block is a fraction (null: the row has none).
    pub fn as_floats(&self) -> Option<&Float64Array> {
        let only =
            self.strings.is_none() && self.ints.is_none() && self.bools.is_none() && self.json.is_none();
        if only { self.floats.as_ref() } else { None }
    }

    /// Fast path where every value of the block is a whole number (null: the row has none).
    pub fn as_ints(&self) -> Option<&Int64Array> {
        let only =
            self.strings.is_none() && self.floats.is_none() && self.bools.is_none() && self.json.is_none();
        if only { self.ints.as_ref() } else { None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.strings.is_none()
            && self.ints.is_none()
            && self.floats.is_none()
            && self.bools.is_none()
            && self.json.is_none()
    }

    pub(crate) fn filter(&self, predicate: &FilterPredicate) -> Result<Self, ArrowError> {
        Ok(Self {
            strings: filter_one(&self.strings, predicate, |a| a.as_dictionary().clone())?,
            ints: filter_one(&self.ints, predicate, |a| a.as_primitive().clone())?,
            floats: filter_one(&self.floats, predicate, |a| a.as_primitive().clone())?,
            bools: filter_one(&self.bools, predicate, |a| a.as_boolean().clone())?,
            json: filter_one(&self.json, predicate, |a| a.as_dictionary().clone())?,
        })
    }
}

fn text_at(strings: Option<&Strings>, row: usize) -> Option<&str> {
    let strings = strings?;
    if strings.keys().is_null(row) {
        return None;
    }
    let code = strings.keys().value(row) as usize;
    Some(strings.values().as_string::<i32>().value(code))
}

/// A kind that no row of the filtered block has is left out, so that the fast paths apply.
fn filter_one<A: Array>(
    array: &Option<A>,
    predicate: &FilterPredicate,
    back: impl Fn(&dyn Array) -> A,
) -> Result<Option<A>, ArrowError> {
    let Some(array) = array else { return Ok(None) };
    let filtered = predicate.filter(array)?;
    Ok((filtered.null_count() < filtered.len()).then(|| back(filtered.as_ref())))
}
