//! What a field is, once all that happened to it is applied in order of arrival
//! (mixpanel-wire.md §3).

use crate::SealedOperation;
use serde_json::{Number, Value};

/// Applies one operator to a field's value; `None` is an absent field.
pub(crate) fn apply(old: Option<Value>, operation: SealedOperation, operand: Value) -> Option<Value> {
    match operation {
        SealedOperation::Set => Some(operand),
        SealedOperation::SetOnce => Some(old.unwrap_or(operand)),
        SealedOperation::Add => add(old, &operand),
        SealedOperation::Append => {
            let mut list = as_list(old);
            list.push(operand);
            Some(Value::Array(list))
        }
        SealedOperation::Union => {
            let mut list = as_list(old);
            for item in as_list(Some(operand)) {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
            Some(Value::Array(list))
        }
        SealedOperation::Remove => match old {
            Some(Value::Array(mut list)) => {
                list.retain(|item| *item != operand);
                Some(Value::Array(list))
            }
            other => other,
        },
        SealedOperation::Unset | SealedOperation::Delete => None,
        SealedOperation::Observe => old,
    }
}

/// Browser and Node wrap scalars before they send them; a scalar that was set becomes a list too.
fn as_list(value: Option<Value>) -> Vec<Value> {
    match value {
        None => vec![],
        Some(Value::Array(list)) => list,
        Some(scalar) => vec![scalar],
    }
}

/// An absent value counts as 0; what is not a number stays as it is.
fn add(old: Option<Value>, operand: &Value) -> Option<Value> {
    let Value::Number(operand) = operand else { return old };
    match old {
        None => Some(Value::Number(operand.clone())),
        Some(Value::Number(old)) => Some(Value::Number(sum(&old, operand).unwrap_or(old))),
        other => other,
    }
}

/// Whole numbers stay whole as long as they fit. `None`: the sum is not a finite number.
fn sum(a: &Number, b: &Number) -> Option<Number> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) if a.checked_add(b).is_some() => a.checked_add(b).map(Number::from),
        _ => Number::from_f64(a.as_f64()? + b.as_f64()?),
    }
}

#[cfg(test)]
mod tests;
