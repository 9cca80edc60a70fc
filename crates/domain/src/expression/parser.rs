//! Tokens to an expression, by precedence climbing.

use super::lexer::{Token, tokens};
use super::{BinaryOperator, Expression, Function, MAX_DEPTH, MAX_LENGTH, PropertyScope, UnaryOperator};
use std::fmt;

/// Bounds the recursion of the parser: each level of the tree may come with a pair of parentheses.
const MAX_NESTING: usize = 2 * MAX_DEPTH + 1;

/// What is wrong, and where. Never repeats a part of the expression, which may hold an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {problem}")]
pub struct ExpressionError {
    /// 1-based, in characters.
    pub position: usize,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    TooLong,
    TooDeep,
    SingleEquals,
    UnknownCharacter,
    UnknownWord,
    BadNumber,
    OpenText,
    BadEscape,
    PropertyName,
    Expected { wanted: &'static str, found: &'static str },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "an expression has at most {MAX_LENGTH} bytes"),
            Self::TooDeep => {
                write!(f, "nested deeper than {MAX_DEPTH} levels; write a list of values as `x in [a, b]`")
            }
            Self::SingleEquals => f.write_str("equality is written `==`"),
            Self::UnknownCharacter => f.write_str("unknown character; texts are put in double quotes"),
            Self::UnknownWord => {
                f.write_str("unknown word; known are properties[\"x\"], user[\"x\"], event[\"x\"], and, or, not, in, true, false, null, undefined")?;
                Function::ALL.iter().try_for_each(|function| write!(f, ", {}()", function.as_str()))
            }
            Self::BadNumber => f.write_str("not a number; write it like 12 or 0.5"),
            Self::OpenText => f.write_str("the text that begins here has no closing quote"),
            Self::BadEscape => {
                f.write_str("the text that begins here has an unknown escape; use \\\" \\\\ \\n \\t \\u0000")
            }
            Self::PropertyName => f.write_str("a property is written as properties[\"its name\"]"),
            Self::Expected { wanted, found } => write!(f, "expected {wanted}, found {found}"),
        }
    }
}

/// Parses an expression.
pub fn parse(text: &str) -> Result<Expression, ExpressionError> {
    parse_tokens(tokens(text)?)
}

fn parse_tokens(tokens: Vec<(usize, Token)>) -> Result<Expression, ExpressionError> {
    let mut parser = Parser { tokens, at: 0, nesting: 0 };
    let expression = parser.binary(1)?;
    if *parser.token() != Token::End {
        return Err(parser.expected("an operator or the end"));
    }
    if expression.depth() > MAX_DEPTH {
        return Err(ExpressionError { position: 1, problem: Problem::TooDeep });
    }
    Ok(expression)
}

/// Parses what a breakdown is by: an expression, or the bare name of a property such as `$browser`.
pub fn parse_on(text: &str) -> Result<Expression, ExpressionError> {
    let bare = !text.is_empty() && !text.contains(['"', '\'', '[', ']', '(', ')', '=', '<', '>']);
    match parse(text) {
        Ok(expression) => Ok(expression),
        Err(ExpressionError { problem: Problem::TooLong, position }) => {
            Err(ExpressionError { position, problem: Problem::TooLong })
        }
        Err(_) if bare => Ok(Expression::property(text)),
        Err(error) => Err(error),
    }
}

/// Parses arithmetic in which single capital letters stand for properties of that name.
pub(crate) fn parse_letters(text: &str) -> Result<Expression, ExpressionError> {
    parse_tokens(
        tokens(text)?
            .into_iter()
            .flat_map(|(position, token)| match &token {
                Token::Word(word) if matches!(word.as_bytes(), [b'A'..=b'Z']) => vec![
                    (position, Token::Word("properties".to_owned())),
                    (position, Token::OpenBracket),
                    (position, Token::Text(word.clone())),
                    (position, Token::CloseBracket),
                ],
                _ => vec![(position, token)],
            })
            .collect(),
    )
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    nesting: usize,
}

impl Parser {
    fn token(&self) -> &Token {
        &self.tokens[self.at].1
    }

    /// Moves on, except from `End`.
    fn next(&mut self) -> Token {
        let token = self.token().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn error(&self, problem: Problem) -> ExpressionError {
        ExpressionError { position: self.tokens[self.at].0, problem }
    }

    fn expected(&self, wanted: &'static str) -> ExpressionError {
        self.error(Problem::Expected { wanted, found: self.token().kind() })
    }

    fn take(&mut self, wanted: Token, name: &'static str) -> Result<(), ExpressionError> {
        if *self.token() != wanted {
            return Err(self.expected(name));
        }
        self.next();
        Ok(())
    }

    fn word(&self, wanted: &str) -> bool {
        matches!(self.token(), Token::Word(word) if word == wanted)
    }

    fn operator(&self) -> Option<BinaryOperator> {
        match self.token() {
            Token::Operator(operator) => Some(*operator),
            Token::Word(word) => match word.as_str() {
                "or" => Some(BinaryOperator::Or),
                "and" => Some(BinaryOperator::And),
                "in" => Some(BinaryOperator::In),
                _ => None,
            },
            _ => None,
        }
    }

    /// Operators that bind at least as tight as `least`; equals associate to the left.
    fn binary(&mut self, least: u8) -> Result<Expression, ExpressionError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error(Problem::TooDeep));
        }
        let mut left = self.unary(least)?;
        let mut height = 0;
        while let Some(operator) = self.operator().filter(|operator| operator.precedence() >= least) {
            height += 1;
            if height > MAX_DEPTH {
                return Err(self.error(Problem::TooDeep));
            }
            self.next();
            let right = self.binary(operator.precedence() + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn unary(&mut self, least: u8) -> Result<Expression, ExpressionError> {
        let operator = if self.word("not") && UnaryOperator::Not.precedence() >= least {
            UnaryOperator::Not
        } else if *self.token() == Token::Operator(BinaryOperator::Subtract) {
            UnaryOperator::Negate
        } else {
            return self.primary();
        };
        self.next();
        Ok(Expression::Unary(operator, Box::new(self.binary(operator.precedence())?)))
    }

    fn primary(&mut self) -> Result<Expression, ExpressionError> {
        const VALUE: &str = "a value such as properties[\"x\"]";
        match self.token().clone() {
            Token::Text(text) => {
                self.next();
                Ok(Expression::Text(text.into()))
            }
            Token::Number(number) => {
                self.next();
                Ok(Expression::Number(number))
            }
            Token::OpenParenthesis => {
                self.next();
                let inner = self.binary(1)?;
                self.take(Token::CloseParenthesis, "`)`")?;
                Ok(inner)
            }
            Token::OpenBracket => self.list(),
            Token::Word(word) => match word.as_str() {
                "properties" => self.property(PropertyScope::Row),
                "user" => self.property(PropertyScope::User),
                "event" => self.property(PropertyScope::Event),
                "true" | "false" => {
                    self.next();
                    Ok(Expression::Boolean(word == "true"))
                }
                "null" => {
                    self.next();
                    Ok(Expression::Null)
                }
                "undefined" => {
                    self.next();
                    Ok(Expression::Undefined)
                }
                "and" | "or" | "in" | "not" => Err(self.expected(VALUE)),
                name => match Function::ALL.into_iter().find(|function| function.as_str() == name) {
                    Some(function) => self.call(function),
                    None => Err(self.error(Problem::UnknownWord)),
                },
            },
            _ => Err(self.expected(VALUE)),
        }
    }

    fn property(&mut self, scope: PropertyScope) -> Result<Expression, ExpressionError> {
        self.next();
        self.take(Token::OpenBracket, "`[` and the name of a property in quotes")?;
        let Token::Text(name) = self.token().clone() else { return Err(self.error(Problem::PropertyName)) };
        self.next();
        self.take(Token::CloseBracket, "`]`")?;
        Ok(Expression::Property(scope, name.into()))
    }

    fn call(&mut self, function: Function) -> Result<Expression, ExpressionError> {
        self.next();
        self.take(Token::OpenParenthesis, "`(`")?;
        let operand = self.binary(1)?;
        self.take(Token::CloseParenthesis, "`)`")?;
        Ok(Expression::Call(function, Box::new(operand)))
    }

    fn list(&mut self) -> Result<Expression, ExpressionError> {
        self.next();
        let mut items = Vec::new();
        while *self.token() != Token::CloseBracket {
            if !items.is_empty() {
                self.take(Token::Comma, "`,` or `]`")?;
            }
            items.push(self.binary(1)?);
        }
        self.next();
        Ok(Expression::List(items))
    }
}
