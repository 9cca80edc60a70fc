//! The value of an expression for one row.

use super::{BinaryOperator, ExprValue, Expression, Function, PropertyScope, UnaryOperator};
use std::cmp::Ordering;

/// Where the values of properties come from; what is not there is [`ExprValue::Undefined`].
pub trait PropertySource {
    fn property(&self, scope: PropertyScope, name: &str) -> ExprValue<'_>;
}

impl Expression {
    /// Never fails: what makes no sense is `undefined`.
    pub fn eval<'a, S: PropertySource>(&'a self, source: &'a S) -> ExprValue<'a> {
        match self {
            Self::Text(text) => ExprValue::text(&**text),
            Self::Number(number) => ExprValue::Number(*number),
            Self::Boolean(value) => ExprValue::Boolean(*value),
            Self::Null => ExprValue::Null,
            Self::Undefined => ExprValue::Undefined,
            Self::List(items) => ExprValue::List(items.iter().map(|item| item.eval(source)).collect()),
            Self::Property(scope, name) => source.property(*scope, name.as_str()),
            Self::Unary(operator, operand) => operator.apply(&operand.eval(source)),
            Self::Binary(BinaryOperator::And, left, right) => {
                ExprValue::Boolean(left.eval(source).is_true() && right.eval(source).is_true())
            }
            Self::Binary(BinaryOperator::Or, left, right) => {
                ExprValue::Boolean(left.eval(source).is_true() || right.eval(source).is_true())
            }
            Self::Binary(operator, left, right) => operator.apply(left.eval(source), right.eval(source)),
            Self::Call(function, operand) => function.apply(operand.eval(source)),
        }
    }
}

impl UnaryOperator {
    fn apply<'a>(self, operand: &ExprValue<'a>) -> ExprValue<'a> {
        match (self, operand) {
            (Self::Not, ExprValue::Boolean(value)) => ExprValue::Boolean(!value),
            (Self::Not, ExprValue::Undefined) => ExprValue::Boolean(true),
            (Self::Negate, ExprValue::Number(number)) => ExprValue::Number(-number),
            _ => ExprValue::Undefined,
        }
    }
}

impl BinaryOperator {
    fn apply<'a>(self, left: ExprValue<'a>, right: ExprValue<'a>) -> ExprValue<'a> {
        let ordered = |wanted: fn(Ordering) -> bool| {
            left.compare(&right).map_or(ExprValue::Undefined, |order| ExprValue::Boolean(wanted(order)))
        };
        match self {
            Self::Equal => ExprValue::Boolean(left.equals(&right)),
            Self::NotEqual => ExprValue::Boolean(!left.equals(&right)),
            Self::Less => ordered(Ordering::is_lt),
            Self::LessOrEqual => ordered(Ordering::is_le),
            Self::Greater => ordered(Ordering::is_gt),
            Self::GreaterOrEqual => ordered(Ordering::is_ge),
            Self::In => match (&left, &right) {
                (ExprValue::Text(part), ExprValue::Text(whole)) => {
                    ExprValue::Boolean(whole.contains(&**part))
                }
                (_, ExprValue::List(items)) => {
                    ExprValue::Boolean(items.iter().any(|item| item.equals(&left)))
                }
                _ => ExprValue::Undefined,
            },
            Self::Add => match (left, right) {
                (ExprValue::Text(left), ExprValue::Text(right)) => ExprValue::Text(left + right),
                (ExprValue::Number(left), ExprValue::Number(right)) => ExprValue::number(left + right),
                _ => ExprValue::Undefined,
            },
            Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder => match (left, right) {
                (ExprValue::Number(left), ExprValue::Number(right)) => ExprValue::number(match self {
                    Self::Subtract => left - right,
                    Self::Multiply => left * right,
                    Self::Divide => left / right,
                    _ => left % right,
                }),
                _ => ExprValue::Undefined,
            },
            Self::And => ExprValue::Boolean(left.is_true() && right.is_true()),
            Self::Or => ExprValue::Boolean(left.is_true() || right.is_true()),
        }
    }
}

impl Function {
    fn apply(self, operand: ExprValue<'_>) -> ExprValue<'_> {
        let rounded = |round: fn(f64) -> f64| match operand {
            ExprValue::Number(number) => ExprValue::Number(round(number)),
            _ => ExprValue::Undefined,
        };
        match self {
            Self::Floor => rounded(f64::floor),
            Self::Round => rounded(f64::round),
            Self::Ceil => rounded(f64::ceil),
            Self::Boolean => ExprValue::Boolean(operand.to_boolean()),
            Self::Number => operand.to_number().map_or(ExprValue::Undefined, ExprValue::Number),
            Self::String => match operand {
                unset @ (ExprValue::Undefined | ExprValue::Null | ExprValue::Text(_)) => unset,
                other => {
                    other.to_text().map_or(ExprValue::Undefined, |text| ExprValue::text(text.into_owned()))
                }
            },
            Self::Defined => ExprValue::Boolean(operand.is_defined()),
            Self::DateTime => operand.to_date_time().map_or(ExprValue::Undefined, ExprValue::DateTime),
        }
    }
}
