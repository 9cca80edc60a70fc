//! An expression as text that parses to the same expression.

use super::{Expression, PropertyScope, UnaryOperator};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => quoted(f, text),
            Self::Number(number) => {
                // `Debug` writes an exponent where `Display` would write hundreds of zeros.
                if number.fract() == 0.0 && *number < 1e15 {
                    write!(f, "{number}")
                } else {
                    write!(f, "{number:?}")
                }
            }
            Self::Boolean(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
            Self::Undefined => f.write_str("undefined"),
            Self::List(items) => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Property(scope, name) => {
                f.write_str(match scope {
                    PropertyScope::Row => "properties",
                    PropertyScope::Event => "event",
                    PropertyScope::User => "user",
                })?;
                f.write_char('[')?;
                quoted(f, name.as_str())?;
                f.write_char(']')
            }
            Self::Unary(operator, operand) => {
                f.write_str(match operator {
                    UnaryOperator::Not => "not ",
                    UnaryOperator::Negate => "-",
                })?;
                operand.fmt_at_least(operator.precedence(), f)
            }
            Self::Binary(operator, left, right) => {
                left.fmt_at_least(operator.precedence(), f)?;
                write!(f, " {} ", operator.as_str())?;
                right.fmt_at_least(operator.precedence() + 1, f)
            }
            Self::Call(function, operand) => write!(f, "{}({operand})", function.as_str()),
        }
    }
}

impl Expression {
    /// In parentheses unless it binds at least as tight as its place demands.
    fn fmt_at_least(&self, precedence: u8, f: &mut Formatter<'_>) -> fmt::Result {
        if self.precedence() >= precedence { self.fmt(f) } else { write!(f, "({self})") }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            control if control.is_control() && u32::from(control) < 0x10000 => {
                write!(f, "\\u{:04x}", u32::from(control))?;
            }
            plain => f.write_char(plain)?,
        }
    }
    f.write_char('"')
}
