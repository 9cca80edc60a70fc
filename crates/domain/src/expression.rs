//! Mixpanel's expression language, which `where` and `on` are written in, as a closed parser.
//!
//! Text is parsed once, at the edge, into an [`Expression`]: what parses can be evaluated over any
//! [`PropertySource`] and never fails or panics; a value that makes no sense is `undefined`.
//! Written out again an expression parses to the same expression, so it travels and is kept as text.
//!
//! | precedence, loosest first | |
//! |---|---|
//! | `or` | `undefined` counts as false |
//! | `and` | the same |
//! | `not` | `not undefined` is true |
//! | `==` `!=` `<` `<=` `>` `>=` `in` | equality across types is false, order across types undefined |
//! | `+` `-` | `+` also joins two strings |
//! | `*` `/` `%` | division by zero is undefined, a remainder has the sign of the dividend |
//! | unary `-` | |
//! | `properties["x"]` `user["x"]` `event["x"]`, literals, `[lists]`, `function(…)`, `(…)` | |

mod display;
mod eval;
mod lexer;
mod parser;
mod rewrite;
#[cfg(test)]
mod tests;
mod value;

pub use eval::PropertySource;
pub(crate) use parser::parse_letters;
pub use parser::{ExpressionError, Problem, parse, parse_on};
pub use rewrite::UsedProperties;
pub use value::ExprValue;

use crate::PropertyName;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest expression in bytes. Longer ones are lists of ids, for which there are cohorts.
pub const MAX_LENGTH: usize = 16 * 1024;

/// Greatest height of an expression's tree: it bounds the recursion of every function here.
pub const MAX_DEPTH: usize = 128;

/// A parsed expression. Number literals are finite and not negative: `-1` is the negation of `1`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Text(Box<str>),
    Number(f64),
    Boolean(bool),
    Null,
    Undefined,
    List(Vec<Expression>),
    Property(PropertyScope, PropertyName),
    Unary(UnaryOperator, Box<Expression>),
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    Call(Function, Box<Expression>),
}

/// Whose property is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyScope {
    /// `properties["x"]`: of the row that is asked about, an event or in a profile query a profile.
    Row,
    /// `event["x"]`: of the event.
    Event,
    /// `user["x"]`: of the profile of the person who did it.
    User,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    Not,
    Negate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    Floor,
    Round,
    Ceil,
    Boolean,
    Number,
    String,
    Defined,
    /// A point in time, of an ISO text (UTC where it names no offset) or of Unix seconds or milliseconds.
    DateTime,
}

impl Function {
    pub const ALL: [Self; 8] = [
        Self::Floor,
        Self::Round,
        Self::Ceil,
        Self::Boolean,
        Self::Number,
        Self::String,
        Self::Defined,
        Self::DateTime,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Round => "round",
            Self::Ceil => "ceil",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Defined => "defined",
            Self::DateTime => "datetime",
        }
    }
}

impl BinaryOperator {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// Binds tighter the higher it is.
    const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::In => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Remainder => 6,
        }
    }
}

impl UnaryOperator {
    const fn precedence(self) -> u8 {
        match self {
            Self::Not => 3,
            Self::Negate => 7,
        }
    }
}

/// Of anything that is not an operator.
const PRIMARY: u8 = 8;

impl Expression {
    /// `properties["name"]`
    pub fn property(name: impl Into<PropertyName>) -> Self {
        Self::Property(PropertyScope::Row, name.into())
    }

    /// `left and right`
    pub fn and(self, right: Self) -> Self {
        Self::Binary(BinaryOperator::And, Box::new(self), Box::new(right))
    }

    /// The property that this is, if it is nothing but a property.
    pub fn as_property(&self) -> Option<(PropertyScope, &PropertyName)> {
        match self {
            Self::Property(scope, name) => Some((*scope, name)),
            _ => None,
        }
    }

    fn precedence(&self) -> u8 {
        match self {
            Self::Unary(operator, _) => operator.precedence(),
            Self::Binary(operator, ..) => operator.precedence(),
            _ => PRIMARY,
        }
    }

    /// Height of the tree.
    fn depth(&self) -> usize {
        1 + match self {
            Self::List(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Unary(_, operand) | Self::Call(_, operand) => operand.depth(),
            Self::Binary(_, left, right) => left.depth().max(right.depth()),
            _ => 0,
        }
    }
}

impl std::str::FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse(&text).map_err(serde::de::Error::custom)
    }
}
