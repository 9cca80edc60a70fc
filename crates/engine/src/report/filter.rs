//! Which rows of a block a filter keeps.
//!
//! `and`, `or` and `not` combine masks. An expression that reads one property is worked out once
//! for each distinct value of a dictionary; comparisons of a number column with a number run over
//! the column. Only what is left is evaluated row by row.

use super::row::{Field, OneValue, RowReader, column_of, value};
use crate::store::{Block, PropertyColumn, ReadError, ValueRef};
use arrow_array::Array;
use arrow_buffer::BooleanBuffer;
use domain::expression::{BinaryOperator, ExprValue, Expression, Function, PropertyScope, UnaryOperator};

/// Rows for which the expression is true.
pub(super) fn mask(
    expression: &Expression,
    block: &Block,
    reader: &mut RowReader<'_>,
) -> Result<BooleanBuffer, ReadError> {
    match expression {
        Expression::Boolean(true) => Ok(BooleanBuffer::new_set(block.len())),
        Expression::Boolean(false) => Ok(BooleanBuffer::new_unset(block.len())),
        Expression::Binary(BinaryOperator::And, left, right) => {
            let left = mask(left, block, reader)?;
            if left.count_set_bits() == 0 {
                return Ok(left);
            }
            Ok(&left & &mask(right, block, reader)?)
        }
        Expression::Binary(BinaryOperator::Or, left, right) => {
            Ok(&mask(left, block, reader)? | &mask(right, block, reader)?)
        }
        Expression::Unary(UnaryOperator::Not, inner) if is_boolean(inner) => {
            Ok(!&mask(inner, block, reader)?)
        }
        _ => match only_property(expression) {
            Some(name) => Ok(one_property(expression, column_of(block, &name), block.len())),
            None => by_row(expression, block, reader),
        },
    }
}

/// Whether it always comes to true or false, so that its mask can be turned round.
fn is_boolean(expression: &Expression) -> bool {
    match expression {
        Expression::Boolean(_) => true,
        Expression::Binary(operator, ..) => matches!(
            operator,
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Equal | BinaryOperator::NotEqual
        ),
        Expression::Unary(UnaryOperator::Not, inner) => is_boolean(inner),
        Expression::Call(function, _) => matches!(function, Function::Defined | Function::Boolean),
        _ => false,
    }
}

/// The single stored property that the expression reads, if it reads no other thing.
pub(super) fn only_property(expression: &Expression) -> Option<String> {
    let used = expression.properties();
    let mut names = used.row.iter();
    let name = names.next().filter(|_| names.next().is_none() && used.user.is_empty())?;
    Field::named(name.as_str()).is_none().then(|| name.as_str().to_owned())
}

fn by_row(
    expression: &Expression,
    block: &Block,
    reader: &mut RowReader<'_>,
) -> Result<BooleanBuffer, ReadError> {
    let with_profile = !expression.properties().user.is_empty();
    let mut kept = Vec::with_capacity(block.len());
    for row in 0..block.len() {
        let row = reader.row(block, row, with_profile)?;
        kept.push(expression.eval(&row).is_true());
    }
    Ok(BooleanBuffer::from(kept))
}

fn one_property(expression: &Expression, column: Option<&PropertyColumn>, rows: usize) -> BooleanBuffer {
    let keeps = |found: ExprValue<'_>| expression.eval(&OneValue(found)).is_true();
    let Some(column) = column else {
        let all = keeps(ExprValue::Undefined);
        return if all { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) };
    };
    if let Some((values, codes)) = column.as_strings() {
        // Worked out when first met: a block may use a small part of its dictionary.
        let mut known: Vec<Option<bool>> = vec![None; values.len()];
        let missing = keeps(ExprValue::Undefined);
        return BooleanBuffer::collect_bool(rows, |row| {
            if codes.is_null(row) {
                return missing;
            }
            let code = codes.value(row) as usize;
            *known[code].get_or_insert_with(|| keeps(ExprValue::text(values.value(code))))
        });
    }
    if let Some((operator, limit)) = number_comparison(expression) {
        let missing = keeps(ExprValue::Undefined);
        let holds = |number: f64| match operator {
            BinaryOperator::Less => number < limit,
            BinaryOperator::LessOrEqual => number <= limit,
            BinaryOperator::Greater => number > limit,
            BinaryOperator::GreaterOrEqual => number >= limit,
            BinaryOperator::Equal => number == limit,
            _ => number != limit,
        };
        if let Some(floats) = column.as_floats() {
            return BooleanBuffer::collect_bool(rows, |row| {
                if floats.is_null(row) { missing } else { holds(floats.value(row)) }
            });
        }
        if let Some(ints) = column.as_ints() {
            return BooleanBuffer::collect_bool(rows, |row| {
                if ints.is_null(row) { missing } else { holds(ints.value(row) as f64) }
            });
        }
    }
    let missing = keeps(ExprValue::Undefined);
    BooleanBuffer::collect_bool(rows, |row| match column.value(row) {
        ValueRef::Missing => missing,
        found => keeps(value(found)),
    })
}

/// `properties["x"] < 5`
fn number_comparison(expression: &Expression) -> Option<(BinaryOperator, f64)> {
    use BinaryOperator::*;
    let Expression::Binary(operator, left, right) = expression else { return None };
    let compares = matches!(operator, Less | LessOrEqual | Greater | GreaterOrEqual | Equal | NotEqual);
    let Expression::Property(PropertyScope::Row | PropertyScope::Event, _) = **left else { return None };
    let limit = match &**right {
        Expression::Number(number) => *number,
        Expression::Unary(UnaryOperator::Negate, inner) => match **inner {
            Expression::Number(number) => -number,
            _ => return None,
        },
        _ => return None,
    };
    compares.then_some((*operator, limit))
}
