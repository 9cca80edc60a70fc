//! Text to tokens. Each token remembers where it began, for errors.

use super::parser::{ExpressionError, Problem};
use super::{BinaryOperator, MAX_LENGTH};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Text(String),
    Number(f64),
    /// All operators that are not words; `-` may turn out to be the unary one.
    Operator(BinaryOperator),
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    End,
}

impl Token {
    /// What to call it in an error. Names the kind, never the content: a literal may be personal.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Word(_) => "a word",
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Operator(operator) => operator.as_str(),
            Self::OpenParenthesis => "`(`",
            Self::CloseParenthesis => "`)`",
            Self::OpenBracket => "`[`",
            Self::CloseBracket => "`]`",
            Self::Comma => "`,`",
            Self::End => "the end",
        }
    }
}

/// Tokens with the 1-based position, in characters, of their beginning. The last one is `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ExpressionError> {
    if text.len() > MAX_LENGTH {
        return Err(ExpressionError { position: 1, problem: Problem::TooLong });
    }
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let position = lexer.at + 1;
        let token = lexer.token().map_err(|problem| ExpressionError { position, problem })?;
        let done = token == Token::End;
        tokens.push((position, token));
        if done {
            return Ok(tokens);
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek();
        self.at += usize::from(found.is_some());
        found
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn token(&mut self) -> Result<Token, Problem> {
        use BinaryOperator::*;
        let Some(first) = self.next() else { return Ok(Token::End) };
        Ok(match first {
            '(' => Token::OpenParenthesis,
            ')' => Token::CloseParenthesis,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            ',' => Token::Comma,
            '+' => Token::Operator(Add),
            '-' => Token::Operator(Subtract),
            '*' => Token::Operator(Multiply),
            '/' => Token::Operator(Divide),
            '%' => Token::Operator(Remainder),
            '<' => Token::Operator(if self.take('=') { LessOrEqual } else { Less }),
            '>' => Token::Operator(if self.take('=') { GreaterOrEqual } else { Greater }),
            '=' if self.take('=') => Token::Operator(Equal),
            '=' => return Err(Problem::SingleEquals),
            '!' if self.take('=') => Token::Operator(NotEqual),
            '"' | '\'' => Token::Text(self.text(first)?),
            '0'..='9' | '.' => Token::Number(self.number(first)?),
            'a'..='z' | 'A'..='Z' | '_' => Token::Word(self.word(first)),
            _ => return Err(Problem::UnknownCharacter),
        })
    }

    fn word(&mut self, first: char) -> String {
        let mut word = String::from(first);
        while let Some(next) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            word.push(next);
            self.at += 1;
        }
        word
    }

    fn number(&mut self, first: char) -> Result<f64, Problem> {
        let mut digits = String::from(first);
        while let Some(next) = self.peek() {
            let signed_exponent = matches!(next, '+' | '-') && digits.ends_with(['e', 'E']);
            if !(next.is_ascii_digit() || matches!(next, '.' | 'e' | 'E') || signed_exponent) {
                break;
            }
            digits.push(next);
            self.at += 1;
        }
        digits.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(Problem::BadNumber)
    }

    /// The rest of a text up to the quote it began with. Escapes are those of JSON, and `\'`.
    fn text(&mut self, quote: char) -> Result<String, Problem> {
        let mut text = String::new();
        loop {
            match self.next().ok_or(Problem::OpenText)? {
                end if end == quote => return Ok(text),
                '\\' => text.push(match self.next().ok_or(Problem::OpenText)? {
                    plain @ ('"' | '\'' | '\\' | '/') => plain,
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => self.unicode_escape()?,
                    _ => return Err(Problem::BadEscape),
                }),
                plain => text.push(plain),
            }
        }
    }

    /// `\u0041`, or two of them for what UTF-16 needs a surrogate pair for.
    fn unicode_escape(&mut self) -> Result<char, Problem> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or(Problem::BadEscape);
        }
        if !(self.take('\\') && self.take('u')) {
            return Err(Problem::BadEscape);
        }
        let second = self.four_digits()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(Problem::BadEscape);
        }
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(Problem::BadEscape)
    }

    fn four_digits(&mut self) -> Result<u32, Problem> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|c| c.to_digit(16)).ok_or(Problem::BadEscape)?;
            value = value * 16 + digit;
        }
        Ok(value)
    }
}
