//! What an expression reads, and texts in it replaced.

use super::{BinaryOperator, Expression, PropertyScope};
use crate::PropertyName;
use std::collections::BTreeSet;

/// Names of the properties that an expression reads, for reading no other column and for noticing
/// questions about personal ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsedProperties {
    /// `properties["x"]` and `event["x"]`.
    pub row: BTreeSet<PropertyName>,
    /// `user["x"]`.
    pub user: BTreeSet<PropertyName>,
}

impl UsedProperties {
    pub fn add(&mut self, expression: &Expression) {
        match expression {
            Expression::Property(PropertyScope::User, name) => {
                self.user.insert(name.clone());
            }
            Expression::Property(PropertyScope::Row | PropertyScope::Event, name) => {
                self.row.insert(name.clone());
            }
            Expression::List(items) => items.iter().for_each(|item| self.add(item)),
            Expression::Unary(_, operand) | Expression::Call(_, operand) => self.add(operand),
            Expression::Binary(_, left, right) => {
                self.add(left);
                self.add(right);
            }
            _ => {}
        }
    }
}

/// The property that a text is compared with, if it is compared with one.
type Compared<'a> = Option<(PropertyScope, &'a PropertyName)>;

impl Expression {
    pub fn properties(&self) -> UsedProperties {
        let mut used = UsedProperties::default();
        used.add(self);
        used
    }

    /// Replaces texts. `replace` is told the property that the text is compared with by `==`, `!=`,
    /// an order or `in`; `None` from it leaves the text as it is.
    ///
    /// With it the caller turns clear ids into pseudonyms before the question reaches the engine,
    /// and takes literals out of what the ledger records.
    #[must_use]
    pub fn map_texts(self, replace: &mut dyn FnMut(Compared<'_>, &str) -> Option<Box<str>>) -> Self {
        self.map_compared(None, replace)
    }

    fn map_compared(
        self,
        compared: Compared<'_>,
        replace: &mut dyn FnMut(Compared<'_>, &str) -> Option<Box<str>>,
    ) -> Self {
        match self {
            Self::Text(text) => Self::Text(replace(compared, &text).unwrap_or(text)),
            Self::List(items) => {
                Self::List(items.into_iter().map(|item| item.map_compared(compared, replace)).collect())
            }
            Self::Unary(operator, operand) => {
                Self::Unary(operator, Box::new(operand.map_compared(None, replace)))
            }
            Self::Call(function, operand) => {
                Self::Call(function, Box::new(operand.map_compared(compared, replace)))
            }
            Self::Binary(operator, left, right) => {
                let compares = operator.precedence() == BinaryOperator::Equal.precedence();
                let with_right = right.subject().filter(|_| compares);
                let with_left = left.subject().filter(|_| compares);
                Self::Binary(
                    operator,
                    Box::new(
                        left.map_compared(with_right.as_ref().map(|(scope, name)| (*scope, name)), replace),
                    ),
                    Box::new(
                        right.map_compared(with_left.as_ref().map(|(scope, name)| (*scope, name)), replace),
                    ),
                )
            }
            other => other,
        }
    }

    /// The property under any casts.
    fn subject(&self) -> Option<(PropertyScope, PropertyName)> {
        match self {
            Self::Property(scope, name) => Some((*scope, name.clone())),
            Self::Call(_, operand) => operand.subject(),
            _ => None,
        }
    }
}
