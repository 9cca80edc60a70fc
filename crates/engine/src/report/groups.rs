//! Which segments each row belongs to.

use super::ReportError;
use super::filter::only_property;
use super::number::Ranges;
use super::row::{Field, OneValue, RowReader, column_of, list, value};
use crate::store::{Block, ValueRef};
use arrow_array::Array;
use arrow_buffer::BooleanBuffer;
use domain::expression::{ExprValue, Expression, PropertyScope};
use domain::report::NOT_SET;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Texts numbered in the order of first sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    pub(super) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The number here of each text of another.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.texts.iter().map(|text| self.number(text)).collect()
    }
}

/// For each row the numbers of what it belongs to; none, one or several.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    /// Where the numbers of each row begin, and the end of the last.
    offsets: Vec<u32>,
    numbers: Vec<u32>,
}

impl Numbered {
    fn with_capacity(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, numbers: Vec::with_capacity(rows) }
    }

    fn end_row(&mut self) {
        self.offsets.push(self.numbers.len() as u32);
    }

    pub(super) fn of(&self, row: usize) -> &[u32] {
        &self.numbers[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }
}

/// How a value becomes the name of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Naming {
    /// As it is written; what is not set under [`NOT_SET`].
    Values,
    /// As it is written; what is not set is left out.
    SetValues,
    /// By the range of numbers that it lies in; what is no number is left out.
    Ranges(Ranges),
}

/// One breakdown and the values it has met.
#[derive(Clone, Debug)]
pub(super) struct Split {
    by: Expression,
    naming: Naming,
    with_profile: bool,
    pub(super) names: Interner,
}

impl Split {
    pub(super) fn new(by: Expression, naming: Naming) -> Self {
        let with_profile = !by.properties().user.is_empty();
        Self { by, naming, with_profile, names: Interner::default() }
    }

    /// For the rows that are wanted; the others have none.
    pub(super) fn number_rows(
        &mut self,
        block: &Block,
        wanted: &BooleanBuffer,
        reader: &mut RowReader<'_>,
    ) -> Result<Numbered, ReportError> {
        if let Some(name) = only_property(&self.by) {
            return Ok(self.by_property(block, wanted, &name));
        }
        if let Some((PropertyScope::Row | PropertyScope::Event, name)) = self.by.as_property()
            && Field::named(name.as_str()) == Some(Field::EventName)
        {
            return self.by_event(block, wanted, reader);
        }
        let mut numbered = Numbered::with_capacity(block.len());
        for row in 0..block.len() {
            if wanted.value(row) {
                let row = reader.row(block, row, self.with_profile)?;
                let found = self.by.eval(&row).into_owned();
                self.push(&found, &mut numbered.numbers);
            }
            numbered.end_row();
        }
        Ok(numbered)
    }

    fn by_event(
        &mut self,
        block: &Block,
        wanted: &BooleanBuffer,
        reader: &mut RowReader<'_>,
    ) -> Result<Numbered, ReportError> {
        let mut known: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut numbered = Numbered::with_capacity(block.len());
        for (row, event) in block.events().iter().enumerate() {
            if !wanted.value(row) {
                numbered.end_row();
                continue;
            }
            if !known.contains_key(event) {
                let found = self.by.eval(&reader.row(block, row, false)?).into_owned();
                let mut numbers = Vec::new();
                self.push(&found, &mut numbers);
                known.insert(*event, numbers);
            }
            numbered.numbers.extend_from_slice(&known[event]);
            numbered.end_row();
        }
        Ok(numbered)
    }

    /// The expression reads nothing but this property.
    fn by_property(&mut self, block: &Block, wanted: &BooleanBuffer, name: &str) -> Numbered {
        let bare = self.by.as_property().is_some();
        let mut missing = Vec::new();
        self.push_of(ExprValue::Undefined, &mut missing);
        let mut numbered = Numbered::with_capacity(block.len());
        let Some(column) = column_of(block, name) else {
            for row in 0..block.len() {
                if wanted.value(row) {
                    numbered.numbers.extend_from_slice(&missing);
                }
                numbered.end_row();
            }
            return numbered;
        };
        if let Some((values, codes)) = column.as_strings() {
            let mut known: Vec<Option<Vec<u32>>> = vec![None; values.len()];
            for row in 0..block.len() {
                if !wanted.value(row) {
                    numbered.end_row();
                    continue;
                }
                if codes.is_null(row) {
                    numbered.numbers.extend_from_slice(&missing);
                } else {
                    let code = codes.value(row) as usize;
                    let numbers = known[code].get_or_insert_with(|| {
                        let mut numbers = Vec::new();
                        self.push_of(ExprValue::text(values.value(code)), &mut numbers);
                        numbers
                    });
                    numbered.numbers.extend_from_slice(numbers);
                }
                numbered.end_row();
            }
            return numbered;
        }
        for row in 0..block.len() {
            if !wanted.value(row) {
                numbered.end_row();
                continue;
            }
            match column.value(row) {
                ValueRef::Missing => numbered.numbers.extend_from_slice(&missing),
                // Past 2^53 a whole number is not what it is as a number of the language.
                ValueRef::Int(whole) if bare && !matches!(self.naming, Naming::Ranges(_)) => {
                    numbered.numbers.push(self.names.number(&whole.to_string()));
                }
                found => self.push_of(value(found), &mut numbered.numbers),
            }
            numbered.end_row();
        }
        numbered
    }

    /// The numbers of what the expression comes to for this value of its property.
    fn push_of(&mut self, property: ExprValue<'_>, numbers: &mut Vec<u32>) {
        let found = self.by.eval(&OneValue(property)).into_owned();
        self.push(&found, numbers);
    }

    /// The number of the value, or of each different item of a list.
    fn push(&mut self, found: &ExprValue<'_>, numbers: &mut Vec<u32>) {
        match found {
            ExprValue::List(items) if !items.is_empty() => {
                let start = numbers.len();
                for item in items {
                    if let Some(number) = self.number(item)
                        && !numbers[start..].contains(&number)
                    {
                        numbers.push(number);
                    }
                }
            }
            ExprValue::List(_) => numbers.extend(self.number(&ExprValue::Undefined)),
            single => numbers.extend(self.number(single)),
        }
    }

    fn number(&mut self, single: &ExprValue<'_>) -> Option<u32> {
        match self.naming {
            Naming::Values => {
                let text = single.to_text();
                Some(self.names.number(text.as_deref().unwrap_or(NOT_SET)))
            }
            Naming::SetValues => single.to_text().map(|text| self.names.number(&text)),
            Naming::Ranges(ranges) => match single {
                ExprValue::Number(number) => {
                    let name = ranges.name(ranges.index(*number));
                    Some(self.names.number(&name))
                }
                _ => None,
            },
        }
    }
}

/// Calls back with each number that the expression comes to, and the row.
pub(super) fn numbers_of(
    by: &Expression,
    block: &Block,
    rows: &[u32],
    reader: &mut RowReader<'_>,
    mut found: impl FnMut(usize, f64),
) -> Result<(), ReportError> {
    let mut each = |row: usize, value: &ExprValue<'_>| match value {
        ExprValue::Number(number) => found(row, *number),
        ExprValue::List(items) => items.iter().for_each(|item| {
            if let ExprValue::Number(number) = item {
                found(row, *number);
            }
        }),
        _ => {}
    };
    let rows = rows.iter().map(|row| *row as usize);
    let Some(name) = only_property(by) else {
        let with_profile = !by.properties().user.is_empty();
        for row in rows {
            each(row, &by.eval(&reader.row(block, row, with_profile)?));
        }
        return Ok(());
    };
    let bare = by.as_property().is_some();
    match column_of(block, &name) {
        None if bare => {}
        None => {
            let missing = by.eval(&OneValue(ExprValue::Undefined)).into_owned();
            rows.for_each(|row| each(row, &missing));
        }
        Some(column) if bare => {
            for row in rows {
                match column.value(row) {
                    ValueRef::Int(whole) => each(row, &ExprValue::Number(whole as f64)),
                    ValueRef::Float(number) => each(row, &ExprValue::number(number)),
                    ValueRef::Json(json) => {
                        if let Some(items) = list(json) {
                            each(row, &items);
                        }
                    }
                    _ => {}
                }
            }
        }
        Some(column) => {
            for row in rows {
                each(row, &by.eval(&OneValue(value(column.value(row)))));
            }
        }
    }
    Ok(())
}

/// All breakdowns together: a segment is a value of each.
#[derive(Clone, Debug)]
pub(super) struct Grouper {
    splits: Vec<Split>,
    numbers: FxHashMap<Box<[u32]>, u32>,
    segments: Vec<Box<[u32]>>,
}

impl Grouper {
    pub(super) fn new(splits: Vec<Split>) -> Self {
        Self { splits, numbers: FxHashMap::default(), segments: vec![] }
    }

    pub(super) fn is_needed(&self) -> bool {
        !self.splits.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    pub(super) fn names(&self, segment: usize) -> Vec<String> {
        let values = self.segments[segment].iter().zip(&self.splits);
        values.map(|(number, split)| split.names.text(*number).to_owned()).collect()
    }

    fn segment(&mut self, values: &[u32]) -> u32 {
        if let Some(number) = self.numbers.get(values) {
            return *number;
        }
        let number = self.segments.len() as u32;
        self.numbers.insert(values.into(), number);
        self.segments.push(values.into());
        number
    }

    pub(super) fn group_rows(
        &mut self,
        block: &Block,
        wanted: &BooleanBuffer,
        reader: &mut RowReader<'_>,
    ) -> Result<Numbered, ReportError> {
        let mut columns = Vec::with_capacity(self.splits.len());
        for split in &mut self.splits {
            columns.push(split.number_rows(block, wanted, reader)?);
        }
        if columns.len() == 1 {
            let mut grouped = columns.swap_remove(0);
            let mut known: Vec<u32> = vec![u32::MAX; self.splits[0].names.len()];
            for number in &mut grouped.numbers {
                let slot = &mut known[*number as usize];
                if *slot == u32::MAX {
                    *slot = self.segment(&[*number]);
                }
                *number = *slot;
            }
            return Ok(grouped);
        }
        let mut grouped = Numbered::with_capacity(block.len());
        let mut values = vec![0; columns.len()];
        for row in 0..block.len() {
            self.cross(&columns, row, 0, &mut values, &mut grouped.numbers);
            grouped.end_row();
        }
        Ok(grouped)
    }

    /// Each combination of the row's values.
    fn cross(&mut self, columns: &[Numbered], row: usize, at: usize, values: &mut [u32], out: &mut Vec<u32>) {
        let Some(column) = columns.get(at) else {
            let number = self.segment(values);
            out.push(number);
            return;
        };
        for number in column.of(row) {
            values[at] = *number;
            self.cross(columns, row, at + 1, values, out);
        }
    }

    /// The number here of each segment of another.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let values: Vec<Vec<u32>> = self
            .splits
            .iter_mut()
            .zip(&other.splits)
            .map(|(own, other)| own.names.absorb(&other.names))
            .collect();
        let mut numbers = Vec::with_capacity(other.segments.len());
        for segment in &other.segments {
            let renumbered: Vec<u32> =
                segment.iter().zip(&values).map(|(number, values)| values[*number as usize]).collect();
            numbers.push(self.segment(&renumbered));
        }
        numbers
    }
}
